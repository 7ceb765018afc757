"""The life of a pick in a zone: state and event to state and effects. No clock, no ids, no I/O.

Which totes are in work is decided in totes.py, what each location asks for in stops.py, what a press or a scan means
in presses.py and scans.py. A press of a module that is seen to show its pick has the deed recorded; only when it is
on the disk does the pick leave the state, and with it its light.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Final

from msgspec.structs import replace

from edge.drivers.ports import (
    DARK,
    ButtonFreed,
    ButtonStuck,
    KeyPressed,
    ModuleBack,
    ModuleLost,
    NotLit,
    Pressed,
    Shown,
)
from edge.lightbar import by_scan, presses, scans, shorts, stuck, undo
from edge.lightbar.alarms import clear_alarms, raise_alarm
from edge.lightbar.barring import still_barred
from edge.lightbar.events import (
    BadgeScanned,
    CalmLooked,
    CentralHeard,
    DoneScanned,
    Event,
    LineFound,
    LineLost,
    NoticeRead,
    NotRecorded,
    NotUndone,
    QuantityScanned,
    Recorded,
    ShortScanned,
    ShortsRead,
    StoreLooked,
    ToteScanned,
    Undone,
    UndoOver,
    UndoScanned,
    UnknownScanned,
    WorkArrived,
)
from edge.lightbar.faces import changed_faces, wanted_faces
from edge.lightbar.memo import same
from edge.lightbar.passing import with_passed
from edge.lightbar.state import Step, ZoneState
from edge.lightbar.stops import queued, wishes
from edge.lightbar.totes import with_totes

_settles: Final = attrgetter(
    *("totes", "active", "queue", "split", "trusted", "woken", "proofs", "counting", "checks", "recording"),
    *("lost", "down", "barred", "gave_way"),
)  # what the totes in work and their queues depend on, beside the rules


def advance(state: ZoneState, event: Event) -> Step:
    """The zone after `event`. Every event is answered in every state."""
    step = _RULES[type(event)](state, event)
    noticed = stuck.with_stuck(step.state)
    then = with_passed(state, _settled(state, noticed.state))
    before, after = wanted_faces(state), wanted_faces(then)
    shows = tuple(changed_faces(before, after)) if before is not after else ()
    unlit = then.unlit - {show.location_id for show in shows}
    return Step(replace(then, unlit=unlit), step.effects + noticed.effects + shows)


def _settled(before: ZoneState, state: ZoneState) -> ZoneState:
    """The totes in work, and who asks where, after a rule had its say; most rules leave both as they are."""
    if same(_settles(before), _settles(state)):
        return state
    state = with_totes(state)
    queue = queued(state, wishes(state))
    split = frozenset(at for at in state.split if _goes_on(state, queue, at))
    proofs = {at: shown for at, shown in state.proofs.items() if _goes_on(state, queue, at)}
    counting = {at: one for at, one in state.counting.items() if at in queue}
    checks = {at: emptied for at, emptied in state.checks.items() if at not in queue}
    state = replace(state, queue=queue, split=split, proofs=proofs, counting=counting, checks=checks)
    if not state.gave_way:
        return state
    here = {tote.tote_id for tote in state.totes}
    return replace(state, gave_way=tuple(tote for tote in state.gave_way if tote.tote_id in here))


def _goes_on(state: ZoneState, queue: Mapping[str, tuple[str, ...]], at: str) -> bool:
    """The location still asks for what it asked: in a batch for any part of it, else for the same pick."""
    before, after = state.queue.get(at, ()), queue.get(at, ())
    return bool(set(before) & set(after)) if state.rules.mode == "batch" else before[:1] == after[:1] != ()


def _work_arrived(state: ZoneState, event: WorkArrived) -> Step:
    if event.version == state.version and event.knows is not None:
        return Step(replace(state, barred=still_barred(state.barred, event.knows)))
    if event.version <= state.version:
        return Step(state)
    totes = tuple(presses.open_totes(event.totes, event.done))
    asked = {pick.pick_id for tote in event.totes for pick in tote.picks}
    reopened = tuple(one for one in state.reopened if one.picks[0].pick_id not in asked | event.done)
    totes = undo.with_reopened(totes, reopened)
    here = {tote.tote_id for tote in totes}
    woken = state.woken & here
    barred = still_barred(state.barred, event.knows)
    return Step(replace(state, version=event.version, totes=totes, woken=woken, reopened=reopened, barred=barred))


def _shorts_read(state: ZoneState, event: ShortsRead) -> Step:
    return Step(replace(state, barred={**event.barred, **state.barred}))


def _central_heard(state: ZoneState, _: CentralHeard) -> Step:
    return Step(replace(state, trusted=True))


def _store_looked(state: ZoneState, event: StoreLooked) -> Step:
    return Step(replace(state, store=event.store))


def _notice_read(state: ZoneState, _: NoticeRead) -> Step:
    return Step(replace(state, ignored_presses=0, said="", refused=None))


def _shown(state: ZoneState, event: Shown) -> Step:
    location = event.location_id
    others = {place: face for place, face in state.shown.items() if place != location}
    lit = {location: event.face} if event.face != DARK else {}
    resting = state.resting - {location} if event.face == DARK else state.resting
    seen = replace(state, shown=others | lit, unlit=state.unlit - {location}, resting=resting)
    return clear_alarms(seen, [("module_not_lit", location)])


def _not_lit(state: ZoneState, event: NotLit) -> Step:
    location = event.location_id
    shown = {place: face for place, face in state.shown.items() if place != location}
    if event.wanted == DARK:  # a lamp that stays on must not keep the next pick from being shown
        state = replace(state, shown=shown, resting=state.resting - {location})
    elif wanted_faces(state).get(location) == event.wanted:
        state = replace(state, shown=shown, unlit=state.unlit | {location})
    return raise_alarm(state, "module_not_lit", location, "Reads back another face than it was told. Check its lamp")


def _module_lost(state: ZoneState, event: ModuleLost) -> Step:
    gone = _forget(state, frozenset({event.location_id}))
    lost = replace(gone, lost=state.lost | {event.location_id})
    return raise_alarm(lost, "module_unreachable", event.location_id, event.why)


def _module_back(state: ZoneState, event: ModuleBack) -> Step:
    back = replace(state, lost=state.lost - {event.location_id})
    return clear_alarms(back, [("module_unreachable", event.location_id)])


def _line_lost(state: ZoneState, event: LineLost) -> Step:
    gone = _forget(state, event.locations)
    down = replace(gone, lost=gone.lost - event.locations, down={**gone.down, event.bus: event.locations})
    cleared = clear_alarms(down, [a for a in state.alarms if a[0] != "bus_down" and a[1] in event.locations])
    raised = raise_alarm(cleared.state, "bus_down", event.bus, event.why)
    return Step(raised.state, cleared.effects + raised.effects)


def _line_found(state: ZoneState, event: LineFound) -> Step:
    down = {bus: locations for bus, locations in state.down.items() if bus != event.bus}
    return clear_alarms(replace(state, down=down), [("bus_down", event.bus)])


def _forget(state: ZoneState, locations: frozenset[str]) -> ZoneState:
    shown = {place: face for place, face in state.shown.items() if place not in locations}
    return replace(state, shown=shown, unlit=state.unlit - locations)


_RULES: Final[dict[type[Event], Callable[[ZoneState, Any], Step]]] = {
    WorkArrived: _work_arrived,
    ShortsRead: _shorts_read,
    CentralHeard: _central_heard,
    ToteScanned: scans.tote_scanned,
    BadgeScanned: scans.badge_scanned,
    ShortScanned: shorts.short_scanned,
    QuantityScanned: shorts.quantity_scanned,
    DoneScanned: by_scan.done_scanned,
    UndoScanned: undo.undo_scanned,
    UnknownScanned: scans.unknown_scanned,
    Pressed: presses.pressed,
    KeyPressed: presses.key_pressed,
    ButtonStuck: stuck.button_stuck,
    ButtonFreed: stuck.button_freed,
    CalmLooked: stuck.calm_looked,
    Undone: undo.undone,
    NotUndone: undo.not_undone,
    UndoOver: undo.undo_over,
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
