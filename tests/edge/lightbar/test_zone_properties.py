"""Whatever order things happen in: no pick is lost, none is done twice, no light goes out before the disk has it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from edge.lightbar.stops import stops
from tests.edge.lightbar.zone_shift import Shift
from tests.edge.lightbar.zone_work import PICKS, RULES

MOVES = ("work", "older_work", "press", "see", "commit", "refuse", "look", "lose", "find", "restart", "scan", "hear")
PEOPLE = ("scan", "badge", "scan", "short", "quantity", "undo", "undo_over", "learn", "key", "code", "code", "done")
BUTTONS = ("calm", "chatter", "stick")
noise = st.lists(st.tuples(st.sampled_from((*MOVES, *PEOPLE, *BUTTONS)), st.integers(0, 9)), max_size=8)
a_pick = st.integers(0, 2).map(
    lambda place: [("see", 0), ("code", place), ("code", 3), ("press", place), ("commit", 0), ("see", 0)]
)
a_start = st.just([("hear", 0), ("work", 4), *(("scan", tote) for tote in range(5)), ("see", 0)])
a_dead_lamp = st.integers(0, 2).map(
    lambda place: [("lose", place), ("code", place), ("done", 0), ("code", 3), ("commit", 0), ("see", 0)]
)
parts = st.one_of(a_pick, a_start, a_dead_lamp, noise)
shifts = st.lists(parts, max_size=14).map(lambda many: [one for part in many for one in part])


def live_through(happenings: list[tuple[str, int]], rules: str = "discrete") -> Shift:
    shift = Shift(RULES[rules])
    for what, number in happenings:
        getattr(shift, what)(number)
    return shift


@pytest.mark.parametrize("rules", RULES)
@settings(deadline=None, max_examples=60)
@given(happenings=shifts)
def test_no_pick_is_lost_and_none_is_done_twice(rules: str, happenings: list[tuple[str, int]]) -> None:
    shift = live_through(happenings, rules)
    shift.finish()

    assert shift.done_for_good() == sorted(PICKS)
    assert shift.state.totes == ()
    assert shift.state.active == ()


@settings(deadline=None, max_examples=100)
@given(shifts)
def test_desired_versions_only_go_up(happenings: list[tuple[str, int]]) -> None:
    shift, versions = Shift(), [0]
    for what, number in happenings:
        getattr(shift, what)(number)
        versions.append(shift.state.version if what != "restart" else versions[-1])

    assert all(earlier <= later for earlier, later in pairwise(versions))


def test_the_record_of_work_that_went_and_came_again_leaves_the_light_of_other_work_at_its_place() -> None:
    confirm = [("see", 0), ("code", 3), ("press", 0)]
    other_work = [("work", 2), ("work", 4), ("scan", 2), ("see", 0), ("press", 0)]

    shift = live_through([("work", 5), ("scan", 8), *confirm, *other_work, ("commit", 0)])

    assert shift.disk == ["p30"]
    assert shift.device["A-01-1"].colour != "off"
    shift.finish()
    assert shift.done_for_good() == sorted(PICKS)


GOALS: dict[str, tuple[str, Callable[[Shift], object]]] = {
    "picks done": ("discrete", lambda shift: len(shift.disk) >= 4),
    "restart between picks": ("discrete", lambda shift: shift.restarts and len(shift.disk) >= 2),
    "full disk": ("discrete", lambda shift: shift.state.store),
    "waiting for dark": ("discrete", lambda shift: shift.state.resting),
    "woken by scan": ("discrete", lambda shift: shift.state.woken and not shift.state.trusted),
    "gave way": ("discrete", lambda shift: shift.state.lost and shift.state.current not in ("", "t0")),
    "one line after the other": ("sequential", lambda shift: len(shift.disk) >= 3),
    "total before the split": ("batch", lambda shift: _steps(shift) >= {"total"}),
    "split": ("batch", lambda shift: _steps(shift) >= {"split"} and shift.disk),
    "three at work": ("three pickers", lambda shift: len(shift.state.active) == 3 and shift.disk),
    "queue at a lamp": ("three pickers, one line each", lambda shift: shift.disk and _waiting(shift)),
    "a count": ("counted and looked at", lambda shift: _steps(shift) >= {"count"}),
    "an empty place": ("counted and looked at", lambda shift: _steps(shift) >= {"zero"}),
    "taken back": ("discrete", lambda shift: shift.taken_back and shift.state.reopened),
    "taken back and confirmed": ("discrete", lambda shift: any("~" in pick_id for pick_id in shift.disk)),
    "a stuck button": ("discrete", lambda shift: shift.state.buttons.pressing and shift.disk),
    "proven and picked": ("scan place and item", lambda shift: shift.state.undoable),
    "confirmed without its lamp": ("discrete", lambda shift: shift.scanned and len(shift.disk) >= 2),
    "found short and barred": ("discrete", lambda shift: shift.state.barred and shift.disk),
    "short known to central": ("discrete", lambda shift: shift.shorts and shift.knows),
    "a picker is known": ("three pickers", lambda shift: any(tote.picker for tote in shift.state.active)),
}


def _steps(shift: Shift) -> set[str]:
    return {stop.step for stop in stops(shift.state).values()}


def _waiting(shift: Shift) -> bool:
    return any(stop.waiting for stop in stops(shift.state).values())


@pytest.mark.parametrize("name", GOALS)
def test_the_shifts_we_try_reach_what_matters(name: str) -> None:
    rules, goal = GOALS[name]

    def reached(happenings: list[tuple[str, int]]) -> bool:
        return bool(goal(live_through(happenings, rules)))

    find(shifts, reached, settings=settings(max_examples=5000, deadline=None, phases=[Phase.generate]))
