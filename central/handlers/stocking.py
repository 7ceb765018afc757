"""Promising stock to orders, and corrections of a count with their cause in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from central.handlers.site import Turn
from central.rules.allocation import Allocation, Need, allocate
from central.rules.journal import CENTRAL
from central.rules.shorts import Correction
from central.rules.walk import in_walking_order
from central.store import desk, orders, picks, stock, walls

DOUBTFUL: Final = "stock_doubtful"  # alarm about a place whose count must be taken


def allocate_order(turn: Turn, order_no: str) -> bool:
    """Promise stock to an imported order. Without enough it stays imported, with why."""
    found = promise(turn, orders.needs(turn.database, order_no))
    if found.missing:
        orders.set_status(turn.database, order_no, "imported", missing_text(found))
        return False
    picks.add_planned(turn.database, order_no, in_walking_order(found.takes))
    orders.set_status(turn.database, order_no, "allocated")
    return True


def promise(turn: Turn, needs: Sequence[Need]) -> Allocation:
    """Reserve what `needs` want, or nothing."""
    skus = dict.fromkeys(need.sku for need in needs)
    found = allocate(needs, {sku: stock.shelves(turn.database, sku) for sku in skus})
    for take in found.takes:
        stock.reserve(turn.database, take.shelf.location_id, take.pieces)
    return found


def missing_text(found: Allocation) -> str:
    """Why an order waits."""
    parts = [f"{pieces} of {sku}" for sku, pieces in found.missing[:3]]
    more = "" if len(found.missing) <= 3 else f" and {len(found.missing) - 3} more SKUs"
    return f"stock lacks {', '.join(parts)}{more}"


def cancel_open_picks(turn: Turn, order_no: str) -> None:
    """Free what was promised to the order and not yet taken."""
    for pick in picks.open_picks(turn.database, order_no):
        picks.cancel(turn.database, pick.pick_id, turn.now_utc_ns)
        stock.reserve(turn.database, pick.location_id, -pick.asked)
        turn.zone_changed(pick.zone)
        turn.site.stock_arrived = True


def is_collecting(turn: Turn, order_no: str) -> bool:
    """True while a pick of the order is open, or a piece of it is not yet in its cubby of a wall."""
    return picks.still_picking(turn.database, order_no) or walls.is_unfinished(turn.database, order_no)


def correct(turn: Turn, location_id: str, correction: Correction, why: str) -> None:
    """Set a place's count; what moved beyond the pieces taken gets a journal line and an alarm to count it."""
    version = stock.set_stock(turn.database, location_id, correction.stock)
    if not correction.adjusted:
        return
    record = {"location_id": location_id, "adjusted_pieces": correction.adjusted, "why": why}
    turn.site.journal.add_own(
        f"stock:{location_id}:{version}", "stock_adjusted", msgspec.json.encode(record), turn.now_utc_ns
    )
    desk.raise_alarm(
        turn.database, CENTRAL, DOUBTFUL, location_id, detail="count this place", now_utc_ns=turn.now_utc_ns
    )
