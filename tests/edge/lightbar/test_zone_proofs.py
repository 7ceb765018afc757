"""A scan before the press, where the zone, the item or a look-alike nearby asks for it."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec.structs import replace

from edge.drivers.ports import Face, Pressed
from edge.lightbar.events import QuantityScanned, ToteScanned, Undone, UndoScanned
from edge.lightbar.faces import NOT_THIS, wanted_faces
from edge.lightbar.picture import picture
from edge.lightbar.state import RecordPick, ZoneRules, ZoneState
from tests.edge.lightbar.zone_at_work import A1, A2, A3, after, at_work, effects, pick, press, seen, tote

CUP = replace(pick("p1", A1, 3), sku="CUP-BLUE", barcodes=("4006381333931", "14006381333938"))
PEN = replace(pick("p2", A2, 1), sku="PEN")
T1 = tote("t1", CUP, PEN)
TAKEN = RecordPick("t1", CUP, short=False)
PLACES = frozenset({A1, A2, A3})


def scanned(state: ZoneState, *codes: str) -> ZoneState:
    return after(state, *(ToteScanned(code) for code in codes))


def says(state: ZoneState) -> str:
    return picture(state, ()).notice


def records(state: ZoneState) -> bool:
    return effects(state, Pressed(A1, 1, held=False)) == (TAKEN,)


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ("no", []),
        ("location", [A1]),
        ("item", ["4006381333931"]),
        ("item", ["CUP-BLUE"]),
        ("both", [A1, "14006381333938"]),
    ],
)
def test_a_press_counts_once_everything_asked_for_was_scanned(
    rule: Literal["no", "location", "item", "both"], codes: list[str]
) -> None:
    state = at_work(ZoneRules(scan_first=rule), T1)

    for number in range(len(codes)):
        assert not records(scanned(state, *codes[:number]))
    assert records(scanned(state, *codes))


def test_a_press_too_early_says_what_to_scan_and_the_screen_shows_it_too() -> None:
    state = at_work(ZoneRules(scan_first="both"), T1)
    assert picture(state, ()).asks[0].step == "scan_place"

    assert says(after(state, Pressed(A1, 1, held=False))) == "scan_place_first"
    state = scanned(state, A1)
    assert says(state) == "scan_item_first"
    assert picture(state, ()).asks[0].step == "scan_item"


def test_an_item_before_its_place_and_an_item_of_another_place_prove_nothing() -> None:
    state = at_work(ZoneRules(scan_first="both"), T1)

    assert says(scanned(state, "CUP-BLUE")) == "scan_place_first"
    assert says(scanned(state, A1, "PEN")) == "not_this_one"
    assert not records(scanned(state, A1, "PEN"))


def test_what_one_pick_proved_says_nothing_about_the_next_at_the_same_place() -> None:
    rules, next_pick = ZoneRules(scan_first="location"), replace(CUP, pick_id="p9")
    state = press(scanned(at_work(rules, tote("t1", CUP, next_pick)), A1), A1)

    assert effects(state, Pressed(A1, 1, held=False)) == ()
    assert effects(scanned(state, A1), Pressed(A1, 1, held=False)) == (RecordPick("t1", next_pick, short=False),)


def test_a_quantity_by_barcode_is_no_way_round_the_scan_but_none_found_needs_none() -> None:
    state = at_work(ZoneRules(scan_first="item", mode="sequential"), T1)

    assert effects(state, QuantityScanned(3)) == ()
    assert effects(state, QuantityScanned(2)) == ()
    assert effects(state, QuantityScanned(0)) == (RecordPick("t1", CUP, short=True),)
    assert effects(state, Pressed(A1, 1, held=True)) == (RecordPick("t1", CUP, short=True),)


def test_one_item_may_ask_for_a_scan_where_the_zone_asks_for_none() -> None:
    state = at_work(ZoneRules(), tote("t1", replace(CUP, scan_first="location"), PEN))

    assert effects(state, Pressed(A1, 1, held=False)) == ()
    assert effects(state, Pressed(A2, 1, held=False)) == (RecordPick("t1", PEN, short=False),)


def test_a_batch_is_proven_once_for_its_total_and_all_parts() -> None:
    other = tote("t2", replace(CUP, pick_id="p3", pieces=5))
    state = at_work(ZoneRules(mode="batch", totes_max=2, scan_first="item"), T1, other)

    assert says(after(state, Pressed(A1, 1, held=False))) == "scan_item_first"
    state = press(scanned(state, "CUP-BLUE"), A1)
    assert wanted_faces(state)[A1] == Face("blue", 3)
    assert wanted_faces(press(state, A1))[A1] == Face("orange", 5)


def test_a_look_alike_nearby_is_marked_and_makes_the_item_be_scanned() -> None:
    twin = replace(CUP, look_alikes=(A3,))
    state = at_work(ZoneRules(places=PLACES), tote("t1", twin, PEN))

    assert wanted_faces(state)[A3] == NOT_THIS
    assert picture(state, ()).asks[0].look_alikes == (A3,)
    assert says(after(state, Pressed(A3, 1, held=False))) == "not_this_one"
    assert says(scanned(state, A3)) == "not_this_one"
    assert effects(state, Pressed(A1, 1, held=False)) == ()
    assert A3 not in wanted_faces(press(scanned(state, "CUP-BLUE"), A1))


def test_a_look_alike_that_is_asked_for_itself_shows_its_pick_and_one_without_a_module_only_the_screen() -> None:
    twin = replace(CUP, look_alikes=(A2, "A-09-9"))
    state = at_work(ZoneRules(places=PLACES), tote("t1", twin, PEN))

    assert wanted_faces(state) == {A1: Face("blue", 3), A2: Face("blue", 1)}


def test_a_pick_taken_back_is_scanned_again() -> None:
    state = press(scanned(at_work(ZoneRules(scan_first="location"), T1), A1), A1)
    state = seen(after(state, UndoScanned(), Undone("p1")))

    assert effects(state, Pressed(A1, 1, held=False)) == ()
