"""The systemd units: hardened as far as we say, understood by systemd, fed and limited, with secrets as credentials."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.doc_pages import ROOT

EXPOSURE_MAX = 20  # tenths; systemd's own scale goes to 10.0, a bare unit has 9.6
UNITS = sorted((ROOT / "systemd").glob("*.service"))


def values(unit: Path, key: str) -> list[str]:
    """Every value of `key` in `unit`, in order."""
    return re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_there_is_a_unit_for_each_program_that_runs_for_ever() -> None:
    assert [unit.name for unit in UNITS] == [
        "picklight-central.service",
        "picklight-edge@.service",
        "picklight-guard@.service",
    ]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_exposed_by_two_at_most(unit: Path) -> None:
    asked = ("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MAX}", "--no-pager", str(unit))
    done = subprocess.run(asked, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_every_line_of_a_unit(unit: Path) -> None:
    done = subprocess.run(("systemd-analyze", "verify", str(unit)), capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if unit.stem.rstrip("@") in line]

    assert [line for line in said if "/opt/picklight/venv/bin/python is not executable" not in line] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_says_when_it_is_ready_is_watched_and_comes_back_within_limits(unit: Path) -> None:
    assert values(unit, "Type") == ["notify"]
    assert int(values(unit, "WatchdogSec")[0]) > 0
    assert values(unit, "Restart") == ["always"]
    assert values(unit, "RestartPreventExitStatus") == ["2"]
    assert int(values(unit, "StartLimitBurst")[0]) > 1


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_no_key_of_a_unit_is_written_twice_unless_it_is_a_list(unit: Path) -> None:
    lists = {"DeviceAllow", "SystemCallFilter"}
    text = "\n".join(line for line in unit.read_text().splitlines() if line.split("=")[0] not in lists)
    configparser.RawConfigParser(strict=True).read_string(text)


def test_only_the_guard_reaches_the_lines_and_it_reaches_nothing_else() -> None:
    allowed = {unit.name: values(unit, "DeviceAllow") for unit in UNITS}

    assert allowed["picklight-guard@.service"] == ["char-gpiochip rw"]
    assert allowed["picklight-central.service"] == []
    assert not any("gpio" in device for device in allowed["picklight-edge@.service"])


def test_secrets_come_as_credentials_and_never_in_the_environment() -> None:
    loaded = {unit.name: values(unit, "LoadCredential") for unit in UNITS}

    assert loaded["picklight-edge@.service"] == ["broker:/etc/picklight/edge/%i/secrets"]
    assert loaded["picklight-central.service"] == ["broker:/etc/picklight/central/secrets"]
    for unit in UNITS:
        assert not [value for value in values(unit, "Environment") if "PASSWORD" in value.upper()]


def test_every_user_and_group_a_unit_names_is_made() -> None:
    made = (ROOT / "systemd" / "picklight.sysusers.conf").read_text(encoding="utf-8")
    for unit in UNITS:
        for name in values(unit, "User") + values(unit, "Group"):
            assert f"\nu {name} " in made
        for name in " ".join(values(unit, "SupplementaryGroups")).split():
            assert f"\ng {name} " in made
