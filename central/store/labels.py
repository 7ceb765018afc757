"""Labels of orders, their documents, and how often they were printed."""

from __future__ import annotations

from typing import Final, NamedTuple

from central.rules.labels import Printing, Standing
from central.store.database import Database, Prepared
from wire.labels import LabelKind

FREE_MAX: Final = 2  # asked for at once: this parcel's, and whether there is another

_VOID: Final = Prepared("SELECT void FROM order_label WHERE label = :label")
_GONE: Final = Prepared("SELECT 1 FROM parcel WHERE label = :label AND released_utc_ns > 0 LIMIT 1")
_FREE: Final = Prepared(
    "SELECT l.label FROM (SELECT label, 0 AS place FROM orders WHERE order_no = :order_no UNION ALL"
    " SELECT label, place FROM order_label WHERE order_no = :order_no AND NOT void) l"
    " WHERE NOT EXISTS (SELECT 1 FROM parcel p WHERE p.label = l.label AND p.released_utc_ns > 0)"
    " ORDER BY l.place, l.label LIMIT :limit"
)
_MORE: Final = Prepared("SELECT label FROM order_label WHERE order_no = :order_no AND NOT void ORDER BY place, label")
_PLACE: Final = Prepared("SELECT coalesce(max(place), 0) + 1 FROM order_label WHERE order_no = :order_no")
_ADD: Final = Prepared(
    "INSERT INTO order_label (label, order_no, place, void, why) VALUES (:label, :order_no, :place, :void, :why)"
)
_FIRST: Final = Prepared("UPDATE orders SET label = :new WHERE order_no = :order_no AND label = :label")
_SET_VOID: Final = Prepared("UPDATE order_label SET void = :void, why = :why WHERE label = :label")
_AT: Final = Prepared("SELECT place FROM order_label WHERE label = :label")
_DOCUMENT: Final = Prepared("SELECT kind, body FROM label_document WHERE label = :label")
_FORGET: Final = Prepared("DELETE FROM label_document WHERE label = :label")
_STORE: Final = Prepared(
    "INSERT INTO label_document (label, kind, source, body, stored_utc_ns) VALUES (:label, :kind, :source, :body, :now)"
)
_PRINT: Final = Prepared(
    "INSERT INTO label_print (scan_id, label, order_no, station, verification, reason, packer, result, why,"
    " asked_utc_ns) VALUES (:scan_id, :label, :order_no, :station, :verification, :reason, :packer, 'sent', '', :now)"
)
_RESULT: Final = Prepared(
    "UPDATE label_print SET result = :result, why = :why WHERE scan_id = :scan_id AND station = :station"
)
_PRINTED: Final = Prepared(
    "SELECT count(*), coalesce(sum(CASE WHEN reason <> '' THEN 1 ELSE 0 END), 0) FROM label_print"
    " WHERE label = :label AND result <> 'failed'"
)


class Document(NamedTuple):
    """A label as it is printed."""

    kind: LabelKind
    body: bytes


class Asked(NamedTuple):
    """A printing that a bench is told to do. `reason` "": the first time."""

    scan_id: str
    label: str
    order_no: str
    station: str
    verification: str
    packer: str
    reason: str = ""


def standing(database: Database, label: str) -> Standing:
    """Whether the label may still go on a parcel."""
    found = database.row(_VOID, label=label)
    if found is not None and found[0]:
        return "void"
    return "gone" if database.row(_GONE, label=label) is not None else "free"


def free(database: Database, order_no: str) -> list[str]:
    """The order's next labels that went on no parcel yet; at most FREE_MAX."""
    return [str(row[0]) for row in database.rows(_FREE, order_no=order_no, limit=FREE_MAX)]


def more(database: Database, order_no: str) -> tuple[str, ...]:
    """The order's labels besides its first one, void ones left out."""
    return tuple(str(row[0]) for row in database.rows(_MORE, order_no=order_no))


def add(database: Database, order_no: str, label: str) -> None:
    """One more label for the order."""
    place = int((database.row(_PLACE, order_no=order_no) or (1,))[0])
    database.run(_ADD, label=label, order_no=order_no, place=place, void=False, why="")


def void(database: Database, order_no: str, label: str, new: str, why: str) -> None:
    """`label` counts no more; `new` stands in its place. Its document goes: nobody may print it again."""
    database.run(_FORGET, label=label)
    if database.run(_FIRST, order_no=order_no, label=label, new=new):
        database.run(_ADD, label=label, order_no=order_no, place=0, void=True, why=why)
        return
    place = int((database.row(_AT, label=label) or (1,))[0])
    database.run(_SET_VOID, label=label, void=True, why=why)
    database.run(_ADD, label=new, order_no=order_no, place=place, void=False, why="")


def document(database: Database, label: str) -> Document | None:
    """What was stored for the label."""
    found = database.row(_DOCUMENT, label=label)
    return Document(found[0], bytes(found[1])) if found else None


def store(database: Database, label: str, new: Document, source: str, now_utc_ns: int) -> None:
    """Keep these bytes for the label."""
    database.run(_FORGET, label=label)
    database.run(_STORE, label=label, kind=new.kind, source=source, body=new.body, now=now_utc_ns)


def add_print(database: Database, asked: Asked, now_utc_ns: int) -> None:
    """A bench is told to print it."""
    database.run(_PRINT, **asked._asdict(), now=now_utc_ns)


def set_result(database: Database, scan_id: str, station: str, result: str, why: str) -> bool:
    """What became of it; False: nobody asked that bench."""
    return database.run(_RESULT, scan_id=scan_id, station=station, result=result, why=why) > 0


def printing(database: Database, label: str) -> Printing:
    """How often it was printed."""
    found = database.row(_PRINTED, label=label) or (0, 0)
    return Printing(int(found[0]), int(found[1]))
