"""A confirm that was taken back, and the look into a place that should be empty."""

from __future__ import annotations

from typing import Final

from central.handlers.site import Turn
from central.handlers.stocking import DOUBTFUL, correct
from central.rules.journal import CENTRAL
from central.rules.shorts import after_count
from central.store import desk, orders, picks, stock
from central.store.errors import Poison
from wire.deeds import PickUndone, ZeroChecked
from wire.ids import again_id

COLLECTING: Final = ("waved", "picking", "picked", "exception")  # the pick is asked for again; else only stock moves


def pick_undone(turn: Turn, deed: PickUndone) -> None:
    """The pieces are in their place again. While the order is being collected the pick is asked for anew."""
    turn.must_serve_zone(deed.zone)
    row = picks.pick(turn.database, deed.pick_id)
    if row is None:
        raise Poison("unknown_pick", deed.pick_id)
    said = (deed.zone, deed.tote_id, deed.location_id, deed.sku, deed.picked_pieces, deed.again)
    if said != (row.zone, row.tote_id, row.location_id, row.sku, row.picked, again_id(row.pick_id)):
        raise Poison("other_pick", f"{deed.pick_id} is not what the node says: {said}")
    stock.put_back(turn.database, row.location_id, row.picked)
    if row.status == "cancelled":  # taken before the node heard of it, and put back
        picks.set_done(turn.database, row.pick_id, "cancelled", 0, turn.now_utc_ns)
        return
    picks.set_done(turn.database, row.pick_id, "undone", 0, turn.now_utc_ns)
    order = orders.order(turn.database, row.order_no)
    if order is None or order.status not in COLLECTING:
        _doubt(turn, row.location_id, "a confirm was taken back after the order went on")
        return
    stock.reserve(turn.database, row.location_id, row.asked)
    picks.add_again(turn.database, row, deed.again)
    if order.status == "picked":
        orders.set_status(turn.database, row.order_no, "picking")
        orders.reopen_wave(turn.database, order.wave)
    for zone in picks.zones_of(turn.database, row.order_no):  # a tote that was passed on comes back
        turn.zone_changed(zone)


def zero_checked(turn: Turn, deed: ZeroChecked) -> None:
    """Nothing to do where the count was right; a place that holds something is set right, or counted by a person."""
    turn.must_serve_zone(deed.zone)
    row = picks.pick(turn.database, deed.pick_id)
    found = stock.stock_at(turn.database, deed.location_id)
    if row is None or row.location_id != deed.location_id or found is None:
        raise Poison("unknown_pick", deed.pick_id)
    if not deed.counted:
        _doubt(turn, deed.location_id, "the place should be empty and is not: count it")
        return
    if deed.left_pieces != found.on_hand:
        correct(turn, deed.location_id, after_count(found, deed.left_pieces), f"zero check {deed.pick_id}")
        turn.site.stock_arrived = True


def _doubt(turn: Turn, location_id: str, why: str) -> None:
    desk.raise_alarm(turn.database, CENTRAL, DOUBTFUL, location_id, detail=why, now_utc_ns=turn.now_utc_ns)
