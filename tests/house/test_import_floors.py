"""Each import contract is broken once on purpose, in a copy, and must be seen."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.doc_pages import ROOT

PACKAGES = ("wire", "edge", "central", "sim", "bench", "cli")
PLANTED = {
    "Edge and central meet only in wire": ("edge/clock.py", "from central.rules import match"),
    "Floors of the edge": ("edge/drivers/ports.py", "from edge.lightbar import machine"),
    "Floors of central": ("central/rules/match.py", "from central.store import tables"),
    "One door to each device library": ("edge/lightbar/zone.py", "import serial"),
    "Deciding is pure": ("central/rules/match.py", "import time"),
    "Nothing but the adapter knows the MQTT client": ("edge/link/session.py", "import paho.mqtt.client"),
    "Nothing but the store knows SQL": ("central/handlers/picking.py", "import sqlalchemy"),
    "The guard stands alone": ("edge/packstation/guard/service.py", "from edge.link import outbox"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages that may be spoilt."""
    folder = tmp_path_factory.mktemp("floors")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "static", "data")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize("contract", PLANTED)
def test_a_broken_floor_is_seen(project: Path, contract: str) -> None:
    path, line = PLANTED[contract]
    file = project / path
    whole = file.read_text(encoding="utf-8")
    file.write_text(f"{whole}\n{line}\n", encoding="utf-8")
    told = lint(project)
    file.write_text(whole, encoding="utf-8")

    verdicts = re.findall(r"(KEPT|BROKEN)", " ".join(told.split()).partition(contract)[2])
    assert verdicts[:1] == ["BROKEN"]


def test_the_copy_itself_keeps_every_contract(project: Path) -> None:
    assert " 0 broken" in lint(project)


def lint(project: Path) -> str:
    """What import-linter says of `project`."""
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=project, capture_output=True, text=True, timeout=110
    )
    return done.stdout
