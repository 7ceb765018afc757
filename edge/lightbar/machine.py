"""The life of a pick in a zone: state and event to state and effects. No clock, no ids, no I/O.

Which totes are in work is decided in totes.py, what each location asks for in stops.py, what a press or a scan means
in presses.py and scans.py. A press of a module that is seen to show its pick has the deed recorded; only when it is
on the disk does the pick leave the state, and with it its light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from edge.drivers.ports import DARK, ModuleBack, ModuleLost, NotLit, Pressed, Shown
from edge.lightbar import presses, scans
from edge.lightbar.faces import changed_faces, wanted_faces
from edge.lightbar.state import (
    ALARMS_MAX,
    BadgeScanned,
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
    Step,
    StoreLooked,
    ToteScanned,
    UnknownScanned,
    WorkArrived,
    ZoneState,
)
from edge.lightbar.stops import queued, wishes
from edge.lightbar.totes import with_totes


def advance(state: ZoneState, event: Event) -> Step:
    """The zone after `event`. Every event is answered in every state."""
    step = _RULES[type(event)](state, event)
    then = _settled(step.state)
    before, after = wanted_faces(state), wanted_faces(then)
    shows = tuple(changed_faces(before, after))
    unlit = then.unlit - {show.location_id for show in shows}
    return Step(replace(then, unlit=unlit), step.effects + shows)


def _settled(state: ZoneState) -> ZoneState:
    """The totes in work, and who asks where, after a rule had its say."""
    state = with_totes(state)
    queue = queued(state, wishes(state))
    split = frozenset(at for at in state.split if set(state.queue.get(at, ())) & set(queue.get(at, ())))
    return replace(state, queue=queue, split=split)


def _work_arrived(state: ZoneState, event: WorkArrived) -> Step:
    if event.version <= state.version:
        return Step(state)
    totes = tuple(presses.open_totes(event.totes, event.done))
    here = {tote.tote_id for tote in totes}
    return Step(replace(state, version=event.version, totes=totes, woken=state.woken & here))


def _central_heard(state: ZoneState, _: CentralHeard) -> Step:
    return Step(replace(state, trusted=True))


def _store_looked(state: ZoneState, event: StoreLooked) -> Step:
    return Step(replace(state, store=event.store))


def _notice_read(state: ZoneState, _: NoticeRead) -> Step:
    return Step(replace(state, ignored_presses=0, said=""))


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
    ToteScanned: scans.tote_scanned,
    BadgeScanned: scans.badge_scanned,
    UnknownScanned: scans.unknown_scanned,
    Pressed: presses.pressed,
    Recorded: presses.recorded,
    NotRecorded: presses.not_recorded,
    StoreLooked: _store_looked,
    NoticeRead: _notice_read,
    Shown: _shown,
    NotLit: _not_lit,
    ModuleLost: _module_lost,
    ModuleBack: _module_back,
    LineLost: _line_lost,
    LineFound: _line_found,
}
