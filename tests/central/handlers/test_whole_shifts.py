"""Whatever happens in a shift: stock adds up, nothing unverified leaves, nothing counts twice, one grant an order."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, seed, settings

from central.handlers.engine import Engine
from central.handlers.intake import EventIn, HelloIn, Intake
from central.store.audit import audit
from central.store.chain import verify_chain
from tests.central.handlers.shift_on_paper import INITIAL, Move, Shift, shifts
from tests.central.paper_floor import KEY, SETTINGS, PaperFloor

RAM = Path("/dev/shm")
GOALS = (
    *("released", "handed_over", "exception", "cancelled", "verified", "picked"),
    *("confirmed", "short", "short_pick", "unknown_barcode", "release_unknown", "already_shipped"),
    *("step repick", "step return_stock", "step write_off", "step repack", "step cancel", "step close"),
)


A_SHIFT: list[Move] = [
    *(("order", number, number + 1) for number in range(5)), ("wave", 9, 0), ("tote", 0, 0), ("short", 1, 0),
    ("tote", 1, 0), ("tote", 0, 0), ("tote", 1, 0), ("parcel", 1, 0), ("scan", 2, 1), ("wrong", 2, 1),
    ("override", 0, 1), ("aside", 0, 1), ("parcel", 3, 1), ("cancel", 4, 0), ("parcel", 2, 0), ("resolve", 1, 1),
    ("stale", 0, 0),     ("hand_over", 1, 0), ("problem", 0, 1), ("scan", 3, 1), ("aside", 0, 1), ("resolve", 2, 1),
]  # fmt: skip


AT_THE_DESK: list[Move] = [
    ("whole", 0, 1), ("scan", 0, 0), ("problem", 0, 0), ("resolve", 3, 10), ("resolve", 3, 11), ("tote", 0, 0),
    ("tote", 1, 0), ("scan", 0, 1), ("resolve", 3, 11), ("parcel", 0, 0), ("whole", 1, 2), ("scan", 1, 0),
    ("problem", 0, 0), ("resolve", 1, 0), ("resolve", 1, 6), ("resolve", 1, 7), ("resolve", 1, 9), ("resolve", 4, 4),
    ("scan", 1, 0), ("resolve", 2, 9),
]  # fmt: skip


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Path]:
    """Files in RAM: hundreds of shifts with a real disk's commits would take minutes."""
    folder = Path(tempfile.mkdtemp(dir=RAM if RAM.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def lived(folder: Path, moves: list[Move]) -> PaperFloor:
    floor = PaperFloor(folder)
    Shift(floor).live(moves)
    floor.close()
    return floor


def test_in_any_shift_the_record_is_sound(in_memory: Path) -> None:
    reached: Counter[str] = Counter()

    @seed(1)
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    @example(A_SHIFT)
    @example(AT_THE_DESK)
    @given(shifts)
    def any_shift(shift: list[Move]) -> None:
        floor = lived(Path(tempfile.mkdtemp(dir=in_memory)), shift)
        is_sound(floor)
        reached.update(status for (status,) in floor.rows("SELECT status FROM orders"))
        reached.update(status for (status,) in floor.rows("SELECT status FROM pick"))
        reached.update(kind for (kind,) in floor.rows("SELECT kind FROM ticket"))
        reached.update(f"step {action}" for (action,) in floor.rows("SELECT action FROM ticket_step"))

    any_shift()
    assert set(GOALS) <= set(reached), reached


def is_sound(floor: PaperFloor) -> None:
    """Everything that must be true after any shift."""
    found = audit(floor.path)
    assert verify_chain(floor.path) == []
    assert (found.stock_faults, found.doubled, found.unverified, found.dead_letters) == ([], [], [], [])
    assert found.released_deeds == found.released_parcels
    on_hand = floor.rows("SELECT sum(on_hand) FROM location")[0][0]
    picked = floor.rows("SELECT coalesce(sum(picked), 0) FROM pick")[0][0]
    adjusted = floor.rows(
        "SELECT coalesce(sum(json_extract(record, '$.adjusted_pieces')), 0) FROM journal WHERE kind = 'stock_adjusted'"
    )[0][0]
    returned = floor.rows("SELECT coalesce(sum(gone), 0) FROM ticket_step WHERE action = 'return_stock'")[0][0]
    assert on_hand + picked - returned - adjusted == sum(INITIAL.values())
    assert goods_counted_twice(floor) == []
    assert grants_without_a_ticket_between(floor) == []
    assert parcels_open_twice(floor) == []


def goods_counted_twice(floor: PaperFloor) -> list[tuple[object, ...]]:
    """Orders of which more was put back, written off or lost than was ever taken for them."""
    return floor.rows(
        "SELECT s.order_no, s.sku FROM ticket_step s GROUP BY s.order_no, s.sku HAVING sum(s.gone) > (SELECT"
        " coalesce(sum(p.picked), 0) FROM pick p WHERE p.order_no = s.order_no AND p.sku = s.sku)"
    )


def grants_without_a_ticket_between(floor: PaperFloor) -> list[tuple[object, ...]]:
    """Orders with more grants than resolved doubts about their release allow."""
    return floor.rows(
        "SELECT p.order_no, count(*) FROM parcel p GROUP BY p.order_no HAVING count(*) > 1 + (SELECT count(*)"
        " FROM ticket t WHERE t.order_no = p.order_no AND t.kind = 'release_unknown' AND t.status = 'resolved')"
    )


def parcels_open_twice(floor: PaperFloor) -> list[tuple[object, ...]]:
    """Orders in work at two benches, or benches with two parcels in work."""
    return [
        *floor.rows("SELECT order_no FROM verification WHERE state = 'open' GROUP BY 1 HAVING count(*) > 1"),
        *floor.rows(
            "SELECT station FROM verification WHERE state IN ('open', 'blocked') GROUP BY 1 HAVING count(*) > 1"
        ),
    ]


def state_of(path: Path) -> str:
    """A hash over every row of every table, but what nodes were told: a central that starts may tell them less."""
    connection = sqlite3.connect(path)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    digest = hashlib.sha256()
    for table in sorted(set(tables) - {"desired_state"}):
        rows = sorted(repr(row) for row in connection.execute(f"SELECT * FROM {table}"))
        digest.update(repr((table, rows)).encode())
    connection.close()
    return digest.hexdigest()


def replayed(path: Path, batches: list[list[Intake]]) -> str:
    engine = Engine(path, SETTINGS, KEY)
    for batch in batches:
        engine.apply(batch)
    engine.close()
    return state_of(path)


def test_the_same_log_makes_the_same_record_once_or_twice_told(tmp_path: Path) -> None:
    floor = lived(tmp_path, A_SHIFT)
    singly: list[list[Intake]] = [[item] for item in floor.log]
    events: list[Intake] = [item for item in floor.log if isinstance(item, EventIn)]
    backwards: list[list[Intake]] = [[item] for item in reversed(events)]
    first = replayed(tmp_path / "again.db", singly)

    assert len(events) > 30
    assert first == state_of(floor.path)
    told_again = [batch for batch in singly if not isinstance(batch[0], HelloIn)]  # a hello brings news, by right
    assert replayed(tmp_path / "again.db", [*told_again, events, events, *backwards]) == first
    assert replayed(tmp_path / "twice.db", [[item, item] for item in floor.log]) == first
