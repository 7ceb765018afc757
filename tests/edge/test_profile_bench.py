"""The devices of a bench in a node's profile: read whole, and every mistake told with its cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.profile import load_node_profile
from edge.profile_bench import BuzzerProfile, PrinterProfile, ScaleProfile, VoiceProfile
from wire.toml_check import TomlWrong

HEAD = """
[node]
name = "bench-1"
site = "demo"
state_dir = "state"
[broker]
host = "127.0.0.1"
[station]
name = "bench-1"
guard_socket = "guard.sock"
[station.scanner]
kind = "serial"
port = "/dev/scanner"
"""


def written(folder: Path, more: str) -> Path:
    file = folder / "node.toml"
    file.write_text(HEAD + more)
    return file


def test_a_bench_without_devices_has_none(tmp_path: Path) -> None:
    station = load_node_profile(written(tmp_path, "")).station
    assert station is not None
    assert (station.devices.scale, station.devices.printer, station.devices.voice, station.devices.buzzer) == (
        None,
    ) * 4


def test_all_four_are_read(tmp_path: Path) -> None:
    more = """
[station.scale]
kind = "toledo"
port = "/dev/scale"
parity = "even"
unit = "lb"
[station.printer]
kind = "ipp"
queue = "ipp://localhost/printers/label"
languages = ["pdf", "zpl"]
[station.voice]
languages = ["zh", "en"]
[station.buzzer]
kind = "gpio"
line = 12
"""
    station = load_node_profile(written(tmp_path, more)).station
    assert station is not None
    devices = station.devices
    assert devices.scale == ScaleProfile(kind="toledo", port="/dev/scale", parity="even", unit="lb")
    assert devices.printer == PrinterProfile(
        kind="ipp", queue="ipp://localhost/printers/label", languages=("pdf", "zpl")
    )
    assert devices.voice == VoiceProfile(languages=("zh", "en"))
    assert devices.buzzer == BuzzerProfile(kind="gpio", line=12)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[station.printer]\nkind = "tcp"', "station.printer.host: missing"),
        ('[station.printer]\nkind = "ipp"', "station.printer.queue: missing"),
        ('[station.printer]\nkind = "ipp"\nqueue = "label"', "station.printer.queue: 'label' is no ipp address"),
        ('[station.buzzer]\nkind = "gpio"', "station.buzzer.line: missing"),
        ('[station.buzzer]\nkind = "file"', "station.buzzer.path: missing"),
        ('[station.scale]\nkind = "cas"\nport = "/dev/x"', "station.scale.kind"),
        ("[station.voice]\nlanguages = []", "station.voice.languages"),
        ('[station.scale]\nkind = "hid"\nport = "/dev/x"\nbaudd = 1', "Did you mean 'baud'"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, more: str, told: str) -> None:
    with pytest.raises(TomlWrong, match=r"mistake|station") as caught:
        load_node_profile(written(tmp_path, more))
    assert told in str(caught.value)
