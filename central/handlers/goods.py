"""The pieces of an order that went wrong: picked anew, put back, written off; the count of their places stays right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from central.handlers import bench
from central.handlers.saying import Words, many
from central.handlers.site import Turn
from central.handlers.stocking import DOUBTFUL, is_collecting, missing_text, promise
from central.rules import resolving as rules
from central.rules.allocation import Need
from central.rules.journal import CENTRAL
from central.rules.walk import in_walking_order
from central.store import desk, orders, picks, resolving, stock
from wire.commands import ResolveTicket

PLACES_NAMED_MAX: Final = 5


@dataclass(frozen=True)
class StepAsked:
    """A step that the rules allow, about to be done by `by`."""

    ticket: desk.TicketRow
    order: orders.OrderRow | None
    command: ResolveTicket
    by: str


def note(turn: Turn, step: StepAsked, *, sku: str = "", pieces: int = 0, gone: int = 0, location_id: str = "") -> None:
    """The step was done."""
    done = resolving.Step(step.command.action, step.by, sku, pieces, gone, location_id, step.command.note)
    resolving.add_step(turn.database, step.ticket.ticket, step.ticket.order_no, done, turn.now_utc_ns)


def in_hand(turn: Turn, order_no: str) -> list[rules.Taken]:
    """What the order has, by the record."""
    return rules.in_hand(resolving.taken(turn.database, order_no), resolving.gone(turn.database, order_no))


def repick(turn: Turn, step: StepAsked) -> Words | None:
    """Pieces of the order are gone or unusable: the same SKU is lit again. Never another one."""
    order, command = step.order, step.command
    sku, pieces = command.sku or step.ticket.sku, command.pieces or 1
    if order is None or not sku:
        return Words("say which SKU to pick anew", "请说明需重拣的商品编码")
    needs = orders.needs(turn.database, order.order_no)
    if all(need.sku != sku for need in needs):
        en = f"order {order.order_no} does not want {sku}. Nothing is picked in place of what was ordered"
        return Words(en, f"订单 {order.order_no} 不需要 {sku}，不得以其他商品代替")
    has = in_hand(turn, order.order_no)
    if pieces > rules.of_sku(has, sku):
        return _too_many(order.order_no, sku, rules.of_sku(has, sku))
    trouble = light_missing(turn, order, {sku: pieces})
    if trouble is not None:
        return trouble
    note(turn, step, sku=sku, pieces=pieces, gone=pieces)
    if step.ticket.kind in rules.TAKEN_IN_ERROR:
        for one in (one for one in has if one.sku == sku):
            _doubt(turn, one.location_id)
    return None


def return_stock(turn: Turn, step: StepAsked) -> Words | None:
    """Pieces lie in a place again. Those of a cancelled order count there; of an order that goes on only a piece is
    put back that the record never missed, so its place keeps the count and is to be looked at."""
    command = step.command
    if not command.sku:
        return _return_all(turn, step)
    place = stock.place(turn.database, command.location_id) if command.location_id else None
    if place is None:
        name = command.location_id
        return Words(
            f"no location {name or '(none given)'}. Say where it lies now", f"没有库位 {name}，请填写放回的库位"
        )
    if place[0] != command.sku:
        en = f"{command.location_id} is the place of {place[0]}, not of {command.sku}. Put it where its SKU belongs"
        return Words(en, f"{command.location_id} 是 {place[0]} 的库位，不是 {command.sku} 的，请放回对应库位")
    pieces = command.pieces or 1
    if step.order is None or step.order.status != "cancelled":
        note(turn, step, sku=command.sku, pieces=pieces, location_id=command.location_id)
        _doubt(turn, command.location_id)
        return None
    has = rules.of_sku(in_hand(turn, step.order.order_no), command.sku)
    if pieces > has:
        return _too_many(step.order.order_no, command.sku, has)
    _put_back(turn, step, rules.Taken(command.sku, command.location_id, pieces))
    return None


def write_off(turn: Turn, step: StepAsked) -> Words | None:
    """Pieces of a cancelled order are gone or spoilt; no place gets them. Without a SKU: all that is left."""
    command = step.command
    has = in_hand(turn, step.ticket.order_no)
    if not command.sku:
        for one in has:
            note(turn, step, sku=one.sku, pieces=one.pieces, gone=one.pieces)
        return None
    pieces = command.pieces or 1
    if pieces > rules.of_sku(has, command.sku):
        return _too_many(step.ticket.order_no, command.sku, rules.of_sku(has, command.sku))
    note(turn, step, sku=command.sku, pieces=pieces, gone=pieces)
    return None


def light_missing(turn: Turn, order: orders.OrderRow, spoilt: Mapping[str, int]) -> Words | None:
    """Have everything picked that the order, without its `spoilt` pieces, neither has nor is lit for; the reason if
    there is no stock, then nothing is."""
    found = promise(turn, lacking(turn, order.order_no, spoilt))
    if found.missing:
        lacks = "、".join(f"{sku} 缺 {pieces} 件" for sku, pieces in found.missing[:3])
        en = f"order {order.order_no}: {missing_text(found)}. Bring stock, or cancel the order"
        return Words(en, f"订单 {order.order_no}：{lacks}，请补货或取消订单")
    if found.takes:
        picks.add_released(turn.database, order.order_no, order.wave, in_walking_order(found.takes))
        for zone in picks.zones_of(turn.database, order.order_no):
            turn.zone_changed(zone)
    return None


def lacking(turn: Turn, order_no: str, spoilt: Mapping[str, int]) -> list[Need]:
    """What the order, without its `spoilt` pieces, neither has nor is lit for."""
    has = Counter(resolving.lit(turn.database, order_no))
    for one in in_hand(turn, order_no):
        has[one.sku] += one.pieces
    has.subtract(spoilt)
    return rules.missing(orders.needs(turn.database, order_no), has)


def back_to_work(turn: Turn, order: orders.OrderRow) -> Words | None:
    """Pick what is missing, else back to those waiting for a bench; the reason if there is no stock."""
    trouble = light_missing(turn, order, {})
    if trouble is not None:
        return trouble
    bench.abandon(turn, order.order_no)
    status = "picking" if is_collecting(turn, order.order_no) else "picked"
    orders.set_bench(turn.database, order.order_no, status)
    if status == "picking":
        orders.reopen_wave(turn.database, order.wave)
    return None


def close_done(turn: Turn, step: StepAsked, *, all_of_order: bool) -> None:
    """The ticket is resolved; `all_of_order`: every ticket of its order is, nothing of it is left."""
    why = f"{step.command.action} {step.command.note}".strip()
    others = desk.open_tickets(turn.database, step.ticket.order_no) if all_of_order else []
    for name in dict.fromkeys([step.ticket.ticket, *(other.ticket for other in others)]):
        desk.close_ticket(turn.database, name, "resolved", by=step.by, why=why, now_utc_ns=turn.now_utc_ns)


def _return_all(turn: Turn, step: StepAsked) -> Words | None:
    if step.order is None or step.order.status != "cancelled":
        return Words("say what is put back, and where", "请说明放回的商品和库位")
    for one in in_hand(turn, step.order.order_no):
        _put_back(turn, step, one)
    return None


def _put_back(turn: Turn, step: StepAsked, one: rules.Taken) -> None:
    stock.put_back(turn.database, one.location_id, one.pieces)
    turn.site.stock_arrived = True
    returned = turn.effects.setdefault("returned", [])
    if isinstance(returned, list):
        returned.append((one.location_id, one.sku, one.pieces))
    note(turn, step, sku=one.sku, pieces=one.pieces, gone=one.pieces, location_id=one.location_id)


def _too_many(order_no: str, sku: str, has: int) -> Words:
    en = f"order {order_no} has {many(has, 'piece')} of {sku} by the record, no more. Count again"
    return Words(en, f"按记录，订单 {order_no} 只有 {has} 件 {sku}，请重新清点")


def _doubt(turn: Turn, location_id: str) -> None:
    desk.raise_alarm(
        turn.database, CENTRAL, DOUBTFUL, location_id, detail="count this place", now_utc_ns=turn.now_utc_ns
    )
