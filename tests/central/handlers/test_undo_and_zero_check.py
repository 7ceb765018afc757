"""A confirm taken back puts pieces and pick back; a look into an empty place sets its count right."""

from __future__ import annotations

import pytest

from central.store.audit import audit
from tests.central.paper_floor import PaperFloor
from wire.deeds import PickUndone, ZeroChecked
from wire.downlink import Pick, ToteWork
from wire.ids import again_id


def undo(floor: PaperFloor, tote: ToteWork, pick: Pick, **other: str) -> None:
    said = {
        "zone": "A",
        "pick_id": pick.pick_id,
        "again": again_id(pick.pick_id),
        "tote_id": tote.tote_id,
        "location_id": pick.location_id,
        "sku": pick.sku,
    }
    deed = PickUndone(**(said | other), picked_pieces=pick.pieces)
    floor.apply([floor.nodes["zone-a"].line(deed, f"undo:{pick.pick_id}")])


def check(floor: PaperFloor, pick: Pick, left: int, *, counted: bool = True) -> None:
    deed = ZeroChecked(
        zone="A",
        pick_id=pick.pick_id,
        location_id=pick.location_id,
        sku=pick.sku,
        left_pieces=left,
        counted=counted,
    )
    floor.apply([floor.nodes["zone-a"].line(deed, f"zero:{pick.pick_id}")])


def sound(floor: PaperFloor) -> bool:
    found = audit(floor.path)
    assert (found.stock_faults, found.doubled, found.unverified, found.dead_letters) == ([], [], [], [])
    return True


def confirmed(floor: PaperFloor, pieces: int = 2) -> tuple[ToteWork, Pick]:
    floor.stock(("A-01-1", "mug", 10))
    floor.order("1", mug=pieces)
    floor.wave()
    tote, pick = floor.lit("A")[0]
    floor.apply([floor.confirm("A", tote, pick)])
    return tote, pick


def test_a_confirm_taken_back_puts_the_pieces_back_and_asks_for_the_pick_again(floor: PaperFloor) -> None:
    tote, pick = confirmed(floor)
    assert (floor.status("1"), floor.shelf("A-01-1")) == ("picked", (8, 0))

    undo(floor, tote, pick)

    assert (floor.status("1"), floor.shelf("A-01-1")) == ("picking", (10, 2))
    assert floor.rows("SELECT status FROM wave") == [("open",)]
    again = floor.lit("A")[0]
    assert again[1].pick_id == again_id(pick.pick_id)
    assert sound(floor)
    floor.apply([floor.confirm("A", *again)])
    assert (floor.status("1"), floor.shelf("A-01-1")) == ("picked", (8, 0))
    assert floor.rows("SELECT status FROM wave") == [("done",)]
    assert sound(floor)


def test_the_same_undo_twice_counts_once(floor: PaperFloor) -> None:
    tote, pick = confirmed(floor)

    undo(floor, tote, pick)
    undo(floor, tote, pick)

    assert floor.shelf("A-01-1") == (10, 2)
    assert len(floor.lit("A")) == 1
    assert sound(floor)


def test_an_undo_of_what_was_not_picked_like_that_is_kept_as_a_dead_letter(floor: PaperFloor) -> None:
    tote, pick = confirmed(floor)

    undo(floor, tote, pick, again="other")
    assert len(audit(floor.path).dead_letters) == 1
    assert floor.shelf("A-01-1") == (8, 0)


def test_an_undo_of_an_open_pick_is_kept_as_a_dead_letter(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    floor.order("1", mug=2)
    floor.wave()

    undo(floor, *floor.lit("A")[0])

    assert len(audit(floor.path).dead_letters) == 1
    assert floor.shelf("A-01-1") == (10, 2)


def test_only_the_last_of_what_is_there_empties_a_place(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 5), ("A-01-2", "pen", 5))
    floor.order("1", mug=2, pen=1)
    floor.order("2", mug=3)
    floor.wave()

    assert {pick.location_id: pick.empties for _, pick in floor.lit("A")} == {"A-01-1": True, "A-01-2": False}


def test_a_place_found_empty_that_should_be_changes_nothing(floor: PaperFloor) -> None:
    _, pick = confirmed(floor, pieces=10)

    check(floor, pick, 0)

    assert floor.shelf("A-01-1") == (0, 0)
    assert sound(floor)


def test_pieces_found_where_none_should_be_are_counted_in(floor: PaperFloor) -> None:
    _, pick = confirmed(floor, pieces=10)

    check(floor, pick, 4)

    assert floor.shelf("A-01-1") == (4, 0)
    assert sound(floor)


@pytest.mark.parametrize("left", [0, 3])
def test_a_place_that_holds_something_uncounted_is_an_alarm_to_count_it(floor: PaperFloor, left: int) -> None:
    _, pick = confirmed(floor, pieces=10)

    check(floor, pick, left, counted=False)

    assert floor.shelf("A-01-1") == (0, 0)
    assert ("stock_doubtful", "A-01-1") in floor.rows("SELECT alarm, subject FROM alarm")
