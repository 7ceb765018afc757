"""Picked parcels on many benches with slips of every kind: nothing wrong leaves, nothing right stays for no reason."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from sim.slips import KINDS
from wire.phrases import Refusal

PICKLIGHT = Path(sys.executable).with_name("picklight")
PARCELS = 120

pytestmark = [pytest.mark.floor, pytest.mark.timeout(180)]


async def test_every_kind_of_slip_is_caught_and_no_wrong_parcel_leaves(tmp_path: Path) -> None:
    wish = ["--parcels", str(PARCELS), "--mistakes", "0.15", "--people", "4", "--seed", "5"]
    pipe = asyncio.subprocess.PIPE
    file = tmp_path / "out.json"
    process = await asyncio.create_subprocess_exec(
        PICKLIGHT, "floor", "run", *wish, "--report", file, stdout=pipe, stderr=pipe
    )
    said, complained = await process.communicate()
    report = json.loads(file.read_text(encoding="utf-8"))

    assert process.returncode == 0, (said + complained).decode()
    assert set(report["kinds"]) == set(KINDS)
    assert all(kind["caught"] == kind["injected"] >= 1 for kind in report["kinds"].values())
    assert report["wrong_released"] == report["dead_letters"] == 0
    assert report["right_blocked"].keys() <= set(Refusal)
    assert report["released"] > PARCELS / 2
