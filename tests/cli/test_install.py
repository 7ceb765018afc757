"""`picklight install` into an empty file system: real files, a copy of the code that runs, and all of it gone again."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.installing.code import why_unreachable
from cli.installing.plan import TARGETS
from tests.house.doc_pages import ROOT

pytestmark = [pytest.mark.floor, pytest.mark.skipif(os.geteuid() != 0, reason="makes files of root's")]


def picklight(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command, as a person runs it."""
    asked = (sys.executable, "-m", "cli.main", *map(str, words))
    return subprocess.run(asked, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file system of a card, with a node and its bench installed on it."""
    card = tmp_path_factory.mktemp("card")
    done = picklight("install", "edge", "zone-a", "--guard", "b1", "--root", card)
    assert done.returncode == 0, done.stderr
    yield card
    shutil.rmtree(card)


def test_every_file_is_the_one_of_the_checkout(card: Path) -> None:
    for name, target in TARGETS.items():
        if name != "picklight-central.service":
            assert (card / target[1:]).read_bytes() == (ROOT / "systemd" / name).read_bytes()


def test_units_are_enabled_users_made_and_secrets_closed(card: Path) -> None:
    wants = card / "etc/systemd/system/multi-user.target.wants"
    assert sorted(link.name for link in wants.iterdir()) == [
        "picklight-edge@zone-a.service",
        "picklight-guard@b1.service",
    ]
    users = [line.split(":")[0] for line in (card / "etc/passwd").read_text().splitlines()]
    assert {"picklight", "picklight-guard", "picklight-central"} <= set(users)
    assert stat.S_IMODE((card / "etc/picklight/edge/zone-a/secrets").stat().st_mode) == 0o700


def test_the_copy_runs_by_itself_and_has_its_device_profiles(card: Path) -> None:
    copy = card / "opt/picklight/venv/bin/python"
    ask = "import edge.app, edge.packstation.guard.service as s, edge.drivers.module_model as m\n"
    ask += "print(s.__file__, *m.shipped())"
    said = subprocess.run((copy, "-P", "-c", ask), capture_output=True, text=True, check=True, cwd="/", env={}).stdout

    assert said.startswith(f"{card}/opt/picklight/venv/lib/")
    assert "picklight-display" in said
    assert stat.S_IMODE((card / "opt/picklight/venv").stat().st_mode) & 0o005 == 0o005


def test_a_second_time_there_is_nothing_to_do(card: Path) -> None:
    again = picklight("install", "edge", "zone-a", "--guard", "b1", "--root", card)

    assert again.stdout.splitlines()[0] == "nothing to do"


def test_a_dry_run_lists_and_touches_nothing(tmp_path: Path) -> None:
    listed = picklight("install", "central", "--dry-run", "--root", tmp_path)

    assert "put file     /etc/systemd/system/picklight-central.service" in listed.stdout.splitlines()
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_file_in_the_way_stops_it_before_anything_is_done(tmp_path: Path) -> None:
    foreign = tmp_path / "etc/udev/rules.d/99-picklight-serial.rules"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("SUBSYSTEM\n")

    done = picklight("install", "edge", "zone-a", "--root", tmp_path)

    assert done.returncode == 1
    assert "99-picklight-serial.rules is there and is not picklight's. Move it away" in done.stderr
    assert not (tmp_path / "opt").exists()


def test_a_python_that_services_do_not_see_is_refused(tmp_path: Path) -> None:
    hidden = tmp_path / "python3.11"
    hidden.write_text("")

    assert "lies where services do not see it" in why_unreachable(hidden)
    done = picklight("install", "edge", "zone-a", "--root", tmp_path, "--python", hidden)
    assert done.returncode == 1
    assert "or name another with --python" in done.stderr


def test_a_name_that_is_none_is_refused() -> None:
    done = picklight("install", "edge", "Zone_A")

    assert done.returncode == 2
    assert "'Zone_A' is no name: a-z, 0-9 and -" in done.stderr


def test_uninstall_keeps_settings_says_so_and_purge_does_not(tmp_path: Path) -> None:
    picklight("install", "central", "--root", tmp_path)
    (tmp_path / "etc/picklight/central/site.toml").write_text("[site]\n")

    gone = picklight("uninstall", "--root", tmp_path)
    assert "/etc/picklight  (settings and data; --purge removes it)" in gone.stdout
    assert (tmp_path / "etc/picklight/central/site.toml").exists()
    assert list((tmp_path / "opt/picklight").iterdir()) == []
    assert not (tmp_path / "etc/systemd/system/picklight-central.service").exists()
    assert not list((tmp_path / "etc/systemd/system").glob("*.wants/*"))

    picklight("uninstall", "--purge", "--root", tmp_path)
    assert not (tmp_path / "etc/picklight").exists()
    assert picklight("uninstall", "--root", tmp_path).stdout == "nothing to do\n"
