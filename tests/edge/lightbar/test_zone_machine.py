"""A zone decides: which tote, which faces, which press counts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from edge.drivers.ports import (
    DARK,
    ButtonFreed,
    ButtonStuck,
    Face,
    KeyPressed,
    ModuleBack,
    ModuleLost,
    NotLit,
    Pressed,
    Shown,
)
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
from edge.lightbar.faces import current_tote, wanted_faces
from edge.lightbar.machine import _RULES, advance
from edge.lightbar.picture import MODULES_MAX, picture
from edge.lightbar.state import ClearAlarm, Effect, RaiseAlarm, RecordPick, ShowFace, ZoneState
from wire.codec import NODE_PAYLOAD_MAX, encode
from wire.downlink import Pick, ToteWork
from wire.ids import LocationId
from wire.uplink import Live, ModuleFace

A1, A2, A3 = LocationId("A-01-1"), LocationId("A-01-2"), LocationId("A-02-1")
NOBODY: frozenset[str] = frozenset()


def pick(pick_id: str, at: str = A1, pieces: int = 3) -> Pick:
    return Pick(pick_id=pick_id, location_id=at, sku="MUG", title="Mug", pieces=pieces)


def tote(tote_id: str, *picks: Pick, colour: str = "blue") -> ToteWork:
    return ToteWork(tote_id=tote_id, order_no=f"o-{tote_id}", wave="w", colour=colour, picks=picks)


T1 = tote("t1", pick("p1", A1, 3), pick("p2", A2, 1))
T2 = tote("t2", pick("p3", A1, 5), colour="orange")
EVERY_EVENT: list[Event] = [
    WorkArrived(1, (T1,), NOBODY),
    CentralHeard(),
    DoneScanned(),
    ShortsRead({}),
    ToteScanned("t1"),
    Pressed(A1, 1, held=False),
    BadgeScanned("b1"),
    ShortScanned(),
    QuantityScanned(1),
    UndoScanned(),
    Undone("p1"),
    NotUndone("p1", "storage_full"),
    UndoOver("p1"),
    CalmLooked(),
    KeyPressed(A1, "minus", 1),
    ButtonStuck(A1),
    ButtonFreed(A1),
    UnknownScanned(),
    Recorded("p1"),
    NotRecorded("p1", "storage_full"),
    StoreLooked(""),
    NoticeRead(),
    Shown(A1, DARK, verified=True),
    NotLit(A1, Face("blue", 3)),
    ModuleLost(A1, "no answer"),
    ModuleBack(A1),
    LineLost("a", frozenset({A1}), "unplugged"),
    LineFound("a"),
]


def after(*events: Event, begin: ZoneState | None = None) -> ZoneState:
    state = begin or ZoneState("A")
    for event in events:
        state = advance(state, event).state
    return state


def effects(state: ZoneState, event: Event) -> tuple[Effect, ...]:
    return advance(state, event).effects


def at_work(*totes: ToteWork) -> ZoneState:
    """Central was heard, the totes came, and all wanted faces are seen."""
    return seen(after(CentralHeard(), WorkArrived(1, totes, NOBODY)))


def seen(state: ZoneState) -> ZoneState:
    """Every module shows what is wanted of it."""
    dark = [Shown(LocationId(location), DARK, verified=True) for location in state.resting]
    state = after(*dark, begin=state)
    return after(*(Shown(LocationId(at), face, True) for at, face in wanted_faces(state).items()), begin=state)


def done(state: ZoneState, location: LocationId, pick_id: str) -> ZoneState:
    return seen(after(Pressed(location, 1, held=False), Recorded(pick_id), begin=state))


def test_every_event_has_its_rule() -> None:
    assert set(_RULES) == {type(event) for event in EVERY_EVENT}


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("begin", [ZoneState("A"), at_work(T1, T2), replace(at_work(T1), store="storage_full")])
def test_every_event_is_answered_in_every_state(begin: ZoneState, event: Event) -> None:
    assert advance(begin, event).state.zone == "A"


def test_all_modules_of_the_first_tote_light_in_its_colour_and_no_others() -> None:
    state = after(CentralHeard())

    assert effects(state, WorkArrived(1, (T1, T2), NOBODY)) == (
        ShowFace(A1, Face("blue", 3)),
        ShowFace(A2, Face("blue", 1)),
    )


def test_a_press_has_the_deed_recorded_and_the_light_stays_on() -> None:
    state = at_work(T1)

    assert effects(state, Pressed(A1, 1, held=False)) == (RecordPick("t1", T1.picks[0], short=False),)
    assert A1 in wanted_faces(after(Pressed(A1, 1, held=False), begin=state))


def test_only_what_is_on_the_disk_puts_the_light_out() -> None:
    state = after(Pressed(A1, 1, held=False), begin=at_work(T1))

    assert effects(state, Recorded("p1")) == (ShowFace(A1, DARK),)


def test_a_long_press_is_a_short_pick() -> None:
    assert effects(at_work(T1), Pressed(A1, 1, held=True)) == (RecordPick("t1", T1.picks[0], short=True),)


def test_a_second_press_while_the_first_is_recorded_is_ignored_and_counted() -> None:
    state = after(Pressed(A1, 1, held=False), begin=at_work(T1))

    assert effects(state, Pressed(A1, 1, held=False)) == ()
    assert after(Pressed(A1, 1, held=False), begin=state).ignored_presses == 1


def test_a_bounced_press_counts_once() -> None:
    assert len(effects(at_work(T1), Pressed(A1, 3, held=False))) == 1


def test_a_press_of_a_dark_module_is_ignored_and_said() -> None:
    state = after(Pressed(A3, 1, held=False), begin=at_work(T1))

    assert picture(state, ()).notice == "presses_ignored:1"
    assert picture(after(NoticeRead(), begin=state), ()).notice == ""


def test_a_press_before_the_module_is_seen_to_be_lit_is_ignored() -> None:
    state = after(CentralHeard(), WorkArrived(1, (T1,), NOBODY))

    assert effects(state, Pressed(A1, 1, held=False)) == ()


def test_the_next_tote_lights_when_the_last_pick_is_done_and_its_module_was_seen_dark() -> None:
    state = done(at_work(T1, T2), A2, "p2")
    state = after(Pressed(A1, 1, held=False), begin=state)

    assert effects(state, Recorded("p1")) == (ShowFace(A1, DARK),)
    state = after(Recorded("p1"), begin=state)
    assert effects(state, Shown(A1, DARK, verified=True)) == (ShowFace(A1, Face("orange", 5)),)


def test_two_picks_at_one_location_come_one_after_the_other_with_dark_between() -> None:
    state = at_work(tote("t1", pick("p1", A1, 3), pick("p2", A1, 3)))
    state = after(Pressed(A1, 1, held=False), Recorded("p1"), begin=state)

    assert wanted_faces(state) == {}
    assert wanted_faces(after(Shown(A1, DARK, verified=True), begin=state)) == {A1: Face("blue", 3)}


def test_stored_work_stays_dark_after_a_restart_until_its_tote_is_scanned() -> None:
    state = after(WorkArrived(1, (T1, T2), NOBODY))

    assert wanted_faces(state) == {}
    assert picture(state, ()).notice == "scan_tote"
    assert wanted_faces(after(ToteScanned("t2"), begin=state)) == {A1: Face("orange", 5)}
    assert wanted_faces(after(ToteScanned("who?"), begin=state)) == {}
    assert wanted_faces(after(CentralHeard(), begin=state)) == {A1: Face("blue", 3), A2: Face("blue", 1)}


def test_what_was_done_here_masks_what_central_still_asks_for() -> None:
    state = after(CentralHeard(), WorkArrived(1, (T1, T2), frozenset({"p1"})))

    assert wanted_faces(state) == {A2: Face("blue", 1)}


def test_an_older_or_equal_desired_state_is_ignored() -> None:
    state = after(WorkArrived(7, (T2,), NOBODY), begin=at_work(T1))

    assert after(WorkArrived(7, (T1,), NOBODY), WorkArrived(3, (T1,), NOBODY), begin=state) == state


def test_work_withdrawn_by_central_goes_dark() -> None:
    assert effects(at_work(T1), WorkArrived(2, (), NOBODY)) == (ShowFace(A1, DARK), ShowFace(A2, DARK))


def test_a_new_sequence_does_not_take_the_tote_out_of_the_pickers_hands() -> None:
    state = after(WorkArrived(2, (T2, T1), NOBODY), begin=at_work(T1))

    assert current_tote(state) == T1


def test_a_full_disk_blinks_red_takes_no_press_and_says_so() -> None:
    state = after(Pressed(A1, 1, held=False), NotRecorded("p1", "storage_full"), begin=at_work(T1))

    assert wanted_faces(state) == {A1: Face("red", 3, blink=True), A2: Face("red", 1, blink=True)}
    assert picture(state, ()).notice == "storage_full"
    assert effects(seen(state), Pressed(A1, 1, held=False)) == ()
    state = seen(after(StoreLooked(""), begin=state))
    assert effects(state, Pressed(A1, 1, held=False)) == (RecordPick("t1", T1.picks[0], short=False),)


def test_a_silent_module_is_named_to_central_once_and_cleared() -> None:
    state = at_work(T1)

    assert effects(state, ModuleLost(A2, "no answer")) == (RaiseAlarm("module_unreachable", A2, "no answer"),)
    state = after(ModuleLost(A2, "no answer"), begin=state)
    assert effects(state, ModuleLost(A2, "no answer")) == ()
    assert ModuleFace(location_id=A2, state="unreachable", colour="blue", pieces=1) in picture(state, ()).modules
    assert effects(state, ModuleBack(A2)) == (ClearAlarm("module_unreachable", A2),)


def test_a_tote_that_waits_only_for_silent_modules_gives_way_and_comes_again() -> None:
    state = done(at_work(T1, T2), A1, "p1")
    state = after(ModuleLost(A2, "no answer"), begin=state)
    assert current_tote(state) == T2

    state = done(after(ModuleBack(A2), begin=seen(state)), A1, "p3")
    assert wanted_faces(state) == {A2: Face("blue", 1)}


def test_a_lamp_that_does_not_light_is_an_alarm_and_its_button_still_counts() -> None:
    state = after(NotLit(A1, Face("blue", 3)), begin=at_work(T1))

    assert ModuleFace(location_id=A1, state="unlit", colour="blue", pieces=3) in picture(state, ()).modules
    assert effects(state, Pressed(A1, 1, held=False)) == (RecordPick("t1", T1.picks[0], short=False),)
    assert ClearAlarm("module_not_lit", A1) in effects(state, Shown(A1, Face("blue", 3), verified=True))


def test_a_lost_line_is_one_alarm_and_its_modules_are_unreachable() -> None:
    state = after(ModuleLost(A1, "no answer"), begin=at_work(T1))
    lost = LineLost("a", frozenset({A1, A2}), "unplugged")

    assert effects(state, lost) == (ClearAlarm("module_unreachable", A1), RaiseAlarm("bus_down", "a", "unplugged"))
    down = after(lost, begin=state)
    assert {module.state for module in picture(down, ()).modules} == {"unreachable"}
    assert effects(down, LineFound("a")) == (ClearAlarm("bus_down", "a"),)


def test_the_picture_of_fourteen_hundred_silent_modules_fits_a_message() -> None:
    state = at_work(tote("t" * 64, *(pick(f"p{n}", f"{'Z' * 55}-{n:06}", 99_999) for n in range(200))))
    lost = [ModuleLost(LocationId(f"{'Y' * 55}-{n:06}"), "no answer") for n in range(1400)]
    shown = picture(after(*lost, begin=state), ())

    assert len(shown.modules) == MODULES_MAX
    assert {module.colour for module in shown.modules[:200]} == {"blue"}
    live = Live(node="zone-a", number=1, outbox_rows=0, outbox_fill_percent=0, zone=shown)
    assert len(encode(live)) < NODE_PAYLOAD_MAX


def test_a_pick_id_that_could_not_be_recorded_is_never_lit() -> None:
    assert wanted_faces(at_work(tote("t1", pick("p" * 60, A1), pick("p2", A2)))) == {A2: Face("blue", 3)}


def test_a_colour_of_a_later_version_still_lights() -> None:
    assert wanted_faces(at_work(tote("t1", pick("p1"), colour="mauve"))) == {A1: Face("white", 3)}
