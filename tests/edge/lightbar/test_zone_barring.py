"""A place found short lights for nobody before central has heard of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge.drivers.ports import Face, Pressed
from edge.lightbar.barring import barred_by, still_barred
from edge.lightbar.events import CentralHeard, Recorded, ShortsRead, WorkArrived
from edge.lightbar.faces import wanted_faces
from edge.lightbar.picture import picture
from edge.lightbar.state import Barred, ZoneRules, ZoneState
from tests.edge.lightbar.zone_at_work import A1, A2, NOBODY, after, at_work, pick, seen, tote
from wire.deeds import ShortPicked

T1 = tote("t1", pick("p1", A1, 3))
T2 = tote("t2", pick("p2", A1, 2), pick("p3", A2, 1), colour="orange")


def short() -> ZoneState:
    """The first tote's pick was found short, by line 7."""
    state = at_work(ZoneRules(), T1, T2)
    return seen(after(state, Pressed(A1, 1, held=True), Recorded("p1", 7)))


def test_the_next_totes_pick_there_does_not_light_and_the_screen_says_why() -> None:
    state = short()

    assert wanted_faces(state) == {A2: Face("orange", 1)}
    assert [(ask.location_id, ask.tote_id, ask.step) for ask in picture(state, ()).asks] == [(A1, "t2", "barred")]


def test_only_a_document_that_knows_of_the_short_lights_it_again() -> None:
    older = after(short(), WorkArrived(2, (T2,), NOBODY, knows=6))
    assert A1 not in wanted_faces(older)

    assert wanted_faces(after(older, WorkArrived(3, (T2,), NOBODY, knows=7)))[A1] == Face("orange", 2)
    assert wanted_faces(after(older, WorkArrived(2, (T2,), NOBODY, knows=7)))[A1] == Face("orange", 2)


def test_a_document_of_a_central_that_does_not_say_what_it_knows_is_believed() -> None:
    assert wanted_faces(after(short(), WorkArrived(2, (T2,), NOBODY)))[A1] == Face("orange", 2)


def test_after_a_restart_the_journal_says_it_again() -> None:
    fresh = after(ZoneState("A"), CentralHeard(), ShortsRead({A1: Barred(7)}), WorkArrived(1, (T2,), NOBODY, knows=3))
    assert A1 not in wanted_faces(fresh)
    assert A2 in wanted_faces(fresh)


def test_a_tote_that_waits_for_central_alone_lets_the_next_one_go_on() -> None:
    third = tote("t3", pick("p4", A2, 4))
    state = at_work(ZoneRules(), T1, tote("t2", pick("p2", A1, 2)), third)
    state = seen(after(state, Pressed(A1, 1, held=True), Recorded("p1", 7)))

    assert state.current == "t3"
    assert wanted_faces(state) == {A2: Face("blue", 4)}


def test_parts_of_a_batch_that_are_in_the_hand_light_on() -> None:
    rules = ZoneRules(mode="batch", totes_max=2)
    state = at_work(rules, T1, tote("t2", replace(pick("p2", A1, 2))))
    state = seen(after(state, Pressed(A1, 1, held=False)))
    state = seen(after(state, Pressed(A1, 1, held=True), Recorded("p1", 7)))

    assert wanted_faces(state) == {A1: Face("orange", 2)}


def test_the_places_are_those_of_the_short_picks() -> None:
    deed = ShortPicked(
        zone="A", pick_id="p", tote_id="t", location_id=A1, sku="MUG", asked_pieces=3, found_pieces=1, in_hand=("p2",)
    )
    assert barred_by([(4, deed), (9, replace(deed, in_hand=()))]) == {A1: Barred(9)}


@given(st.dictionaries(st.sampled_from([A1, A2]), st.integers(1, 9).map(Barred)), st.integers(0, 9))
def test_exactly_what_central_has_not_read_stays_barred(barred: dict[str, Barred], knows: int) -> None:
    assert set(still_barred(barred, knows)) == {at for at, one in barred.items() if one.seq > knows}
