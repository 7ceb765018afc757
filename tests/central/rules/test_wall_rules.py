"""Who gets a cubby, and which batch tote brings the pieces: never two in one cubby, never a pick left behind."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.rules.allocation import Need, Shelf
from central.rules.wall import (
    BATCH_STOPS_MAX,
    BatchStop,
    Candidate,
    Home,
    Wall,
    assign,
    batch,
    cubby_state,
    judge_put,
    wall_lines,
)

WALLS = (Wall("W", ("w1", "w2"), frozenset({"A", "B"}), 3), Wall("V", ("v1",), frozenset({"C"}), 9))
candidates = st.lists(
    st.builds(
        Candidate,
        st.integers(0, 999).map(str),
        st.frozensets(st.sampled_from("ABC"), min_size=1),
        st.integers(1, 12),
    ),
    unique_by=lambda one: one.order_no,
)
taken = st.sets(st.sampled_from([("W", "w1"), ("W", "w2"), ("V", "v1")]))


@given(candidates, taken)
def test_a_cubby_has_one_order_that_fits_it(orders: list[Candidate], occupied: set[tuple[str, str]]) -> None:
    homes = assign(orders, WALLS, occupied)
    of = {wall.zone: wall for wall in WALLS}
    here = {order.order_no: order for order in orders}

    assert all(n == 1 for n in Counter((home.zone, home.cubby) for home in homes.values()).values())
    for order_no, home in homes.items():
        assert (home.zone, home.cubby) not in occupied
        assert here[order_no].zones <= of[home.zone].feeds
        assert here[order_no].lines <= of[home.zone].lines_max


def test_the_first_orders_get_the_first_cubbies() -> None:
    orders = [Candidate(str(n), frozenset("A"), 1) for n in range(3)]
    assert assign(orders, WALLS, set()) == {"0": Home("W", "w1"), "1": Home("W", "w2")}


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 12), st.integers(1, 3)), max_size=350))
def test_every_pick_is_in_one_batch_tote_and_totes_are_walked_in_order(places: list[tuple[str, int, int]]) -> None:
    stops = [
        BatchStop(f"p{n}", Shelf(f"{zone}-{bay:02}-{level}", zone, f"{zone}-{bay:02}", level, 0))
        for n, (zone, bay, level) in enumerate(places)
    ]
    batched = batch("W1", stops)
    where = {stop.pick_id: stop.shelf.location_id for stop in stops}

    assert sorted(one.pick_id for one in batched) == sorted(where)
    totes = Counter(one.tote_id for one in batched)
    assert all(count <= BATCH_STOPS_MAX for count in totes.values())
    for tote in totes:
        walk = sorted((one.position, where[one.pick_id]) for one in batched if one.tote_id == tote)
        assert [place for _, place in walk] == sorted(place for _, place in walk)


def test_lines_of_one_sku_are_one_line_of_the_cubby() -> None:
    assert wall_lines([Need(1, "mug", 2), Need(2, "pen", 1), Need(3, "mug", 1)]) == {1: ("mug", 3), 2: ("pen", 1)}


@pytest.mark.parametrize(
    ("status", "counts", "state"),
    [
        ("waved", [(1, 0)], "filling"),
        ("picking", [(2, 2), (1, 0)], "filling"),
        ("picked", [(2, 2)], "done"),
        ("at_bench", [(2, 2)], "done"),
        ("exception", [(2, 1)], "held"),
        ("cancelled", [(2, 2)], "aside"),
    ],
)
def test_a_cubby_shows_where_its_order_stands(status: str, counts: list[tuple[int, int]], state: str) -> None:
    assert cubby_state(status, counts) == state


@given(st.integers(1, 9), st.integers(0, 9), st.integers(1, 9), st.integers(1, 20))
def test_a_put_is_believed_only_if_the_sum_is_right(asked: int, before: int, put: int, total: int) -> None:
    assert (judge_put(asked, before, put, total) == "") == (before + put == total <= asked)
