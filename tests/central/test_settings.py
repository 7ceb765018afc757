"""A wrong site file tells everything at once, with the cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from central.settings import load_settings
from tests.central.small_site import site_file
from wire.toml_check import TomlWrong

EXAMPLES = Path(__file__).resolve().parents[2] / "firmware_configs"


def wrong(folder: Path, text: str) -> list[str]:
    """The lines of complaint about a site file with this text."""
    file = folder / "site.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TomlWrong, match=r"site\.toml: ") as caught:
        load_settings(file)
    return [line.removeprefix(f"{file}: ") for line in str(caught.value).splitlines()]


def test_a_whole_site_is_read_with_its_defaults(tmp_path: Path) -> None:
    settings = load_settings(site_file(tmp_path))
    assert settings.state_dir == tmp_path / "state"
    assert settings.node_of_zone == {"A": "zone-a", "B": "zone-b"}
    assert settings.node_of_station == {"bench-1": "bench-1"}
    assert (settings.web.host, settings.waves.orders, settings.waves.open_max) == ("127.0.0.1", 20, 2)


def test_every_mistake_is_listed_with_path_and_cure(tmp_path: Path) -> None:
    lines = wrong(
        tmp_path,
        '[site]\nname="Demo!"\n[web]\nprot=8080\nhost="127.0.0.1"\n[waves]\norders=-1\n[[node]]\nzone="A"\n[[nodes]]\n',
    )
    name = "a-z, 0-9 and -, at most 32 characters"
    assert lines == [
        "nodes: no such key. Did you mean 'node'?",
        f"site.name: 'Demo!' does not fit. Write {name}",
        "site.state_dir: missing. Add it: a folder in quotes",
        "web.prot: no such key. Did you mean 'port'?",
        "waves.orders: expected `int` >= 0, not -1. Write 0 (waves by hand) to 5000 orders",
        f"node[0].name: missing. Add it: {name}",
    ]


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ('[[node]]\nname="zone-a"\nzone="C"\n', r"node[3]: the name 'zone-a' is already used by node[0]. Rename one"),
        ('[[node]]\nname="zone-c"\nzone="A"\n', r"node[3]: the zone 'A' is already used by node[0]. Rename one"),
        ('[[node]]\nname="zone-c"\n', "node[3]: serves neither a zone nor a station. Add zone or station"),
        ('[[node]]\nname="floor"\nzone="F"\n', "node[3].name: 'floor' is central's own. Choose another name"),
        ('[broker]\nhost="0.0.0.0"\n', "broker.cert_file: needed to listen on 0.0.0.0"),
        ('[broker]\nurl="mqtt://broker.example"\n', "broker.ca_file: needed to trust broker.example"),
        ('[broker]\nurl="http://127.0.0.1"\n', "broker.url: 'http://127.0.0.1' is no broker's address"),
        ('[broker]\nurl="mqtt://127.0.0.1:99999"\n', "broker.url: 'mqtt://127.0.0.1:99999' is no broker's address"),
        ('[broker]\nurl="mqtts://a:b@host"\n', "broker.url: carries a password"),
        ('[floor]\ncontrol_url="http://127.0.0.1:1"\n', "floor.control_key_file: missing"),
    ],
)
def test_what_does_not_fit_together_is_named(tmp_path: Path, more: str, complaint: str) -> None:
    text = site_file(tmp_path, more).read_text()
    assert any(line.startswith(complaint) for line in wrong(tmp_path, text))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\xff\xfe", "not UTF-8 text (byte 0)"),
        (b"[site", "not TOML"),
        (b"site=1", "site: a table is needed here, not 1. Write it as [site]"),
        (b"a=" + b"[" * 100_000, "not TOML"),
        (b"#" * (1024 * 1024 + 1), "larger than 1048576 bytes"),
    ],
)
def test_bytes_that_are_no_site_file_are_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "site.toml"
    file.write_bytes(content)
    with pytest.raises(TomlWrong) as caught:
        load_settings(file)
    assert complaint in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TomlWrong, match=r"none\.toml: cannot be read \(No such file or directory\)"):
        load_settings(tmp_path / "none.toml")


def test_the_example_site_file_is_good_and_serves_the_example_nodes() -> None:
    settings = load_settings(EXAMPLES / "site.example.toml")
    nodes = {file.stem for file in (EXAMPLES / "nodes").glob("*.toml")}

    assert {node.name for node in settings.node} == nodes
    assert settings.site.production
    assert settings.state_dir == EXAMPLES / "state"
