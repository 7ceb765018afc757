"""A wall's table: what a scan lights, what a press means, what a full cubby says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edge.drivers.ports import DARK, ButtonFreed, ButtonStuck, Face, KeyPressed, ModuleLost, NotLit, Pressed, Shown
from edge.lightbar.buttons import CHATTERS, DOWN, USELESS_MAX
from edge.lightbar.events import CalmLooked, CentralHeard, LineLost, StoreLooked
from edge.lightbar.state import ClearAlarm, RaiseAlarm
from edge.lightbar.wall import advance_wall
from edge.lightbar.wall_faces import wall_faces
from edge.lightbar.wall_picture import wall_picture
from edge.lightbar.wall_state import (
    NotWritten,
    RecordEmptied,
    RecordMissing,
    RecordPut,
    Scanned,
    WallArrived,
    WallEvent,
    WallState,
    Written,
)
from wire.ids import LocationId
from wire.wall import CubbyItem, CubbyState, CubbyWork, WallBarcode, WallWork

BLUE_1 = Face("blue", 1)
GREEN = Face("green")


def cubby(
    name: str,
    order: str,
    asked: int = 2,
    ready: int = 2,
    put: int = 0,
    *,
    sku: str = "mug",
    state: CubbyState = "filling",
) -> CubbyWork:
    item = CubbyItem(line_id=f"{order}:1", sku=sku, title=sku, asked_pieces=asked, ready_pieces=ready, put_pieces=put)
    return CubbyWork(cubby=name, order_no=order, wave="w", state=state, items=(item,))


def arrived(*cubbies: CubbyWork, version: int = 1, done: frozenset[str] = frozenset()) -> WallArrived:
    codes = [("=mug", "mug", 1), ("BOX", "mug", 6), ("=pen", "pen", 1)]
    barcodes = tuple(WallBarcode(barcode=code, sku=sku, pieces=pieces) for code, sku, pieces in codes)
    return WallArrived(version, WallWork(zone="W", cubbies=cubbies, barcodes=barcodes), done)


def wall(*cubbies: CubbyWork) -> WallState:
    """A wall that central spoke to; W-1 has a module on its pack side."""
    state = WallState("W", frozenset({"W-1", "W-2", "W-3"}), {"W-1": "W-1-back"})
    return after(state, CentralHeard(), arrived(*cubbies))


def after(state: WallState, *events: WallEvent) -> WallState:
    for event in events:
        state = advance_wall(state, event).state
    return state


def seen(state: WallState) -> WallState:
    """Every module shows what it was told."""
    return after(state, *(Shown(LocationId(at), face, verified=True) for at, face in wall_faces(state).items()))


def press(location: str, *, held: bool = False) -> Pressed:
    return Pressed(LocationId(location), 1, held)


def test_one_piece_in_hand_lights_the_most_urgent_cubby_only() -> None:
    state = after(wall(cubby("W-2", "urgent"), cubby("W-1", "later")), Scanned("=mug"))
    assert wall_faces(state) == {"W-2": BLUE_1}


def test_a_box_lights_every_cubby_with_what_it_needs_and_says_what_is_left() -> None:
    state = after(wall(cubby("W-2", "o2"), cubby("W-1", "o1", asked=3, ready=3)), Scanned("BOX"))
    assert wall_faces(state) == {"W-2": Face("blue", 2), "W-1": Face("blue", 3)}
    assert state.notice == "surplus:1"


def test_no_cubby_gets_more_than_was_picked_for_it() -> None:
    state = after(wall(cubby("W-1", "o1", asked=5, ready=2)), Scanned("BOX"))
    assert (wall_faces(state), state.notice) == ({"W-1": Face("blue", 2)}, "surplus:4")
    later = wall(cubby("W-1", "o1", asked=5, ready=0))
    assert after(later, Scanned("=mug")).notice == "not_ready"


@pytest.mark.parametrize(
    ("code", "notice"),
    [("???", "unknown_barcode"), ("", "unknown_barcode"), ("=pen", "not_needed"), ("PL:HURRY", "unknown_command")],
)
def test_a_scan_that_lights_nothing_says_why(code: str, notice: str) -> None:
    state = after(wall(cubby("W-1", "o1")), Scanned(code))
    assert (wall_faces(state), state.notice) == ({}, notice)
    assert after(state, Scanned("", say="scanner_good")).notice == "scanner_good"


def test_scanning_the_same_item_again_adds_to_what_is_lit_and_another_item_waits() -> None:
    state = after(wall(cubby("W-1", "o1"), cubby("W-2", "o2", sku="pen")), Scanned("=mug"), Scanned("=mug"))
    assert wall_faces(state) == {"W-1": Face("blue", 2)}
    waits = after(state, Scanned("=pen"))
    assert (wall_faces(waits), waits.notice) == (wall_faces(state), "finish_puts")
    aside = after(waits, Scanned("PL:ASIDE"))
    assert (wall_faces(aside), aside.notice) == ({}, "puts_withdrawn")
    assert wall_faces(after(aside, Scanned("=pen"))) == {"W-2": BLUE_1}


def test_a_press_is_recorded_and_only_then_the_light_goes_out() -> None:
    state = seen(after(wall(cubby("W-1", "o1")), Scanned("=mug")))
    step = advance_wall(state, press("W-1"))
    (record,) = step.effects
    assert isinstance(record, RecordPut)
    assert (record.put.pieces, record.put.total, wall_faces(step.state)) == (1, 1, {"W-1": BLUE_1})
    assert advance_wall(step.state, press("W-1")).effects == ()

    done = after(step.state, Written("put:o1:1:1"))
    assert (wall_faces(done), done.puts) == ({}, {"o1:1": 1})


def test_a_press_of_a_dark_module_is_ignored_and_said() -> None:
    state = after(wall(cubby("W-1", "o1")), Scanned("=mug"))
    assert advance_wall(state, press("W-1")).effects == ()
    assert after(seen(state), press("W-2")).notice == "press_ignored"


def test_a_put_that_does_not_fit_is_left_out_by_a_long_press() -> None:
    state = after(seen(after(wall(cubby("W-1", "o1")), Scanned("=mug"))), press("W-1", held=True))
    assert (wall_faces(state), state.notice, state.puts) == ({}, "put_left_out", {})


def test_a_missing_piece_is_declared_at_the_cubby_that_lacks_it() -> None:
    state = wall(cubby("W-1", "o1", put=1), cubby("W-2", "o2", asked=3, ready=2), cubby("W-3", "o3", ready=0))
    asked = seen(after(state, Scanned("PL:MISSING")))
    assert wall_faces(asked) == {"W-1": Face("yellow", 1, blink=True), "W-2": Face("yellow", 2, blink=True)}

    step = advance_wall(asked, press("W-1"))
    assert step.effects == (RecordMissing("W-1", "o1"),)
    assert advance_wall(step.state, press("W-1")).effects == ()
    said = after(step.state, Written("missing:o1"))
    assert (wall_faces(said), said.notice) == ({}, "missing_reported")
    assert {one.cubby: one.state for one in wall_picture(said, []).wall.cubbies}["W-1"] == "held"  # type: ignore[union-attr]
    assert wall_faces(after(said, Scanned("=mug"))) == {"W-2": BLUE_1}


@pytest.mark.parametrize("then", ["PL:MISSING", "PL:ASIDE", "=mug"])
def test_a_missing_piece_is_taken_back_by_a_second_scan_or_by_the_piece(then: str) -> None:
    state = after(seen(after(wall(cubby("W-1", "o1")), Scanned("PL:MISSING"))), Scanned(then))
    assert wall_faces(state) == ({"W-1": BLUE_1} if then == "=mug" else {})


def test_nothing_can_be_missing_where_nothing_waits() -> None:
    state = after(wall(cubby("W-1", "o1", ready=0)), Scanned("PL:MISSING"))
    assert (wall_faces(state), state.notice) == ({}, "nothing_missing")


def test_a_refused_declaration_can_be_made_again() -> None:
    state = seen(after(wall(cubby("W-1", "o1")), Scanned("PL:MISSING")))
    state = after(state, press("W-1"), NotWritten("missing:o1", "storage_full"), StoreLooked(""))
    assert advance_wall(seen(state), press("W-1")).effects == (RecordMissing("W-1", "o1"),)


def test_a_button_that_presses_by_itself_confirms_nothing_until_it_kept_quiet() -> None:
    chatter = [press("W-1")] * USELESS_MAX
    state = after(wall(cubby("W-1", "o1"), cubby("W-2", "o2")), *chatter[1:])
    assert advance_wall(state, chatter[0]).effects == (RaiseAlarm("button_stuck", "W-1", CHATTERS),)

    lit = seen(after(state, chatter[0], Scanned("=mug")))
    assert advance_wall(lit, press("W-1")).effects == ()
    still = after(lit, press("W-1"), CalmLooked())
    assert still.buttons.is_broken("W-1")
    step = advance_wall(still, CalmLooked())
    assert step.effects == (ClearAlarm("button_stuck", "W-1"),)
    assert len(advance_wall(step.state, press("W-1")).effects) == 1


def test_a_button_that_is_held_down_confirms_nothing_until_it_is_up() -> None:
    place = LocationId("W-1")
    lit = seen(after(wall(cubby("W-1", "o1")), Scanned("=mug")))
    step = advance_wall(lit, ButtonStuck(place))
    assert step.effects == (RaiseAlarm("button_stuck", "W-1", DOWN),)
    assert advance_wall(step.state, press("W-1")).effects == ()
    freed = advance_wall(step.state, ButtonFreed(place))
    assert freed.effects == (ClearAlarm("button_stuck", "W-1"),)
    assert len(advance_wall(freed.state, press("W-1")).effects) == 1


def test_the_shortage_key_leaves_a_put_out_and_other_keys_mean_nothing() -> None:
    lit = seen(after(wall(cubby("W-1", "o1")), Scanned("=mug")))
    assert wall_faces(after(lit, KeyPressed(LocationId("W-1"), "short", 1))) == {}
    assert wall_faces(after(lit, KeyPressed(LocationId("W-1"), "plus", 1))) == {"W-1": BLUE_1}


def test_a_full_cubby_says_so_on_its_pack_side_until_the_order_is_taken_out() -> None:
    state = after(wall(cubby("W-1", "o1", asked=1, ready=1)), Scanned("=mug"))
    state = seen(after(seen(state), press("W-1"), Written("put:o1:1:1")))
    assert wall_faces(state) == {"W-1-back": GREEN}
    step = advance_wall(state, press("W-1-back"))
    assert step.effects == (RecordEmptied("W-1", "o1"),)
    assert wall_faces(after(step.state, Written("cubby:o1"))) == {}


def test_without_a_pack_side_a_tap_is_not_enough_to_empty_a_full_cubby() -> None:
    state = seen(wall(cubby("W-2", "o2", put=2)))
    assert wall_faces(state) == {"W-2": GREEN}
    tapped = advance_wall(state, press("W-2"))
    assert (tapped.effects, tapped.state.notice) == ((), "hold_to_empty")
    assert advance_wall(state, press("W-2", held=True)).effects == (RecordEmptied("W-2", "o2"),)


def test_a_silent_pack_side_lets_the_front_say_it() -> None:
    state = after(wall(cubby("W-1", "o1", put=2)), ModuleLost(LocationId("W-1-back"), "no answer"))
    assert wall_faces(state) == {"W-1": GREEN}


def test_a_cancelled_order_blinks_red_until_it_is_taken_out_and_takes_nothing_more() -> None:
    state = after(wall(cubby("W-2", "o2")), Scanned("=mug"))
    state = after(state, arrived(cubby("W-2", "o2", state="aside"), version=2))
    assert wall_faces(state) == {"W-2": Face("red", blink=True)}
    assert after(state, Scanned("=mug")).notice == "not_needed"


def test_a_held_order_takes_nothing() -> None:
    assert wall_faces(after(wall(cubby("W-2", "o2", state="held")), Scanned("=mug"))) == {}


def test_a_document_that_does_not_know_of_our_puts_changes_no_count() -> None:
    done = frozenset({"put:o1:1:1", "cubby:o2", "pick:x", "put:o9:1:4", "put:o1:1:x"})
    state = after(wall(), arrived(cubby("W-1", "o1"), cubby("W-2", "o2"), version=2, done=done))
    state = after(state, Scanned("BOX"))
    assert (wall_faces(state), state.notice) == ({"W-1": BLUE_1}, "surplus:5")


def test_an_older_document_is_ignored() -> None:
    state = wall(cubby("W-1", "o1"))
    assert after(state, arrived(version=1)) == state


def test_without_contact_since_the_start_only_a_scan_lights_anything() -> None:
    state = after(WallState("W", frozenset({"W-1"})), arrived(cubby("W-1", "o1"), cubby("W-2", "o2", put=2)))
    assert wall_faces(state) == {}
    assert wall_faces(after(state, Scanned("=mug"))) == {"W-1": BLUE_1}


def test_a_silent_cubby_is_passed_over_and_one_without_module_too() -> None:
    state = after(
        wall(cubby("W-9", "o9"), cubby("W-1", "o1"), cubby("W-2", "o2")), LineLost("a", frozenset({"W-1"}), "x")
    )
    assert wall_faces(after(state, Scanned("=mug"))) == {"W-2": BLUE_1}


def test_a_full_disk_makes_puts_blink_red_and_takes_no_press() -> None:
    state = seen(after(wall(cubby("W-1", "o1")), Scanned("=mug")))
    state = seen(after(state, press("W-1"), NotWritten("put:o1:1:1", "storage_full")))
    assert wall_faces(state) == {"W-1": Face("red", 1, blink=True)}
    assert advance_wall(state, press("W-1")).effects == ()
    assert wall_picture(state, ()).notice == "storage_full"


def test_a_module_that_does_not_light_raises_an_alarm_and_its_press_counts() -> None:
    state = after(wall(cubby("W-1", "o1")), Scanned("=mug"))
    step = advance_wall(state, NotLit(LocationId("W-1"), BLUE_1))
    assert [type(effect) for effect in step.effects] == [RaiseAlarm]
    assert isinstance(advance_wall(step.state, press("W-1")).effects[0], RecordPut)
    cleared = after(step.state, Shown(LocationId("W-1"), DARK, verified=True))
    assert cleared.lamps.alarms == frozenset()


def test_the_picture_tells_every_cubby_and_what_is_in_hand() -> None:
    state = after(wall(cubby("W-1", "o1", put=1), cubby("W-2", "o2", put=2)), Scanned("=mug"))
    shown = wall_picture(replace(state, notice="surplus:3"), ())
    assert shown.wall is not None
    assert shown.wall.sku == "mug"
    assert [(one.cubby, one.state, one.put_pieces, one.lit_pieces) for one in shown.wall.cubbies] == [
        ("W-1", "filling", 1, 1),
        ("W-2", "done", 2, 0),
    ]
    assert (shown.notice, shown.picks_open) == ("surplus:3", 1)
