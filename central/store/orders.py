"""Orders, their lines, and waves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from central.rules.allocation import Need
from central.rules.labels import spread
from central.rules.waves import Waiting, WavePlan
from central.store import labels
from central.store.database import Database, Prepared
from wire.commands import NewOrder, OrderLine

_COLUMNS: Final = "order_no, label, status, why, wave, cut_off_utc_s, station, grant_id, hold"
_BY_NO: Final = Prepared(f"SELECT {_COLUMNS} FROM orders WHERE order_no = :order_no")  # noqa: S608
_BY_LABEL: Final = Prepared(f"SELECT {_COLUMNS} FROM orders WHERE label = :label")  # noqa: S608
_BY_OTHER_LABEL: Final = Prepared("SELECT order_no FROM order_label WHERE label = :label")
_ADD: Final = Prepared(
    "INSERT INTO orders (order_no, label, status, why, wave, cut_off_utc_s, country, imported_utc_ns, station,"
    " grant_id, released_utc_ns, hold)"
    " VALUES (:order_no, :label, 'imported', '', '', :cut_off, :country, :now, '', '', 0, '')"
)
_ADD_LINE: Final = Prepared(
    "INSERT INTO order_line (order_no, line_no, sku, pieces, packed, waived)"
    " VALUES (:order_no, :line_no, :sku, :pieces, 0, 0)"
)
_LINES: Final = Prepared("SELECT line_no, sku, pieces FROM order_line WHERE order_no = :order_no ORDER BY line_no")
_NEEDS: Final = Prepared(
    "SELECT line_no, sku, pieces - waived FROM order_line WHERE order_no = :order_no ORDER BY line_no"
)
_ROOM: Final = Prepared(
    "SELECT line_no, sku, pieces - packed - waived FROM order_line WHERE order_no = :order_no ORDER BY line_no"
)
_PACKED: Final = Prepared(
    "UPDATE order_line SET packed = packed + :pieces WHERE order_no = :order_no AND line_no = :line_no"
)
_WAIVED: Final = Prepared(
    "UPDATE order_line SET waived = waived + :pieces WHERE order_no = :order_no AND line_no = :line_no"
)
_COUNTRY: Final = Prepared("SELECT country FROM orders WHERE order_no = :order_no")
_STATUS: Final = Prepared("UPDATE orders SET status = :status, why = :why WHERE order_no = :order_no")
_HOLD: Final = Prepared("UPDATE orders SET hold = :hold WHERE order_no = :order_no")
_BENCH: Final = Prepared(
    "UPDATE orders SET status = :status, why = :why, station = :station, grant_id = :grant_id"
    " WHERE order_no = :order_no"
)
_RELEASED: Final = Prepared(
    "UPDATE orders SET status = 'released', why = '', grant_id = :grant_id, released_utc_ns = :now"
    " WHERE order_no = :order_no"
)
_WAVED: Final = Prepared("UPDATE orders SET status = 'waved', why = '', wave = :wave WHERE order_no = :order_no")
_IMPORTED: Final = Prepared(
    "SELECT cut_off_utc_s, order_no FROM orders WHERE status = 'imported'"
    " AND (cut_off_utc_s > :cut_off OR (cut_off_utc_s = :cut_off AND order_no > :order_no))"
    " ORDER BY cut_off_utc_s, order_no LIMIT :limit"
)
_DUE: Final = Prepared(
    "SELECT order_no, cut_off_utc_s FROM orders WHERE status = 'allocated' AND hold = '' AND cut_off_utc_s > 0"
    " ORDER BY cut_off_utc_s, order_no LIMIT :limit"
)
_WHENEVER: Final = Prepared(
    "SELECT order_no, cut_off_utc_s FROM orders WHERE status = 'allocated' AND hold = '' AND cut_off_utc_s = 0"
    " ORDER BY order_no LIMIT :limit"
)
_ADD_WAVE: Final = Prepared(
    "INSERT INTO wave (wave, status, released_utc_ns, cut_off_utc_s, orders)"
    " VALUES (:wave, 'open', :now, :cut_off, :orders)"
)
_WAVES_OPEN: Final = Prepared("SELECT count(*) FROM wave WHERE status = 'open'")
_WAVES: Final = Prepared("SELECT count(*) FROM wave")
_STILL_PICKING: Final = Prepared("SELECT 1 FROM orders WHERE wave = :wave AND status IN ('waved', 'picking') LIMIT 1")
_WAVE_OPEN: Final = Prepared("UPDATE wave SET status = 'open' WHERE wave = :wave AND status = 'done'")
_WAVE_DONE: Final = Prepared("UPDATE wave SET status = 'done' WHERE wave = :wave")


class OrderRow(NamedTuple):
    """An order as the writer sees it."""

    order_no: str
    label: str
    status: str
    why: str
    wave: str
    cut_off_utc_s: int
    station: str
    grant_id: str
    hold: str


def order(database: Database, order_no: str) -> OrderRow | None:
    """By number."""
    found = database.row(_BY_NO, order_no=order_no)
    return OrderRow(*found) if found else None


def order_of_label(database: Database, label: str) -> OrderRow | None:
    """By shipping label: any of its labels, also a void one."""
    found = database.row(_BY_LABEL, label=label)
    if found:
        return OrderRow(*found)
    other = database.row(_BY_OTHER_LABEL, label=label)
    return order(database, str(other[0])) if other else None


def add_order(database: Database, new: NewOrder, now_utc_ns: int) -> None:
    """Add as imported."""
    database.run(
        _ADD,
        order_no=new.order_no,
        label=new.label,
        cut_off=new.cut_off_utc_s,
        country=new.country,
        now=now_utc_ns,
    )
    database.many(
        _ADD_LINE,
        [
            {"order_no": new.order_no, "line_no": number, "sku": line.sku, "pieces": line.pieces}
            for number, line in enumerate(new.lines, start=1)
        ],
    )
    for label in new.labels:
        labels.add(database, new.order_no, label)


def as_imported(database: Database, known: OrderRow) -> NewOrder:
    """An order as it once came in."""
    country = database.row(_COUNTRY, order_no=known.order_no)
    lines = (OrderLine(sku=row[1], pieces=row[2]) for row in database.rows(_LINES, order_no=known.order_no))
    return NewOrder(
        order_no=known.order_no,
        label=known.label,
        lines=tuple(lines),
        cut_off_utc_s=known.cut_off_utc_s,
        country=str(country[0]) if country else "",
        labels=labels.more(database, known.order_no),
    )


def needs(database: Database, order_no: str) -> list[Need]:
    """What the order's lines want, without what a supervisor let it go without."""
    return [Need(*row) for row in database.rows(_NEEDS, order_no=order_no) if row[2] > 0]


def add_packed(database: Database, order_no: str, pieces: dict[str, int]) -> None:
    """These pieces (by SKU) have left in a parcel."""
    for line_no, part in spread(room(database, order_no), pieces).items():
        database.run(_PACKED, order_no=order_no, line_no=line_no, pieces=part)


def waive(database: Database, order_no: str, pieces: dict[int, int]) -> None:
    """The order goes without these pieces (by line)."""
    for line_no, part in pieces.items():
        database.run(_WAIVED, order_no=order_no, line_no=line_no, pieces=part)


def room(database: Database, order_no: str) -> list[tuple[int, str, int]]:
    """(line, SKU, pieces still to be packed) of the order's lines."""
    return [(row[0], row[1], row[2]) for row in database.rows(_ROOM, order_no=order_no)]


def set_status(database: Database, order_no: str, status: str, why: str = "") -> None:
    """Move the order on; `why` names the reason of an exception, a cancellation or a wait."""
    database.run(_STATUS, order_no=order_no, status=status, why=why)


def set_hold(database: Database, order_no: str, hold: str) -> None:
    """Stop the order for now, or ("") let it go on."""
    database.run(_HOLD, order_no=order_no, hold=hold)


def set_bench(
    database: Database, order_no: str, status: str, *, station: str = "", grant_id: str = "", why: str = ""
) -> None:
    """Move the order on at, or away from, a bench."""
    database.run(_BENCH, order_no=order_no, status=status, why=why, station=station, grant_id=grant_id)


def set_released(database: Database, order_no: str, grant_id: str, now_utc_ns: int) -> None:
    """Its parcel has left through the gate."""
    database.run(_RELEASED, order_no=order_no, grant_id=grant_id, now=now_utc_ns)


def imported(database: Database, after: tuple[int, str], limit: int) -> list[tuple[int, str]]:
    """(cut-off, order) of orders still without stock, from `after` on."""
    rows = database.rows(_IMPORTED, cut_off=after[0], order_no=after[1], limit=limit)
    return [(row[0], row[1]) for row in rows]


def waiting(database: Database, limit: int) -> list[Waiting]:
    """Allocated orders, at least the `limit` most urgent."""
    return [Waiting(*row) for statement in (_DUE, _WHENEVER) for row in database.rows(statement, limit=limit)]


def waves_open(database: Database) -> int:
    """How many waves are being picked."""
    return int((database.row(_WAVES_OPEN) or (0,))[0])


def add_wave(database: Database, plan: WavePlan, now_utc_ns: int) -> str:
    """Store a wave; its name."""
    name = f"W{int((database.row(_WAVES) or (0,))[0]) + 1:06d}"
    database.run(_ADD_WAVE, wave=name, now=now_utc_ns, cut_off=plan.cut_off_utc_s, orders=len(plan.orders))
    return name


def put_in_wave(database: Database, orders: Iterable[str], wave: str) -> None:
    """These orders are released to the floor."""
    database.many(_WAVED, [{"order_no": order_no, "wave": wave} for order_no in orders])


def reopen_wave(database: Database, wave: str) -> None:
    """One of its orders is to be picked again."""
    database.run(_WAVE_OPEN, wave=wave)


def close_wave_if_over(database: Database, wave: str) -> bool:
    """A wave is done when none of its orders is still to be picked."""
    if not wave or database.row(_STILL_PICKING, wave=wave) is not None:
        return False
    return database.run(_WAVE_DONE, wave=wave) > 0
