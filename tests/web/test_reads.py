"""Reading the record beside its writer, and never writing to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, create_engine

from central.store.reads import Reads, StoreAway
from central.store.reads_history import story
from central.store.reads_tickets import evidence
from central.store.tables import JournalLine, Location, Order, OrderLine, PickRow, Product, Wave
from central.store.tables_bench import Ticket


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A record with one order of two lines, one picked."""
    file = tmp_path / "site.db"
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Product(sku="S1", title="Red mug"))
        for level, sku in ((1, "S1"), (2, "S2")):
            session.add(Location(location_id=f"A-1-{level}", zone="A", bay="1", level=level, sku=sku, on_hand=9))
            session.add(OrderLine(order_no="7", line_no=level, sku=sku, pieces=2))
            picked, status = (2, "confirmed") if level == 1 else (0, "released")
            session.add(
                PickRow(
                    pick_id=f"p{level}", order_no="7", line_no=level, wave="W1", zone="A", location_id=f"A-1-{level}",
                    sku=sku, asked=2, picked=picked, tote_id="7/A", sequence=level, status=status,
                )
            )  # fmt: skip
        session.add(Order(order_no="7", label="L7", status="picking", wave="W1", imported_utc_ns=1))
        session.add(Wave(wave="W1", status="open", released_utc_ns=2, orders=1))
        session.add(Ticket(ticket="T1", kind="short_pick", stage="picking", status="open", sku="S1", opened_utc_ns=3))
        session.add(
            JournalLine(
                node="zone-a", epoch=1, seq=1, intent="pick:p1", counted=True, kind="pick_confirmed", record=b"torn",
                received_utc_ns=4, node_head="", site_head="",
            )
        )  # fmt: skip
        session.commit()
    engine.dispose()
    return file


@pytest.fixture
def reads(database: Path) -> Iterator[Reads]:
    """Over that record."""
    opened = Reads(database)
    yield opened
    opened.close()


def test_pages_cannot_write_to_the_record(reads: Reads) -> None:
    with pytest.raises(StoreAway, match="readonly"), reads.reading() as connection:
        connection.execute(text("DELETE FROM orders"))


def test_a_record_that_is_not_there_yet_is_named_not_made(tmp_path: Path) -> None:
    opened = Reads(tmp_path / "site.db")
    with pytest.raises(StoreAway, match=r"site\.db cannot be read"):
        opened.overview()
    opened.close()
    assert not (tmp_path / "site.db").exists()


def test_the_overview_counts_what_is_there(reads: Reads) -> None:
    seen = reads.overview()
    assert seen.orders_by_status == {"picking": 1}
    assert seen.waves[0].picks_by_status == {"confirmed": 1, "released": 1}
    assert [(ticket.ticket, ticket.title) for ticket in seen.tickets] == [("T1", "Red mug")]
    assert seen.tickets_open == 1


def test_the_plan_names_the_goods(reads: Reads) -> None:
    assert [(row.location_id, row.title) for row in reads.plan()] == [("A-1-1", "Red mug"), ("A-1-2", "")]


def test_an_order_is_told_even_if_a_line_of_its_journal_is_unreadable(reads: Reads) -> None:
    told = story(reads, "7")
    assert told is not None
    assert [(line.asked_pieces, line.picked_pieces) for line in told.lines] == [(2, 2), (2, 0)]
    assert [(moment.what, moment.where) for moment in told.moments] == [
        ("imported", "central"),
        ("waved", "central"),
        ("pick_confirmed", "zone-a #1"),
    ]
    assert story(reads, "8") is None


def test_a_search_takes_signs_literally(reads: Reads) -> None:
    assert reads.orders(text="%") == ()
    assert [order.order_no for order in reads.orders(text="L7")] == ["7"]


@pytest.mark.parametrize(
    ("stored", "rows"),
    [
        ("[]", ()),
        ("", ()),
        ('[["s1", "x", "wrong_item"]]', (("s1", "x", "wrong_item"),)),
        ("not json", (("not json",),)),
        ('{"a": 1}', (('{"a": 1}',),)),
        ("[1]", (("1",),)),
    ],
)
def test_evidence_is_shown_whatever_was_stored(stored: str, rows: tuple[tuple[str, ...], ...]) -> None:
    assert evidence(stored) == rows
