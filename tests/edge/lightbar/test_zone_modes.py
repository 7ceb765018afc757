"""How a zone is worked: line by line, by several people told apart by colour, or several totes at once."""

from __future__ import annotations

import pytest

from edge.drivers.ports import Face, ModuleLost, Pressed
from edge.lightbar.events import BadgeScanned, ToteScanned, UnknownScanned, WorkArrived
from edge.lightbar.faces import COMPLETE, wanted_faces
from edge.lightbar.picture import picture
from edge.lightbar.scans import event_of
from edge.lightbar.state import Active, Lamp, RecordInduction, RecordPick, ZoneRules
from edge.lightbar.totes import PALETTE, SIX
from tests.edge.lightbar.zone_at_work import A1, A2, A3, NOBODY, after, at_work, effects, pick, press, seen, tote
from wire.ids import LocationId
from wire.uplink import ToteLive, ZoneAsk

T1 = tote("t1", pick("p1", A1, 3), pick("p2", A2, 1))
T2 = tote("t2", pick("p3", A1, 5), pick("p4", A3, 2), colour="orange")
T3 = tote("t3", pick("p5", A2, 4))
SEQUENTIAL = ZoneRules(mode="sequential")
TWO = ZoneRules(induct=True, totes_max=2)
TWO_BY_LINE = ZoneRules(mode="sequential", induct=True, totes_max=2)
BATCH = ZoneRules(mode="batch", totes_max=2)

# ---- one line after the other ----


def test_a_sequential_zone_lights_one_line_at_a_time_in_walking_order() -> None:
    state = at_work(SEQUENTIAL, T1, T2)

    assert wanted_faces(state) == {A1: Face("blue", 3)}
    state = press(state, A1)
    assert wanted_faces(state) == {A2: Face("blue", 1)}
    assert wanted_faces(press(state, A2)) == {A1: Face("orange", 5)}


def test_a_sequential_zone_goes_on_past_a_silent_module_and_comes_back() -> None:
    state = after(at_work(SEQUENTIAL, T1), ModuleLost(A1, "no answer"))

    assert wanted_faces(state) == {A2: Face("blue", 1)}
    assert wanted_faces(press(seen(state), A2)) == {A1: Face("blue", 3)}


# ---- several people ----


def test_nothing_lights_until_a_tote_is_scanned_in_and_each_gets_its_own_colour() -> None:
    state = at_work(TWO, T1, T2)
    assert wanted_faces(state) == {}
    assert picture(state, ()).notice == "scan_tote"

    state = after(state, BadgeScanned("ann"), ToteScanned("t1"), BadgeScanned("bo"), ToteScanned("t2"))

    assert state.active == (Active("t1", "blue", "ann"), Active("t2", "orange", "bo"))
    assert wanted_faces(state) == {A1: Face("blue", 3), A2: Face("blue", 1), A3: Face("orange", 2)}


def test_an_induction_is_recorded_with_colour_and_person() -> None:
    state = after(at_work(TWO, T1), BadgeScanned("ann"))

    assert effects(state, ToteScanned("t1"))[0] == RecordInduction(Active("t1", "blue", "ann"))
    assert after(state, ToteScanned("t1")).badge == ""


def test_of_two_who_need_one_module_the_second_is_shown_after_the_first_confirms_and_is_seen_to_wait() -> None:
    state = seen(after(at_work(TWO, T1, T2), ToteScanned("t1"), ToteScanned("t2")))

    waits = ZoneAsk(location_id=A1, step="pick", tote_id="t1", colour="blue", pieces=3, waiting=("t2",))
    assert picture(state, ()).asks == (waits,)
    state = press(state, A1)
    assert wanted_faces(state)[A1] == Face("orange", 5)
    assert picture(state, ()).asks == ()


def test_who_came_first_to_a_module_keeps_it_although_the_others_tote_came_first() -> None:
    state = seen(after(at_work(TWO_BY_LINE, T1, T3), ToteScanned("t1"), ToteScanned("t3")))
    assert wanted_faces(state) == {A1: Face("blue", 3), A2: Face("orange", 4)}

    state = press(state, A1)

    assert wanted_faces(state) == {A2: Face("orange", 4)}
    assert picture(state, ()).asks[0].waiting == ("t1",)
    assert wanted_faces(press(state, A2)) == {A2: Face("blue", 1)}


@pytest.mark.parametrize(
    ("text", "said"),
    [("t1", "tote_in_work"), ("t3", "zone_busy"), ("who?", "unknown_tote"), ("PL:HM", "unknown_command")],
)
def test_a_scan_that_brings_nothing_into_work_says_why(text: str, said: str) -> None:
    state = after(at_work(TWO, T1, T2, T3), ToteScanned("t1"), ToteScanned("t2"))

    refused = after(state, event_of(text))

    assert refused.active == state.active
    assert picture(refused, ()).notice == said


def test_a_colour_is_free_again_when_its_tote_is_done_but_the_next_tote_gets_another() -> None:
    state = seen(after(at_work(TWO, T3, T1, T2), ToteScanned("t3")))
    state = after(press(state, A2), ToteScanned("t1"))

    assert state.active == (Active("t1", "orange"),)


def test_the_picture_tells_whose_tote_is_in_work_in_which_colour() -> None:
    state = after(at_work(TWO, T1, T2), BadgeScanned("ann"), ToteScanned("t1"))

    live = picture(state, ())

    assert live.totes == (ToteLive(tote_id="t1", order_no="o-t1", colour="blue", picks_open=2, picker="ann"),)
    assert live.totes_waiting == 1


def test_red_and_green_are_verdicts_and_never_a_totes_colour() -> None:
    assert not {"red", "green", "off"} & set(SIX)
    assert {len(palette) for palette in PALETTE.values()} == {5, 6}


def test_a_tote_central_withdrew_gives_its_colour_and_place_back() -> None:
    state = after(at_work(TWO, T1, T2), ToteScanned("t1"), WorkArrived(2, (T2,), NOBODY))

    assert state.active == ()
    assert wanted_faces(state) == {}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("PL:BADGE:b-1", BadgeScanned("b-1")),
        ("PL:BADGE:", UnknownScanned()),
        ("PL:BADGE:b 1", UnknownScanned()),
        (" t1 ", ToteScanned("t1")),
        ("pl:x", UnknownScanned()),
    ],
)
def test_a_text_at_the_zones_scanner_is_a_command_or_a_tote(text: str, event: object) -> None:
    assert event_of(text) == event


# ---- several totes at once ----


def test_a_batch_shows_the_total_and_after_the_confirm_each_totes_part_in_turn() -> None:
    state = at_work(BATCH, T1, T2)
    assert wanted_faces(state) == {A1: Face("white", 8), A2: Face("blue", 1), A3: Face("orange", 2)}

    assert effects(state, Pressed(A1, 1, held=False))[0] != RecordPick("t1", T1.picks[0], short=False)
    state = press(state, A1)
    assert wanted_faces(state)[A1] == Face("blue", 3)
    assert picture(state, ()).asks[0].waiting == ("t2",)
    state = press(state, A1)
    assert wanted_faces(state)[A1] == Face("orange", 5)
    state = press(state, A1)
    assert A1 not in wanted_faces(state)


def test_confirming_a_total_records_nothing_by_itself() -> None:
    state = at_work(BATCH, T1, T2)

    assert not [one for one in effects(state, Pressed(A1, 1, held=False)) if isinstance(one, RecordPick)]


def test_the_next_batch_comes_when_the_whole_batch_is_done() -> None:
    state = at_work(BATCH, T1, T3, T2)
    state = press(press(press(state, A2), A2), A2)
    assert [one.tote_id for one in state.active] == ["t1"]

    state = press(state, A1)

    assert [one.tote_id for one in state.active] == ["t2"]
    assert wanted_faces(state) == {A1: Face("violet", 5), A3: Face("violet", 2)}


def test_a_part_that_is_not_there_is_short_for_its_tote_alone() -> None:
    state = press(at_work(BATCH, T1, T2), A1)

    (short,) = effects(state, Pressed(A1, 1, held=True))
    assert short == RecordPick("t1", T1.picks[0], short=True, in_hand=("p3",)), "the other tote's part is in hand"


# ---- lamps ----


def test_a_bay_lamp_tells_how_many_stops_its_bay_has_and_the_zone_lamp_that_all_is_done() -> None:
    lamps = (Lamp("A-01", "bay", "A-01-"), Lamp("A", "zone"))
    state = at_work(ZoneRules(lamps=lamps), T1)

    assert wanted_faces(state)["A-01"] == Face("blue", 2)
    state = press(state, A1)
    assert wanted_faces(state)["A-01"] == Face("blue", 1)
    assert "A" not in wanted_faces(state)
    assert wanted_faces(press(state, A2)) == {"A": COMPLETE}


def test_a_lamp_asks_for_nothing_so_its_button_is_ignored() -> None:
    state = at_work(ZoneRules(lamps=(Lamp("A-01", "bay", "A-01-"),)), T1)

    assert after(state, Pressed(LocationId("A-01"), 1, held=False)).ignored_presses == 1
