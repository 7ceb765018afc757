"""The bench rule: what does not belong is scanned before the parcel could be complete, or declared."""

from __future__ import annotations

from sim.goods import Unit
from sim.people.packing import plan
from sim.world import FOREIGN

MUG, PACK, BOWL = Unit("MUG", "1", 1), Unit("MUG", "6", 6), Unit("BOWL", "2", 1)


def test_a_right_box_is_scanned_as_it_lies() -> None:
    assert plan([MUG, BOWL], {"MUG": 1, "BOWL": 1}).units == (MUG, BOWL)


def test_what_the_screen_does_not_ask_for_comes_first() -> None:
    assert plan([MUG, FOREIGN], {"MUG": 1}).units == (FOREIGN, MUG)
    assert plan([MUG, BOWL], {"MUG": 1}).units == (BOWL, MUG)


def test_the_sku_with_one_too_many_comes_before_the_rest() -> None:
    made = plan([BOWL, MUG, MUG], {"MUG": 1, "BOWL": 1})
    assert made.units == (MUG, MUG, BOWL)
    assert not made.odd


def test_a_surplus_that_no_scan_would_find_is_declared() -> None:
    assert plan([MUG, MUG], {"MUG": 1}).odd


def test_a_pack_counts_its_pieces() -> None:
    assert not plan([PACK, BOWL], {"MUG": 6, "BOWL": 1}).odd
    assert plan([BOWL, PACK, MUG], {"MUG": 6, "BOWL": 1}).units == (MUG, PACK, BOWL)
