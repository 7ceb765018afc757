"""What the handlers of a bench share: opening tickets, ending verifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from central.handlers.site import Turn
from central.rules.tickets import STAGE_OF
from central.store import desk, orders
from central.store.captured import drop_captured
from central.store.packing import Packing, Scan, evidence, open_at, open_of_order, save_packing
from wire.phrases import Refusal

STALE_MS: Final = 2_000  # an older question is recorded and never acted on: its bench has given up by then


def open_ticket(turn: Turn, kind: Refusal, work: Packing, sku: str = "", more: Sequence[Scan] = ()) -> str:
    """A ticket for the parcel of `work`; one open ticket of a kind for a verification is enough.

    `more`: evidence beside the scans.
    """
    for known in desk.open_tickets(turn.database, work.order_no):
        if known.kind == kind and known.verification == work.verification:
            return known.ticket
    new = desk.NewTicket(
        kind=kind,
        stage=STAGE_OF[kind],
        order_no=work.order_no,
        sku=sku,
        station=work.station,
        verification=work.verification,
        who=work.packer,
        evidence=desk.evidence_json([*evidence(turn.database, work), *more]),
    )
    return desk.open_ticket(turn.database, new, turn.now_utc_ns)


def end(turn: Turn, work: Packing, state: str) -> None:
    """The verification is over; unless it was verified, nothing of it is in a box any more."""
    work.state, work.waiting = state, None
    if state != "verified":
        drop_captured(turn.database, work.verification)
    save_packing(turn.database, work, turn.now_utc_ns)


def leave_bench(turn: Turn, work: Packing) -> None:
    """The parcel goes aside: a blocked one into exception, another back to those waiting for a bench."""
    blocked = work.state == "blocked"
    end(turn, work, "aside")
    order = orders.order(turn.database, work.order_no)
    if order is None or order.status != "at_bench":
        return
    if blocked:
        orders.set_bench(turn.database, order.order_no, "exception", why=ticket_kind(turn, work.ticket))
    else:
        orders.set_bench(turn.database, order.order_no, "picked")


def clear_bench(turn: Turn, station: str) -> None:
    """A new parcel begins here: what the bench still had open is set aside."""
    for name in open_at(turn.database, station):
        work = turn.site.packing(name)
        if work is not None:
            leave_bench(turn, work)


def abandon(turn: Turn, order_no: str) -> None:
    """The order's verification counts no more: it begins anew or has left."""
    for name in open_of_order(turn.database, order_no):
        work = turn.site.packing(name)
        if work is not None:
            end(turn, work, "abandoned")


def ticket_kind(turn: Turn, ticket: str) -> str:
    """The named reason behind a ticket."""
    found = desk.ticket(turn.database, ticket)
    return found.kind if found else "set_aside"
