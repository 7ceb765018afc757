"""Small hands for tests of a zone: make picks and totes, let things happen, see every wanted face."""

from __future__ import annotations

from msgspec.structs import replace

from edge.drivers.ports import DARK, Pressed, Shown
from edge.lightbar.events import CentralHeard, Event, Recorded, WorkArrived
from edge.lightbar.faces import wanted_faces
from edge.lightbar.machine import advance
from edge.lightbar.state import Effect, ZoneRules, ZoneState
from wire.downlink import Pick, ToteWork
from wire.ids import LocationId

A1, A2, A3 = LocationId("A-01-1"), LocationId("A-01-2"), LocationId("A-02-1")
NOBODY: frozenset[str] = frozenset()


def pick(pick_id: str, at: str = A1, pieces: int = 3) -> Pick:
    """A pick of mugs."""
    return Pick(pick_id=pick_id, location_id=at, sku="MUG", title="Mug", pieces=pieces)


def tote(tote_id: str, *picks: Pick, colour: str = "blue", empties: str = "") -> ToteWork:
    """A tote's work; the place `empties` is empty after it."""
    picks = tuple(replace(one, empties=one.location_id == empties) for one in picks)
    return ToteWork(tote_id=tote_id, order_no=f"o-{tote_id}", wave="w", colour=colour, picks=picks)


def after(state: ZoneState, *events: Event) -> ZoneState:
    """The state after the events."""
    for event in events:
        state = advance(state, event).state
    return state


def effects(state: ZoneState, event: Event) -> tuple[Effect, ...]:
    """What the event makes the zone want."""
    return advance(state, event).effects


def at_work(rules: ZoneRules, *totes: ToteWork) -> ZoneState:
    """Central was heard, the totes came, and all wanted faces are seen."""
    return seen(after(ZoneState("A", rules), CentralHeard(), WorkArrived(1, totes, NOBODY)))


def seen(state: ZoneState) -> ZoneState:
    """Every module shows what is wanted of it."""
    state = after(state, *(Shown(LocationId(at), DARK, verified=True) for at in state.resting))
    return after(state, *(Shown(LocationId(at), face, True) for at, face in wanted_faces(state).items()))


def press(state: ZoneState, location: str, *, held: bool = False) -> ZoneState:
    """A press; whatever it has recorded reaches the disk, and every face is seen."""
    step = advance(state, Pressed(LocationId(location), 1, held=held))
    done = [Recorded(pick_id) for pick_id in step.state.recording]
    return seen(after(step.state, *done))
