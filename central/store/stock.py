"""Places, the pieces in them, SKUs and their barcodes."""

from __future__ import annotations

from typing import Final

from central.rules.allocation import Shelf
from central.rules.gtins import spellings
from central.rules.look_alikes import Shelved
from central.rules.match import Meaning
from central.rules.shorts import Stock
from central.store.database import Database, Prepared
from wire.commands import NewLocation, NewSku

_SHELVES: Final = Prepared(
    "SELECT location_id, zone, bay, level, on_hand - reserved FROM location WHERE sku = :sku AND on_hand > reserved"
)
_RESERVE: Final = Prepared(
    "UPDATE location SET reserved = reserved + :pieces, version = version + 1 WHERE location_id = :location_id"
)
_TAKE: Final = Prepared(
    "UPDATE location SET on_hand = on_hand - :pieces, reserved = reserved - :pieces, version = version + 1"
    " WHERE location_id = :location_id"
)
_PUT_BACK: Final = Prepared(
    "UPDATE location SET on_hand = on_hand + :pieces, version = version + 1 WHERE location_id = :location_id"
)
_STOCK: Final = Prepared("SELECT on_hand, reserved FROM location WHERE location_id = :location_id")
_SET: Final = Prepared(
    "UPDATE location SET on_hand = :on_hand, reserved = :reserved, version = version + 1"
    " WHERE location_id = :location_id"
)
_VERSION: Final = Prepared("SELECT version FROM location WHERE location_id = :location_id")
_PLACE: Final = Prepared("SELECT sku, on_hand FROM location WHERE location_id = :location_id")
_ADD_PLACE: Final = Prepared(
    "INSERT INTO location (location_id, zone, bay, level, sku, on_hand, reserved, version)"
    " VALUES (:location_id, :zone, :bay, :level, :sku, :on_hand, 0, 1)"
)
_MOVE_PLACE: Final = Prepared(
    "UPDATE location SET zone = :zone, bay = :bay, level = :level, sku = :sku, on_hand = :on_hand,"
    " version = version + 1 WHERE location_id = :location_id"
)
_OWNERS: Final = Prepared(  # by the text, and by the same number written with fewer or more leading zeros
    "SELECT b.sku, b.pieces, p.tracking, p.key_count FROM barcode b JOIN product p ON p.sku = b.sku"
    " WHERE b.barcode IN (:a, :b, :c, :d) AND p.active ORDER BY b.barcode <> :a, b.sku"
)
_SKU: Final = Prepared("SELECT sku, 1, tracking, key_count FROM product WHERE sku = :sku")
_ACTIVE: Final = Prepared("SELECT 1 FROM product WHERE sku = :sku AND active")
_HAS_BARCODE: Final = Prepared("SELECT 1 FROM barcode WHERE sku = :sku LIMIT 1")
_TITLE: Final = Prepared("SELECT title FROM product WHERE sku = :sku")
_ADD_SKU: Final = Prepared(
    "INSERT INTO product (sku, title, scan_first, style, weight_g, tracking, key_count, active)"
    " VALUES (:sku, :title, :scan_first, :style, :weight_g, :tracking, :key_count = 'yes', :active <> 'no')"
)
_UPDATE_SKU: Final = Prepared(  # what the file does not say stays as it is
    "UPDATE product SET title = :title,"
    " scan_first = CASE :said WHEN '' THEN scan_first ELSE :scan_first END,"
    " style = CASE :style WHEN '' THEN style ELSE :style END,"
    " weight_g = CASE :weight_g WHEN 0 THEN weight_g ELSE :weight_g END,"
    " tracking = CASE :said_tracking WHEN '' THEN tracking ELSE :tracking END,"
    " key_count = CASE :key_count WHEN '' THEN key_count ELSE :key_count = 'yes' END,"
    " active = CASE :active WHEN '' THEN active ELSE :active = 'yes' END WHERE sku = :sku"
)
_BARCODES: Final = Prepared("SELECT barcode FROM barcode WHERE sku = :sku ORDER BY pieces, barcode LIMIT :limit")
_SHELVED: Final = Prepared(
    "SELECT l.location_id, l.bay, l.level, l.sku, s.title, s.style FROM location l JOIN product s ON s.sku = l.sku"
    " WHERE l.zone = :zone ORDER BY l.location_id"
)
_ADD_BARCODE: Final = Prepared("INSERT INTO barcode (barcode, sku, pieces) VALUES (:barcode, :sku, :pieces)")
_REBIND: Final = Prepared(  # the import has made sure that its owner is this SKU, or none that is active
    "UPDATE barcode SET pieces = :pieces, sku = :sku WHERE barcode = :barcode"
)


def shelves(database: Database, sku: str) -> list[Shelf]:
    """Places of a SKU with free pieces."""
    return [Shelf(*row) for row in database.rows(_SHELVES, sku=sku)]


def reserve(database: Database, location_id: str, pieces: int) -> None:
    """Promise `pieces` (negative: free them). The database refuses more than is on hand."""
    database.run(_RESERVE, location_id=location_id, pieces=pieces)


def take(database: Database, location_id: str, pieces: int) -> None:
    """Promised pieces left the place."""
    database.run(_TAKE, location_id=location_id, pieces=pieces)


def put_back(database: Database, location_id: str, pieces: int) -> None:
    """Pieces that were taken are in the place again."""
    database.run(_PUT_BACK, location_id=location_id, pieces=pieces)


def stock_at(database: Database, location_id: str) -> Stock | None:
    """The count of a place, or None."""
    found = database.row(_STOCK, location_id=location_id)
    return Stock(found[0], found[1]) if found else None


def set_stock(database: Database, location_id: str, stock: Stock) -> int:
    """Set the count; the place's new version."""
    database.run(_SET, location_id=location_id, on_hand=stock.on_hand, reserved=stock.reserved)
    found = database.row(_VERSION, location_id=location_id)
    return int(found[0]) if found else 0


def place(database: Database, location_id: str) -> tuple[str, int] | None:
    """(SKU, pieces on hand) of a place, or None."""
    found = database.row(_PLACE, location_id=location_id)
    return (found[0], found[1]) if found else None


def put_place(database: Database, new: NewLocation, on_hand: int, *, known: bool) -> None:
    """Add a place, or move a known one; `on_hand` is its count from now on."""
    database.run(
        _MOVE_PLACE if known else _ADD_PLACE,
        location_id=new.location_id,
        zone=new.zone,
        bay=new.bay,
        level=new.level,
        sku=new.sku,
        on_hand=on_hand,
    )


def owners(database: Database, barcode: str) -> tuple[Meaning, ...]:
    """What a barcode stands for: each active SKU that has it, or the same GTIN in another length."""
    first, *others = spellings(barcode)
    rest = dict(zip("bcd", (*others, first, first, first), strict=False))
    found: dict[str, Meaning] = {}
    for sku, pieces, tracking, key_count in database.rows(_OWNERS, a=first, **rest):
        found.setdefault(sku, Meaning(sku, pieces, tracking, bool(key_count)))
    return tuple(found.values())


def meaning_of_sku(database: Database, sku: str) -> Meaning | None:
    """A single piece of a SKU; None: no such SKU."""
    found = database.row(_SKU, sku=sku)
    return Meaning(found[0], found[1], found[2], bool(found[3])) if found else None


def title(database: Database, sku: str) -> str | None:
    """A SKU's title; None: no such SKU."""
    found = database.row(_TITLE, sku=sku)
    return str(found[0]) if found else None


def barcodes_of(database: Database, sku: str, limit: int) -> tuple[str, ...]:
    """What is printed on a SKU: the single piece's first, then the packs, the smallest first."""
    return tuple(str(row[0]) for row in database.rows(_BARCODES, sku=sku, limit=limit))


def shelved(database: Database, zone: str) -> list[Shelved]:
    """Every place of a zone and what lies there."""
    return [Shelved(*row) for row in database.rows(_SHELVED, zone=zone)]


def is_active(database: Database, sku: str) -> bool:
    """True if the SKU is known, and its barcodes mean it."""
    return database.row(_ACTIVE, sku=sku) is not None


def has_barcode(database: Database, sku: str) -> bool:
    """True if the SKU can be scanned."""
    return database.row(_HAS_BARCODE, sku=sku) is not None


def put_sku(database: Database, new: NewSku) -> None:
    """Add a SKU or update what the file says of it, and bind its barcodes."""
    facts = {
        "sku": new.sku,
        "title": new.title,
        "scan_first": "" if new.scan_first == "no" else new.scan_first,
        "style": new.style,
        "weight_g": new.weight_g,
        "tracking": "" if new.tracking == "no" else new.tracking,
        "key_count": new.key_count,
        "active": new.active,
    }
    if not database.run(_UPDATE_SKU, said=new.scan_first, said_tracking=new.tracking, **facts):
        database.run(_ADD_SKU, **facts)
    for barcode, pieces in new.barcodes:
        if not database.run(_REBIND, barcode=barcode, sku=new.sku, pieces=pieces):
            database.run(_ADD_BARCODE, barcode=barcode, sku=new.sku, pieces=pieces)
