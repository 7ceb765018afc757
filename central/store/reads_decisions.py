"""Every scan of a parcel with the verdict and the rule behind it, and what was captured of its pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from central.store import tables, tables_bench
from central.store.reads import Reads
from central.store.reads_tickets import table

ROWS_MAX: Final = 1_000  # the newest; an order of 1,000 lines has as many, and a page must stay readable


@dataclass(frozen=True)
class Decision:
    """A scan as it was read, central's verdict, and the name of the rule that gave it ("": an older record)."""

    at_utc_ns: int
    station: str
    text: str
    verdict: str
    rule: str


@dataclass(frozen=True)
class CapturedPieces:
    """The serial number or lot of `pieces`. `has_left`: in a parcel that left; else in a box at a bench."""

    sku: str
    title: str
    pieces: int
    serial: str
    lot: str
    expires_on: str
    has_left: bool


@dataclass(frozen=True)
class Decided:
    """What was decided of an order or a verification, oldest first, and what was captured."""

    decisions: tuple[Decision, ...]
    captured: tuple[CapturedPieces, ...]


def decided_of_order(reads: Reads, order_no: str) -> Decided:
    """Over all attempts to pack the order. Raises StoreAway."""
    attempt, row = table(tables_bench.Verification), table(tables_bench.CapturedRow)
    with reads.reading() as connection:
        query = select(attempt.c.verification).where(attempt.c.order_no == order_no)
        names = list(connection.scalars(query.order_by(attempt.c.begun_utc_ns.desc()).limit(100)))
        return Decided(_decisions(connection, names), _captured(connection, row.c.order_no == order_no))


def decided_of_attempt(reads: Reads, verification: str) -> Decided:
    """Of one attempt to pack. Raises StoreAway."""
    row = table(tables_bench.CapturedRow)
    with reads.reading() as connection:
        captured = _captured(connection, row.c.verification == verification)
        return Decided(_decisions(connection, [verification]), captured)


def _decisions(connection: Connection, verifications: list[str]) -> tuple[Decision, ...]:
    scan = table(tables_bench.ScanAnswer)
    columns = (scan.c.answered_utc_ns, scan.c.station, scan.c.text, scan.c.verdict, scan.c.rule)
    query = select(*columns).where(scan.c.verification.in_(verifications))
    newest = connection.execute(query.order_by(scan.c.answered_utc_ns.desc(), scan.c.scan_id).limit(ROWS_MAX)).all()
    return tuple(Decision(*row) for row in reversed(newest))


def _captured(connection: Connection, where: object) -> tuple[CapturedPieces, ...]:
    row, product = table(tables_bench.CapturedRow), table(tables.Product)
    columns = (row.c.sku, product.c.title, row.c.pieces, row.c.serial, row.c.lot, row.c.expires_on, row.c.has_left)
    query = select(*columns).join_from(row, product, row.c.sku == product.c.sku, isouter=True).where(where)  # type: ignore[arg-type]
    found = connection.execute(query.order_by(row.c.sku, row.c.serial, row.c.lot).limit(ROWS_MAX))
    return tuple(CapturedPieces(one[0], one[1] or "", *one[2:6], bool(one[6])) for one in found)
