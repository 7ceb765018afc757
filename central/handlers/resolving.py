"""A supervisor resolves a ticket, step by step; who did what and when is kept with it and in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from central.handlers import bench, goods
from central.handlers.deciding import cancel
from central.handlers.parting import leave_out, part_gone
from central.handlers.saying import Words, no, status_words, yes
from central.handlers.site import Turn
from central.handlers.stopped import stopped
from central.rules import resolving as rules
from central.store import desk, orders, resolving
from wire.commands import Reply, ResolveTicket, Resolving

Outcome = Words | None  # what stands against it
_CLOSING: Final = frozenset({"ship_partial", "repack", "cancel", "close"})


def resolve_ticket(turn: Turn, command: ResolveTicket) -> Reply:
    """Do one step, or say why it is impossible. The ticket closes with the step that leaves nothing to do."""
    ticket = desk.ticket(turn.database, command.ticket)
    if ticket is None:
        en = f"ticket {command.ticket}: there is no such ticket"
        return no(command.key, Words(en, f"没有异常单 {command.ticket}"))
    order = orders.order(turn.database, ticket.order_no) if ticket.order_no else None
    now = ticket_now(turn, ticket, order)
    stop = rules.judge(now, command.action)
    if stop is not None:
        return no(command.key, stopped(stop, ticket, order, now, command.action))
    holder = desk.badge_holder(turn.database, command.by)
    step = goods.StepAsked(ticket, order, command, holder.person if holder else command.by)
    trouble = _STEPS[command.action](turn, step)
    if trouble is not None:
        return no(command.key, trouble)
    _off_the_bench(turn, step)
    return yes(command.key, 1, _finish(turn, step))


def ticket_now(turn: Turn, ticket: desk.TicketRow, order: orders.OrderRow | None) -> rules.TicketNow:
    """What the rules want to know of it."""
    has = goods.in_hand(turn, ticket.order_no) if order is not None else []
    return rules.TicketNow(
        kind=ticket.kind,
        status=ticket.status,
        order_status=order.status if order is not None else "",
        hold=order.hold if order is not None else "",
        done=resolving.steps_done(turn.database, ticket.ticket),
        to_pick=sum(resolving.lit(turn.database, ticket.order_no).values()) if order is not None else 0,
        in_hand=sum(one.pieces for one in has),
    )


def _finish(turn: Turn, step: goods.StepAsked) -> Words:
    """Close what is done with, and say what is left."""
    name, command = step.ticket.ticket, step.command
    order = orders.order(turn.database, step.ticket.order_no) if step.ticket.order_no else None
    now = ticket_now(turn, step.ticket, order)
    if now.phase == "cancelled" and now.in_hand:
        en = f"ticket {name}: {command.action.replace('_', ' ')} is done; {now.in_hand} pieces are still to put back"
        return Words(en, f"异常单 {name}：已完成一步；还有 {now.in_hand} 件待退回库存")
    if command.action not in _CLOSING and now.phase != "cancelled":
        more = Words("", "")
        if now.to_pick:
            more = Words(f"; {now.to_pick} to pick, then repack", f"；待拣 {now.to_pick} 件，拣完后重新打包")
        en = f"ticket {name}: {command.action.replace('_', ' ')} is done" + more.en
        return Words(en, f"异常单 {name}：已完成一步" + more.zh)
    goods.close_done(turn, step, all_of_order=now.phase == "cancelled")
    return _closed(turn, step, order)


def _closed(turn: Turn, step: goods.StepAsked, order: orders.OrderRow | None) -> Words:
    name = step.ticket.ticket
    said = Words(f"ticket {name} is closed", f"异常单 {name} 已关闭")
    if step.command.action == "repack" and desk.open_tickets(turn.database, step.ticket.order_no):
        return said.then("; the order has another open ticket", "；该订单还有其他异常单")
    if step.command.action == "close" and order is not None:
        words = status_words(order.status)
        return said.then(
            f"; order {order.order_no} is {words.en} and stays so", f"；订单 {order.order_no} {words.zh}，不变"
        )
    return said


def _off_the_bench(turn: Turn, step: goods.StepAsked) -> None:
    """The parcel that the ticket is about is the supervisor's now; its bench must begin it anew."""
    work = turn.site.packing(step.ticket.verification) if step.ticket.verification else None
    if work is not None and work.state == "blocked" and work.ticket == step.ticket.ticket:
        bench.leave_bench(turn, work)


def _noted(turn: Turn, step: goods.StepAsked) -> Outcome:
    goods.note(turn, step)
    return None


def _cancel(turn: Turn, step: goods.StepAsked) -> Outcome:
    if step.order is not None:
        part = part_gone(turn, step.order.order_no)
        if part is not None:
            return part
        goods.note(turn, step)
        cancel(turn, step.order, step.command.note or step.ticket.kind, step.by, keep=step.ticket.ticket)
    return None


def _repack(turn: Turn, step: goods.StepAsked) -> Outcome:
    order, ticket = step.order, step.ticket
    if order is None:
        return None
    if any(other.ticket != ticket.ticket for other in desk.open_tickets(turn.database, order.order_no)):
        goods.note(turn, step)
        return None
    trouble = goods.back_to_work(turn, order)
    if trouble is None:
        goods.note(turn, step)
    return trouble


def _ship_partial(turn: Turn, step: goods.StepAsked) -> Outcome:
    order, ticket = step.order, step.ticket
    if order is None:
        return None
    if any(other.ticket != ticket.ticket for other in desk.open_tickets(turn.database, order.order_no)):
        en = f"order {order.order_no} has another open ticket. Settle that first"
        return Words(en, f"订单 {order.order_no} 还有其他异常单，请先处理")
    missing = {need.line_no: need.pieces for need in goods.lacking(turn, order.order_no, {})}
    trouble = leave_out(turn, order, ticket, missing)
    if trouble is None:
        goods.note(turn, step)
    return trouble


_STEPS: Final[Mapping[Resolving, Callable[[Turn, goods.StepAsked], Outcome]]] = {
    "repick": goods.repick,
    "replace_label": _noted,
    "return_stock": goods.return_stock,
    "write_off": goods.write_off,
    "ship_partial": _ship_partial,
    "repack": _repack,
    "cancel": _cancel,
    "close": _noted,
}
