"""A wall, whatever order things happen in: no put is lost, none counts twice, every sum is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from edge.lightbar.wall_faces import queues, wall_faces
from edge.lightbar.wall_state import (
    RecordPut,
)
from tests.edge.lightbar.wall_central import ASKED
from tests.edge.lightbar.wall_shift import Wall

MOVES = (
    *("pick", "tell", "tell_late", "tell_again", "sync", "scan", "press", "see", "commit", "refuse", "look"),
    *("lose", "find", "restart", "hear", "cancel", "resolve", "chatter", "stick", "calm"),
)
noise = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 11)), max_size=8)
a_put = st.tuples(st.integers(0, 2), st.integers(0, 2)).map(
    lambda two: [("scan", two[0]), ("see", 0), ("press", two[1]), ("commit", 0), ("see", 0)]
)
a_start = st.just([*(("pick", n) for n in (1, 1, 2, 3, 5, 0)), ("hear", 0), ("tell", 0), ("see", 0)])
a_cancel = st.just([("cancel", 9), ("tell", 0), ("see", 0), ("press", 10), ("commit", 0), ("sync", 0)])
two_hands = st.just([("scan", 0), ("scan", 7), ("see", 0), ("press", 0), ("commit", 0), ("see", 0), ("press", 0)])
a_turn = st.sampled_from(
    [
        [("scan", 0), ("see", 0), ("press", 0), ("refuse", 0)],
        [("scan", 2), ("see", 0)],
        [("scan", 0), ("scan", 4)],
        [("scan", 5), ("see", 0), ("press", 0), ("commit", 0), ("sync", 0)],
    ]
)
parts = st.one_of(a_put, a_start, noise, a_cancel, a_turn, two_hands)
shifts = st.lists(parts, max_size=14).map(lambda many: [one for part in many for one in part])


def live_through(happenings: list[tuple[str, int]]) -> Wall:
    wall = Wall()
    for what, number in happenings:
        getattr(wall, what)(number)
    return wall


@settings(deadline=None, max_examples=300)
@given(shifts)
def test_no_put_is_lost_none_counts_twice_and_sums_are_right(happenings: list[tuple[str, int]]) -> None:
    wall = live_through(happenings)
    wall.finish()

    whole = {line: asked for line, (_, _, asked) in ASKED.items() if line[:2] not in wall.central.cancelled}
    assert {line: wall.central.put[line] for line in whole} == whole
    assert wall.central.gone == {"o1", "o2", "o3"}
    assert (wall.state.lit, wall_faces(wall.state)) == ((), {})
    sums = dict.fromkeys(ASKED, 0)
    for one in wall.disk:
        if isinstance(one, RecordPut):
            sums[one.put.line_id] += one.put.pieces
    assert sums == wall.central.put


@pytest.mark.parametrize(
    "goal",
    [
        lambda wall: sum(wall.central.put.values()) >= 4,
        lambda wall: wall.restarts and len(wall.disk) >= 2,
        lambda wall: wall.state.store and wall.state.lit,
        lambda wall: len(wall.state.lit) == 2,
        lambda wall: len({put.hand for put in wall.state.lit}) == 2,
        lambda wall: any(len({put.hand for put in line}) == 2 for line in queues(wall.state).values()) and wall.disk,
        lambda wall: wall.central.gone,
        lambda wall: wall.state.notice.startswith("surplus"),
        lambda wall: wall.state.notice == "puts_withdrawn",
        lambda wall: wall.central.held,
        lambda wall: wall.state.buttons.pressing and wall.disk,
    ],
    ids=[
        "puts",
        "restart between puts",
        "full disk",
        "two cubbies at once",
        "two hands at once",
        "one waits for the other",
        "taken out",
        "surplus",
        "withdrawn",
        "missing",
        "stuck",
    ],
)
def test_the_shifts_we_try_reach_what_matters(goal: Callable[[Wall], object]) -> None:
    def reached(happenings: list[tuple[str, int]]) -> bool:
        return bool(goal(live_through(happenings)))

    find(shifts, reached, settings=settings(max_examples=8000, deadline=None, phases=[Phase.generate]))


def test_central_on_paper_finds_a_sum_that_is_wrong() -> None:
    wall = live_through([("pick", 1), ("pick", 1), ("hear", 0), ("tell", 0), ("scan", 1), ("see", 0), ("press", 0)])
    (said,) = (one for one in wall.asked if isinstance(one, RecordPut))

    with pytest.raises(AssertionError, match="out of step"):
        wall.central.take(RecordPut(replace(said.put, total=said.put.total + 1)))
