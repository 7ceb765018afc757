"""One dead module blocks no tote: its pick is on the screen, and the scanner confirms it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from edge.drivers.ports import ButtonStuck, Face, ModuleBack, ModuleLost, NotLit
from edge.lightbar.events import DoneScanned, Event, QuantityScanned, Recorded, ShortScanned, ToteScanned
from edge.lightbar.faces import wanted_faces
from edge.lightbar.picture import picture
from edge.lightbar.scans import event_of
from edge.lightbar.state import Effect, RecordPick, ZoneRules, ZoneState
from tests.edge.lightbar.zone_at_work import A1, A2, after, at_work, effects, pick, press, tote

CUP = replace(pick("p1", A1, 3), sku="CUP-BLUE", barcodes=("4006381333931", "036000291452"))
T1 = tote("t1", CUP, pick("p2", A2, 1))
LOST = ModuleLost(A1, "no answer")
DEAD: list[Event] = [LOST, NotLit(A1, Face("blue", 3)), ButtonStuck(A1)]
BY_COMMAND = RecordPick("t1", CUP, short=False, how="command")
BY_ITEM = RecordPick("t1", CUP, short=False, how="item_scan")


def asks(state: ZoneState) -> dict[str, str]:
    return {ask.location_id: ask.step for ask in picture(state, ()).asks}


def says(state: ZoneState) -> str:
    return picture(state, ()).notice


def records(state: ZoneState, event: Event) -> tuple[Effect, ...]:
    return tuple(effect for effect in effects(state, event) if isinstance(effect, RecordPick))


@pytest.mark.parametrize("dead", DEAD, ids=["silent", "dark", "stuck"])
def test_the_screen_asks_instead_and_place_then_item_or_command_confirms(dead: Event) -> None:
    state = after(at_work(ZoneRules(), T1), dead)
    assert asks(state)[A1] in ("dead_scan", "stuck_scan")

    assert records(state, DoneScanned()) == ()
    assert records(state, ToteScanned("CUP-BLUE")) == ()
    state = after(state, ToteScanned(A1))
    assert (asks(state)[A1], says(state)) == ("dead_done", "scan_item_or_done")
    assert records(state, DoneScanned()) == (BY_COMMAND,)
    assert records(state, ToteScanned("4006381333931")) == (BY_ITEM,)


def test_where_the_item_must_be_scanned_the_command_alone_is_no_way_round_it() -> None:
    state = after(at_work(ZoneRules(scan_first="both"), T1), LOST, ToteScanned(A1))

    assert asks(state)[A1] == "dead_item"
    assert records(state, DoneScanned()) == ()
    assert says(after(state, DoneScanned())) == "scan_item_first"
    assert records(state, ToteScanned("4006381333931")) == (BY_ITEM,)


def test_a_wrong_item_confirms_nothing_and_is_said_with_what_is_asked() -> None:
    state = after(at_work(ZoneRules(), T1), LOST, ToteScanned(A1), ToteScanned("4006381333948"))

    wrong = picture(state, ()).wrong_scan
    assert wrong is not None
    assert (wrong.code, wrong.location_id, wrong.sku, wrong.tote_id, wrong.count) == (
        "4006381333948",
        A1,
        "CUP-BLUE",
        "t1",
        1,
    )
    assert state.recording == {}
    assert records(state, DoneScanned()) == (BY_COMMAND,)


def test_the_scan_of_a_place_confirms_its_pick_once_and_no_other_totes() -> None:
    twin = tote("t2", replace(CUP, pick_id="p9"), colour="orange")
    state = after(at_work(ZoneRules(), T1, twin), LOST, ToteScanned(A1), DoneScanned())
    assert records(state, DoneScanned()) == ()
    state = press(after(state, Recorded("p1")), A2)
    assert state.current == "t2"

    assert records(state, DoneScanned()) == ()
    assert says(after(state, DoneScanned())) == "scan_place_first"
    again = after(state, ToteScanned(A1))
    assert records(again, DoneScanned()) == (RecordPick("t2", replace(CUP, pick_id="p9"), short=False, how="command"),)


def test_a_module_that_works_is_pressed() -> None:
    state = after(at_work(ZoneRules(), T1), ToteScanned(A1))
    assert records(state, DoneScanned()) == ()
    assert says(after(state, DoneScanned())) == "press_the_lamp"

    back = after(at_work(ZoneRules(), T1), LOST, ToteScanned(A1), ModuleBack(A1))
    assert records(back, DoneScanned()) == ()


def test_a_tote_that_gave_way_is_still_asked_for_and_confirmed() -> None:
    state = after(at_work(ZoneRules(), tote("t1", CUP), tote("t2", pick("p2", A2, 1), colour="orange")), LOST)
    assert state.current == "t2"
    assert [(ask.tote_id, ask.step) for ask in picture(state, ()).asks] == [("t1", "dead_scan")]

    state = after(state, ToteScanned(A1))
    assert records(state, DoneScanned()) == (BY_COMMAND,)
    state = after(state, DoneScanned(), Recorded("p1"))
    assert [one.tote_id for one in state.totes] == ["t2"]
    assert wanted_faces(state) == {A2: Face("orange", 1)}


def test_a_short_at_a_dead_module_is_said_with_its_place_and_a_card() -> None:
    state = after(at_work(ZoneRules(), T1), LOST, ToteScanned(A1))
    assert records(state, ShortScanned()) == (RecordPick("t1", CUP, short=True),)
    assert records(state, QuantityScanned(2)) == (RecordPick("t1", CUP, short=True, found=2),)

    counted = after(at_work(ZoneRules(count_shorts=True), T1), LOST, ToteScanned(A1), ShortScanned())
    assert says(counted) == "scan_quantity"
    assert records(counted, QuantityScanned(1)) == (RecordPick("t1", CUP, short=True, found=1),)


def test_a_batch_at_a_dead_module_is_scanned_once_then_part_by_part() -> None:
    part = replace(CUP, pick_id="p9", pieces=5)
    state = after(at_work(ZoneRules(mode="batch", totes_max=2), tote("t1", CUP), tote("t2", part)), LOST)
    state = after(state, ToteScanned(A1), DoneScanned())
    assert records(state, DoneScanned()) == (BY_COMMAND,)
    state = after(state, DoneScanned(), Recorded("p1"))
    assert records(state, DoneScanned()) == (RecordPick("t2", part, short=False, how="command"),)


def test_without_a_scanner_the_screen_says_what_is_left_to_do() -> None:
    rules = ZoneRules(scanner=False)
    assert asks(after(at_work(rules, T1), LOST)) == {A1: "dead"}
    assert asks(after(at_work(rules, T1), NotLit(A1, Face("blue", 3)))) == {A1: "dead_press"}


@pytest.mark.parametrize(
    ("printed", "read", "proves"),
    [
        ("4006381333931", "", True),
        ("04006381333931", "", True),  # GTIN-14 of the same piece
        ("0036000291452", "", True),  # a UPC-A printed as EAN-13
        ("]E04006381333931", "4006381333931", True),
        ("]C10104006381333931", "4006381333931", True),
        ("]Q3010400638133393110LOT", "4006381333931", True),
        ("CUP-BLUE", "", True),
        ("4006381333932", "", False),  # a wrong check digit
        ("4006381333948", "", False),
    ],
)
def test_every_way_the_item_is_printed_proves_it(printed: str, read: str, proves: bool) -> None:
    state = after(at_work(ZoneRules(scan_first="item"), T1), event_of(printed, read))
    assert (state.proofs.get(A1) == frozenset({"item"})) is proves
    assert (picture(state, ()).wrong_scan is None) is proves


def test_wrong_scans_are_counted() -> None:
    state = after(at_work(ZoneRules(scan_first="item"), T1), *(ToteScanned("OTHER") for _ in range(3)))
    wrong = picture(state, ()).wrong_scan
    assert wrong is not None
    assert wrong.count == 3


def test_a_command_is_known_behind_a_symbology_too() -> None:
    assert event_of("]C0PL:DONE", "PL:DONE") == DoneScanned()
