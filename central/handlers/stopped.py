"""Why a step of resolving a ticket is impossible: who, what, and what to do now, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from central.handlers.saying import Words, status_words
from central.rules.resolving import BEFORE_REPACK, Stop, TicketNow, possible
from central.store import desk, orders
from wire.commands import Resolving

STEPS: Final[Mapping[Resolving, Words]] = {
    "repick": Words("pick again", "重新拣货"),
    "replace_label": Words("label replaced", "已换标签"),
    "return_stock": Words("put back to stock", "退回库存"),
    "write_off": Words("write off", "报损"),
    "ship_partial": Words("ship without it", "少件发货"),
    "repack": Words("repack", "重新打包"),
    "cancel": Words("cancel order", "取消订单"),
    "close": Words("close", "关闭"),
}
_SAID: Final[Mapping[Stop, Words]] = {
    Stop.CLOSED: Words("it is {status} already", "已处理"),
    Stop.NOT_FOR_KIND: Words("“{step}” is no way to resolve it. Choose: {choose}", "不能“{step}”，请选择：{choose}"),
    Stop.NO_ORDER: Words("it names no order. Choose: {choose}", "没有关联订单，请选择：{choose}"),
    Stop.HAS_LEFT: Words(
        "order {order} is {stands}. Ask the carrier for it, then choose: {choose}",
        "订单 {order} {stands}，请联系承运商，然后选择：{choose}",
    ),
    Stop.CANCELLED: Words("order {order} is cancelled. Choose: {choose}", "订单 {order} 已取消，请选择：{choose}"),
    Stop.MOVED_ON: Words(
        "order {order} is {stands} and needs no decision. Choose: {choose}",
        "订单 {order} {stands}，无需处理，请选择：{choose}",
    ),
    Stop.UNDECIDED: Words(
        "order {order} still waits for a decision. Choose: {choose}", "订单 {order} 还需处理，请选择：{choose}"
    ),
    Stop.STILL_TO_PICK: Words(
        "{to_pick} pieces of order {order} are still to be picked at the lights. Then repack",
        "订单 {order} 还有 {to_pick} 件待拣，拣完后再重新打包",
    ),
    Stop.STEP_FIRST: Words("first: {first}. Then repack", "请先：{first}，然后重新打包"),
    Stop.ON_HOLD: Words(
        "order {order} is stopped by its host ({hold}). Let the host lift it, or cancel the order",
        "订单 {order} 被上游暂停（{hold}），请等待解除或取消订单",
    ),
    Stop.GOODS_LEFT: Words(
        "{in_hand} pieces of order {order} are still to put back. Put them back, or write them off",
        "订单 {order} 还有 {in_hand} 件待退回，请退回库存或报损",
    ),
}


def stopped(
    stop: Stop, ticket: desk.TicketRow, order: orders.OrderRow | None, now: TicketNow, step: Resolving
) -> Words:
    """The sentence for `stop`."""
    stands = status_words(now.order_status)
    choices = possible(now)
    first = tuple(action for action in STEPS if action in BEFORE_REPACK.get(now.kind, ()))
    facts = {"status": now.status, "order": order.order_no if order else "", "hold": now.hold}
    facts |= {"to_pick": str(now.to_pick), "in_hand": str(now.in_hand)}
    said = _SAID[stop]
    en = said.en.format(
        step=STEPS[step].en, choose=_list(choices, "en"), first=_list(first, "en"), stands=stands.en, **facts
    )
    zh = said.zh.format(
        step=STEPS[step].zh, choose=_list(choices, "zh"), first=_list(first, "zh"), stands=stands.zh, **facts
    )
    mark = "" if stop is Stop.CLOSED else "："
    return Words(f"ticket {ticket.ticket}: {en}", f"异常单 {ticket.ticket} {mark}{zh}".replace(" ：", "："))


def _list(steps: tuple[Resolving, ...], lang: str) -> str:
    words = (STEPS[step].en if lang == "en" else STEPS[step].zh for step in steps)
    return (" / " if lang == "en" else "、").join(words)
