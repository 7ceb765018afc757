"""Central's stand-in: judges one parcel by its manifest while central is away. Pure.

It gives the same answers as central, so the bench's table knows no other way. It judges what the manifest says and
nothing else: right label, right items, exact counts. What needs a person or the record waits for central.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from wire.answers import AnyAnswer, AsideNoted, Blocked, ItemAccepted, LabelWanted, OrderLoaded, Refused, Verified
from wire.deeds import AnyDeed, ItemScanned, LabelProved, LabelScanned, SetAside
from wire.deeds import ProblemDeclared as Problem
from wire.grant import Grant, SignedGrant
from wire.manifest import SignedManifest, contents_digest
from wire.offline_deeds import OfflineParcel, OfflineScan
from wire.phrases import Refusal
from wire.uplink import ItemCount

NO_TICKET: Final = "offline"  # central opens one when it hears of it
SCANS_MAX: Final = 500


@dataclass(frozen=True)
class Work:
    """A parcel in work without central."""

    signed: SignedManifest
    verification: str
    challenge: str
    items: tuple[ItemCount, ...]
    by_label: bool
    packer: str = ""
    reason: str = ""  # why it is blocked
    scans: tuple[OfflineScan, ...] = ()


@dataclass(frozen=True)
class Turn:
    """The parcel after a scan, the answer, and the line that must be on the disk before it is given."""

    work: Work
    answer: AnyAnswer
    line: OfflineParcel | None = None


def find(manifests: Iterable[SignedManifest], station: str, text: str, now_utc_s: float) -> SignedManifest | None:
    """The manifest whose label or tote `text` is, if it holds now."""
    for signed in manifests:
        head = signed.manifest
        whole = head.station == station and head.contents == contents_digest(signed.items)
        if whole and head.issued_utc_s <= now_utc_s < head.expires_utc_s and text in (head.label, *signed.totes):
            return signed
    return None


def begun(signed: SignedManifest, deed: LabelScanned) -> Turn:
    """A parcel begins."""
    items = tuple(
        ItemCount(sku=item.sku, title=item.title, asked_pieces=item.pieces, packed_pieces=0) for item in signed.items
    )
    head = signed.manifest
    work = Work(signed, deed.scan_id, deed.challenge, items, deed.label == head.label, deed.packer)
    loaded = OrderLoaded(scan_id=deed.scan_id, order_no=head.order_no, label=head.label, items=items)
    return Turn(_scanned(work, deed.label, "loaded"), loaded)


def asked(work: Work, deed: AnyDeed) -> Turn:
    """Whatever the bench asks about the parcel."""
    match deed:
        case ItemScanned() if not work.reason:
            return _item(work, deed)
        case LabelProved() if not work.reason and _complete(work.items):
            return _proof(work, deed)
        case SetAside():
            return _aside(work, deed.scan_id, work.reason)
        case Problem():
            return _aside(work, deed.scan_id, deed.problem)
    return Turn(work, Refused(scan_id=getattr(deed, "scan_id", ""), reason=Refusal.CENTRAL_AWAY))


def _item(work: Work, deed: ItemScanned) -> Turn:
    meant = _meant(work.signed, deed.barcode)
    if meant is None:
        return _block(work, deed.scan_id, deed.barcode, Refusal.WRONG_ITEM)
    sku, pieces = meant
    counted = tuple(
        msgspec.structs.replace(item, packed_pieces=item.packed_pieces + pieces) if item.sku == sku else item
        for item in work.items
    )
    if any(item.packed_pieces > item.asked_pieces for item in counted):
        return _block(work, deed.scan_id, deed.barcode, Refusal.TOO_MANY, sku)
    work = replace(_scanned(work, deed.barcode, "accepted"), items=counted)
    if not _complete(counted):
        return Turn(work, ItemAccepted(scan_id=deed.scan_id, sku=sku, items=counted))
    if work.by_label:
        return _release(work, deed.scan_id)
    head = work.signed.manifest
    return Turn(work, LabelWanted(scan_id=deed.scan_id, order_no=head.order_no, label=head.label, items=counted))


def _proof(work: Work, deed: LabelProved) -> Turn:
    if deed.label != work.signed.manifest.label:
        return _block(work, deed.scan_id, deed.label, Refusal.WRONG_LABEL)
    return _release(_scanned(work, deed.label, "proved"), deed.scan_id)


def _release(work: Work, scan_id: str) -> Turn:
    head = work.signed.manifest
    grant = Grant(
        grant_id=head.manifest_id,
        station=head.station,
        order_no=head.order_no,
        label=head.label,
        challenge=work.challenge,
    )
    verified = Verified(scan_id=scan_id, items=work.items, grant=SignedGrant(grant=grant, signature=""))
    return Turn(work, verified, _line(work, "complete"))


def _block(work: Work, scan_id: str, text: str, reason: Refusal, sku: str = "") -> Turn:
    blocked = Blocked(scan_id=scan_id, reason=reason, ticket=NO_TICKET, detail=sku)
    return Turn(replace(_scanned(work, text, reason), reason=reason), blocked)


def _aside(work: Work, scan_id: str, reason: str) -> Turn:
    aside = replace(work, reason=reason)
    return Turn(aside, AsideNoted(scan_id=scan_id), _line(aside, "aside"))


def _line(work: Work, outcome: str) -> OfflineParcel:
    head = work.signed.manifest
    return OfflineParcel(
        station=head.station,
        scan_id=work.verification,
        manifest_id=head.manifest_id,
        order_no=head.order_no,
        label=head.label,
        outcome="complete" if outcome == "complete" else "aside",
        reason=work.reason,
        scans=work.scans,
        packer=work.packer,
    )


def _scanned(work: Work, text: str, verdict: str) -> Work:
    return replace(work, scans=(*work.scans, OfflineScan(text=text, verdict=verdict))[-SCANS_MAX:])


def _meant(signed: SignedManifest, barcode: str) -> tuple[str, int] | None:
    """(SKU, pieces one scan counts) of an item of this parcel."""
    found = ((item.sku, pieces) for item in signed.items for text, pieces in item.barcodes if text == barcode)
    return next(found, None)


def _complete(items: tuple[ItemCount, ...]) -> bool:
    return all(item.packed_pieces == item.asked_pieces for item in items)
