"""Too little found, said with a command barcode. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from edge.lightbar.by_scan import meant
from edge.lightbar.events import QuantityScanned, ShortScanned
from edge.lightbar.presses import confirm, count, found
from edge.lightbar.state import Counting, RecordCheck, RecordPick, Step, ZoneState
from edge.lightbar.stops import Stop, stops


def short_scanned(state: ZoneState, _: ShortScanned) -> Step:
    """At the only lit lamp at once, else at the lamp pressed next. A second time takes it back."""
    if state.short_asked or state.counting:
        asked = stops(state)
        ended = {at: one for at, one in state.counting.items() if asked[at].pick.pick_id in state.recording}
        return Step(replace(state, short_asked=False, counting=ended, said="short_taken_back"))
    by_hand = meant(state)
    open_ = [by_hand] if by_hand else _open(state)
    open_ = [stop for stop in open_ if stop.step in ("pick", "split")]
    if by_hand and open_ and state.rules.count_shorts:
        return Step(replace(state, said="scan_quantity"))
    if len(open_) != 1:
        return Step(replace(state, short_asked=bool(open_), said="press_short_lamp" if open_ else "nothing_lit"))
    if state.rules.count_shorts:
        return Step(replace(count(state, open_[0], Counting(0)), said="count_pieces"))
    return confirm(state, open_[0], RecordPick(open_[0].tote.tote_id, open_[0].pick, short=True))


def quantity_scanned(state: ZoneState, event: QuantityScanned) -> Step:
    """The pieces found at the place that is being counted or looked at, else at the only lit lamp."""
    stop = meant(state) or _meant(_open(state))
    if stop is not None and stop.step == "total":
        return Step(replace(state, said="press_short_lamp"))
    if stop is None:
        return Step(replace(state, said="press_short_lamp"))
    if stop.step == "zero":
        return confirm(state, stop, RecordCheck(stop.pick, event.pieces))
    if event.pieces > stop.pick.pieces:
        return Step(replace(state, said="more_than_asked"))
    return found(replace(state, said="", short_asked=False), stop, event.pieces)


def _open(state: ZoneState) -> list[Stop]:
    """Stops a word alone can answer: also where the module is silent or its button stuck, but not while one is dark."""
    asked = [stop for at, stop in stops(state).items() if at not in state.resting and not state.store]
    return [stop for stop in asked if stop.step != "total" and stop.pick.pick_id not in state.recording]


def _meant(open_: list[Stop]) -> Stop | None:
    asking = [stop for stop in open_ if stop.step in ("count", "zero")] or open_
    return asking[0] if len(asking) == 1 else None
