"""A supervisor or a host decides: cancel, resolve a ticket, hand parcels over."""

from __future__ import annotations

import msgspec

from central.handlers import bench
from central.handlers.saying import Words, no, status_words, yes
from central.handlers.site import Turn
from central.handlers.stocking import cancel_open_picks, is_collecting, missing_text, promise
from central.rules.allocation import Need
from central.rules.walk import in_walking_order
from central.store import desk, orders, picks
from wire.commands import CancelOrder, HandOver, Reply, ResolveTicket, Trouble

_GONE = ("released", "handed_over")
_HELD = ("exception", "at_bench")


def cancel_order(turn: Turn, command: CancelOrder) -> Reply:
    """Stop the order wherever it is; at a bench, its next scan is refused."""
    order = orders.order(turn.database, command.order_no)
    if order is None:
        return no(command.key, Words(f"no order {command.order_no}", f"没有订单 {command.order_no}"))
    name = order.order_no
    if order.status in _GONE:
        return no(command.key, Words(f"order {name} has left. Ask the carrier", f"订单 {name} 已离开，请联系承运商"))
    if order.status == "verified":
        en = f"order {name} is at the gate of {order.station}. Take the parcel back there"
        return no(command.key, Words(en, f"订单 {name} 在 {order.station} 闸口，请在该工位取回包裹"))
    if order.status == "cancelled":
        return no(command.key, Words(f"order {name} is cancelled already", f"订单 {name} 已取消"))
    _cancel(turn, order, command.reason, command.by)
    return yes(command.key, 1, Words(f"order {name} is cancelled", f"订单 {name} 已取消"))


def resolve_ticket(turn: Turn, command: ResolveTicket) -> Reply:
    """Close a ticket; with its last one the order goes back to work, or is cancelled."""
    ticket = desk.ticket(turn.database, command.ticket)
    if ticket is None:
        en = f"ticket {command.ticket}: there is no such ticket"
        return no(command.key, Words(en, f"没有异常单 {command.ticket}"))
    if ticket.status != "open":
        en = f"ticket {ticket.ticket}: it is {ticket.status} already"
        return no(command.key, Words(en, f"异常单 {ticket.ticket} 已处理"))
    order = orders.order(turn.database, ticket.order_no) if ticket.order_no else None
    others = [other for other in desk.open_tickets(turn.database, ticket.order_no) if other.ticket != ticket.ticket]
    said = Words(f"ticket {ticket.ticket} is closed", f"异常单 {ticket.ticket} 已关闭")
    if order is not None and order.status in _HELD:
        trouble = _settle(turn, order, ticket, command, waits=bool(others))
        if trouble is not None:
            return no(command.key, trouble)
        if others and command.action == "repack":
            said = said.then("; the order has another open ticket", "；该订单还有其他异常单")
    elif order is not None:
        said = said.then(*_stays(order))
    desk.close_ticket(
        turn.database,
        ticket.ticket,
        "resolved",
        by=command.by,
        why=f"{command.action} {command.note}".strip(),
        now_utc_ns=turn.now_utc_ns,
    )
    return yes(command.key, 1, said)


def hand_over(turn: Turn, command: HandOver) -> Reply:
    """Released parcels are the carrier's; any other label is listed and left."""
    troubles: list[Trouble] = []
    done = 0
    for label in dict.fromkeys(command.labels):
        order = orders.order_of_label(turn.database, label)
        if order is not None and order.status == "released":
            orders.set_status(turn.database, order.order_no, "handed_over")
            done += 1
            continue
        what = f"order {order.order_no} is {status_words(order.status).en}" if order else "no such label"
        troubles.append(Trouble(line=0, what=f"label {label}: {what}", cure="Take this parcel off the carrier's cage"))
    said = Words(f"{done} handed over", f"已交运 {done} 件")
    return msgspec.structs.replace(yes(command.key, done, said, troubles), ok=not troubles)


def _settle(
    turn: Turn, order: orders.OrderRow, ticket: desk.TicketRow, command: ResolveTicket, *, waits: bool
) -> Words | None:
    """What stands against it, or None."""
    if command.action == "cancel":
        _cancel(turn, order, command.note or ticket.kind, command.by)
        return None
    if command.action == "close":
        return None if waits else _not_only_closed(order)
    if order.status == "at_bench":
        work = turn.site.packing(ticket.verification)
        if work is not None and work.state == "blocked" and work.ticket == ticket.ticket:
            bench.end(turn, work, "aside")
            orders.set_bench(turn.database, order.order_no, "picked")
        return None
    return None if waits else _back_to_work(turn, order)


def _not_only_closed(order: orders.OrderRow) -> Words:
    """An order nobody decides about would wait for ever."""
    name = order.order_no
    en = f"order {name} still waits for a decision. Choose repack, or cancel the order"
    return Words(en, f"订单 {name} 还需处理，请选择重新打包或取消订单")


def _stays(order: orders.OrderRow) -> tuple[str, str]:
    words = status_words(order.status)
    return f"; order {order.order_no} is {words.en} and stays so", f"；订单 {order.order_no} {words.zh}，不变"


def _back_to_work(turn: Turn, order: orders.OrderRow) -> Words | None:
    """Pick what is missing, else back to those waiting for a bench; the reason if there is no stock."""
    found = promise(turn, _missing(turn, order.order_no))
    if found.missing:
        lacks = "、".join(f"{sku} 缺 {pieces} 件" for sku, pieces in found.missing[:3])
        en = f"order {order.order_no}: {missing_text(found)}. Bring stock, or cancel the order"
        return Words(en, f"订单 {order.order_no}：{lacks}，请补货或取消订单")
    if found.takes:
        picks.add_released(turn.database, order.order_no, order.wave, in_walking_order(found.takes))
        for take in found.takes:
            turn.zone_changed(take.shelf.zone)
    bench.abandon(turn, order.order_no)
    status = "picking" if is_collecting(turn, order.order_no) else "picked"
    orders.set_bench(turn.database, order.order_no, status)
    return None


def _missing(turn: Turn, order_no: str) -> list[Need]:
    """Pieces of each line neither picked nor still to be picked."""
    covered: dict[int, int] = {}
    for row in picks.picks_of(turn.database, order_no):
        pieces = row.asked if row.status in ("planned", "released", "held") else row.picked
        covered[row.line_no] = covered.get(row.line_no, 0) + pieces
    needs = orders.needs(turn.database, order_no)
    lacking = ((need, need.pieces - covered.get(need.line_no, 0)) for need in needs)
    return [Need(need.line_no, need.sku, pieces) for need, pieces in lacking if pieces > 0]


def _cancel(turn: Turn, order: orders.OrderRow, reason: str, by: str) -> None:
    cancel_open_picks(turn, order.order_no)
    orders.set_status(turn.database, order.order_no, "cancelled", reason)
    orders.close_wave_if_over(turn.database, order.wave)
    for ticket in desk.open_tickets(turn.database, order.order_no):
        desk.close_ticket(
            turn.database,
            ticket.ticket,
            "resolved",
            by=by,
            why=f"order cancelled: {reason}",
            now_utc_ns=turn.now_utc_ns,
        )
