"""Picks: from planned to done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from central.rules.allocation import Take
from central.rules.walk import STRIDE, pick_id, tote_id
from central.store.database import Database, Prepared

_COLUMNS: Final = "pick_id, order_no, line_no, wave, zone, location_id, sku, asked, picked, tote_id, sequence, status"
_ONE: Final = Prepared(f"SELECT {_COLUMNS} FROM pick WHERE pick_id = :pick_id")  # noqa: S608
_OF_ORDER: Final = Prepared(f"SELECT {_COLUMNS} FROM pick WHERE order_no = :order_no")  # noqa: S608
_OPEN_OF_ORDER: Final = Prepared(
    "SELECT pick_id, location_id, asked, zone FROM pick WHERE order_no = :order_no"
    " AND status IN ('planned', 'released', 'held')"
)
_STILL_OPEN: Final = Prepared(
    "SELECT 1 FROM pick WHERE order_no = :order_no AND status IN ('released', 'held') LIMIT 1"
)
_WANTING: Final = Prepared(
    "SELECT DISTINCT order_no FROM pick WHERE location_id = :location_id AND status IN ('planned', 'released', 'held')"
    " ORDER BY order_no LIMIT :limit"
)
_OPEN_AT: Final = Prepared(
    f"SELECT {_COLUMNS} FROM pick WHERE location_id = :location_id AND status IN ('planned', 'released', 'held')"  # noqa: S608
    " ORDER BY status DESC, wave, sequence, order_no, pick_id"
)
_ADD: Final = Prepared(
    "INSERT INTO pick (pick_id, order_no, line_no, wave, zone, location_id, sku, asked, picked, tote_id, sequence,"
    " status, done_utc_ns) VALUES (:pick_id, :order_no, :line_no, :wave, :zone, :location_id, :sku, :asked, 0,"
    " :tote_id, :sequence, :status, 0)"
)
_DONE: Final = Prepared(
    "UPDATE pick SET status = :status, picked = :picked, done_utc_ns = :now WHERE pick_id = :pick_id"
)
_CANCEL: Final = Prepared("UPDATE pick SET status = 'cancelled', done_utc_ns = :now WHERE pick_id = :pick_id")
_CHANGE: Final = Prepared("UPDATE pick SET status = :after WHERE order_no = :order_no AND status = :before")
_RELEASE: Final = Prepared(
    "UPDATE pick SET status = 'released', wave = :wave, sequence = :base + sequence"
    " WHERE order_no = :order_no AND status = 'planned'"
)
_ZONES: Final = Prepared("SELECT DISTINCT zone FROM pick WHERE order_no = :order_no AND status = 'released'")
_ZONE_WORK: Final = Prepared(  # an order's sequence numbers stand together, so that each tote is one run of rows
    "SELECT p.tote_id, p.order_no, p.wave, p.sequence, p.pick_id, p.location_id, p.sku, p.asked, s.title,"
    " l.on_hand, s.scan_first FROM pick p JOIN product s ON s.sku = p.sku"
    " JOIN location l ON l.location_id = p.location_id WHERE p.zone = :zone AND p.status = 'released'"
    " AND (p.tote_id <> p.order_no OR p.zone = (SELECT q.zone FROM pick q WHERE q.order_no = p.order_no"
    " AND q.status = 'released' ORDER BY q.sequence, q.pick_id LIMIT 1))"
    " ORDER BY p.wave, p.sequence / :stride, p.tote_id, p.sequence, p.pick_id LIMIT :limit"
)


_PASS: Final = Prepared("UPDATE pick SET tote_id = :order_no WHERE order_no = :order_no AND status = 'released'")
_STOPS_LEFT: Final = Prepared(
    "SELECT zone FROM pick WHERE order_no = :order_no AND status = 'released' GROUP BY zone ORDER BY min(sequence)"
)


class PickRow(NamedTuple):
    """A pick as the writer sees it."""

    pick_id: str
    order_no: str
    line_no: int
    wave: str
    zone: str
    location_id: str
    sku: str
    asked: int
    picked: int
    tote_id: str
    sequence: int
    status: str


class OpenPick(NamedTuple):
    """A pick that still holds a reservation."""

    pick_id: str
    location_id: str
    asked: int
    zone: str


class Stop(NamedTuple):
    """A released pick as a zone's document shows it."""

    tote_id: str
    order_no: str
    wave: str
    sequence: int
    pick_id: str
    location_id: str
    sku: str
    asked: int
    title: str
    on_hand: int
    scan_first: str


def pick(database: Database, pick_id: str) -> PickRow | None:
    """By id."""
    found = database.row(_ONE, pick_id=pick_id)
    return PickRow(*found) if found else None


def picks_of(database: Database, order_no: str) -> list[PickRow]:
    """Every pick ever made for an order."""
    return [PickRow(*row) for row in database.rows(_OF_ORDER, order_no=order_no)]


def open_picks(database: Database, order_no: str) -> list[OpenPick]:
    """Those not yet done or cancelled."""
    return [OpenPick(*row) for row in database.rows(_OPEN_OF_ORDER, order_no=order_no)]


def wanting(database: Database, location_id: str, limit: int) -> list[str]:
    """Orders with open picks at a place, the first `limit`."""
    return [str(row[0]) for row in database.rows(_WANTING, location_id=location_id, limit=limit)]


def open_at(database: Database, location_id: str) -> list[PickRow]:
    """Those to be taken from a place: what is on the floor first, in working order."""
    return [PickRow(*row) for row in database.rows(_OPEN_AT, location_id=location_id)]


def still_picking(database: Database, order_no: str) -> bool:
    """True while a released pick of the order is open."""
    return database.row(_STILL_OPEN, order_no=order_no) is not None


def add_planned(database: Database, order_no: str, takes: Iterable[Take]) -> None:
    """All picks of an order that is in no wave yet, in walking order."""
    numbers = _made(picks_of(database, order_no))
    rows = []
    for position, stop in enumerate(takes):
        numbers[stop.line_no] = numbers.get(stop.line_no, 0) + 1
        rows.append(_row(order_no, stop, numbers[stop.line_no], wave="", sequence=position, status="planned"))
    database.many(_ADD, rows)


def add_released(database: Database, order_no: str, wave: str, takes: Iterable[Take]) -> None:
    """More picks for an order on the floor (after a short pick): in a zone it has yet to leave, with that zone's last;
    else at the end. So a tote that is passed on never turns back before it is done where it stands."""
    before = picks_of(database, order_no)
    numbers = _made(before)
    base = max((row.sequence for row in before), default=0)
    first = base // STRIDE * STRIDE
    open_until = {row.zone: row.sequence for row in sorted(before, key=_by_sequence) if row.status == "released"}
    rows = []
    for position, stop in enumerate(takes, start=1):
        numbers[stop.line_no] = numbers.get(stop.line_no, 0) + 1
        at_the_end = min(base + position, first + STRIDE - 1)
        sequence = open_until.get(stop.shelf.zone, at_the_end)
        rows.append(_row(order_no, stop, numbers[stop.line_no], wave=wave, sequence=sequence, status="released"))
    database.many(_ADD, rows)
    if any(row.tote_id == order_no for row in before):
        pass_on(database, order_no)


def add_again(database: Database, row: PickRow, pick_id: str) -> None:
    """A pick that was taken back, released under a new id with everything else as it was."""
    again = row._asdict() | {"pick_id": pick_id, "status": "released"}
    del again["picked"]
    database.run(_ADD, **again)


def set_done(database: Database, pick_id: str, status: str, picked: int, now_utc_ns: int) -> None:
    """Confirmed, short, or cancelled but taken all the same."""
    database.run(_DONE, pick_id=pick_id, status=status, picked=picked, now=now_utc_ns)


def cancel(database: Database, pick_id: str, now_utc_ns: int) -> None:
    """Nobody shall take it any more."""
    database.run(_CANCEL, pick_id=pick_id, now=now_utc_ns)


def hold(database: Database, order_no: str) -> list[str]:
    """The order's open picks leave the floor for now; the zones they leave."""
    zones = zones_of(database, order_no)
    database.run(_CHANGE, order_no=order_no, before="released", after="held")
    return zones


def go_on(database: Database, order_no: str) -> list[str]:
    """What was held is released again; the zones it comes back to."""
    database.run(_CHANGE, order_no=order_no, before="held", after="released")
    return zones_of(database, order_no)


def release(database: Database, order_no: str, wave: str, base: int) -> None:
    """The order's planned picks go to the floor; `base` is the order's first sequence number."""
    database.run(_RELEASE, order_no=order_no, wave=wave, base=base)


def zones_of(database: Database, order_no: str) -> list[str]:
    """Zones with open picks of the order."""
    return [str(row[0]) for row in database.rows(_ZONES, order_no=order_no)]


def pass_on(database: Database, order_no: str) -> None:
    """One tote collects the whole order and goes from zone to zone; it is named as the order."""
    database.run(_PASS, order_no=order_no)


def zone_after(database: Database, tote_id: str, zone: str) -> str:
    """Where a tote that is passed on goes from `zone`; "" after its last zone."""
    zones = [str(row[0]) for row in database.rows(_STOPS_LEFT, order_no=tote_id)]
    return next((other for other in zones if other != zone), "")


def zone_work(database: Database, zone: str, limit: int) -> list[Stop]:
    """Open picks of the zone in working order, the first `limit`."""
    return [Stop(*row) for row in database.rows(_ZONE_WORK, zone=zone, stride=STRIDE, limit=limit)]


def _by_sequence(row: PickRow) -> int:
    return row.sequence


def _made(before: Iterable[PickRow]) -> dict[int, int]:
    """Picks ever made for each line; those taken back have names of their own, which do no harm."""
    numbers: dict[int, int] = {}
    for row in before:
        numbers[row.line_no] = numbers.get(row.line_no, 0) + 1
    return numbers


def _row(order_no: str, stop: Take, number: int, *, wave: str, sequence: int, status: str) -> dict[str, object]:
    return {
        "pick_id": pick_id(order_no, stop.line_no, number),
        "order_no": order_no,
        "line_no": stop.line_no,
        "wave": wave,
        "zone": stop.shelf.zone,
        "location_id": stop.shelf.location_id,
        "sku": stop.sku,
        "asked": stop.pieces,
        "tote_id": tote_id(order_no, stop.shelf.zone),
        "sequence": sequence,
        "status": status,
    }
