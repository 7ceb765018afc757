"""Which store may speak and which line is next."""

from __future__ import annotations

import pytest

from central.rules.journal import Cursor, Greeting, Step, TurnedAway, Welcomed, judge_hello, judge_line

AT = Cursor(epoch=2, acked_through=7, head="h7")


@pytest.mark.parametrize(
    ("epoch", "seq", "step"),
    [(2, 8, Step.NEXT), (2, 7, Step.REPEAT), (2, 1, Step.REPEAT), (2, 9, Step.GAP), (1, 8, Step.OTHER_EPOCH),
     (3, 8, Step.OTHER_EPOCH), (0, 8, Step.OTHER_EPOCH)],
)  # fmt: skip
def test_only_the_next_number_of_this_epoch_goes_on(epoch: int, seq: int, step: Step) -> None:
    assert judge_line(AT, epoch, seq) is step


def hello(store_id: str = "s2", epoch: int = 2, first: int = 8, last: int = 7) -> Greeting:
    return Greeting(store_id, epoch, first, last)


def test_a_store_never_seen_gets_the_next_epoch() -> None:
    found = judge_hello("zone-a", AT, "s2", hello("new", 0, 1, 3), None)

    assert found == Welcomed(Cursor(3, 0, ""), new_store=True)


def test_a_store_of_a_central_that_lost_its_record_goes_on_above_its_own_epoch() -> None:
    found = judge_hello("zone-a", Cursor(0, 0, ""), "", hello("new", 5, 41, 60), None)

    assert found == Welcomed(Cursor(6, 40, ""), new_store=True, lost_lines=40)


def test_the_known_store_goes_on_where_it_was() -> None:
    assert judge_hello("zone-a", AT, "s2", hello(), ("zone-a", 2)) == Welcomed(AT)


def test_lines_that_exist_nowhere_any_more_are_counted() -> None:
    assert judge_hello("zone-a", AT, "s2", hello(first=11, last=20), ("zone-a", 2)) == Welcomed(
        Cursor(2, 10, ""), lost_lines=3
    )


def test_a_hello_that_knows_less_than_is_committed_is_late_or_of_a_restored_card() -> None:
    assert judge_hello("zone-a", AT, "s2", hello(first=1, last=5), ("zone-a", 2)) == Welcomed(AT, behind=True)


@pytest.mark.parametrize(
    ("greeting", "granted", "why"),
    [
        (hello(), ("zone-b", 2), "belongs to node zone-b"),
        (hello("s1", 1), ("zone-a", 1), "older storage"),
    ],
)
def test_a_copied_or_old_card_is_turned_away(greeting: Greeting, granted: tuple[str, int], why: str) -> None:
    found = judge_hello("zone-a", AT, "s2", greeting, granted)

    assert isinstance(found, TurnedAway)
    assert why in found.why
    assert "technician" in found.why
