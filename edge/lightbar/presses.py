"""What a press or a key means, and what the disk says to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from msgspec.structs import replace

from edge.drivers.ports import KeyPressed, Pressed
from edge.lightbar.events import NotRecorded, Recorded
from edge.lightbar.faces import marked, wanted_faces
from edge.lightbar.proofs import missing
from edge.lightbar.state import Barred, Counting, RecordCheck, RecordPick, Step, ZoneState
from edge.lightbar.stops import Stop, stops
from wire.deeds import IN_HAND_MAX
from wire.downlink import Pick, ToteWork

PICK_ID_CHARS_MAX: Final = 59  # "pick:" and the id must fit an intent of 64
UNDOABLE_MAX: Final = 64  # confirms of the last seconds; more than any zone's hands make


def pressed(state: ZoneState, event: Pressed) -> Step:
    """A press of a module that is seen to show its stop counts; any other is ignored and said."""
    stop = open_stop(state, event.location_id)
    if stop is None:
        said = "not_this_one" if event.location_id in marked(stops(state)) else state.said
        return Step(replace(ignored(state, event.location_id, event.times), said=said))
    quiet = replace(state, buttons=state.buttons.meant_something(event.location_id))
    match stop.step:
        case "total":
            if left := missing(state, stop):
                return Step(replace(quiet, said=f"scan_{left[0]}_first"))
            return Step(replace(quiet, split=state.split | {stop.location_id}))
        case "zero":
            return confirm(quiet, stop, RecordCheck(stop.pick, int(event.held), counted=not event.held))
        case "count":
            return _count_pressed(quiet, stop, event)
        case "pick" | "split":
            return _pick_pressed(quiet, stop, short=event.held or state.short_asked)


def key_pressed(state: ZoneState, event: KeyPressed) -> Step:
    """Fewer begins a count at what was asked; more and fewer move it; the shortage key is a long press."""
    stop = open_stop(state, event.location_id)
    if stop is None or stop.step in ("total", "zero"):
        return Step(ignored(state, event.location_id, event.times))
    counting = state.counting.get(stop.location_id)
    if event.key == "short":
        return _pick_pressed(state, stop, short=True) if counting is None else count_done(state, stop)
    if counting is None and event.key == "plus":
        return Step(ignored(state, event.location_id, event.times))
    found = stop.pick.pieces if counting is None else counting.found
    moved = found + event.times if event.key == "plus" else found - event.times
    return Step(count(state, stop, Counting(moved, keys=True)))


def open_stop(state: ZoneState, location: str) -> Stop | None:
    """The stop a person at this module can answer now."""
    stop = stops(state).get(location)
    if (
        stop is None
        or stop.pick.pick_id in state.recording
        or state.buttons.is_broken(location)
        or not is_seen(state, location)
    ):
        return None
    return stop


def is_seen(state: ZoneState, location: str) -> bool:
    """A press counts where the module shows the stop, or is known to be unable to (the screen shows it then)."""
    face, shown = wanted_faces(state).get(location), state.shown.get(location)
    if face is None or state.store:
        return False
    if location in state.counting and shown is not None:  # its number may lag behind quick fingers
        return (shown.colour, shown.blink) == (face.colour, face.blink)
    return shown == face or location in state.unlit


def ignored(state: ZoneState, location: str, times: int) -> ZoneState:
    """A press that means nothing is said, and remembered: many of them are a stuck button."""
    buttons = state.buttons.meant_nothing(location, times)
    return replace(state, ignored_presses=state.ignored_presses + 1, buttons=buttons)


def _pick_pressed(state: ZoneState, stop: Stop, *, short: bool) -> Step:
    state = replace(state, short_asked=False, said="")
    if short and state.rules.count_shorts:
        return Step(count(state, stop, Counting(0)))
    return confirm(state, stop, RecordPick(stop.tote.tote_id, stop.pick, short))


def _count_pressed(state: ZoneState, stop: Stop, event: Pressed) -> Step:
    counting = state.counting[stop.location_id]
    if event.held or counting.keys:
        return count_done(state, stop)
    return Step(count(state, stop, Counting(counting.found + event.times)))


def count(state: ZoneState, stop: Stop, counting: Counting) -> ZoneState:
    """The count so far, never below none and never above what was asked."""
    found = min(max(counting.found, 0), stop.pick.pieces)
    return replace(state, counting={**state.counting, stop.location_id: replace(counting, found=found)})


def count_done(state: ZoneState, stop: Stop) -> Step:
    """What was counted is what was found."""
    return found(state, stop, state.counting[stop.location_id].found)


def found(state: ZoneState, stop: Stop, pieces: int) -> Step:
    """`pieces` of a pick were found: all, or it is short."""
    short = pieces < stop.pick.pieces
    return confirm(state, stop, RecordPick(stop.tote.tote_id, stop.pick, short, pieces if short else 0))


def confirm(state: ZoneState, stop: Stop, record: RecordPick | RecordCheck) -> Step:
    """Have it recorded; the light stays until it is. What must be scanned first comes first."""
    left = missing(state, stop)
    if left and isinstance(record, RecordPick) and (record.found or not record.short):
        return Step(replace(state, said=f"scan_{left[0]}_first"))
    if isinstance(record, RecordPick) and record.short and stop.location_id in state.split:
        others = (other for other in state.queue.get(stop.location_id, ()) if other != stop.pick.pick_id)
        record = replace(record, in_hand=tuple(islice(others, IN_HAND_MAX)))
    return Step(replace(state, recording={**state.recording, stop.pick.pick_id: record}), (record,))


def recorded(state: ZoneState, event: Recorded) -> Step:
    """It is on the disk: the pick leaves the state, and with it its light."""
    record = state.recording.get(event.pick_id)
    done = replace(state, recording=_without(state, event.pick_id))
    if isinstance(record, RecordCheck):
        return Step(_checked(done, record))
    done = _barred(done, record, event.seq)
    tote, pick = _find(state, event.pick_id)
    if tote is None or pick is None:  # withdrawn by central meanwhile
        return Step(done)
    done = replace(done, totes=_less(state.totes, event.pick_id), reopened=_less(state.reopened, event.pick_id))
    asked = stops(state).get(pick.location_id)
    if (
        asked is not None and asked.pick.pick_id == event.pick_id
    ):  # not other work's, as after work that came, went, came
        counting = {at: one for at, one in state.counting.items() if at != pick.location_id}
        done = replace(_rested(done, pick.location_id), counting=counting)
    return Step(_remembered(done, record, tote, pick) if record is not None else done)


def _barred(state: ZoneState, record: RecordPick | None, seq: int) -> ZoneState:
    """Nothing is left in a place found short: it lights for nobody until central has heard of it."""
    if record is None or not record.short:
        return state
    return replace(state, barred={**state.barred, record.pick.location_id: Barred(seq, record.in_hand)})


def _remembered(state: ZoneState, record: RecordPick, tote: ToteWork, pick: Pick) -> ZoneState:
    """For a few seconds it can be taken back; and is its place empty now?"""
    if record.short:
        state = replace(state, said="short_reported")
    else:
        one = replace(tote, picks=(pick,))
        state = replace(state, undoable=(*state.undoable, one)[-UNDOABLE_MAX:])
    asked = any(other.location_id == pick.location_id for work in state.totes for other in work.picks)
    if state.rules.zero_check and pick.empties and not record.short and not asked:
        state = replace(state, checks={**state.checks, pick.location_id: record})
    return state


def _checked(state: ZoneState, record: RecordCheck) -> ZoneState:
    at = record.pick.location_id
    return replace(_rested(state, at), checks={place: one for place, one in state.checks.items() if place != at})


def _rested(state: ZoneState, location: str) -> ZoneState:
    lit = location in state.shown or location in state.unlit
    return replace(state, resting=state.resting | {location}) if lit else state


def not_recorded(state: ZoneState, event: NotRecorded) -> Step:
    """The disk refused: the pick is as open as before."""
    return Step(replace(state, recording=_without(state, event.pick_id), store=event.store))


def open_totes(totes: Iterable[ToteWork], done: frozenset[str]) -> Iterable[ToteWork]:
    """What is left of `totes` without the picks that are `done`, or could never be recorded."""
    for tote in totes:
        picks = tuple(p for p in tote.picks if p.pick_id not in done and len(p.pick_id) <= PICK_ID_CHARS_MAX)
        if picks:
            yield tote if len(picks) == len(tote.picks) else replace(tote, picks=picks)


def _less(totes: tuple[ToteWork, ...], pick_id: str) -> tuple[ToteWork, ...]:
    for index, tote in enumerate(totes):
        picks = tuple(pick for pick in tote.picks if pick.pick_id != pick_id)
        if len(picks) < len(tote.picks):
            left = (replace(tote, picks=picks),) if picks else ()
            return totes[:index] + left + totes[index + 1 :]
    return totes


def _without(state: ZoneState, pick_id: str) -> dict[str, RecordPick | RecordCheck]:
    return {other: record for other, record in state.recording.items() if other != pick_id}


def _find(state: ZoneState, pick_id: str) -> tuple[ToteWork | None, Pick | None]:
    found_ = ((tote, pick) for tote in state.totes for pick in tote.picks if pick.pick_id == pick_id)
    return next(found_, (None, None))
