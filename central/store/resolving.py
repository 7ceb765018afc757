"""What was done about tickets: steps, photos, mispicks; and the pieces an order was given."""

from __future__ import annotations

from typing import Final, NamedTuple

from central.rules.resolving import Taken
from central.store.database import Database, Prepared

_ADD: Final = Prepared(
    "INSERT INTO ticket_step (ticket, step, order_no, action, sku, pieces, gone, location_id, by, note, done_utc_ns)"
    " VALUES (:ticket, 1 + (SELECT count(*) FROM ticket_step WHERE ticket = :ticket), :order_no, :action, :sku,"
    " :pieces, :gone, :location_id, :by, :note, :now)"
)
_DONE: Final = Prepared("SELECT DISTINCT action FROM ticket_step WHERE ticket = :ticket")
_GONE: Final = Prepared("SELECT sku, sum(gone) FROM ticket_step WHERE order_no = :order_no AND gone > 0 GROUP BY sku")
_TAKEN: Final = Prepared(
    "SELECT sku, location_id, sum(picked) FROM pick WHERE order_no = :order_no AND picked > 0"
    " GROUP BY sku, location_id ORDER BY sku, location_id"
)
_LIT: Final = Prepared(
    "SELECT sku, sum(asked) FROM pick WHERE order_no = :order_no AND status IN ('planned', 'released', 'held')"
    " GROUP BY sku"
)
_PHOTO: Final = Prepared("INSERT INTO ticket_photo (ticket, jpeg, taken_utc_ns) VALUES (:ticket, :jpeg, :now)")
_MISPICK: Final = Prepared(
    "INSERT INTO mispick (ticket, order_no, sku, station, packer, decided_by, reason, at_utc_ns)"
    " SELECT ticket, order_no, sku, station, who, :by, :reason, :now FROM ticket WHERE ticket = :ticket"
)


class Step(NamedTuple):
    """A step of resolving; `gone`: pieces of `sku` that the order has no more because of it."""

    action: str
    by: str
    sku: str = ""
    pieces: int = 0
    gone: int = 0
    location_id: str = ""
    note: str = ""


def add_step(database: Database, ticket: str, order_no: str, step: Step, now_utc_ns: int) -> None:
    """It was done."""
    database.run(_ADD, ticket=ticket, order_no=order_no, now=now_utc_ns, **step._asdict())


def steps_done(database: Database, ticket: str) -> frozenset[str]:
    """Kinds of steps done so far."""
    return frozenset(str(row[0]) for row in database.rows(_DONE, ticket=ticket))


def taken(database: Database, order_no: str) -> list[Taken]:
    """Everything ever taken for the order."""
    return [Taken(*row) for row in database.rows(_TAKEN, order_no=order_no)]


def gone(database: Database, order_no: str) -> dict[str, int]:
    """Pieces by SKU that were put back, lost or spoilt since they were taken."""
    return {row[0]: int(row[1]) for row in database.rows(_GONE, order_no=order_no)}


def lit(database: Database, order_no: str) -> dict[str, int]:
    """Pieces by SKU that are still to be taken."""
    return {row[0]: int(row[1]) for row in database.rows(_LIT, order_no=order_no)}


def add_photo(database: Database, ticket: str, jpeg: bytes, now_utc_ns: int) -> None:
    """What the bench's camera saw."""
    database.run(_PHOTO, ticket=ticket, jpeg=jpeg, now=now_utc_ns)


def add_mispick(database: Database, ticket: str, *, by: str, reason: str, now_utc_ns: int) -> None:
    """The override of this ticket counts as a mispick."""
    database.run(_MISPICK, ticket=ticket, by=by, reason=reason, now=now_utc_ns)
