"""A whole floor works off our own orders: every promise of the report, on the real protocols."""

from __future__ import annotations

import asyncio
import json
import sys
from argparse import ArgumentParser
from pathlib import Path

import pytest

from sim.floor.main import add_parsers
from sim.floor.main import run as run_command
from sim.invent import DATA

PROMISED_KEYS = {
    "orders_total", "orders_handed_over", "orders_in_exception", "wrong_released", "mistakes_injected",
    "mistakes_caught", "mistakes_by_kind", "lines_per_hour", "seconds_per_order", "lost_events", "doubled_events",
    "peak_rss_mb",
}  # fmt: skip
RSS_MB_MAX = 300
PICKLIGHT = Path(sys.executable).with_name("picklight")

pytestmark = [pytest.mark.floor, pytest.mark.timeout(180)]


async def test_a_day_with_many_slips_ends_with_every_slip_in_a_ticket_and_no_wrong_parcel(tmp_path: Path) -> None:
    wish = ["--orders", str(DATA / "orders.csv"), "--limit-orders", "40", "--people", "4", "--speed", "max"]
    chance = ["--seed", "7", "--mistakes", "0.12", "--report", str(tmp_path / "out.json")]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(PICKLIGHT, "floor", "run", *wish, *chance, stdout=pipe, stderr=pipe)
    said, complained = await process.communicate()
    report = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))

    assert process.returncode == 0, (said + complained).decode()
    assert report.keys() >= PROMISED_KEYS
    assert report["orders_handed_over"] + report["orders_in_exception"] == report["orders_total"] == 40
    assert report["mistakes_injected"] == report["mistakes_caught"] >= 5
    assert report["wrong_released"] == report["lost_events"] == report["doubled_events"] == 0
    assert 0 < report["peak_rss_mb"] <= RSS_MB_MAX


def test_a_file_that_is_not_there_is_said_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    add_parsers(parser.add_subparsers())
    code = run_command(parser.parse_args(["floor", "run", "--orders", "/nowhere/orders.csv"]))

    assert code == 2
    assert "Give a .csv or .csv.gz of orders" in capsys.readouterr().err
