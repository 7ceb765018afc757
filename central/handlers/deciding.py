"""A supervisor or a host decides: cancel, resolve a ticket, hand parcels over."""

from __future__ import annotations

from central.handlers import bench
from central.handlers.site import Turn
from central.handlers.stocking import cancel_open_picks, is_collecting, missing_text, promise
from central.rules.allocation import Need
from central.rules.walk import in_walking_order
from central.store import desk, orders, picks
from wire.commands import CancelOrder, HandOver, Reply, ResolveTicket, Trouble

_GONE = ("released", "handed_over")


def cancel_order(turn: Turn, command: CancelOrder) -> Reply:
    """Stop the order wherever it is; at a bench, its next scan is refused."""
    order = orders.order(turn.database, command.order_no)
    if order is None:
        return _no(command.key, f"no order {command.order_no}")
    if order.status in _GONE:
        return _no(command.key, f"order {order.order_no} has left. Ask the carrier")
    if order.status == "verified":
        return _no(command.key, f"order {order.order_no} is at the gate of {order.station}. Take the parcel back there")
    if order.status == "cancelled":
        return _no(command.key, f"order {order.order_no} is cancelled already")
    _cancel(turn, order, command.reason, command.by)
    return Reply(key=command.key, ok=True, done=1, said=f"order {order.order_no} is cancelled")


def resolve_ticket(turn: Turn, command: ResolveTicket) -> Reply:
    """Close a ticket; with its last one the order goes back to work, or is cancelled."""
    ticket = desk.ticket(turn.database, command.ticket)
    if ticket is None or ticket.status != "open":
        state = "there is no such ticket" if ticket is None else f"it is {ticket.status} already"
        return _no(command.key, f"ticket {command.ticket}: {state}")
    order = orders.order(turn.database, ticket.order_no) if ticket.order_no else None
    others = [other for other in desk.open_tickets(turn.database, ticket.order_no) if other.ticket != ticket.ticket]
    said = f"ticket {ticket.ticket} is closed"
    if order is not None and order.status in ("exception", "at_bench"):
        trouble = _settle(turn, order, ticket, command, waits=bool(others))
        if trouble:
            return _no(command.key, trouble)
        said += "; the order has another open ticket" if others and command.action == "repack" else ""
    elif order is not None:
        said += f"; order {order.order_no} stays {order.status}"
    desk.close_ticket(
        turn.database,
        ticket.ticket,
        "resolved",
        by=command.by,
        why=f"{command.action} {command.note}".strip(),
        now_utc_ns=turn.now_utc_ns,
    )
    return Reply(key=command.key, ok=True, done=1, said=said)


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
        what = f"order {order.order_no} is {order.status}" if order else "no such label"
        troubles.append(Trouble(line=0, what=f"label {label}: {what}", cure="take this parcel off the carrier's cage"))
    return Reply(key=command.key, ok=not troubles, done=done, said=f"{done} handed over", troubles=tuple(troubles))


def _settle(turn: Turn, order: orders.OrderRow, ticket: desk.TicketRow, command: ResolveTicket, *, waits: bool) -> str:
    """What stands against it, or ""."""
    if command.action == "cancel":
        _cancel(turn, order, command.note or ticket.kind, command.by)
        return ""
    if order.status == "at_bench":
        work = turn.site.packing(ticket.verification)
        if work is not None and work.state == "blocked" and work.ticket == ticket.ticket:
            bench.end(turn, work, "aside")
            orders.set_bench(turn.database, order.order_no, "picked")
        return ""
    return "" if waits else _back_to_work(turn, order)


def _back_to_work(turn: Turn, order: orders.OrderRow) -> str:
    """Pick what is missing, else back to those waiting for a bench; the reason if there is no stock."""
    found = promise(turn, _missing(turn, order.order_no))
    if found.missing:
        return f"order {order.order_no}: {missing_text(found)}. Bring stock, or cancel the order"
    if found.takes:
        picks.add_released(turn.database, order.order_no, order.wave, in_walking_order(found.takes))
        for take in found.takes:
            turn.zone_changed(take.shelf.zone)
    bench.abandon(turn, order.order_no)
    status = "picking" if is_collecting(turn, order.order_no) else "picked"
    orders.set_bench(turn.database, order.order_no, status)
    return ""


def _missing(turn: Turn, order_no: str) -> list[Need]:
    """Pieces of each line neither picked nor still to be picked."""
    covered: dict[int, int] = {}
    for row in picks.picks_of(turn.database, order_no):
        pieces = row.asked if row.status in ("planned", "released") else row.picked
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


def _no(key: str, said: str) -> Reply:
    return Reply(key=key, ok=False, said=said)
