"""A label or an item was scanned: load, decide, save, answer."""

from __future__ import annotations

import hashlib

from central.handlers import bench, printing
from central.handlers.details import NO_DETAIL, Judged, Reading, judge_reading
from central.handlers.opening import opening_of
from central.handlers.site import Turn
from central.handlers.weighing import is_weight_right, weigh_wanted
from central.rules import match
from central.rules.steps import Step, next_step
from central.store import desk, labels, orders, packing, stock, walls
from central.store.packing import Packing, Scan
from wire.answers import Blocked, DetailWanted, ItemAccepted, LabelWanted, OrderLoaded, Refused, Verified
from wire.deeds import (
    BoxClosed,
    CountKeyed,
    DetailScanned,
    ItemScanned,
    LabelProved,
    LabelScanned,
    ParcelWeighed,
    ReprintAsked,
)
from wire.grant import Grant
from wire.grants import sign
from wire.phrases import Refusal

InWork = ItemScanned | DetailScanned | CountKeyed | LabelProved | BoxClosed | ReprintAsked | ParcelWeighed


def label_scanned(turn: Turn, deed: LabelScanned) -> None:
    """A parcel begins, or what was scanned is refused."""
    turn.must_serve_station(deed.station)
    if turn.age_ms > bench.STALE_MS:
        return
    opening = opening_of(turn, deed)
    if isinstance(opening, match.Refuse):
        refuse(turn, deed.scan_id, opening)
        return
    if turn.site.settings.weigh == "always" and not deed.scale:
        refuse(turn, deed.scan_id, match.Refuse(Refusal.NO_SCALE))
        return
    order = opening.order
    verdict = opening.stop or match.judge_label(order_now(order), deed.station)
    if isinstance(verdict, match.Load) and _is_undecided(turn, order.order_no):
        if order.status == "at_bench":
            bench.clear_bench(turn, deed.station)  # blocked here, and the bench began anew
        verdict = match.Refuse(Refusal.IN_EXCEPTION)
    if isinstance(verdict, match.Refuse):
        refuse(turn, deed.scan_id, verdict)
        return
    work = Packing(deed.scan_id, deed.station, order.order_no, opening.label, deed.challenge, deed.packer, "open", ())
    work.opened_by, work.printer = opening.by, deed.printer
    work.weighs = deed.scale and turn.site.settings.weigh != "no"
    work.latest = Scan(deed.scan_id, deed.label, "loaded")
    if isinstance(verdict, match.Block):
        _block_label(turn, work, verdict, order.status)
        return
    _load(turn, work)
    if opening.by == "item":
        begun = order._replace(status="at_bench", station=work.station)
        judge_and_answer(turn, work, begun, Reading(deed.scan_id, deed.label, deed.label))
        return
    loaded = OrderLoaded(scan_id=work.verification, order_no=work.order_no, label=work.label, items=work.items)
    turn.answers.append(loaded)


def item_scanned(turn: Turn, deed: ItemScanned) -> None:
    """One item of the parcel in work."""
    found = open_work(turn, deed)
    if found is None:
        return
    work, order = found
    if work.closed:
        refuse(turn, deed.scan_id, match.Refuse(Refusal.NOT_THIS_PARCEL))
        return
    if not stock.owners(turn.database, deed.barcode) and orders.order_of_label(turn.database, deed.barcode) is not None:
        refuse(turn, deed.scan_id, match.Refuse(Refusal.LABEL_NOT_ITEM))
        return
    detail = deed.detail or NO_DETAIL
    judge_and_answer(turn, work, order, Reading(deed.scan_id, detail.raw or deed.barcode, deed.barcode, detail))


def parcel_weighed(turn: Turn, deed: ParcelWeighed) -> None:
    """The scale's word on a parcel whose contents agree."""
    found = open_work(turn, deed)
    if found is None:
        return
    work, order = found
    stopped = match.judge_standing(order_now(order), deed.station)
    if isinstance(stopped, match.Refuse) or not work.done.complete:
        refuse(turn, deed.scan_id, match.Refuse(Refusal.NOT_THIS_PARCEL))
        return
    right, said = (False, "") if stopped else is_weight_right(turn, work, deed.grams)
    if right:
        work.grams = deed.grams
        work.latest = Scan(deed.scan_id, said, "weighed")
        go_on(turn, deed.scan_id, work)
        return
    block(turn, deed.scan_id, said, work, stopped or match.Block(Refusal.WEIGHT_OFF, said))


def open_work(turn: Turn, deed: InWork) -> tuple[Packing, orders.OrderRow] | None:
    """The parcel in work and its order; None: too late, or answered that it is not open here."""
    turn.must_serve_station(deed.station)
    if turn.age_ms > bench.STALE_MS:
        return None
    work = turn.site.packing(deed.verification)
    order = orders.order(turn.database, work.order_no) if work else None
    if work is None or order is None or work.station != deed.station or work.state != "open":
        blocked = work is not None and work.state == "blocked"
        refuse(turn, deed.scan_id, match.Refuse(Refusal.IN_EXCEPTION if blocked else Refusal.NOT_THIS_PARCEL))
        return None
    return work, order


def go_on(turn: Turn, scan_id: str, work: Packing) -> None:
    """Something of the parcel is done; what it needs next is the answer."""
    match next_step(work.done):
        case Step.PACK:
            packing.save_counts(turn.database, work)
            last = next(item.sku for item in work.items if item.packed_pieces)
            turn.answers.append(ItemAccepted(scan_id=scan_id, sku=last, items=work.items))
        case Step.WEIGH:
            packing.save_packing(turn.database, work, turn.now_utc_ns)
            turn.answers.append(weigh_wanted(turn, scan_id, work))
        case Step.LABEL:
            packing.save_packing(turn.database, work, turn.now_utc_ns)
            turn.answers.append(
                LabelWanted(
                    scan_id=scan_id,
                    order_no=work.order_no,
                    label=work.label,
                    items=work.items,
                    job=printing.first_job(turn, scan_id, work),
                )
            )
        case Step.RELEASE:
            turn.answers.append(_grant(turn, scan_id, work))


def judge_and_answer(turn: Turn, work: Packing, order: orders.OrderRow, reading: Reading) -> None:
    """An item, or an item's detail: what the match says of it is the answer."""
    judged = judge_reading(turn, work, order, reading)
    answer_verdict(turn, work, judged, Scan(reading.scan_id, reading.text, ""))


def answer_verdict(turn: Turn, work: Packing, judged: Judged, scan: Scan) -> None:
    """Save what the match said of `scan`, and answer it."""
    match judged.verdict:
        case match.Refuse():
            refuse(turn, scan.scan_id, judged.verdict)
        case match.Block(reason, detail):
            work.latest = scan._replace(verdict=reason)
            _block(turn, work, reason, judged.sku)
            turn.answers.append(Blocked(scan_id=scan.scan_id, reason=reason, ticket=work.ticket, detail=detail))
        case match.Want(sku, what):
            packing.save_counts(turn.database, work)
            wanted = DetailWanted(
                scan_id=scan.scan_id, order_no=work.order_no, label=work.label, sku=sku, what=what, items=work.items
            )
            turn.answers.append(wanted)
        case match.Accept(sku, items, count_allowed):
            work.items = items
            packing.save_counts(turn.database, work)
            turn.answers.append(ItemAccepted(scan_id=scan.scan_id, sku=sku, items=items, count_allowed=count_allowed))
        case match.Complete(items):
            work.items = items
            work.latest = scan._replace(verdict="complete")
            go_on(turn, scan.scan_id, work)


def order_now(order: orders.OrderRow) -> match.OrderNow:
    """The order as the rule sees it."""
    return match.OrderNow(order.order_no, order.status, order.station, order.hold)


def _is_undecided(turn: Turn, order_no: str) -> bool:
    """An open ticket is about what is still to be packed; one about a parcel that left before is not."""
    return any(ticket.kind != Refusal.ALREADY_SHIPPED for ticket in desk.open_tickets(turn.database, order_no))


def _load(turn: Turn, work: Packing) -> None:
    bench.abandon(turn, work.order_no)
    bench.clear_bench(turn, work.station)
    work.items = packing.expected_items(turn.database, work.order_no)
    packing.add_packing(turn.database, work, turn.now_utc_ns)
    turn.site.keep(work)
    orders.set_bench(turn.database, work.order_no, "at_bench", station=work.station)
    if not labels.more(turn.database, work.order_no):  # else a rest may wait there for the next box
        walls.free_of(turn.database, work.order_no)


def _block_label(turn: Turn, work: Packing, verdict: match.Block, status: str) -> None:
    bench.clear_bench(turn, work.station)
    work.latest = Scan(work.verification, work.latest.text if work.latest else work.label, verdict.reason)
    packing.add_packing(turn.database, work, turn.now_utc_ns)
    _block(turn, work, verdict.reason)
    if status in ("verified", "picked", "at_bench") and verdict.reason != Refusal.ALREADY_SHIPPED:
        orders.set_status(turn.database, work.order_no, "exception", verdict.reason)
    turn.answers.append(Blocked(scan_id=work.verification, reason=verdict.reason, ticket=work.ticket))


def block(turn: Turn, scan_id: str, text: str, work: Packing, verdict: match.Block) -> None:
    """Hold the parcel after the scan `text`, and say under which ticket."""
    work.latest = Scan(scan_id, text, verdict.reason)
    _block(turn, work, verdict.reason)
    turn.answers.append(Blocked(scan_id=scan_id, reason=verdict.reason, ticket=work.ticket, detail=verdict.detail))


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
    packing.add_grant(turn.database, grant_id, work, turn.now_utc_ns, last=work.is_last)
    orders.set_bench(turn.database, work.order_no, "verified", station=work.station, grant_id=grant_id)
    return Verified(scan_id=scan_id, items=work.items, grant=sign(grant, turn.site.key), more=not work.is_last)


def refuse(turn: Turn, scan_id: str, refusal: match.Refuse) -> None:
    """Not this one; nothing changed."""
    turn.answers.append(Refused(scan_id=scan_id, reason=refusal.reason, detail=refusal.detail))
