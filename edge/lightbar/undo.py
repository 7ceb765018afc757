"""A confirm taken back within a few seconds: the pick is open again under a new name. Pure.

The new name is the old one and a number that both the node and central make in the same way, so that the node goes on
without central and central's next document asks for the same pick.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from edge.lightbar.events import NotUndone, Undone, UndoOver, UndoScanned
from edge.lightbar.presses import PICK_ID_CHARS_MAX
from edge.lightbar.state import RecordUndo, Step, ZoneState
from wire.downlink import ToteWork
from wire.ids import again_id


def undo_scanned(state: ZoneState, _: UndoScanned) -> Step:
    """The last confirm, if it is clear whose; else the next tote scanned says whose."""
    if state.rules.induct and len({one.tote_id for one in state.undoable}) > 1:
        return Step(replace(state, undo_asked=True, said="scan_tote_to_undo"))
    return undo_of(state, state.undoable[-1].tote_id if state.undoable else "")


def undo_of(state: ZoneState, tote_id: str) -> Step:
    """Take back what was confirmed last for the tote."""
    state = replace(state, undo_asked=False)
    last = next((one for one in reversed(state.undoable) if one.tote_id == tote_id), None)
    if last is None or len(again_id(last.picks[0].pick_id)) > PICK_ID_CHARS_MAX:
        return Step(replace(state, said="nothing_to_undo"))
    pick = last.picks[0]
    left = tuple(one for one in state.undoable if one is not last)
    undoing = replace(state, undoable=left, undoing={**state.undoing, pick.pick_id: last}, said="")
    return Step(undoing, (RecordUndo(last.tote_id, pick, again_id(pick.pick_id)),))


def undone(state: ZoneState, event: Undone) -> Step:
    """It is on the disk: the pick is open again, first of its tote, and its place is not empty after all."""
    one = state.undoing.get(event.pick_id)
    if one is None:
        return Step(state)
    pick = replace(one.picks[0], pick_id=again_id(event.pick_id))
    again = replace(one, picks=(pick,))
    checks = {at: record for at, record in state.checks.items() if record.pick.pick_id != event.pick_id}
    totes = with_reopened(state.totes, [again])
    left = _without(state, event.pick_id)
    return Step(
        replace(state, totes=totes, reopened=(*state.reopened, again), undoing=left, checks=checks, said="undone")
    )


def not_undone(state: ZoneState, event: NotUndone) -> Step:
    """The disk refused: it can be tried again."""
    one = state.undoing.get(event.pick_id)
    back = (*state.undoable, one) if one is not None else state.undoable
    return Step(replace(state, undoing=_without(state, event.pick_id), undoable=back, store=event.store))


def undo_over(state: ZoneState, event: UndoOver) -> Step:
    """Too late now."""
    return Step(replace(state, undoable=tuple(one for one in state.undoable if one.picks[0].pick_id != event.pick_id)))


def with_reopened(totes: tuple[ToteWork, ...], reopened: Iterable[ToteWork]) -> tuple[ToteWork, ...]:
    """`totes` and the picks taken back, each once: first in its tote, its tote first of all if it was gone."""
    for one in reopened:
        asked = {pick.pick_id for tote in totes for pick in tote.picks}
        if one.picks[0].pick_id in asked:
            continue
        if any(tote.tote_id == one.tote_id for tote in totes):
            totes = tuple(_joined(tote, one) if tote.tote_id == one.tote_id else tote for tote in totes)
        else:
            totes = (one, *totes)
    return totes


def _joined(tote: ToteWork, one: ToteWork) -> ToteWork:
    return replace(tote, picks=one.picks + tote.picks)


def _without(state: ZoneState, pick_id: str) -> dict[str, ToteWork]:
    return {other: one for other, one in state.undoing.items() if other != pick_id}
