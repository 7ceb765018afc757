"""Which places pieces come from, in which order they are walked, and what short picks do to a count."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.rules.allocation import Allocation, Need, Shelf, Take, allocate
from central.rules.shorts import Correction, Stock, after_late_pick, after_short
from central.rules.walk import COLOURS, STRIDE, colour_of, in_walking_order, sequence_from


def shelf(name: str, free: int) -> Shelf:
    return Shelf(name, name[0], name.rsplit("-", 1)[0], int(name[-1]), free)


def test_the_place_that_just_suffices_is_taken_whole() -> None:
    places = [shelf("A-1-1", 9), shelf("A-2-1", 4), shelf("A-3-1", 3)]

    assert allocate([Need(1, "mug", 4)], {"mug": places}).takes == (Take(1, "mug", places[1], 4),)


def test_more_than_any_place_holds_empties_the_fullest_first() -> None:
    places = [shelf("A-1-1", 2), shelf("A-2-1", 5)]

    found = allocate([Need(1, "mug", 6)], {"mug": places}).takes
    assert [(take.shelf.location_id, take.pieces) for take in found] == [("A-2-1", 5), ("A-1-1", 1)]


def test_an_order_gets_everything_or_nothing() -> None:
    places = {"mug": [shelf("A-1-1", 1)], "lamp": [shelf("A-2-1", 9)]}

    found = allocate([Need(1, "lamp", 2), Need(2, "mug", 3), Need(3, "pen", 1)], places)
    assert found == Allocation(missing=(("mug", 2), ("pen", 1)))


needs = st.lists(st.tuples(st.sampled_from(["mug", "lamp"]), st.integers(1, 6)), min_size=1, max_size=6)
frees = st.lists(st.tuples(st.sampled_from(["mug", "lamp"]), st.integers(0, 8)), max_size=6)


@settings(max_examples=300, deadline=None)
@given(needs, frees)
def test_no_place_is_asked_for_more_than_is_free_and_every_line_gets_its_pieces(
    wanted: list[tuple[str, int]], stocked: list[tuple[str, int]]
) -> None:
    lines = [Need(number, sku, pieces) for number, (sku, pieces) in enumerate(wanted, 1)]
    places: dict[str, list[Shelf]] = {}
    for number, (sku, free) in enumerate(stocked):
        places.setdefault(sku, []).append(shelf(f"A-{number}-1", free))
    found = allocate(lines, places)

    total = {sku: sum(place.free for place in held) for sku, held in places.items()}
    short = {sku for sku, _ in wanted if sum(n for s, n in wanted if s == sku) > total.get(sku, 0)}
    assert {sku for sku, _ in found.missing} == short
    for place in (place for held in places.values() for place in held):
        assert sum(take.pieces for take in found.takes if take.shelf == place) <= place.free
    if not short:
        got = {line.line_no: sum(t.pieces for t in found.takes if t.line_no == line.line_no) for line in lines}
        assert got == {line.line_no: line.pieces for line in lines}


def test_a_zone_is_walked_along_its_bays_and_up_its_levels() -> None:
    names = ["A-10-1", "A-9-2", "A-9-1", "B-1-1", "A-2-3"]
    stops = [Take(number, "mug", shelf(name, 1), 1) for number, name in enumerate(names, 1)]

    walked = [stop.shelf.location_id for stop in in_walking_order(stops)]
    assert walked == ["A-2-3", "A-9-1", "A-9-2", "A-10-1", "B-1-1"]


def test_colours_rotate_from_order_to_order_and_are_never_those_of_a_verdict() -> None:
    first = [colour_of(sequence_from(position) + 17) for position in range(len(COLOURS) + 1)]

    assert first == [*COLOURS, COLOURS[0]]
    assert not {"red", "green"} & set(COLOURS)
    assert STRIDE > 2 * 2_000


@pytest.mark.parametrize(
    ("stock", "found", "after"),
    [
        (Stock(5, 5), 0, Correction(Stock(0, 0), -5)),
        (Stock(9, 5), 2, Correction(Stock(0, 0), -7)),
        (Stock(9, 7), 3, Correction(Stock(0, 0), -6)),
        (Stock(5, 5), 5, Correction(Stock(0, 0), 0)),
    ],
)
def test_after_a_short_pick_nothing_is_left_in_the_place_whatever_was_promised(
    stock: Stock, found: int, after: Correction
) -> None:
    assert after_short(stock, found) == after


def test_pieces_taken_together_with_a_short_one_stay_promised() -> None:
    assert after_short(Stock(9, 7), 1, in_hand=4) == Correction(Stock(4, 4), -4)


def test_pieces_taken_for_a_cancelled_pick_are_paid_by_free_stock_only() -> None:
    assert after_late_pick(Stock(9, 5), 3) == Correction(Stock(6, 5), 0)
    assert after_late_pick(Stock(6, 5), 3) == Correction(Stock(5, 5), 2)
