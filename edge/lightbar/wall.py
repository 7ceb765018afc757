"""The life of a put-to-light wall: state and event to state and effects. No clock, no ids, no I/O.

A scan lights the cubbies of the orders that need the item. A press of a module seen to show its put has the deed
recorded; only when it is on the disk does the light go out and the count go up. A full cubby says so on its pack side,
until a press there says that the order was taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from edge.drivers.ports import ButtonFreed, ButtonStuck, KeyPressed, ModuleBack, ModuleLost, NotLit, Pressed, Shown
from edge.lightbar.buttons import CHATTERS, DOWN, STUCK, Buttons
from edge.lightbar.events import CalmLooked, CentralHeard, LineFound, LineLost, NoticeRead, StoreLooked
from edge.lightbar.faces import changed_faces
from edge.lightbar.wall_faces import (
    lacking,
    occupied,
    out_place,
    pieces_in,
    renumbered,
    standing,
    to_take_out,
    wall_faces,
)
from edge.lightbar.wall_lamps import LampReport, clear_alarms, hear, raise_alarm
from edge.lightbar.wall_scan import scanned
from edge.lightbar.wall_state import (
    NotWritten,
    Put,
    RecordEmptied,
    RecordMissing,
    RecordPut,
    Scanned,
    WallArrived,
    WallEvent,
    WallState,
    WallStep,
    Written,
    empty_intent,
    missing_mark,
    put_intent,
)
from wire.wall import CubbyWork


def advance_wall(state: WallState, event: WallEvent) -> WallStep:
    """The wall after `event`. Every event is answered in every state."""
    step = _noticed(_RULES[type(event)](state, event))
    shows = tuple(changed_faces(wall_faces(state), wall_faces(step.state)))
    lamps = step.state.lamps
    unlit = lamps.unlit - {show.location_id for show in shows}
    return WallStep(replace(step.state, lamps=replace(lamps, unlit=unlit)), step.effects + shows)


def _arrived(state: WallState, event: WallArrived) -> WallStep:
    if event.version <= state.version:
        return WallStep(state)
    cubbies = event.work.cubbies if event.work is not None else ()
    barcodes = {one.barcode: one for one in event.work.barcodes} if event.work is not None else {}
    here = {cubby.order_no for cubby in cubbies}
    emptied = state.emptied | {mark.removeprefix("cubby:") for mark in event.done if mark.startswith("cubby:")}
    known = replace(
        state,
        version=event.version,
        cubbies=cubbies,
        barcodes=barcodes,
        puts=_puts(state, cubbies, event.done),
        emptied=emptied & here,
        missing=frozenset(),  # central knows, or will hold the cubby in a moment
    )
    return WallStep(_keep_lit(known))


def _puts(state: WallState, cubbies: Iterable[CubbyWork], done: Iterable[str]) -> dict[str, int]:
    """The highest count of each line that this node ever recorded."""
    lines = {item.line_id for cubby in cubbies for item in cubby.items}
    puts = {line: pieces for line, pieces in state.puts.items() if line in lines}
    for mark in done:
        line, _, total = mark.removeprefix("put:").rpartition(":")
        if mark.startswith("put:") and line in lines and total.isdecimal():
            puts[line] = max(puts.get(line, 0), int(total))
    return puts


def _keep_lit(state: WallState) -> WallState:
    """Puts that are still wanted stay lit; one that no longer fits the order goes out."""
    room = {
        item.line_id: (cubby.cubby, pieces_in(state, item), item.ready_pieces)
        for cubby in occupied(state)
        if standing(state, cubby) == "filling"
        for item in cubby.items
    }

    kept: list[Put] = []
    for put in state.lit:
        cubby, there, ready = room.get(put.line_id, ("", 0, 0))
        if cubby == put.cubby and there + put.pieces == put.total <= ready:
            room[put.line_id] = (cubby, put.total, ready)  # the next hand's come on top
            kept.append(put)
    withdrawn = len(kept) < len(state.lit)
    return replace(state, lit=tuple(kept), notice="puts_withdrawn" if withdrawn else state.notice)


def _heard(state: WallState, _: CentralHeard) -> WallStep:
    return WallStep(replace(state, trusted=True))


def _scanned(state: WallState, event: Scanned) -> WallStep:
    return WallStep(replace(state, notice=event.say) if event.say else scanned(state, event))


def _pressed(state: WallState, event: Pressed) -> WallStep:
    location = event.location_id
    face = wall_faces(state).get(location)
    unseen = face is None or not state.lamps.is_seen(location, face)
    if unseen or state.store or state.buttons.is_broken(location):
        buttons = state.buttons.meant_nothing(location, event.times)
        return WallStep(replace(state, notice="press_ignored", buttons=buttons))
    return _answered(replace(state, buttons=state.buttons.meant_something(location)), event)


def _answered(state: WallState, event: Pressed) -> WallStep:
    location = event.location_id
    put = next((put for put in state.lit if put.cubby == location), None)
    if put is not None:
        return _put_pressed(state, put, held=event.held)
    lacks = lacking(state).get(location)
    if lacks is not None:
        return _missing_pressed(state, lacks)
    cubby = to_take_out(state)[location]
    if out_place(state, cubby.cubby) == cubby.cubby and not event.held:
        return WallStep(replace(state, notice="hold_to_empty"))  # a second tap on the last put must not empty it
    intent = empty_intent(cubby.order_no)
    if intent in state.recording:
        return WallStep(state)
    return WallStep(_recording(state, intent), (RecordEmptied(cubby.cubby, cubby.order_no),))


def _put_pressed(state: WallState, put: Put, *, held: bool) -> WallStep:
    intent = put_intent(put.line_id, put.total)
    if intent in state.recording:
        return WallStep(state)
    if held:  # it does not fit, or is damaged: this cubby goes without it for now
        lit = renumbered(state, (one for one in state.lit if one is not put))
        return WallStep(replace(state, lit=lit, notice="put_left_out"))
    return WallStep(_recording(state, intent), (RecordPut(put),))


def _missing_pressed(state: WallState, cubby: CubbyWork) -> WallStep:
    mark = missing_mark(cubby.order_no)
    if mark in state.recording:
        return WallStep(state)
    return WallStep(_recording(state, mark), (RecordMissing(cubby.cubby, cubby.order_no),))


def _recording(state: WallState, intent: str) -> WallState:
    return replace(state, recording=state.recording | {intent}, notice="")


def _written(state: WallState, event: Written) -> WallStep:
    done = replace(state, recording=state.recording - {event.intent})
    kind, _, rest = event.intent.partition(":")
    if kind == "missing":
        said = replace(done, missing=done.missing | {rest}, missing_asked=False, notice="missing_reported")
        return WallStep(said)
    if kind == "cubby":
        return WallStep(replace(done, emptied=done.emptied | {rest}))
    line, _, total = rest.rpartition(":")
    puts = {**done.puts, line: max(done.puts.get(line, 0), int(total))}
    lit = tuple(put for put in done.lit if put_intent(put.line_id, put.total) != event.intent)
    return WallStep(replace(done, puts=puts, lit=lit))


def _not_written(state: WallState, event: NotWritten) -> WallStep:
    return WallStep(replace(state, recording=state.recording - {event.intent}, store=event.store))


def _store_looked(state: WallState, event: StoreLooked) -> WallStep:
    return WallStep(replace(state, store=event.store))


def _notice_read(state: WallState, _: NoticeRead) -> WallStep:
    return WallStep(replace(state, notice=""))


def _noticed(step: WallStep) -> WallStep:
    """Name the buttons that pressed too often for nothing."""
    buttons, new = step.state.buttons.newly_pressing()
    lamps, effects = step.state.lamps, step.effects
    for at in new:
        lamps, raised = raise_alarm(lamps, STUCK, at, CHATTERS)
        effects += raised
    return WallStep(replace(step.state, buttons=buttons, lamps=lamps), effects) if new else step


def _calm_looked(state: WallState, _: CalmLooked) -> WallStep:
    return _freed(state, *state.buttons.calmed())


def _button_freed(state: WallState, event: ButtonFreed) -> WallStep:
    return _freed(state, *state.buttons.let_go(event.location_id))


def _freed(state: WallState, buttons: Buttons, free: tuple[str, ...]) -> WallStep:
    lamps, cleared = clear_alarms(state.lamps, [(STUCK, at) for at in free])
    return WallStep(replace(state, buttons=buttons, lamps=lamps), cleared)


def _button_stuck(state: WallState, event: ButtonStuck) -> WallStep:
    lamps, raised = raise_alarm(state.lamps, STUCK, event.location_id, DOWN)
    return WallStep(replace(state, buttons=state.buttons.held(event.location_id), lamps=lamps), raised)


def _key_pressed(state: WallState, event: KeyPressed) -> WallStep:
    """The shortage key is a long press; other keys mean nothing at a wall."""
    if event.key == "short":
        return _pressed(state, Pressed(event.location_id, event.times, held=True))
    return WallStep(replace(state, notice="press_ignored"))


def _lamp(state: WallState, report: LampReport) -> WallStep:
    lamps, alarms = hear(state.lamps, report, wall_faces(state))
    return WallStep(replace(state, lamps=lamps), alarms)


_RULES: Final[dict[type[WallEvent], Callable[[WallState, Any], WallStep]]] = {
    WallArrived: _arrived,
    CentralHeard: _heard,
    Scanned: _scanned,
    Pressed: _pressed,
    Written: _written,
    NotWritten: _not_written,
    StoreLooked: _store_looked,
    NoticeRead: _notice_read,
    Shown: _lamp,
    NotLit: _lamp,
    ModuleLost: _lamp,
    ModuleBack: _lamp,
    LineLost: _lamp,
    LineFound: _lamp,
    KeyPressed: _key_pressed,
    ButtonStuck: _button_stuck,
    ButtonFreed: _button_freed,
    CalmLooked: _calm_looked,
}
