"""What the site's record says at the end: read straight from its database file, beside and not through picklight."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ENDED = ("handed_over", "exception", "cancelled")


@dataclass(frozen=True)
class Books:
    """Journal against the truth: events a node numbered that are not there, and deeds that count twice."""

    lost: int
    doubled: int
    dead_letters: int


@contextmanager
def opened(database: Path) -> Iterator[sqlite3.Connection]:
    """The record, to read only."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        yield connection
    finally:
        connection.close()


def statuses(database: Path) -> Counter[str]:
    """How many orders are in each status."""
    with opened(database) as record:
        return Counter(dict(record.execute("SELECT status, count(*) FROM orders GROUP BY status")))


def reasons(database: Path) -> Counter[str]:
    """Why orders are in exception."""
    with opened(database) as record:
        return Counter(dict(record.execute("SELECT why, count(*) FROM orders WHERE status = 'exception' GROUP BY why")))


def ticketed(database: Path) -> set[str]:
    """Orders with a ticket."""
    with opened(database) as record:
        return {row[0] for row in record.execute("SELECT DISTINCT order_no FROM ticket WHERE order_no != ''")}


def open_tickets(database: Path) -> dict[str, str]:
    """Orders that wait for a decision, and the kind of their oldest open ticket."""
    with opened(database) as record:
        rows = record.execute(
            "SELECT order_no, kind FROM ticket WHERE order_no != '' AND status = 'open' ORDER BY opened_utc_ns DESC"
        )
        return dict(rows.fetchall())


def labels_with_status(database: Path, wanted: tuple[str, ...]) -> set[str]:
    """Labels of the orders in one of these statuses."""
    with opened(database) as record:
        rows = record.execute("SELECT label, status FROM orders")
        return {label for label, status in rows if status in wanted}


def released_labels(database: Path) -> set[str]:
    """Labels of parcels that a gate let go, whatever became of them."""
    with opened(database) as record:
        return {row[0] for row in record.execute("SELECT label FROM parcel WHERE released_utc_ns > 0")}


def books(
    database: Path, confirmed: Mapping[tuple[str, str], int], batched: Mapping[tuple[str, str], int] = {}
) -> Books:
    """Compare the journal with `confirmed`: what hands did, times by (order, location), and likewise by batch tote.

    Lost: a number a node used and central acknowledged without a line, or a confirmed pick without a counted line.
    Doubled: counted lines beyond one for a pick.
    """
    with opened(database) as record:
        gaps = record.execute(
            "SELECT coalesce(sum(n.acked_through - (SELECT count(DISTINCT j.seq) FROM journal j"
            " WHERE j.node = n.name AND j.epoch = n.epoch AND j.seq <= n.acked_through)), 0) FROM node n"
        ).fetchone()[0]
        rows = record.execute(
            "SELECT p.order_no, p.location_id, count(*) FROM journal j JOIN pick p ON j.intent = 'pick:' || p.pick_id"
            " WHERE j.counted AND j.kind = 'pick_confirmed' GROUP BY p.order_no, p.location_id"
        )
        counted = {(row[0], row[1]): int(row[2]) for row in rows}
        rows = record.execute(
            "SELECT p.tote_id, p.location_id, count(*) FROM journal j JOIN pick p ON j.intent = 'pick:' || p.pick_id"
            " WHERE j.counted AND j.kind = 'pick_confirmed' GROUP BY p.tote_id, p.location_id"
        )
        of_tote = {(row[0], row[1]): int(row[2]) for row in rows}
        dead = record.execute("SELECT count(*) FROM dead_letter").fetchone()[0]
    missing = sum(1 for deed in confirmed if deed not in counted)
    missing += sum(max(count - of_tote.get(deed, 0), 0) for deed, count in batched.items())
    doubled = sum(count - confirmed.get(deed, 1) for deed, count in counted.items() if count > confirmed.get(deed, 1))
    doubled += sum(max(of_tote.get(deed, 0) - count, 0) for deed, count in batched.items())
    return Books(lost=int(gaps) + missing, doubled=doubled, dead_letters=int(dead))


def open_picks(database: Path) -> list[tuple[str, str, str, str, str, int]]:
    """(zone, pick, tote, location, SKU, pieces) of every pick."""
    with opened(database) as record:
        asked = "SELECT zone, pick_id, tote_id, location_id, sku, asked FROM pick ORDER BY pick_id"
        return record.execute(asked).fetchall()


def tickets_of(database: Path) -> dict[str, tuple[str, ...]]:
    """The kinds of every order's tickets, in the order in which they were opened."""
    found: dict[str, tuple[str, ...]] = {}
    with opened(database) as record:
        for order_no, kind in record.execute("SELECT order_no, kind FROM ticket ORDER BY opened_utc_ns"):
            found[order_no] = (*found.get(order_no, ()), kind)
    return found


def dead_letters(database: Path) -> int:
    """Lines that could not be applied."""
    with opened(database) as record:
        return int(record.execute("SELECT count(*) FROM dead_letter").fetchone()[0])
