"""An edited, cut or reordered journal is found."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from central.store.audit import audit
from central.store.chain import verify_chain
from central.store.errors import StoreUnsafe
from tests.central.paper_floor import PaperFloor
from wire.deeds import AlarmRaised


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """The record of a short shift: imports, three picks, an alarm, one line that broke the chain, one after it."""
    floor = PaperFloor(tmp_path)
    floor.stock(("A-01-1", "mug", 10), ("A-02-1", "lamp", 10), ("B-01-1", "pen", 10))
    floor.order("1", mug=2, lamp=1, pen=3)
    floor.wave()
    floor.pick_everything()
    node = floor.nodes["pack-1"]
    for number in range(3):
        floor.apply([node.line(AlarmRaised(alarm="hot"), f"alarm:{number}")])
        if number == 0:
            node.head = "f" * 64
    floor.close()
    return floor.path


def test_an_honest_record_has_no_fault(record: Path) -> None:
    assert verify_chain(record) == []


@pytest.mark.parametrize(
    ("name", "edit", "fault"),
    [
        (
            "a record",
            "UPDATE journal SET record = replace(record, 'mug', 'pen') WHERE kind = 'pick_confirmed'",
            "edited",
        ),
        ("a head", "UPDATE journal SET node_head = site_head WHERE id = 4", "edited"),
        ("a middle", "DELETE FROM journal WHERE id = 4", "missing"),
        ("a tail", "DELETE FROM journal WHERE id > (SELECT max(id) - 2 FROM journal)", "acknowledged through 3"),
        (
            "the order",
            (
                "UPDATE journal SET id = CASE id WHEN 4 THEN -5 ELSE -4 END WHERE id IN (4, 5);"
                "UPDATE journal SET id = -id WHERE id < 0"
            ),
            "does not follow",
        ),
        ("the dead letter", "UPDATE dead_letter SET payload = replace(payload, 'ffff', 'eeee')", "edited"),
    ],
)
def test_who_changes_the_record_is_found(record: Path, name: str, edit: str, fault: str) -> None:
    connection = sqlite3.connect(record)
    connection.executescript(edit)
    connection.close()

    assert any(fault in found for found in verify_chain(record)), name


def test_stock_that_does_not_follow_from_the_journal_is_found(record: Path) -> None:
    assert audit(record).stock_faults == []
    connection = sqlite3.connect(record)
    connection.executescript("UPDATE location SET on_hand = on_hand + 1 WHERE location_id = 'A-01-1'")
    connection.close()

    assert audit(record).stock_faults == ["A-01-1: 9 on hand, the journal says 8"]


def test_a_release_that_was_never_verified_is_found(record: Path) -> None:
    connection = sqlite3.connect(record)
    connection.executescript("UPDATE orders SET status = 'released' WHERE order_no = '1'")
    connection.close()

    assert audit(record).unverified == ["1"]


def test_no_record_is_not_an_honest_record(tmp_path: Path) -> None:
    with pytest.raises(StoreUnsafe, match="no such file"):
        verify_chain(tmp_path / "none.db")
    with pytest.raises(StoreUnsafe, match="no such file"):
        audit(tmp_path / "none.db")
