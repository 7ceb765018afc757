"""What a press means, and what the disk says to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import msgspec

from edge.drivers.ports import Pressed
from edge.lightbar.faces import wanted_faces
from edge.lightbar.state import NotRecorded, Recorded, RecordPick, Step, ZoneState
from edge.lightbar.stops import Stop, stops
from wire.downlink import Pick, ToteWork

PICK_ID_CHARS_MAX: Final = 59  # "pick:" and the id must fit an intent of 64


def pressed(state: ZoneState, event: Pressed) -> Step:
    """A press of a module that is seen to show its stop counts; any other is ignored and said."""
    stop = stops(state).get(event.location_id)
    if stop is None or stop.pick.pick_id in state.recording or not is_seen(state, event.location_id):
        return Step(replace(state, ignored_presses=state.ignored_presses + 1))
    if stop.step == "total":
        return Step(replace(state, split=state.split | {stop.location_id}))
    return _confirm(state, stop, RecordPick(stop.tote.tote_id, stop.pick, short=event.held))


def is_seen(state: ZoneState, location: str) -> bool:
    """A press counts where the module shows the stop, or is known to be unable to (the screen shows it then)."""
    face = wanted_faces(state).get(location)
    return face is not None and not state.store and (state.shown.get(location) == face or location in state.unlit)


def _confirm(state: ZoneState, stop: Stop, record: RecordPick) -> Step:
    return Step(replace(state, recording={**state.recording, stop.pick.pick_id: record}), (record,))


def recorded(state: ZoneState, event: Recorded) -> Step:
    """It is on the disk: the pick leaves the state, and with it its light."""
    done = replace(state, recording=_without(state, event.pick_id))
    pick = _find(state, event.pick_id)
    if pick is None:  # withdrawn by central meanwhile
        return Step(done)
    totes = tuple(_less(state.totes, event.pick_id))
    lit = pick.location_id in state.shown or pick.location_id in state.unlit
    resting = state.resting | {pick.location_id} if lit else state.resting
    return Step(replace(done, totes=totes, resting=resting))


def not_recorded(state: ZoneState, event: NotRecorded) -> Step:
    """The disk refused: the pick is as open as before."""
    return Step(replace(state, recording=_without(state, event.pick_id), store=event.store))


def open_totes(totes: Iterable[ToteWork], done: frozenset[str]) -> Iterable[ToteWork]:
    """What is left of `totes` without the picks that are `done`, or could never be recorded."""
    for tote in totes:
        picks = tuple(p for p in tote.picks if p.pick_id not in done and len(p.pick_id) <= PICK_ID_CHARS_MAX)
        if picks:
            yield tote if len(picks) == len(tote.picks) else msgspec.structs.replace(tote, picks=picks)


def _less(totes: Iterable[ToteWork], pick_id: str) -> Iterable[ToteWork]:
    for tote in totes:
        picks = tuple(pick for pick in tote.picks if pick.pick_id != pick_id)
        if len(picks) == len(tote.picks):
            yield tote
        elif picks:
            yield msgspec.structs.replace(tote, picks=picks)


def _without(state: ZoneState, pick_id: str) -> dict[str, RecordPick]:
    return {other: record for other, record in state.recording.items() if other != pick_id}


def _find(state: ZoneState, pick_id: str) -> Pick | None:
    return next((pick for tote in state.totes for pick in tote.picks if pick.pick_id == pick_id), None)
