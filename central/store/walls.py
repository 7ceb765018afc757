"""Put-to-light walls: who is in which cubby, and how much of each line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from central.rules.allocation import Shelf
from central.rules.walk import sequence_from
from central.rules.wall import Batched, BatchStop, Home
from central.store.database import Database, Prepared

_TAKEN: Final = Prepared("SELECT zone, cubby FROM wall_cubby")
_TAKE: Final = Prepared("INSERT INTO wall_cubby (zone, cubby, order_no) VALUES (:zone, :cubby, :order_no)")
_ADD_LINE: Final = Prepared(
    "INSERT INTO wall_line (line_id, order_no, zone, cubby, sku, asked, put)"
    " VALUES (:line_id, :order_no, :zone, :cubby, :sku, :asked, 0)"
)
_LINE: Final = Prepared(
    "SELECT line_id, order_no, zone, cubby, sku, asked, put FROM wall_line WHERE line_id = :line_id"
)
_PUT: Final = Prepared("UPDATE wall_line SET put = :put WHERE line_id = :line_id")
_UNFINISHED: Final = Prepared("SELECT 1 FROM wall_line WHERE order_no = :order_no AND put < asked LIMIT 1")
_FREE: Final = Prepared("DELETE FROM wall_cubby WHERE zone = :zone AND cubby = :cubby AND order_no = :order_no")
_FREE_ORDER: Final = Prepared("DELETE FROM wall_cubby WHERE order_no = :order_no")
_CONTENTS: Final = Prepared(
    "SELECT c.cubby, c.order_no, o.wave, o.status, l.line_id, l.sku, s.title, l.asked, l.put,"
    " (SELECT coalesce(sum(p.picked), 0) FROM pick p WHERE p.order_no = l.order_no AND p.sku = l.sku)"
    " FROM wall_cubby c JOIN orders o ON o.order_no = c.order_no JOIN wall_line l ON l.order_no = c.order_no"
    " JOIN product s ON s.sku = l.sku WHERE c.zone = :zone"
    " ORDER BY o.wave, o.cut_off_utc_s = 0, o.cut_off_utc_s, c.order_no, l.line_id"
)
_BARCODES: Final = Prepared(
    "SELECT b.barcode, b.sku, b.pieces FROM barcode b WHERE b.sku IN (SELECT l.sku FROM wall_line l"
    " JOIN wall_cubby c ON c.order_no = l.order_no WHERE c.zone = :zone) ORDER BY b.barcode"
)
_PLANNED: Final = Prepared(
    "SELECT p.pick_id, p.order_no, l.location_id, l.zone, l.bay, l.level FROM pick p JOIN location l"
    " ON l.location_id = p.location_id WHERE p.order_no = :order_no AND p.status = 'planned'"
)
_BATCH: Final = Prepared("UPDATE pick SET tote_id = :tote_id, sequence = :sequence WHERE pick_id = :pick_id")


class WallLineRow(NamedTuple):
    """A line of an order in a cubby as the writer sees it."""

    line_id: str
    order_no: str
    zone: str
    cubby: str
    sku: str
    asked: int
    put: int


class Content(NamedTuple):
    """A line in an occupied cubby, with what is needed to show it."""

    cubby: str
    order_no: str
    wave: str
    status: str
    line_id: str
    sku: str
    title: str
    asked: int
    put: int
    picked: int


def taken(database: Database) -> set[tuple[str, str]]:
    """(zone, cubby) of every occupied cubby."""
    return {(row[0], row[1]) for row in database.rows(_TAKEN)}


def move_in(database: Database, order_no: str, home: Home, lines: Mapping[int, tuple[str, int]]) -> None:
    """The order gets the cubby; `lines` is (SKU, pieces) by line number."""
    database.run(_TAKE, zone=home.zone, cubby=home.cubby, order_no=order_no)
    rows: list[dict[str, object]] = [
        {
            "line_id": f"{order_no}:{number}",
            "order_no": order_no,
            "zone": home.zone,
            "cubby": home.cubby,
            "sku": sku,
            "asked": pieces,
        }
        for number, (sku, pieces) in lines.items()
    ]
    database.many(_ADD_LINE, rows)


def planned_stops(database: Database, order_no: str) -> list[BatchStop]:
    """The order's picks before their release."""
    rows = database.rows(_PLANNED, order_no=order_no)
    return [BatchStop(pick, Shelf(place, zone, bay, level, 0)) for pick, _, place, zone, bay, level in rows]


def put_in_batch(database: Database, batched: Iterable[Batched]) -> None:
    """Released picks go into the batch totes that bring them to the wall."""
    rows: list[dict[str, object]] = [
        {"pick_id": one.pick_id, "tote_id": one.tote_id, "sequence": sequence_from(one.number) + one.position}
        for one in batched
    ]
    database.many(_BATCH, rows)


def line(database: Database, line_id: str) -> WallLineRow | None:
    """By id."""
    found = database.row(_LINE, line_id=line_id)
    return WallLineRow(*found) if found else None


def set_put(database: Database, line_id: str, put: int) -> None:
    """So many pieces of the line are in the cubby."""
    database.run(_PUT, line_id=line_id, put=put)


def is_unfinished(database: Database, order_no: str) -> bool:
    """True while the order still waits at a wall for a piece."""
    return database.row(_UNFINISHED, order_no=order_no) is not None


def free(database: Database, zone: str, cubby: str, order_no: str) -> bool:
    """Nobody is in that cubby any more; False if the order was not in it."""
    return database.run(_FREE, zone=zone, cubby=cubby, order_no=order_no) > 0


def free_of(database: Database, order_no: str) -> None:
    """The order has left its cubby, if it had one."""
    database.run(_FREE_ORDER, order_no=order_no)


def contents(database: Database, zone: str) -> list[Content]:
    """Every line in the wall's occupied cubbies, the most urgent order first."""
    return [Content(*row) for row in database.rows(_CONTENTS, zone=zone)]


def barcodes(database: Database, zone: str) -> list[tuple[str, str, int]]:
    """(barcode, SKU, pieces) of all that may be put into the wall's occupied cubbies."""
    return [(row[0], row[1], row[2]) for row in database.rows(_BARCODES, zone=zone)]
