"""Verifications with their evidence, grants and parcels, stored answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import msgspec

from central.rules.match import is_complete
from central.rules.steps import Done, OpenedBy
from central.store.database import Database, Prepared
from central.store.desk import evidence_json
from wire.deeds import ScanDetail
from wire.uplink import ItemCount

ENDED: Final = ("verified", "aside", "abandoned")

_ADD: Final = Prepared(
    "INSERT INTO verification (verification, station, order_no, label, challenge, packer, opened_by, proved, weighs,"
    " printer, closed, last_sku, waiting, state, counts, evidence, ticket, begun_utc_ns, ended_utc_ns)"
    " VALUES (:verification, :station, :order_no, :label, :challenge, :packer, :opened_by, :proved, :weighs,"
    " :printer, FALSE, :last_sku, :waiting, :state, :counts, :evidence, :ticket, :begun, 0)"
)
_COUNT: Final = Prepared(
    "UPDATE verification SET counts = :counts, last_sku = :last_sku, waiting = :waiting"
    " WHERE verification = :verification"
)
_SAVE: Final = Prepared(
    "UPDATE verification SET state = :state, proved = :proved, grams = :grams, closed = :closed, counts = :counts,"
    " evidence = :evidence, last_sku = :last_sku, waiting = :waiting, ticket = :ticket, ended_utc_ns = :ended"
    " WHERE verification = :verification"
)
_EVIDENCE: Final = Prepared("UPDATE verification SET evidence = :evidence WHERE verification = :verification")
_ONE: Final = Prepared(
    "SELECT verification, station, order_no, label, challenge, packer, state, counts, ticket,"
    " opened_by, proved, weighs, grams, printer, closed, last_sku, waiting FROM verification"
    " WHERE verification = :verification"
)
_OPEN_OF_ORDER: Final = Prepared(
    "SELECT verification FROM verification WHERE order_no = :order_no AND state IN ('open', 'blocked')"
)
_OPEN_AT: Final = Prepared(
    "SELECT verification FROM verification WHERE station = :station AND state IN ('open', 'blocked')"
)
_ITEMS: Final = Prepared(
    "SELECT l.sku, substr(p.title, 1, 80), sum(l.pieces - l.packed - l.waived) FROM order_line l"
    " JOIN product p ON p.sku = l.sku WHERE l.order_no = :order_no GROUP BY l.sku, p.title"
    " HAVING sum(l.pieces - l.packed - l.waived) > 0 ORDER BY min(l.line_no)"
)
_GRANT: Final = Prepared(
    "INSERT INTO parcel (grant_id, label, order_no, station, verification, contents, last, granted_utc_ns,"
    " released_utc_ns, handed_utc_ns)"
    " VALUES (:grant_id, :label, :order_no, :station, :verification, :contents, :last, :now, 0, 0)"
)
_PARCEL: Final = Prepared(
    "SELECT label, order_no, station, verification, released_utc_ns, contents, last FROM parcel"
    " WHERE grant_id = :grant_id"
)
_LEFT: Final = Prepared("UPDATE parcel SET released_utc_ns = :now WHERE grant_id = :grant_id")
_PARTS_GONE: Final = Prepared(
    "SELECT grant_id FROM parcel WHERE order_no = :order_no AND released_utc_ns > 0"
    " ORDER BY released_utc_ns DESC LIMIT 1"
)
_TO_HAND: Final = Prepared(
    "SELECT label, handed_utc_ns FROM parcel WHERE order_no = :order_no AND released_utc_ns > 0"
    " ORDER BY released_utc_ns"
)
_HAND: Final = Prepared(
    "UPDATE parcel SET handed_utc_ns = :now WHERE order_no = :order_no AND label = :label AND released_utc_ns > 0"
)
_SCANS: Final = Prepared(
    "SELECT scan_id, text, verdict FROM scan_answer WHERE verification = :verification"
    " ORDER BY answered_utc_ns, scan_id"
)

_encode = msgspec.json.Encoder().encode
_counts: Final = msgspec.json.Decoder(dict[str, int])


class Scan(NamedTuple):
    """What was scanned and the verdict: one line of evidence."""

    scan_id: str
    text: str
    verdict: str


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    """An accepted item that counts once its serial number or lot (`what`) is scanned too; what was read so far."""

    barcode: str
    what: Literal["serial", "lot"]
    detail: ScanDetail


@dataclass
class Packing:
    """A verification in work. `latest`: the scan being judged, not yet stored. `last_sku`: the one counted last."""

    verification: str
    station: str
    order_no: str
    label: str
    challenge: str
    packer: str
    state: str
    items: tuple[ItemCount, ...]
    ticket: str = ""
    latest: Scan | None = None
    opened_by: OpenedBy = "label"
    proved: bool = False
    weighs: bool = False
    grams: int = -1
    printer: bool = False
    closed: bool = False
    last_sku: str = ""
    waiting: Waiting | None = None

    @property
    def is_last(self) -> bool:
        """Nothing of the order is left for another parcel."""
        return is_complete(self.items)

    @property
    def done(self) -> Done:
        """How far it is."""
        return Done(self.opened_by, self.closed or self.is_last, self.proved, self.weighs, self.grams >= 0)


class ParcelRow(NamedTuple):
    """A grant that was issued."""

    label: str
    order_no: str
    station: str
    verification: str
    released_utc_ns: int
    contents: str
    last: bool

    @property
    def pieces(self) -> dict[str, int]:
        """What is in it."""
        return _counts.decode(self.contents)


def expected_items(database: Database, order_no: str) -> tuple[ItemCount, ...]:
    """What the order still wants in a parcel, nothing packed yet; lines of the same SKU are one."""
    return tuple(
        ItemCount(sku=row[0], title=row[1], asked_pieces=int(row[2]), packed_pieces=0)
        for row in database.rows(_ITEMS, order_no=order_no)
    )


def add_packing(database: Database, packing: Packing, now_utc_ns: int) -> None:
    """A label was scanned."""
    database.run(
        _ADD,
        verification=packing.verification,
        station=packing.station,
        order_no=packing.order_no,
        label=packing.label,
        challenge=packing.challenge,
        packer=packing.packer,
        opened_by=packing.opened_by,
        proved=packing.proved,
        weighs=packing.weighs,
        printer=packing.printer,
        last_sku=packing.last_sku,
        waiting=_waiting_text(packing),
        state=packing.state,
        counts=_packed(packing.items),
        evidence=evidence_json(evidence(database, packing)),
        ticket=packing.ticket,
        begun=now_utc_ns,
    )


def save_packing(database: Database, packing: Packing, now_utc_ns: int) -> None:
    """Its state changed: write all of it."""
    database.run(
        _SAVE,
        verification=packing.verification,
        state=packing.state,
        proved=packing.proved,
        grams=packing.grams,
        closed=packing.closed,
        last_sku=packing.last_sku,
        waiting=_waiting_text(packing),
        counts=_packed(packing.items),
        evidence=evidence_json(evidence(database, packing)),
        ticket=packing.ticket,
        ended=now_utc_ns if packing.state in ENDED else 0,
    )


def save_counts(database: Database, packing: Packing) -> None:
    """One more item."""
    database.run(
        _COUNT,
        verification=packing.verification,
        counts=_packed(packing.items),
        last_sku=packing.last_sku,
        waiting=_waiting_text(packing),
    )


def evidence(database: Database, packing: Packing) -> list[Scan]:
    """Every scan of the verification and its verdict."""
    stored = [Scan(*row) for row in database.rows(_SCANS, verification=packing.verification)]
    fresh = packing.latest is not None and all(scan.scan_id != packing.latest.scan_id for scan in stored)
    return [*stored, packing.latest] if fresh and packing.latest else stored


def set_evidence(database: Database, verification: str, evidence: str) -> None:
    """What was scanned, as it was heard whole."""
    database.run(_EVIDENCE, verification=verification, evidence=evidence)


def load_packing(database: Database, verification: str) -> Packing | None:
    """Read a verification back, with its counts."""
    row = database.row(_ONE, verification=verification)
    if row is None:
        return None
    packed = _counts.decode(row[7])
    items = tuple(
        msgspec.structs.replace(item, packed_pieces=packed.get(item.sku, 0))
        for item in expected_items(database, row[2])
    )
    _, station, order_no, label, challenge, packer, state = row[:7]
    work = Packing(verification, station, order_no, label, challenge, packer, state, items, row[8])
    work.opened_by, work.proved = row[9], bool(row[10])
    work.weighs, work.grams = bool(row[11]), int(row[12])
    work.printer, work.closed = bool(row[13]), bool(row[14])
    work.last_sku = row[15]
    work.waiting = msgspec.json.decode(row[16], type=Waiting) if row[16] else None
    return work


def open_of_order(database: Database, order_no: str) -> list[str]:
    """Verifications of the order that are not ended."""
    return [str(row[0]) for row in database.rows(_OPEN_OF_ORDER, order_no=order_no)]


def open_at(database: Database, station: str) -> list[str]:
    """Verifications at the bench that are not ended."""
    return [str(row[0]) for row in database.rows(_OPEN_AT, station=station)]


def add_grant(database: Database, grant_id: str, packing: Packing, now_utc_ns: int, *, last: bool) -> None:
    """A grant goes out for this verification; `last`: nothing of the order is left for another parcel."""
    database.run(
        _GRANT,
        grant_id=grant_id,
        label=packing.label,
        order_no=packing.order_no,
        station=packing.station,
        verification=packing.verification,
        contents=_packed(packing.items),
        last=last,
        now=now_utc_ns,
    )


def parcel(database: Database, grant_id: str) -> ParcelRow | None:
    """By grant."""
    found = database.row(_PARCEL, grant_id=grant_id)
    return ParcelRow(*found) if found else None


def set_left(database: Database, grant_id: str, now_utc_ns: int) -> None:
    """The guard released the parcel."""
    database.run(_LEFT, grant_id=grant_id, now=now_utc_ns)


def last_gone(database: Database, order_no: str) -> str:
    """The grant of the order's parcel that left last; "" if none has."""
    found = database.row(_PARTS_GONE, order_no=order_no)
    return str(found[0]) if found else ""


def to_hand(database: Database, order_no: str) -> dict[str, bool]:
    """Labels of the order's parcels that have left, and whether the carrier took them."""
    return {str(row[0]): row[1] > 0 for row in database.rows(_TO_HAND, order_no=order_no)}


def hand(database: Database, order_no: str, label: str, now_utc_ns: int) -> None:
    """The carrier took the parcel."""
    database.run(_HAND, order_no=order_no, label=label, now=now_utc_ns)


def _waiting_text(packing: Packing) -> str:
    return _encode(packing.waiting).decode() if packing.waiting is not None else ""


def _packed(items: tuple[ItemCount, ...]) -> str:
    return _encode({item.sku: item.packed_pieces for item in items if item.packed_pieces}).decode()
