"""A whole floor works off our own orders: every promise of the report, on the real protocols."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from sim.floor.crew import Temper
from sim.floor.main import add_parsers
from sim.floor.main import run as run_command
from sim.floor.report import in_words, write
from sim.floor.run import Wish, run_floor
from sim.invent import DATA
from sim.orders import read_book
from tests.floor.short_paths import short_folder

PROMISED_KEYS = {
    "orders_total", "orders_handed_over", "orders_in_exception", "wrong_released", "mistakes_injected",
    "mistakes_caught", "mistakes_by_kind", "lines_per_hour", "seconds_per_order", "lost_events", "doubled_events",
    "peak_rss_mb",
}  # fmt: skip
RSS_MB_MAX = 300

pytestmark = [pytest.mark.floor, pytest.mark.timeout(180)]


async def test_a_day_with_many_slips_ends_with_every_slip_in_a_ticket_and_no_wrong_parcel(tmp_path: Path) -> None:
    book = read_book(DATA / "orders.csv", orders_max=40)
    with short_folder() as folder:
        report = await run_floor(Wish(book, people=4, temper=Temper(speed=0, seed=7, mistakes=0.12)), folder)
    write(report, tmp_path / "out.json")
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))

    assert report.good, in_words(report)
    assert written.keys() >= PROMISED_KEYS
    assert report.orders_handed_over + report.orders_in_exception == report.orders_total == 40
    assert report.mistakes_injected >= 5
    assert report.wrong_released == report.lost_events == report.doubled_events == 0
    assert 0 < report.peak_rss_mb <= RSS_MB_MAX


def test_a_file_that_is_not_there_is_said_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    add_parsers(parser.add_subparsers())
    code = run_command(parser.parse_args(["floor", "run", "--orders", "/nowhere/orders.csv"]))

    assert code == 2
    assert "Give a .csv or .csv.gz of orders" in capsys.readouterr().err
