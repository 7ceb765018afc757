"""Scanners in a node profile: one or several, each chosen so that two equal ones never swap."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.drivers.ports import Presence, Scan
from edge.drivers.scanner_keys import GS
from edge.drivers.scanner_layouts import FUNCTION_KEYS
from edge.drivers.scanners import key_rules, make_scanner, named
from edge.profile import load_node_profile
from edge.profile_scanner import KEY_NAMES, ScannerProfile
from wire.toml_check import TomlWrong

NODE = """
[node]
name = "bench-1"
site = "demo"
state_dir = "state"
[broker]
host = "127.0.0.1"
[station]
name = "bench-1"
guard_socket = "guard.sock"
"""


def scanners_of(folder: Path, text: str) -> tuple[ScannerProfile, ...]:
    (folder / "node.toml").write_text(NODE + text)
    station = load_node_profile(folder / "node.toml").station
    assert station is not None
    return station.scanners


def mistakes_in(folder: Path, text: str) -> str:
    with pytest.raises(TomlWrong, match=r"node\.toml") as told:
        scanners_of(folder, text)
    return str(told.value)


def test_a_bench_may_have_one_scanner_or_several(tmp_path: Path) -> None:
    one = scanners_of(tmp_path, '[station.scanner]\nkind = "serial"\nport = "/dev/ttyACM0"')
    two = scanners_of(
        tmp_path,
        '[[station.scanner]]\nkind = "evdev"\nport = "usb-1-1.2"\nlayout = "de"\nname = "hand"\n'
        '[[station.scanner]]\nkind = "hidpos"\nserial = "S1"\n',
    )

    assert [name for name, _ in named(one, "bench-1")] == ["bench-1"]
    assert [name for name, _ in named(two, "bench-1")] == ["bench-1/hand", "bench-1/2"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('kind = "serial"', "station.scanner.port: missing, a scanner of kind 'serial' needs it"),
        ('kind = "evdev"', "station.scanner.port: nothing says which of the plugged-in devices it is"),
        ('kind = "hidpos"\nport = "05e0:1200"', "maker and model do not tell two equal scanners apart"),
        ('kind = "evdev"\nport = "/dev/input/by-id/usb-Symbol-event-kbd"', "two equal scanners share this name"),
        ('kind = "hidpos"\nport = "usb-1"\nlayout = "de"', "station.scanner.layout: a scanner of kind 'hidpos' has no"),
        ('kind = "evdev"\nport = "usb-1"\nsuffix = "\\n"', "station.scanner.suffix: a key ends a scan here"),
        ('kind = "evdev"\nport = "usb-1"\ncontrol_keys = { F99 = "\\u001d" }', "F99: no such key. Did you mean"),
        ('kind = "evdev"\nport = "usb-1"\ncontrol_keys = { F8 = "GS" }', "F8: a key stands for one character"),
        ('kind = "keyboard"\nport = "usb-1"', "station.scanner.kind"),
    ],
)
def test_what_does_not_say_which_scanner_is_meant_or_how_it_is_set_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    assert told in mistakes_in(tmp_path, f"[station.scanner]\n{text}")


def test_two_scanners_in_one_socket_are_told_with_their_places(tmp_path: Path) -> None:
    one = '[[station.scanner]]\nkind = "evdev"\nport = "usb-1-1.2"\n'

    assert "station.scanner[1]: the scanner at usb-1-1.2 is already station.scanner[0]" in mistakes_in(
        tmp_path, 2 * one
    )


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("SF[0-9", "no pattern"),
        ("(a+)+b", "could take too long"),
        ("a*b*c*", "could take too long"),
        ("(ab){5}", "could take too long"),
    ],
)
def test_a_label_pattern_that_is_none_or_could_be_slow_is_refused(tmp_path: Path, pattern: str, told: str) -> None:
    text = f'labels = ["OK[0-9]{{3}}", \'{pattern}\']\n[station.scanner]\nkind = "serial"\nport = "/dev/x"'

    assert f"station.labels[1]: {told}" in mistakes_in(tmp_path, text)


def test_the_keys_of_a_profile_are_keys_of_the_kernel() -> None:
    assert set(KEY_NAMES) == FUNCTION_KEYS.keys()
    rules = key_rules(ScannerProfile(kind="evdev", port="usb-1", function_keys="dc1", control_keys={"F8": GS}))

    assert (rules.control_keys[FUNCTION_KEYS["F8"]], rules.control_keys[FUNCTION_KEYS["F1"]]) == (GS, "\x11")


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("serial", "usb-9-9.9: No such file or directory. Plug it in, or check the port in the profile."),
        ("evdev", "usb-9-9.9: not plugged in; there is "),
        ("hidpos", "usb-9-9.9: not plugged in; there is "),
    ],
)
async def test_every_kind_of_scanner_says_which_one_is_missing(kind: str, why: str) -> None:
    told: list[Presence] = []
    scans: list[Scan] = []
    profile = ScannerProfile(kind=kind, port="usb-9-9.9")  # type: ignore[arg-type]
    scanner = make_scanner(profile, scans.append, told.append, lambda: 0)
    scanner.start()
    await scanner.aclose()

    assert told[0].why.startswith(why)
    assert not told[0].there
