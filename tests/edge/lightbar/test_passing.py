"""Where a finished tote goes is shown until another one is finished, or it comes back."""

from __future__ import annotations

from edge.drivers.ports import Pressed, Shown
from edge.lightbar.events import CentralHeard, Event, Recorded, WorkArrived
from edge.lightbar.faces import wanted_faces
from edge.lightbar.machine import advance
from edge.lightbar.picture import picture
from edge.lightbar.state import ZoneState
from wire.downlink import Pick, ToteWork
from wire.ids import LocationId


def tote(name: str, next_zone: str, *places: str) -> ToteWork:
    picks = tuple(Pick(pick_id=f"{name}:{at}", location_id=at, sku="mug", title="Mug", pieces=1) for at in places)
    return ToteWork(tote_id=name, order_no=name, wave="w", colour="blue", picks=picks, next_zone=next_zone)


def after(state: ZoneState, *events: Event) -> ZoneState:
    for event in events:
        state = advance(state, event).state
    return state


def picked(state: ZoneState, name: str, place: str) -> ZoneState:
    """The module shows it, a press, and the disk has it."""
    state = after(state, *(Shown(LocationId(at), face, verified=True) for at, face in wanted_faces(state).items()))
    return after(state, Pressed(LocationId(place), 1, held=False), Recorded(f"{name}:{place}"))


def shown(state: ZoneState) -> tuple[str, str, str, str]:
    live = picture(state, ())
    return (live.tote_id, live.next_zone, live.passed_tote, live.passed_to)


def test_the_next_zone_is_shown_while_a_tote_is_picked_and_once_it_is_done() -> None:
    work = (tote("1", "B", "A-1", "A-2"), tote("2", "", "A-3"))
    state = after(ZoneState("A"), CentralHeard(), WorkArrived(1, work, frozenset()))
    assert shown(state) == ("1", "B", "", "")
    state = picked(state, "1", "A-1")
    assert shown(state) == ("1", "B", "", "")
    state = picked(state, "1", "A-2")
    assert shown(state) == ("2", "", "1", "B")
    state = picked(state, "2", "A-3")
    assert shown(state) == ("", "", "1", "B")


def test_a_tote_that_comes_back_is_no_longer_passed_on() -> None:
    state = after(ZoneState("A"), CentralHeard(), WorkArrived(1, (tote("1", "B", "A-1"),), frozenset()))
    state = picked(state, "1", "A-1")
    again = WorkArrived(2, (tote("1", "", "A-2"),), frozenset({"1:A-1"}))
    assert shown(after(state, again)) == ("1", "", "", "")


def test_a_tote_that_central_takes_away_is_not_passed_on() -> None:
    state = after(ZoneState("A"), CentralHeard(), WorkArrived(1, (tote("1", "B", "A-1"),), frozenset()))
    assert shown(after(state, WorkArrived(2, (), frozenset()))) == ("", "", "", "")
