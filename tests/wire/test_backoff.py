"""Quick at first, jittered, slow where haste does harm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wire.backoff import SLOW_S_MAX, BackOff, Ended

ENDS = {
    "away": Ended("unreachable"),
    "refused": Ended("refused"),
    "dropped": Ended("dropped", lived_s=1.0),
    "dropped, resumed": Ended("dropped", lived_s=1.0, resumed=True),
    "dropped late": Ended("dropped", lived_s=100.0, resumed=True),
    "taken": Ended("taken"),
}


def after(*ends: str) -> BackOff:
    """The memory after these ends, in order."""
    memory = BackOff()
    for end in ends:
        memory = memory.after(ENDS[end])
    return memory


def test_the_first_wait_is_short_and_the_ceiling_doubles_to_a_minute() -> None:
    ceilings = [after(*["away"] * times).wait_s(1.0) for times in range(1, 12)]
    assert ceilings == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60.0, 60.0]
    assert after("away", "away").wait_s(0.0) == 0.0


def test_a_wrong_password_is_tried_once_in_five_minutes_after_the_third_time() -> None:
    assert [after(*["refused"] * times).wait_s(0.0) for times in range(1, 6)] == [2, 15, 300, 300, 300]
    assert after(*["refused"] * 9).wait_s(1.0) == 600


def test_a_good_connection_wipes_the_slate() -> None:
    assert after("refused", "refused", "dropped late").wait_s(1.0) == 0.2
    assert after(*["away"] * 8, "dropped").wait_s(1.0) == 0.2


def test_three_short_resumed_lives_in_a_row_mean_that_another_uses_our_id() -> None:
    assert not after("dropped, resumed", "dropped, resumed").shared_id()
    assert after(*["dropped, resumed"] * 3).shared_id()
    assert [after(*["dropped, resumed"] * times).wait_s(0.0) for times in (3, 4, 5, 6, 9)] == [3, 10, 30, 60, 60]


def test_a_broker_that_restarts_is_no_twin() -> None:
    assert not after(*["dropped"] * 9).shared_id()
    assert not after(*["dropped, resumed", "away", "away"] * 5).shared_id()


def test_the_broker_saying_so_is_believed_at_once() -> None:
    assert after("taken").shared_id()


def test_slow_waits_do_not_turn_into_quick_ones_because_the_lives_between_them_are_longer() -> None:
    assert after(*["dropped, resumed"] * 4, "dropped late", "dropped late").shared_id()


@given(st.lists(st.sampled_from(sorted(ENDS)), max_size=30), st.floats(0, 1))
def test_every_wait_is_bounded(ends: list[str], luck: float) -> None:
    memory = after(*ends)
    assert 0 <= memory.wait_s(luck) <= (SLOW_S_MAX if not (memory.refusals or memory.shared_id()) else 1200)
