"""What the match costs: the mean of whole parcels judged, against looking up whose the barcode is, turn by turn."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path
from typing import Final

from bench.results import Result, middle, result
from central.rules.match import Accept, Complete, Item, Known, Meaning, OrderNow, Seen, judge_item, judge_label
from wire.uplink import ItemCount

HERE: Final = "bench-1"
REPETITIONS: Final = 40
PARCELS: Final = 100  # in one repetition
LINES_OF: Final = (1, 1, 1, 2, 2, 3, 4, 6, 10, 27, 60)  # from single pieces to a business order
MISTAKES_EVERY: Final = 20  # one scan in so many is wrong, and judged all the same
LIMIT_US: Final = 50.0
LOT: Final = Seen(lot="B77", expiry_day=20_900)
LOT_KNOWN: Final = Known(20_000, keeps_lots=True, lot_kept=True, expiry_day=20_900, first_lot="B77", first_day=20_900)


async def match_cost(folder: Path) -> list[Result]:
    """The mean cost of one judgement, in microseconds, and the same against what is allowed."""
    chance = random.Random(5)
    catalogue = _catalogue(folder / "catalogue.db")
    ours: list[float] = []
    looked_up: list[float] = []
    judged = 0
    for _ in range(REPETITIONS):
        spent_ns, count = _pack([chance.choice(LINES_OF) for _ in range(PARCELS)])
        judged += count
        ours.append(spent_ns / count / 1000)
        looked_up.append(_look_up(catalogue, count) / count / 1000)
    catalogue.close()
    mean, reference = sum(ours) / len(ours), middle(looked_up)
    return [
        result("match_cost", mean, reference, "whose barcode: one prepared SELECT", unit="us", samples=judged),
        result("match_cost_allowed", mean, LIMIT_US, "allowed", unit="us", samples=judged),
    ]


def _pack(parcels: list[int]) -> tuple[int, int]:
    """Nanoseconds spent in the match for these parcels (lines of each), and how often it was asked."""
    order = OrderNow("536365", "at_bench", HERE)
    spent_ns = count = 0
    for lines in parcels:
        items = tuple(ItemCount(sku=f"S{n}", title="", asked_pieces=2, packed_pieces=0) for n in range(lines))
        shown = [(Meaning(f"S{n}", 1, "lot_expiry" if n % 4 == 0 else "")) for n in range(lines) for _ in range(2)]
        begin = time.perf_counter_ns()
        judge_label(OrderNow("536365", "picked"), HERE)
        spent_ns += time.perf_counter_ns() - begin
        for meaning in shown:
            wrong = count % MISTAKES_EVERY == 0
            begin = time.perf_counter_ns()
            if wrong:
                judge_item(order, HERE, items, Item((Meaning("another"),)))
            verdict = judge_item(order, HERE, items, Item((meaning,), LOT, LOT_KNOWN))
            spent_ns += time.perf_counter_ns() - begin
            count += 1 + wrong
            if isinstance(verdict, Accept | Complete):
                items = verdict.items
        count += 1
    return spent_ns, count


def _catalogue(file: Path) -> sqlite3.Connection:
    """10,000 barcodes, as central keeps them."""
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE barcode (barcode TEXT PRIMARY KEY, sku TEXT, pieces INTEGER)")
    database.executemany("INSERT INTO barcode VALUES (?, ?, 1)", [(f"69{n:011}", f"S{n}") for n in range(10_000)])
    database.commit()
    return database


def _look_up(database: sqlite3.Connection, times: int) -> int:
    """Nanoseconds for so many barcodes looked up."""
    cursor = database.cursor()
    begin = time.perf_counter_ns()
    for n in range(times):
        cursor.execute("SELECT sku, pieces FROM barcode WHERE barcode = ?", (f"69{n % 10_000:011}",)).fetchone()
    return time.perf_counter_ns() - begin
