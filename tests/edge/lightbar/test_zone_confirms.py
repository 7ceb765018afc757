"""Shorts with a count, empty places looked at, confirms taken back, buttons that press by themselves."""

from __future__ import annotations

import pytest

from edge.drivers.ports import DARK, ButtonFreed, ButtonStuck, Face, KeyPressed, Pressed, Shown
from edge.lightbar.buttons import USELESS_MAX
from edge.lightbar.events import (
    CalmLooked,
    NotUndone,
    QuantityScanned,
    Recorded,
    ShortScanned,
    ToteScanned,
    Undone,
    UndoOver,
    UndoScanned,
    WorkArrived,
)
from edge.lightbar.faces import wanted_faces
from edge.lightbar.picture import picture
from edge.lightbar.quiet import QuietTimes
from edge.lightbar.scans import event_of
from edge.lightbar.state import (
    ClearAlarm,
    RaiseAlarm,
    RecordCheck,
    RecordPick,
    RecordUndo,
    ZoneRules,
    ZoneState,
)
from tests.edge.lightbar.zone_at_work import A1, A2, NOBODY, after, at_work, effects, pick, press, seen, tote
from wire.ids import again_id

T1 = tote("t1", pick("p1", A1, 3), pick("p2", A2, 1))
T2 = tote("t2", pick("p3", A1, 5), colour="orange")
COUNT = ZoneRules(count_shorts=True)
CHECK = ZoneRules(zero_check=True)
ONE_LINE = ZoneRules(mode="sequential")


def held(state: ZoneState, at: str = A1) -> ZoneState:
    return press(state, at, held=True)


# ---- short picks ----


def test_a_long_press_begins_a_count_each_press_is_one_piece_and_a_long_press_ends_it() -> None:
    state = held(at_work(COUNT, T1))
    assert wanted_faces(state)[A1] == Face("blue", 0, blink=True)
    assert picture(state, ()).asks[0].step == "count"

    state = press(press(state, A1), A1)

    assert wanted_faces(state)[A1] == Face("blue", 2, blink=True)
    assert effects(state, Pressed(A1, 1, held=True)) == (RecordPick("t1", T1.picks[0], short=True, found=2),)


def test_quick_presses_of_a_count_all_count_though_the_display_lags_behind() -> None:
    state = held(at_work(COUNT, T1))

    state = after(state, Pressed(A1, 1, held=False), Pressed(A1, 2, held=False))

    assert wanted_faces(state)[A1] == Face("blue", 3, blink=True)


def test_a_short_pick_that_is_on_the_disk_is_said() -> None:
    state = after(at_work(ZoneRules(), T1), Pressed(A1, 1, held=True))
    assert picture(state, ()).notice == ""
    assert picture(after(state, Recorded("p1")), ()).notice == "short_reported"


def test_a_count_that_finds_all_is_no_short_pick_and_never_goes_beyond() -> None:
    state = after(held(at_work(COUNT, T1)), Pressed(A1, 9, held=False))

    assert effects(seen(state), Pressed(A1, 1, held=True)) == (RecordPick("t1", T1.picks[0], short=False),)


def test_minus_and_plus_move_the_quantity_and_the_button_confirms_it() -> None:
    state = seen(after(at_work(ZoneRules(), T1), KeyPressed(A1, "minus", 2)))
    assert wanted_faces(state)[A1] == Face("blue", 1, blink=True)

    state = seen(after(state, KeyPressed(A1, "plus", 1)))

    assert effects(state, Pressed(A1, 1, held=False)) == (RecordPick("t1", T1.picks[0], short=True, found=2),)


def test_the_shortage_key_is_a_long_press() -> None:
    assert effects(at_work(ZoneRules(), T1), KeyPressed(A1, "short", 1)) == (RecordPick("t1", T1.picks[0], short=True),)


def test_the_command_barcode_makes_the_next_lamp_pressed_short() -> None:
    state = after(at_work(ZoneRules(), T1), ShortScanned())
    assert picture(state, ()).notice == "press_short_lamp"

    assert effects(state, Pressed(A2, 1, held=False)) == (RecordPick("t1", T1.picks[1], short=True),)


def test_the_command_barcode_is_enough_where_one_lamp_is_lit() -> None:
    assert effects(at_work(ONE_LINE, T1), ShortScanned()) == (RecordPick("t1", T1.picks[0], short=True),)


def test_the_command_barcode_a_second_time_takes_it_back() -> None:
    state = after(held(at_work(COUNT, T1)), ShortScanned())

    assert wanted_faces(state)[A1] == Face("blue", 3)
    assert picture(state, ()).notice == "short_taken_back"


def test_a_quantity_is_scanned_for_the_place_that_is_counted_or_the_only_one_lit() -> None:
    short = RecordPick("t1", T1.picks[0], short=True, found=1)

    assert effects(held(at_work(COUNT, T1)), QuantityScanned(1)) == (short,)
    assert effects(at_work(ONE_LINE, T1), QuantityScanned(1)) == (short,)
    assert effects(at_work(ONE_LINE, T1), QuantityScanned(3)) == (RecordPick("t1", T1.picks[0], short=False),)
    assert picture(after(at_work(ONE_LINE, T1), QuantityScanned(4)), ()).notice == "more_than_asked"
    assert picture(after(at_work(ZoneRules(), T1), QuantityScanned(1)), ()).notice == "press_short_lamp"


@pytest.mark.parametrize(
    ("text", "event"),
    [("PL:SHORT", ShortScanned()), ("]C0PL:UNDO", UndoScanned()), ("PL:QTY:12", QuantityScanned(12))],
)
def test_command_barcodes_of_a_zone_are_read(text: str, event: object) -> None:
    assert event_of(text) == event


# ---- places that should be empty ----


def emptied() -> ZoneState:
    last = tote("t1", pick("p1", A1, 3), pick("p2", A2, 1), empties=A1)
    return press(at_work(CHECK, last), A1)


def test_a_place_that_should_be_empty_asks_whether_it_is_and_a_press_says_yes() -> None:
    state = emptied()
    assert wanted_faces(state) == {A1: Face("white", 0, blink=True), A2: Face("blue", 1)}
    assert picture(state, ()).asks[0].step == "zero"

    (record,) = effects(state, Pressed(A1, 1, held=False))

    assert isinstance(record, RecordCheck)
    assert (record.left_pieces, record.counted) == (0, True)
    assert A1 not in wanted_faces(press(state, A1))


def test_a_long_press_says_that_it_is_not_and_a_quantity_how_much_is_there() -> None:
    state = emptied()

    uncounted, counted = effects(state, Pressed(A1, 1, held=True))[0], effects(state, QuantityScanned(4))[0]

    assert isinstance(uncounted, RecordCheck)
    assert not uncounted.counted
    assert isinstance(counted, RecordCheck)
    assert (counted.left_pieces, counted.counted) == (4, True)


def test_neither_a_short_pick_nor_another_open_pick_there_asks() -> None:
    last = tote("t1", pick("p1", A1, 3), empties=A1)
    more = tote("t2", pick("p3", A1, 5), empties=A1, colour="orange")

    assert wanted_faces(held(at_work(CHECK, last))) == {}
    assert wanted_faces(press(at_work(CHECK, last, more), A1)) == {A1: Face("orange", 5)}


# ---- taken back ----


def undone(state: ZoneState) -> ZoneState:
    state = after(state, UndoScanned())
    return seen(after(state, *(Undone(pick_id) for pick_id in state.undoing)))


def test_a_confirm_taken_back_lights_again_under_a_new_name() -> None:
    state = press(at_work(ZoneRules(), T1), A1)

    assert effects(state, UndoScanned()) == (RecordUndo("t1", T1.picks[0], "p1~2"),)
    state = undone(state)
    assert wanted_faces(state)[A1] == Face("blue", 3)
    assert picture(state, ()).notice == "undone"
    record = effects(state, Pressed(A1, 1, held=False))[0]
    assert isinstance(record, RecordPick)
    assert record.pick.pick_id == "p1~2"


def test_it_is_taken_back_only_once_and_only_for_a_few_seconds() -> None:
    state = press(at_work(ZoneRules(), T1), A1)

    assert picture(after(undone(state), UndoScanned()), ()).notice == "nothing_to_undo"
    assert effects(after(state, UndoOver("p1")), UndoScanned()) == ()
    assert effects(at_work(ZoneRules(), T1), UndoScanned()) == ()


def test_a_pick_taken_back_stays_open_when_central_does_not_know_yet_and_once_when_it_does() -> None:
    state = undone(press(at_work(ZoneRules(), T1), A1))
    again = tote("t1", pick("p1~2", A1, 3), pick("p2", A2, 1))

    early = after(state, WorkArrived(2, (T1,), frozenset({"p1"})))
    known = after(early, WorkArrived(3, (again,), frozenset({"p1"})))
    gone = after(known, WorkArrived(4, (), NOBODY))

    assert [p.pick_id for one in early.totes for p in one.picks] == ["p1~2", "p2"]
    assert [p.pick_id for one in known.totes for p in one.picks] == ["p1~2", "p2"]
    assert gone.totes == ()


def test_a_tote_that_was_done_comes_first_again_when_its_last_confirm_is_taken_back() -> None:
    state = undone(press(press(at_work(ZoneRules(), T1, T2), A1), A2))

    assert [one.tote_id for one in state.totes] == ["t1", "t2"]


def test_among_several_pickers_the_tote_scanned_next_says_whose_confirm_is_taken_back() -> None:
    rules = ZoneRules(induct=True, totes_max=2)
    other = tote("t2", pick("p3", A2, 5))
    state = seen(after(at_work(rules, tote("t1", pick("p1"), pick("p2")), other), ToteScanned("t1"), ToteScanned("t2")))
    state = after(press(press(state, A1), A2), UndoScanned())
    assert picture(state, ()).notice == "scan_tote_to_undo"

    (effect,) = effects(state, ToteScanned("t1"))

    assert isinstance(effect, RecordUndo)
    assert effect.pick.pick_id == "p1"


def test_an_undo_the_disk_refused_can_be_tried_again() -> None:
    state = after(press(at_work(ZoneRules(), T1), A1), UndoScanned(), NotUndone("p1", "storage_full"))

    assert state.store == "storage_full"
    assert effects(state, UndoScanned()) == (RecordUndo("t1", T1.picks[0], "p1~2"),)


def test_an_undo_ends_the_question_whether_the_place_is_empty() -> None:
    state = undone(emptied())

    assert wanted_faces(state)[A1] == Face("blue", 3)
    assert state.checks == {}


def test_in_a_sequential_zone_a_pick_taken_back_waits_until_the_confirm_under_way_is_on_the_disk() -> None:
    state = after(press(at_work(ONE_LINE, T1), A1), Pressed(A2, 1, held=False), UndoScanned(), Undone("p1"))

    assert wanted_faces(state) == {A2: Face("blue", 1)}
    assert wanted_faces(seen(after(state, Recorded("p2")))) == {A1: Face("blue", 3)}


def test_a_pick_is_named_anew_each_time_it_is_taken_back() -> None:
    assert [again_id("1:2:1"), again_id("1:2:1~2"), again_id("odd~name")] == ["1:2:1~2", "1:2:1~3", "odd~name~2"]


# ---- buttons ----


def test_a_button_that_presses_by_itself_is_an_alarm_and_confirms_nothing_until_it_is_quiet() -> None:
    chatter = [Pressed(A2, 1, held=False)] * USELESS_MAX
    state = at_work(ONE_LINE, T1)

    assert effects(after(state, *chatter[1:]), chatter[0]) == (
        RaiseAlarm("button_stuck", A2, "Presses by itself. Free or replace its button"),
    )
    state = press(after(state, *chatter), A1)
    assert picture(state, ()).asks[0].step == "stuck_scan"
    assert effects(state, Pressed(A2, 1, held=False)) == ()
    state = after(state, CalmLooked())
    assert effects(state, CalmLooked()) == (ClearAlarm("button_stuck", A2),)
    assert effects(after(state, CalmLooked()), Pressed(A2, 1, held=False)) == (
        RecordPick("t1", T1.picks[1], short=False),
    )


def test_a_button_the_bus_knows_to_be_down_confirms_nothing_until_it_is_up() -> None:
    state = at_work(ZoneRules(), T1)

    assert effects(state, ButtonStuck(A1))[0] == RaiseAlarm(
        "button_stuck", A1, "Is held down. Free or replace its button"
    )
    assert effects(after(state, ButtonStuck(A1)), Pressed(A1, 1, held=False)) == ()
    assert effects(after(state, ButtonStuck(A1)), ButtonFreed(A1)) == (ClearAlarm("button_stuck", A1),)


def test_the_same_finger_seen_twice_is_one_press_and_a_later_one_another() -> None:
    fingers = QuietTimes(40)

    assert [fingers.repeats(A1, at) for at in (0, 30, 60, 100)] == [False, True, True, False]
    assert not fingers.repeats(A2, 101)


def test_a_recorded_pick_leaves_its_count_behind() -> None:
    state = press(held(at_work(COUNT, T1)), A1)
    step = after(state, Pressed(A1, 1, held=True), Recorded("p1"), Shown(A1, DARK, verified=True))

    assert step.counting == {}
