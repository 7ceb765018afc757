"""The ways out of a bench that are not a verified parcel, and what the gate reports."""

from __future__ import annotations

import base64
from typing import Final

from central.handlers import bench, parting
from central.handlers.site import Turn
from central.handlers.weighing import can_tell_by_weight, weigh_wanted
from central.rules import match
from central.rules.tickets import STAGE_OF, OverrideCase, judge_override
from central.store import desk, orders, packing, resolving
from central.store.captured import captured_left
from central.store.errors import Poison
from central.store.packing import Packing, Scan, save_packing
from wire.answers import AsideNoted, Blocked, Overridden, Refused
from wire.deeds import InterlockFaulted, OverrideAsked, ParcelReleased, ProblemDeclared, SetAside, StaleAnswer
from wire.phrases import Refusal
from wire.uplink import ItemCount

OF_AN_ITEM: Final = frozenset({"missing_item", "unreadable_barcode", "damaged_item"})  # one that is still to be packed
LACKING_MAX: Final = 40  # SKUs named in a ticket; the packer never says which it was


def set_aside(turn: Turn, deed: SetAside) -> None:
    """A fact, however late it is heard: the bench is free."""
    turn.must_serve_station(deed.station)
    work = _work_at(turn, deed.verification, deed.station)
    if work is not None and work.state in ("open", "blocked"):
        work.latest = Scan(deed.scan_id, deed.why, "set_aside")
        bench.leave_bench(turn, work)
    turn.answers.append(AsideNoted(scan_id=deed.scan_id, ticket=work.ticket if work else ""))


def problem_declared(turn: Turn, deed: ProblemDeclared) -> None:
    """The packer cannot finish this parcel: ticket, exception, bench free; or a second person and the scale vouch."""
    turn.must_serve_station(deed.station)
    work = _work_at(turn, deed.verification, deed.station)
    if work is None or work.state not in ("open", "blocked"):
        turn.answers.append(Refused(scan_id=deed.scan_id, reason=Refusal.NOT_THIS_PARCEL))
        return
    work.latest = Scan(deed.scan_id, deed.problem, "declared")
    lacking = incomplete(work.items)
    sku = lacking[0].sku if len(lacking) == 1 and deed.problem in OF_AN_ITEM else ""
    seen = [Scan("", f"{item.sku} {item.packed_pieces}/{item.asked_pieces}", "incomplete") for item in lacking]
    work.ticket = bench.open_ticket(turn, Refusal(deed.problem), work, sku, more=seen[:LACKING_MAX])
    work.state = "blocked"
    if deed.problem == "unreadable_barcode" and can_tell_by_weight(turn, work):
        save_packing(turn.database, work, turn.now_utc_ns)
        reason = Refusal.UNREADABLE_BARCODE
        turn.answers.append(Blocked(scan_id=deed.scan_id, reason=reason, ticket=work.ticket, detail=sku))
        return
    bench.leave_bench(turn, work)
    turn.answers.append(AsideNoted(scan_id=deed.scan_id, ticket=work.ticket))


def override_asked(turn: Turn, deed: OverrideAsked) -> None:
    """A supervisor lets packing go on without the refused item; the counts stay, the match still decides."""
    turn.must_serve_station(deed.station)
    if turn.age_ms > bench.STALE_MS:
        return
    work = _work_at(turn, deed.verification, deed.station)
    if work is None or work.state != "blocked":
        turn.answers.append(Refused(scan_id=deed.scan_id, reason=Refusal.NOT_THIS_PARCEL))
        return
    holder = desk.badge_holder(turn.database, deed.badge)
    photo, no_photo = _photo_of(deed)
    case = OverrideCase(bench.ticket_kind(turn, work.ticket), work.packer, deed.reason, no_photo)
    refusal = judge_override(turn.site.settings.packing, case, holder)
    if refusal is not None or holder is None:
        reason = refusal or Refusal.BAD_BADGE
        turn.answers.append(Refused(scan_id=deed.scan_id, reason=reason))
        return
    desk.close_ticket(
        turn.database, work.ticket, "overridden", by=holder.person, why=deed.reason, now_utc_ns=turn.now_utc_ns
    )
    resolving.add_mispick(turn.database, work.ticket, by=holder.person, reason=deed.reason, now_utc_ns=turn.now_utc_ns)
    if photo:
        resolving.add_photo(turn.database, work.ticket, photo, turn.now_utc_ns)
    if no_photo:
        desk.add_evidence(turn.database, work.ticket, (deed.scan_id, no_photo, Refusal.NO_PHOTO))
    work.state, work.ticket = "open", ""
    work.latest = Scan(deed.scan_id, deed.reason, f"overridden by {holder.person}")
    if case.kind == Refusal.UNREADABLE_BARCODE:
        work.items = match.completed(work.items)
        save_packing(turn.database, work, turn.now_utc_ns)
        turn.answers.append(weigh_wanted(turn, deed.scan_id, work))
        return
    save_packing(turn.database, work, turn.now_utc_ns)
    turn.answers.append(Overridden(scan_id=deed.scan_id, order_no=work.order_no, items=work.items))


def parcel_released(turn: Turn, deed: ParcelReleased) -> None:
    """The guard let a parcel out: always true, whatever the record thought of the order meanwhile."""
    turn.must_serve_station(deed.station)
    parcel = packing.parcel(turn.database, deed.grant_id)
    if parcel is None or (parcel.label, parcel.order_no, parcel.station) != (deed.label, deed.order_no, deed.station):
        raise Poison("released_without_grant", f"{deed.station} released {deed.label} of {deed.order_no}")
    packing.set_left(turn.database, deed.grant_id, turn.now_utc_ns)
    captured_left(turn.database, parcel.verification)
    order = orders.order(turn.database, parcel.order_no)
    if order is None:
        raise Poison("unknown_order", parcel.order_no)
    bench.abandon(turn, order.order_no)
    if order.status in ("released", "handed_over"):
        _odd_release(turn, deed, Refusal.ALREADY_SHIPPED)
        return
    if parcel.last:
        parting.all_left(turn, order, parcel, deed.grant_id)
    else:
        parting.part_left(turn, order, parcel)
    if order.status == "cancelled":
        _odd_release(turn, deed, Refusal.ORDER_CANCELLED)
    if order.hold:
        _odd_release(turn, deed, match.OF_HOLD[order.hold])
    _settle_unknown(turn, order.order_no)


def interlock_faulted(turn: Turn, deed: InterlockFaulted) -> None:
    """The gate is not to be trusted; it holds. One open ticket a bench; every fault meanwhile is evidence in it."""
    turn.must_serve_station(deed.station)
    work = turn.site.packing(deed.verification) if deed.verification else None
    shown = (deed.interlock or (work.order_no if work else ""), deed.fault, "interlock_faulted")
    open_one = desk.open_ticket_at(turn.database, Refusal.INTERLOCK_FAULT, deed.station)
    if open_one is not None:
        desk.add_evidence(turn.database, open_one.ticket, shown)
        return
    new = desk.NewTicket(
        kind=Refusal.INTERLOCK_FAULT,
        stage=STAGE_OF[Refusal.INTERLOCK_FAULT],
        station=deed.station,
        verification=deed.verification,
        who=work.packer if work else "",
        evidence=desk.evidence_json([shown]),
    )
    desk.open_ticket(turn.database, new, turn.now_utc_ns)


def answer_came_late(turn: Turn, deed: StaleAnswer) -> None:
    """Recorded; a verified parcel whose grant was not used stays `release_unknown` until a supervisor has looked."""
    turn.must_serve_station(deed.station)


def incomplete(items: tuple[ItemCount, ...]) -> list[ItemCount]:
    """What is not all packed yet."""
    return [item for item in items if item.packed_pieces < item.asked_pieces]


def _work_at(turn: Turn, verification: str, station: str) -> Packing | None:
    work = turn.site.packing(verification)
    return work if work is not None and work.station == station else None


def _photo_of(deed: OverrideAsked) -> tuple[bytes, str]:
    """What the camera saw, and why there is nothing to see."""
    try:
        return base64.b64decode(deed.photo, validate=True), deed.no_photo
    except ValueError:
        return b"", "photo unreadable"


def _odd_release(turn: Turn, deed: ParcelReleased, kind: Refusal) -> None:
    new = desk.NewTicket(
        kind=kind,
        stage=STAGE_OF[kind],
        order_no=deed.order_no,
        station=deed.station,
        evidence=desk.evidence_json([(deed.grant_id, deed.label, "released")]),
    )
    desk.open_ticket(turn.database, new, turn.now_utc_ns)


def _settle_unknown(turn: Turn, order_no: str) -> None:
    for ticket in desk.open_tickets(turn.database, order_no):
        if ticket.kind == Refusal.RELEASE_UNKNOWN:
            desk.close_ticket(
                turn.database,
                ticket.ticket,
                "resolved",
                by="central",
                why="its release was journalled",
                now_utc_ns=turn.now_utc_ns,
            )
