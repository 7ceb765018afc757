"""A label or an item was scanned: load, decide, save, answer."""

from __future__ import annotations

import hashlib

from central.handlers import bench
from central.handlers.site import Turn
from central.rules import match
from central.store import orders, packing, stock, walls
from central.store.packing import Packing, Scan
from wire.answers import Blocked, ItemAccepted, OrderLoaded, Refused, Verified
from wire.deeds import ItemScanned, LabelScanned
from wire.grant import Grant
from wire.grants import sign
from wire.phrases import Refusal


def label_scanned(turn: Turn, deed: LabelScanned) -> None:
    """A parcel begins, or its label is refused."""
    turn.must_serve_station(deed.station)
    if turn.age_ms > bench.STALE_MS:
        return
    order = orders.order_of_label(turn.database, deed.label)
    now = _now(order) if order else None
    verdict = match.judge_label(now, deed.station)
    if order is None or isinstance(verdict, match.Refuse):
        _refuse(turn, deed.scan_id, verdict if isinstance(verdict, match.Refuse) else None)
        return
    work = Packing(deed.scan_id, deed.station, order.order_no, deed.label, deed.challenge, deed.packer, "open", ())
    if isinstance(verdict, match.Block):
        _block_label(turn, work, verdict, order.status)
        return
    _load(turn, work)


def item_scanned(turn: Turn, deed: ItemScanned) -> None:
    """One item of the parcel in work."""
    turn.must_serve_station(deed.station)
    if turn.age_ms > bench.STALE_MS:
        return
    work = turn.site.packing(deed.verification)
    order = orders.order(turn.database, work.order_no) if work else None
    if work is None or order is None or work.station != deed.station or work.state != "open":
        blocked = work is not None and work.state == "blocked"
        _refuse(turn, deed.scan_id, match.Refuse(Refusal.IN_EXCEPTION if blocked else Refusal.NOT_THIS_PARCEL))
        return
    meaning = stock.meaning(turn.database, deed.barcode)
    if meaning is None and orders.order_of_label(turn.database, deed.barcode) is not None:
        _refuse(turn, deed.scan_id, match.Refuse(Refusal.LABEL_NOT_ITEM))
        return
    verdict = match.judge_item(_now(order), deed.station, work.items, meaning)
    _answer_item(turn, deed, work, verdict)


def _answer_item(turn: Turn, deed: ItemScanned, work: Packing, verdict: match.ItemVerdict) -> None:
    match verdict:
        case match.Refuse():
            _refuse(turn, deed.scan_id, verdict)
        case match.Block(reason, sku):
            work.latest = Scan(deed.scan_id, deed.barcode, reason)
            _block(turn, work, reason, sku)
            turn.answers.append(Blocked(scan_id=deed.scan_id, reason=reason, ticket=work.ticket, detail=sku))
        case match.Accept(sku, items):
            work.items = items
            packing.save_counts(turn.database, work)
            turn.answers.append(ItemAccepted(scan_id=deed.scan_id, sku=sku, items=items))
        case match.Complete(items):
            work.items = items
            work.latest = Scan(deed.scan_id, deed.barcode, "verified")
            turn.answers.append(_grant(turn, deed.scan_id, work))


def _now(order: orders.OrderRow) -> match.OrderNow:
    return match.OrderNow(order.order_no, order.status, order.station, order.hold)


def _load(turn: Turn, work: Packing) -> None:
    bench.abandon(turn, work.order_no)
    bench.clear_bench(turn, work.station)
    work.items = packing.expected_items(turn.database, work.order_no)
    work.latest = Scan(work.verification, work.label, "loaded")
    packing.add_packing(turn.database, work, turn.now_utc_ns)
    turn.site.keep(work)
    orders.set_bench(turn.database, work.order_no, "at_bench", station=work.station)
    walls.free_of(turn.database, work.order_no)
    turn.answers.append(
        OrderLoaded(scan_id=work.verification, order_no=work.order_no, label=work.label, items=work.items)
    )


def _block_label(turn: Turn, work: Packing, verdict: match.Block, status: str) -> None:
    bench.clear_bench(turn, work.station)
    work.latest = Scan(work.verification, work.label, verdict.reason)
    packing.add_packing(turn.database, work, turn.now_utc_ns)
    _block(turn, work, verdict.reason)
    if status in ("verified", "picked", "at_bench"):
        orders.set_status(turn.database, work.order_no, "exception", verdict.reason)
    turn.answers.append(Blocked(scan_id=work.verification, reason=verdict.reason, ticket=work.ticket))


def _block(turn: Turn, work: Packing, reason: Refusal, sku: str = "") -> None:
    work.state = "blocked"
    work.ticket = bench.open_ticket(turn, reason, work, sku)
    packing.save_packing(turn.database, work, turn.now_utc_ns)


def _grant(turn: Turn, scan_id: str, work: Packing) -> Verified:
    """The only place a grant is made: in the transaction that stores order, verification and parcel as verified."""
    grant_id = "G" + hashlib.sha256(f"{work.order_no}\n{work.verification}\n{work.challenge}".encode()).hexdigest()[:31]
    grant = Grant(
        grant_id=grant_id,
        station=work.station,
        order_no=work.order_no,
        label=work.label,
        challenge=work.challenge,
    )
    bench.end(turn, work, "verified")
    packing.add_grant(turn.database, grant_id, work, turn.now_utc_ns)
    orders.set_bench(turn.database, work.order_no, "verified", station=work.station, grant_id=grant_id)
    return Verified(scan_id=scan_id, items=work.items, grant=sign(grant, turn.site.key))


def _refuse(turn: Turn, scan_id: str, verdict: match.Refuse | None) -> None:
    refusal = verdict or match.Refuse(Refusal.UNKNOWN_LABEL)
    turn.answers.append(Refused(scan_id=scan_id, reason=refusal.reason, detail=refusal.detail))
