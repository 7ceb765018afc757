"""Which order a tote, a cubby or a first item means."""

from __future__ import annotations

from typing import Final

from central.store.database import Database, Prepared

_OF_TOTE: Final = Prepared("SELECT DISTINCT order_no FROM pick WHERE tote_id = :tote_id ORDER BY order_no LIMIT 2")
_IN_CUBBY: Final = Prepared("SELECT order_no FROM wall_cubby WHERE cubby = :cubby ORDER BY zone LIMIT 2")
_SINGLE: Final = Prepared(
    "SELECT o.order_no FROM orders o JOIN order_line l ON l.order_no = o.order_no"
    " WHERE o.status = 'picked' AND o.hold = '' AND l.sku = :sku AND l.pieces = 1"
    " AND NOT EXISTS (SELECT 1 FROM order_line m WHERE m.order_no = o.order_no AND m.line_no <> l.line_no)"
    " ORDER BY o.cut_off_utc_s = 0, o.cut_off_utc_s, o.order_no LIMIT 1"
)


def orders_of_tote(database: Database, tote_id: str) -> list[str]:
    """Orders with picks in a tote; a batch's tote has several, of which two are told."""
    return [str(row[0]) for row in database.rows(_OF_TOTE, tote_id=tote_id)]


def orders_in_cubby(database: Database, cubby: str) -> list[str]:
    """The order in a cubby of that name; two if two walls have one."""
    return [str(row[0]) for row in database.rows(_IN_CUBBY, cubby=cubby)]


def single_item_order(database: Database, sku: str) -> str:
    """The picked order of one piece of `sku` with the earliest cut-off; "" if none waits."""
    found = database.row(_SINGLE, sku=sku)
    return str(found[0]) if found else ""
