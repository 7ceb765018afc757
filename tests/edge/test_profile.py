"""A node profile is checked whole: every mistake at once, each with its place and cure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.app import address_of
from edge.profile import load_node_profile
from wire.credentials import VARIABLE
from wire.toml_check import TomlWrong

SHIPPED = sorted((Path(__file__).parents[2] / "firmware_configs" / "nodes").glob("*.toml"))

GOOD = """
[node]
name = "zone-a"
site = "demo"
state_dir = "state"
production = false
[broker]
host = "127.0.0.1"
port = 1883
[zone]
id = "A"
[[zone.bus]]
name = "a"
kind = "rtu"
port = "/dev/ptl-a"
profile = "picklight-display"
[[zone.module]]
location = "A-01-1"
bus = "a"
unit = 1
"""


def mistakes_in(folder: Path, text: str) -> list[str]:
    file = folder / "zone-a.toml"
    file.write_text(text)
    with pytest.raises(TomlWrong, match=r"zone-a\.toml") as told:
        load_node_profile(file)
    return sorted(line.removeprefix(f"{file}: ") for line in str(told.value).splitlines())


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_node_profile_loads(file: Path) -> None:
    assert load_node_profile(file).name == file.stem


@pytest.mark.parametrize(
    ("rules", "mistake"),
    [
        ("totes_max = 2", "zone.totes_max: several totes, and nothing says which colour is whose. "),
        ('mode = "batch"\ntotes_max = 6', "zone.totes_max: one colour shows the total of a batch. "),
        ("induct = true", "zone.induct: totes are scanned in, and there is no scanner. "),
    ],
)
def test_rules_of_a_zone_that_cannot_go_together_are_told(tmp_path: Path, rules: str, mistake: str) -> None:
    told = mistakes_in(tmp_path, GOOD.replace('id = "A"', f'id = "A"\n{rules}'))

    assert [line[: len(mistake)] for line in told] == [mistake]


def test_relative_paths_start_at_the_profile_and_the_user_is_the_node(tmp_path: Path) -> None:
    (tmp_path / "zone-a.toml").write_text(GOOD)

    profile = load_node_profile(tmp_path / "zone-a.toml")

    assert (profile.state_dir, profile.broker.user) == (tmp_path / "state", "zone-a")
    assert profile.zone is not None
    assert profile.zone.modules[0].index == 0


def test_three_mistakes_of_different_kinds_are_told_together(tmp_path: Path) -> None:
    text = GOOD.replace("site =", "siet =").replace("unit = 1", "unit = 300").replace('bus = "a"', 'bus = "A"')

    told = mistakes_in(tmp_path, text)

    assert told == [
        "node.siet: no such key. Did you mean 'site'?",
        "node.site: missing. Add it: a text in quotes",
        "zone.module[0].bus: no bus 'A'. Known here: a.",
        "zone.module[0].unit: expected `int` <= 247, not 300. Write a Modbus unit from 1 to 247",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('host = "127.0.0.1"', 'host = "10.0.0.5"', "broker.ca_file: missing, and '10.0.0.5' is another machine"),
        ('port = "/dev/ptl-a"', "", "zone.bus[0].port: missing, a bus of kind 'rtu' needs it"),
        ('kind = "rtu"', 'kind = "tcp"', "zone.bus[0].host: missing, a bus of kind 'tcp' needs it"),
        ("[broker]\n", "[borker]\n", "borker: no such key. Did you mean 'broker'?"),
        ("unit = 1", 'unit = 1\n[[zone.module]]\nlocation="A-01-1"\nbus="a"\nunit=2', "location A-01-1 is already"),
        (
            "unit = 1",
            'unit = 1\n[[zone.module]]\nlocation="A-01-2"\nbus="a"\nunit=1',
            "bus a unit 1 index 0 is already",
        ),
        ("unit = 1", 'unit = 1\n[[zone.bus]]\nname="a"\nkind="rtu"\nport="/x"\nprofile="p"', "bus a is already"),
        ("port = 1883", 'port = 1883\ncert_file = "a.pem"', "a certificate and its key come together"),
        ("[node]", "[node", "not TOML"),
    ],
)
def test_what_cannot_run_is_refused_with_its_cure(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in "\n".join(mistakes_in(tmp_path, GOOD.replace(old, new, 1)))


def test_a_profile_that_is_not_there_is_one_mistake(tmp_path: Path) -> None:
    with pytest.raises(TomlWrong, match=r"none\.toml: cannot be read \(No such file"):
        load_node_profile(tmp_path / "none.toml")


@pytest.fixture
def lent(tmp_path: Path) -> Iterator[Path]:
    """A folder of credentials as systemd makes it."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    assert VARIABLE not in os.environ
    os.environ[VARIABLE] = str(folder)
    yield folder
    del os.environ[VARIABLE]


SECRET = GOOD.replace("port = 1883", 'port = 1883\npassword_credential = "broker_password"')


def test_a_password_that_systemd_hands_over_is_found(tmp_path: Path, lent: Path) -> None:
    (lent / "broker_password").write_text("secret\n")
    (tmp_path / "zone-a.toml").write_text(SECRET)

    broker = load_node_profile(tmp_path / "zone-a.toml").broker

    assert broker.password_file == lent / "broker_password"
    assert address_of(broker).password == "secret"


def test_a_credential_that_was_not_handed_over_and_one_beside_a_file_are_mistakes(tmp_path: Path, lent: Path) -> None:
    assert "broker.password_credential: systemd handed over no credential" in mistakes_in(tmp_path, SECRET)[0]

    both = SECRET.replace("port = 1883", 'port = 1883\npassword_file = "p"')
    assert mistakes_in(tmp_path, both) == ["broker.password_credential: password_file is given too. Keep one of them"]


def test_without_systemd_nobody_hands_over_a_credential(tmp_path: Path) -> None:
    assert "only systemd hands over credentials" in mistakes_in(tmp_path, SECRET)[0]
