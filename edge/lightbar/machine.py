"""The life of a pick in a zone: state and event to state and effects. No clock, no ids, no I/O.

One tote at a time: the first of the sequence is current and all its modules are lit until its last pick is done.
A press of a module that is seen to show its pick has the deed recorded; only when it is on the disk does the pick
leave the state, and with it its light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

import msgspec

from edge.drivers.ports import DARK, ModuleBack, ModuleLost, NotLit, Pressed, Shown
from edge.lightbar.faces import changed_faces, current_picks, current_tote, next_current, wanted_faces
from edge.lightbar.state import (
    ALARMS_MAX,
    CentralHeard,
    ClearAlarm,
    Effect,
    Event,
    LineFound,
    LineLost,
    NoticeRead,
    NotRecorded,
    RaiseAlarm,
    Recorded,
    RecordPick,
    Step,
    StoreLooked,
    ToteScanned,
    WorkArrived,
    ZoneState,
)
from wire.downlink import Pick, ToteWork

PICK_ID_CHARS_MAX: Final = 59  # "pick:" and the id must fit an intent of 64


def advance(state: ZoneState, event: Event) -> Step:
    """The zone after `event`. Every event is answered in every state."""
    step = _RULES[type(event)](state, event)
    then = replace(step.state, current=next_current(step.state))
    before, after = wanted_faces(state), wanted_faces(then)
    shows = tuple(changed_faces(before, after))
    unlit = then.unlit - {show.location_id for show in shows}
    return Step(replace(then, unlit=unlit), step.effects + shows)


def _work_arrived(state: ZoneState, event: WorkArrived) -> Step:
    if event.version <= state.version:
        return Step(state)
    totes = tuple(_open_totes(event.totes, event.done))
    here = {tote.tote_id for tote in totes}
    return Step(replace(state, version=event.version, totes=totes, woken=state.woken & here))


def _open_totes(totes: Iterable[ToteWork], done: frozenset[str]) -> Iterable[ToteWork]:
    for tote in totes:
        picks = tuple(p for p in tote.picks if p.pick_id not in done and len(p.pick_id) <= PICK_ID_CHARS_MAX)
        if picks:
            yield tote if len(picks) == len(tote.picks) else msgspec.structs.replace(tote, picks=picks)


def _central_heard(state: ZoneState, _: CentralHeard) -> Step:
    return Step(replace(state, trusted=True))


def _tote_scanned(state: ZoneState, event: ToteScanned) -> Step:
    known = any(tote.tote_id == event.tote_id for tote in state.totes)
    return Step(replace(state, woken=state.woken | {event.tote_id})) if known else Step(state)


def _pressed(state: ZoneState, event: Pressed) -> Step:
    tote, pick = current_tote(state), current_picks(state).get(event.location_id)
    if tote is None or pick is None or pick.pick_id in state.recording or not _is_seen(state, event.location_id):
        return Step(replace(state, ignored_presses=state.ignored_presses + 1))
    recording = replace(state, recording=state.recording | {pick.pick_id})
    return Step(recording, (RecordPick(tote.tote_id, pick, short=event.held),))


def _is_seen(state: ZoneState, location: str) -> bool:
    """A press counts where the module shows the pick, or is known to be unable to (the screen shows it then)."""
    face = wanted_faces(state).get(location)
    return face is not None and not state.store and (state.shown.get(location) == face or location in state.unlit)


def _recorded(state: ZoneState, event: Recorded) -> Step:
    pick = _find(state, event.pick_id)
    done = replace(state, recording=state.recording - {event.pick_id})
    if pick is None:  # withdrawn by central meanwhile
        return Step(done)
    totes = tuple(_open_totes(state.totes, frozenset({event.pick_id})))
    lit = pick.location_id in state.shown or pick.location_id in state.unlit
    resting = state.resting | {pick.location_id} if lit else state.resting
    return Step(replace(done, totes=totes, resting=resting))


def _find(state: ZoneState, pick_id: str) -> Pick | None:
    return next((pick for tote in state.totes for pick in tote.picks if pick.pick_id == pick_id), None)


def _not_recorded(state: ZoneState, event: NotRecorded) -> Step:
    return Step(replace(state, recording=state.recording - {event.pick_id}, store=event.store))


def _store_looked(state: ZoneState, event: StoreLooked) -> Step:
    return Step(replace(state, store=event.store))


def _notice_read(state: ZoneState, _: NoticeRead) -> Step:
    return Step(replace(state, ignored_presses=0))


def _shown(state: ZoneState, event: Shown) -> Step:
    location = event.location_id
    others = {place: face for place, face in state.shown.items() if place != location}
    lit = {location: event.face} if event.face != DARK else {}
    resting = state.resting - {location} if event.face == DARK else state.resting
    seen = replace(state, shown=others | lit, unlit=state.unlit - {location}, resting=resting)
    return _clear(seen, [("module_not_lit", location)])


def _not_lit(state: ZoneState, event: NotLit) -> Step:
    location = event.location_id
    shown = {place: face for place, face in state.shown.items() if place != location}
    if event.wanted == DARK:  # a lamp that stays on must not keep the next pick from being shown
        state = replace(state, shown=shown, resting=state.resting - {location})
    elif wanted_faces(state).get(location) == event.wanted:
        state = replace(state, shown=shown, unlit=state.unlit | {location})
    return _raise(state, "module_not_lit", location, "Reads back another face than it was told. Check its lamp")


def _module_lost(state: ZoneState, event: ModuleLost) -> Step:
    gone = _forget(state, frozenset({event.location_id}))
    lost = replace(gone, lost=state.lost | {event.location_id})
    return _raise(lost, "module_unreachable", event.location_id, event.why)


def _module_back(state: ZoneState, event: ModuleBack) -> Step:
    back = replace(state, lost=state.lost - {event.location_id})
    return _clear(back, [("module_unreachable", event.location_id)])


def _line_lost(state: ZoneState, event: LineLost) -> Step:
    gone = _forget(state, event.locations)
    down = replace(gone, lost=gone.lost - event.locations, down={**gone.down, event.bus: event.locations})
    cleared = _clear(down, [a for a in state.alarms if a[0] != "bus_down" and a[1] in event.locations])
    raised = _raise(cleared.state, "bus_down", event.bus, event.why)
    return Step(raised.state, cleared.effects + raised.effects)


def _line_found(state: ZoneState, event: LineFound) -> Step:
    down = {bus: locations for bus, locations in state.down.items() if bus != event.bus}
    return _clear(replace(state, down=down), [("bus_down", event.bus)])


def _forget(state: ZoneState, locations: frozenset[str]) -> ZoneState:
    shown = {place: face for place, face in state.shown.items() if place not in locations}
    return replace(state, shown=shown, unlit=state.unlit - locations)


def _raise(state: ZoneState, alarm: str, subject: str, detail: str) -> Step:
    if (alarm, subject) in state.alarms or len(state.alarms) >= ALARMS_MAX:
        return Step(state)
    return Step(replace(state, alarms=state.alarms | {(alarm, subject)}), (RaiseAlarm(alarm, subject, detail),))


def _clear(state: ZoneState, alarms: Iterable[tuple[str, str]]) -> Step:
    over = [alarm for alarm in alarms if alarm in state.alarms]
    effects: tuple[Effect, ...] = tuple(ClearAlarm(alarm, subject) for alarm, subject in over)
    return Step(replace(state, alarms=state.alarms.difference(over)), effects) if over else Step(state)


_RULES: Final[dict[type[Event], Callable[[ZoneState, Any], Step]]] = {
    WorkArrived: _work_arrived,
    CentralHeard: _central_heard,
    ToteScanned: _tote_scanned,
    Pressed: _pressed,
    Recorded: _recorded,
    NotRecorded: _not_recorded,
    StoreLooked: _store_looked,
    NoticeRead: _notice_read,
    Shown: _shown,
    NotLit: _not_lit,
    ModuleLost: _module_lost,
    ModuleBack: _module_back,
    LineLost: _line_lost,
    LineFound: _line_found,
}
