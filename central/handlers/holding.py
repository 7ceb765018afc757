"""The platform stops an order for now, or lets it go on."""

from __future__ import annotations

from typing import Final

from central.handlers.saying import Words, no, yes
from central.handlers.site import Turn
from central.store import orders, picks
from wire.commands import HoldOrder, Reply

GONE: Final = ("released", "handed_over", "cancelled")
HOLD: Final[dict[str, Words]] = {
    "on_hold": Words("on hold", "已暂停"),
    "frozen": Words("frozen", "已冻结"),
    "risk_control": Words("in risk control", "风控中"),
    "address_changed": Words("waiting for a label with its new address", "地址已变更，等待新面单"),
    "other_warehouse": Words("shipped by another warehouse", "由其他仓发货"),
}


def hold_order(turn: Turn, command: HoldOrder) -> Reply:
    """Its lights go out, no wave takes it, and no bench lets it out; stock stays promised to it."""
    order = orders.order(turn.database, command.order_no)
    if order is None:
        return no(command.key, Words(f"no order {command.order_no}", f"没有订单 {command.order_no}"))
    name = order.order_no
    if order.status in GONE:
        en = f"order {name} is {order.status.replace('_', ' ')}: nothing is left to stop"
        return no(command.key, Words(en, f"订单 {name} 已结束，无法暂停"))
    if order.status == "verified" and command.hold:
        en = f"order {name} is at the gate of {order.station}. Take the parcel back there"
        return no(command.key, Words(en, f"订单 {name} 在 {order.station} 闸口，请在该工位取回包裹"))
    orders.set_hold(turn.database, name, command.hold)
    for zone in (picks.hold if command.hold else picks.go_on)(turn.database, name):
        turn.zone_changed(zone)
    if command.hold:
        state = HOLD[command.hold]
        return yes(command.key, 1, Words(f"order {name} is {state.en}", f"订单 {name} {state.zh}"))
    return yes(command.key, 1, Words(f"order {name} goes on", f"订单 {name} 继续处理"))
