"""A supervisor or a host decides: an order is cancelled, parcels are handed over."""

from __future__ import annotations

import msgspec

from central.handlers.goods import in_hand
from central.handlers.parting import hand, part_gone
from central.handlers.saying import Words, no, status_words, yes
from central.handlers.site import Turn
from central.handlers.stocking import cancel_open_picks
from central.store import desk, orders
from wire.commands import CancelOrder, HandOver, Reply, Trouble

_GONE = ("released", "handed_over")


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
    part = part_gone(turn, name)
    if part is not None:
        return no(command.key, part)
    if order.status == "cancelled":
        return no(command.key, Words(f"order {name} is cancelled already", f"订单 {name} 已取消"))
    cancel(turn, order, command.reason, command.by)
    return yes(command.key, 1, Words(f"order {name} is cancelled", f"订单 {name} 已取消"))


def hand_over(turn: Turn, command: HandOver) -> Reply:
    """Released parcels are the carrier's; any other label is listed and left."""
    troubles: list[Trouble] = []
    done = 0
    for label in dict.fromkeys(command.labels):
        order = orders.order_of_label(turn.database, label)
        if order is not None and hand(turn, order, label):
            done += 1
            continue
        what = f"order {order.order_no} is {status_words(order.status).en}" if order else "no such label"
        troubles.append(Trouble(line=0, what=f"label {label}: {what}", cure="Take this parcel off the carrier's cage"))
    said = Words(f"{done} handed over", f"已交运 {done} 件")
    return msgspec.structs.replace(yes(command.key, done, said, troubles), ok=not troubles)


def cancel(turn: Turn, order: orders.OrderRow, reason: str, by: str, keep: str = "") -> None:
    """Its picks stop; one ticket (`keep`, else the oldest open one) stays until its goods are put back."""
    cancel_open_picks(turn, order.order_no)
    orders.set_status(turn.database, order.order_no, "cancelled", reason)
    orders.close_wave_if_over(turn.database, order.wave)
    tickets = [ticket.ticket for ticket in desk.open_tickets(turn.database, order.order_no)]
    if in_hand(turn, order.order_no):
        tickets = [name for name in tickets if name != (keep or tickets[0])]
    for name in tickets:
        why = f"order cancelled: {reason}"
        desk.close_ticket(turn.database, name, "resolved", by=by, why=why, now_utc_ns=turn.now_utc_ns)
