"""A picker confirmed, or found too little."""

from __future__ import annotations

from collections.abc import Sequence

from central.handlers.elsewhere import find_elsewhere
from central.handlers.site import Turn
from central.handlers.stocking import correct, is_collecting
from central.rules.shorts import Stock, after_late_pick, after_short
from central.store import orders, picks, stock
from central.store.errors import Poison
from wire.deeds import PickConfirmed, ShortPicked, ToteInducted


def pick_confirmed(turn: Turn, deed: PickConfirmed) -> None:
    """The pieces are in the tote."""
    row = _row_of(turn, deed, deed.picked_pieces)
    if row.status == "cancelled":
        _take_late(turn, row, deed.picked_pieces)
        return
    stock.take(turn.database, row.location_id, row.asked)
    picks.set_done(turn.database, row.pick_id, "confirmed", row.asked, turn.now_utc_ns)
    _pick_over(turn, row)
    order_moved(turn, row.order_no)


def short_picked(turn: Turn, deed: ShortPicked) -> None:
    """Fewer were found: look elsewhere, else the order needs a supervisor."""
    row = _row_of(turn, deed, deed.asked_pieces)
    if row.status == "cancelled":
        _take_late(turn, row, deed.found_pieces)
        find_elsewhere(turn, _emptied(turn, row, 0, deed.in_hand))
        return
    picks.set_done(turn.database, row.pick_id, "short", deed.found_pieces, turn.now_utc_ns)
    _pick_over(turn, row)
    lacking = row._replace(asked=row.asked - deed.found_pieces)
    find_elsewhere(turn, [lacking, *_emptied(turn, row, deed.found_pieces, deed.in_hand)])
    order_moved(turn, row.order_no)


def tote_inducted(turn: Turn, deed: ToteInducted) -> None:
    """Recorded: whose tote it is, and since when it is in work."""
    turn.must_serve_zone(deed.zone)


def order_moved(turn: Turn, order_no: str) -> None:
    """A pick or a put of the order is over: picking began, or is done."""
    order = orders.order(turn.database, order_no)
    if order is None or order.status not in ("waved", "picking"):
        return
    if is_collecting(turn, order_no):
        if order.status == "waved":
            orders.set_status(turn.database, order_no, "picking")
        return
    orders.set_status(turn.database, order_no, "picked")
    orders.close_wave_if_over(turn.database, order.wave)


def _row_of(turn: Turn, deed: PickConfirmed | ShortPicked, asked: int) -> picks.PickRow:
    turn.must_serve_zone(deed.zone)
    row = picks.pick(turn.database, deed.pick_id)
    if row is None:
        raise Poison("unknown_pick", deed.pick_id)
    said = (deed.zone, deed.tote_id, deed.location_id, deed.sku, asked)
    if said != (row.zone, row.tote_id, row.location_id, row.sku, row.asked):
        raise Poison("other_pick", f"{deed.pick_id} is not what the node says: {said}")
    if row.status not in ("released", "held", "cancelled") or (row.status == "cancelled" and row.picked):
        raise Poison("pick_not_open", f"{deed.pick_id} is {row.status}")
    return row


def _pick_over(turn: Turn, row: picks.PickRow) -> None:
    sheet = turn.site.sheets.get(row.zone)
    if sheet is not None:
        sheet.done(row.tote_id)
    left = picks.zones_of(turn.database, row.order_no) if turn.site.settings.pass_totes else []
    for zone in left if row.zone not in left else ():
        turn.zone_changed(zone)  # the tote goes there now


def _take_late(turn: Turn, row: picks.PickRow, taken: int) -> None:
    """The pick was cancelled before the node heard of it; the pieces are in the tote all the same."""
    correct(turn, row.location_id, after_late_pick(_stock_of(turn, row.location_id), taken), f"late {row.pick_id}")
    picks.set_done(turn.database, row.pick_id, "cancelled", taken, turn.now_utc_ns)


def _emptied(turn: Turn, row: picks.PickRow, found: int, in_hand: Sequence[str]) -> list[picks.PickRow]:
    """Nothing is left in the place: its count is none, and nobody is sent there before it was counted.

    Returns the picks that must be found elsewhere.
    """
    there = picks.open_at(turn.database, row.location_id)
    held = sum(other.asked for other in there if other.pick_id in in_hand)
    others = [other for other in there if other.pick_id not in in_hand]
    for other in others:
        picks.cancel(turn.database, other.pick_id, turn.now_utc_ns)
        turn.zone_changed(other.zone)
    left = after_short(_stock_of(turn, row.location_id), found, held)
    correct(turn, row.location_id, left, f"short pick {row.pick_id}")
    return others


def _stock_of(turn: Turn, location_id: str) -> Stock:
    found = stock.stock_at(turn.database, location_id)
    if found is None:
        raise Poison("unknown_location", location_id)
    return found
