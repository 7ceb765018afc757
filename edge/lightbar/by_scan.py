"""Picks whose module cannot be lit or pressed: on the screen instead, and confirmed with the scanner. Pure.

Scan the place, which says which pick is meant; then the item, or `PL:DONE` where the item need not be scanned. The
scan of the place holds for that pick alone: nothing is confirmed twice, and no other tote's pick by a card scanned
once too often.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from edge.lightbar.codes import is_item
from edge.lightbar.events import DoneScanned
from edge.lightbar.presses import confirm
from edge.lightbar.proofs import missing
from edge.lightbar.state import RecordCheck, RecordPick, Step, ZoneState
from edge.lightbar.stops import Stop, away, stops, work_of
from wire.deeds import ConfirmedBy


def is_dead(state: ZoneState, location: str) -> bool:
    """True if nobody can count on this module: silent, told to light and dark, or its button is stuck."""
    return location in away(state) | state.unlit or state.buttons.is_broken(location)


def dead_stops(state: ZoneState) -> list[Stop]:
    """What is asked for at such modules, in work first; then of totes that gave way to others because of them."""
    asked = [stop for at, stop in stops(state).items() if is_dead(state, at) and at not in state.resting]
    return [*asked, *_left_behind(state)]


def _left_behind(state: ZoneState) -> Iterator[Stop]:
    gone = away(state)
    in_work = {tote.tote_id for tote in state.active}
    for tote in state.gave_way:
        work = work_of(state, tote.tote_id) if tote.tote_id not in in_work else None
        for pick in work.picks if work is not None else ():
            if pick.location_id in gone:
                yield Stop(pick.location_id, "pick", tote, pick, tote.colour, pick.pieces)


def meant(state: ZoneState) -> Stop | None:
    """The stop whose place was scanned, while it can be answered."""
    if not state.by_hand or state.store or state.by_hand in state.recording:
        return None
    return next((stop for stop in dead_stops(state) if stop.pick.pick_id == state.by_hand), None)


def place_scanned(state: ZoneState, location: str) -> ZoneState:
    """The scan of a place whose module is dead says which pick is meant; of any other it means none."""
    stop = next((stop for stop in dead_stops(state) if stop.location_id == location), None)
    if stop is None or stop.pick.pick_id in state.recording:
        return replace(state, by_hand="")
    pointed = replace(state, by_hand=stop.pick.pick_id, said="")
    return replace(pointed, said="scan_item_first" if missing(pointed, stop) else "scan_item_or_done")


def done_scanned(state: ZoneState, _: DoneScanned) -> Step:
    """All of it is in the tote; at a place to be looked at: it is empty."""
    stop = meant(state)
    if stop is not None:
        return confirmed(state, stop, "command")
    return Step(replace(state, said="scan_place_first" if dead_stops(state) else "press_the_lamp"))


def item_scanned(state: ZoneState, code: str) -> Step | None:
    """The item of the pick whose place was scanned confirms it; None: the code is no such item."""
    stop = meant(state)
    if stop is None or stop.step in ("zero", "count") or not is_item(code, stop.pick):
        return None
    at = stop.location_id
    proven = replace(state, proofs={**state.proofs, at: state.proofs.get(at, frozenset()) | {"item"}})
    return confirmed(proven, stop, "item_scan")


def confirmed(state: ZoneState, stop: Stop, how: ConfirmedBy) -> Step:
    """What a press of a working module would do. A batch's parts go on without another scan of the place."""
    if left := missing(state, stop):
        return Step(replace(state, said=f"scan_{left[0]}_first"))
    state = replace(state, said="", by_hand=_next(state, stop))
    match stop.step:
        case "total":
            return Step(replace(state, split=state.split | {stop.location_id}))
        case "zero":
            return confirm(state, stop, RecordCheck(stop.pick, 0))
        case "count":
            return Step(replace(state, said="scan_quantity"))
    return confirm(state, stop, RecordPick(stop.tote.tote_id, stop.pick, short=False, how=how))


def _next(state: ZoneState, stop: Stop) -> str:
    """The pick that the next scan answers: a batch's first part after its total, and then the part behind it."""
    if stop.step in ("total", "count"):
        return stop.pick.pick_id
    line = state.queue.get(stop.location_id, ()) if stop.step == "split" else ()
    return line[1] if line[:1] == (stop.pick.pick_id,) and len(line) > 1 else ""
