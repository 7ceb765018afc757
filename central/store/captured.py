"""Serial numbers and lots: those in boxes and in parcels that left, and the lots of a site."""

from __future__ import annotations

from typing import Final, NamedTuple

from central.store.database import Database, Prepared
from wire.commands import NewLot

# A row is in a box while its verification is at work, or verified and not yet known to have left.
_IN_A_BOX: Final = "(v.state IN ('open', 'blocked') OR (v.state = 'verified' AND o.status = 'verified'))"
_ADD: Final = Prepared(
    "INSERT INTO captured (scan_id, verification, order_no, sku, pieces, serial, lot, expires_on, has_left)"
    " VALUES (:scan_id, :verification, :order_no, :sku, :pieces, :serial, :lot, :expires_on, false)"
)
_DROP: Final = Prepared("DELETE FROM captured WHERE verification = :verification AND NOT has_left")
_LEFT: Final = Prepared("UPDATE captured SET has_left = true WHERE verification = :verification AND NOT has_left")
_OF: Final = Prepared(
    "SELECT sku, lot, sum(pieces) FROM captured WHERE verification = :verification AND NOT has_left AND lot <> ''"
    " GROUP BY sku, lot"
)
_SERIAL: Final = Prepared(
    "SELECT c.order_no FROM captured c JOIN verification v ON v.verification = c.verification"  # noqa: S608
    " JOIN orders o ON o.order_no = c.order_no"
    f" WHERE c.sku = :sku AND c.serial = :serial AND (c.has_left OR {_IN_A_BOX})"
    " LIMIT 1"
)
_LOT: Final = Prepared("SELECT expires_on FROM lot WHERE sku = :sku AND lot = :lot")
_ANY_LOT: Final = Prepared("SELECT 1 FROM lot WHERE sku = :sku LIMIT 1")
_FIRST: Final = Prepared(
    "SELECT l.lot, l.expires_on FROM lot l WHERE l.sku = :sku AND l.expires_on >= :today AND l.pieces >"  # noqa: S608
    " (SELECT coalesce(sum(c.pieces), 0) FROM captured c JOIN verification v ON v.verification = c.verification"
    "  JOIN orders o ON o.order_no = c.order_no"
    f"  WHERE c.sku = l.sku AND c.lot = l.lot AND NOT c.has_left AND {_IN_A_BOX})"
    " ORDER BY l.expires_on, l.lot LIMIT 1"
)
_SET_LOT: Final = Prepared("UPDATE lot SET expires_on = :expires_on, pieces = :pieces WHERE sku = :sku AND lot = :lot")
_ADD_LOT: Final = Prepared("INSERT INTO lot (sku, lot, expires_on, pieces) VALUES (:sku, :lot, :expires_on, :pieces)")
_TAKE: Final = Prepared(
    "UPDATE lot SET pieces = CASE WHEN pieces > :pieces THEN pieces - :pieces ELSE 0 END"
    " WHERE sku = :sku AND lot = :lot"
)


class Captured(NamedTuple):
    """What was captured of `pieces` of a SKU. `expires_on`: YYYY-MM-DD, "" if it was not read."""

    sku: str
    pieces: int
    serial: str = ""
    lot: str = ""
    expires_on: str = ""


class FirstLot(NamedTuple):
    """The lot that should go first, and its last good day (YYYY-MM-DD)."""

    lot: str
    expires_on: str


def add_captured(database: Database, scan_id: str, verification: str, order_no: str, row: Captured) -> None:
    """It is in the box."""
    database.run(_ADD, scan_id=scan_id, verification=verification, order_no=order_no, **row._asdict())


def drop_captured(database: Database, verification: str) -> None:
    """The box was emptied, or is packed anew."""
    database.run(_DROP, verification=verification)


def captured_left(database: Database, verification: str) -> None:
    """The box is out of the house: its lots have so much less."""
    for sku, lot, pieces in database.rows(_OF, verification=verification):
        database.run(_TAKE, sku=sku, lot=lot, pieces=pieces)
    database.run(_LEFT, verification=verification)


def order_with_serial(database: Database, sku: str, serial: str) -> str:
    """The order whose parcel left with it or whose box it is in; "": none."""
    found = database.row(_SERIAL, sku=sku, serial=serial)
    return str(found[0]) if found else ""


def lot_day(database: Database, sku: str, lot: str) -> str | None:
    """The lot's last good day, "" if it does not expire; None: there is no such lot."""
    found = database.row(_LOT, sku=sku, lot=lot)
    return str(found[0]) if found else None


def keeps_lots(database: Database, sku: str) -> bool:
    """True if lots of the SKU are on record."""
    return database.row(_ANY_LOT, sku=sku) is not None


def first_lot(database: Database, sku: str, today: str) -> FirstLot | None:
    """Of the lots in stock that are good today and do expire the earliest; pieces in boxes are not in stock."""
    found = database.row(_FIRST, sku=sku, today=today)
    return FirstLot(found[0], found[1]) if found else None


def put_lot(database: Database, new: NewLot) -> None:
    """Add it, or take its day and pieces from the file."""
    facts = {"sku": new.sku, "lot": new.lot, "expires_on": new.expires_on, "pieces": new.pieces}
    if not database.run(_SET_LOT, **facts):
        database.run(_ADD_LOT, **facts)
