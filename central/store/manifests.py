"""Manifests: which bench may pack which order without central, and until when."""

from __future__ import annotations

from typing import Final, NamedTuple

from central.store.database import Database, Prepared
from wire.manifest import BARCODES_MAX, ITEMS_MAX, TOTES_MAX, ManifestItem

# An order of several parcels is for central: which of its labels are used, no bench knows without it. So is one with
# serial numbers or lots, which are checked against the record.
_READY: Final = (
    "o.status = 'picked' AND o.hold = ''"
    " AND NOT EXISTS (SELECT 1 FROM order_label x WHERE x.order_no = o.order_no AND NOT x.void)"
    " AND NOT EXISTS (SELECT 1 FROM order_line t JOIN product u ON u.sku = t.sku"
    " WHERE t.order_no = o.order_no AND (u.tracking <> '' OR NOT u.active))"
)
_HELD: Final = Prepared(
    "SELECT m.station, count(*) FROM manifest m JOIN orders o ON o.order_no = m.order_no"  # noqa: S608
    f" WHERE {_READY} GROUP BY m.station"
)
_FREE: Final = Prepared(
    f"SELECT o.order_no, o.label FROM orders o WHERE {_READY}"  # noqa: S608
    " AND NOT EXISTS (SELECT 1 FROM manifest m WHERE m.order_no = o.order_no)"
    " AND (SELECT count(*) FROM order_line l WHERE l.order_no = o.order_no) <= :lines"
    " ORDER BY o.cut_off_utc_s = 0, o.cut_off_utc_s, o.order_no LIMIT :limit"
)
_ADD: Final = Prepared(
    "INSERT INTO manifest (manifest_id, order_no, label, station, issued_utc_s, expires_utc_s)"
    " VALUES (:manifest_id, :order_no, :label, :station, :issued, :expires)"
)
_RENEW: Final = Prepared(
    "UPDATE manifest SET issued_utc_s = :issued, expires_utc_s = :expires WHERE manifest_id = :manifest_id"
)
_AT: Final = Prepared(
    "SELECT m.manifest_id, m.order_no, m.label, m.station, m.issued_utc_s, m.expires_utc_s FROM manifest m"  # noqa: S608
    f" JOIN orders o ON o.order_no = m.order_no AND o.label = m.label WHERE m.station = :station AND {_READY}"
    " ORDER BY m.manifest_id"
)
_ONE: Final = Prepared(
    "SELECT manifest_id, order_no, label, station, issued_utc_s, expires_utc_s FROM manifest"
    " WHERE manifest_id = :manifest_id"
)
_ITEMS: Final = Prepared(
    "SELECT l.sku, substr(p.title, 1, 80), sum(l.pieces - l.waived) FROM order_line l"
    " JOIN product p ON p.sku = l.sku WHERE l.order_no = :order_no GROUP BY l.sku, p.title"
    " HAVING sum(l.pieces - l.waived) > 0 ORDER BY min(l.line_no)"
)
_BARCODES: Final = Prepared(
    "SELECT barcode, pieces FROM barcode WHERE sku = :sku ORDER BY pieces, barcode LIMIT :limit"
)
_TOTES: Final = Prepared("SELECT DISTINCT tote_id FROM pick WHERE order_no = :order_no ORDER BY tote_id LIMIT :limit")


class ManifestRow(NamedTuple):
    """An order's bench. Times are seconds of UTC."""

    manifest_id: str
    order_no: str
    label: str
    station: str
    issued_utc_s: int
    expires_utc_s: int


def held(database: Database) -> dict[str, int]:
    """Station → parcels it may pack without central."""
    return {str(row[0]): int(row[1]) for row in database.rows(_HELD)}


def not_dealt(database: Database, limit: int) -> list[tuple[str, str]]:
    """(order, label) that wait for a bench and were dealt to none, the most urgent first."""
    return [(str(row[0]), str(row[1])) for row in database.rows(_FREE, lines=ITEMS_MAX, limit=limit)]


def add(database: Database, new: ManifestRow) -> None:
    """The order is dealt."""
    database.run(
        _ADD,
        manifest_id=new.manifest_id,
        order_no=new.order_no,
        label=new.label,
        station=new.station,
        issued=new.issued_utc_s,
        expires=new.expires_utc_s,
    )


def renew(database: Database, manifest_id: str, issued_utc_s: int, expires_utc_s: int) -> None:
    """It holds for longer."""
    database.run(_RENEW, manifest_id=manifest_id, issued=issued_utc_s, expires=expires_utc_s)


def at_station(database: Database, station: str) -> list[ManifestRow]:
    """What the bench may pack now."""
    return [ManifestRow(*row) for row in database.rows(_AT, station=station)]


def one(database: Database, manifest_id: str) -> ManifestRow | None:
    """By id, whatever became of its order."""
    row = database.row(_ONE, manifest_id=manifest_id)
    return ManifestRow(*row) if row is not None else None


def items_of(database: Database, order_no: str) -> tuple[ManifestItem, ...]:
    """What belongs into the parcel, with the barcodes that say so."""
    return tuple(
        ManifestItem(sku=row[0], title=row[1], pieces=int(row[2]), barcodes=_barcodes(database, row[0]))
        for row in database.rows(_ITEMS, order_no=order_no)
    )


def totes_of(database: Database, order_no: str) -> tuple[str, ...]:
    """The totes its pieces are in."""
    return tuple(str(row[0]) for row in database.rows(_TOTES, order_no=order_no, limit=TOTES_MAX))


def _barcodes(database: Database, sku: str) -> tuple[tuple[str, int], ...]:
    return tuple((str(row[0]), int(row[1])) for row in database.rows(_BARCODES, sku=sku, limit=BARCODES_MAX))
