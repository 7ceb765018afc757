"""What a parcel should weigh, and how far it may be off."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.rules.weight import DOUBT_G, SIGMAS, Expected, Learned, WeightRules, expected, is_right

RULES = WeightRules(packing_g=60, limit_g=30, limit_percent=3.0, samples_min=10)
weights = st.lists(st.integers(1, 30_000), min_size=2, max_size=60)


def learned(grams: list[int]) -> Learned:
    now = Learned()
    for one in grams:
        now = now.plus(one)
    return now


@pytest.mark.parametrize(
    ("words", "goods", "wanted"),
    [
        ("two mugs of 300 g and the box", [(2, 300)], Expected(660, 30)),
        ("a heavy order may be off by its percentage", [(10, 300), (1, 940)], Expected(4000, 120)),
        ("one item nobody weighed", [(2, 300), (1, 0)], None),
        ("nothing", [], None),
    ],
)
def test_before_it_is_learned_the_catalogue_says(
    words: str, goods: list[tuple[int, int]], wanted: Expected | None
) -> None:
    assert expected(goods, Learned(), RULES) == wanted


def test_ten_parcels_make_it_stricter_and_shift_the_middle() -> None:
    grams = [670, 672, 668, 671, 669, 670, 673, 667, 670, 670]

    wanted = expected([(2, 300)], learned(grams), RULES)

    assert wanted == Expected(670, 8)
    assert is_right(wanted, 678)
    assert not is_right(wanted, 679)
    assert expected([(2, 300)], learned(grams[:9]), RULES) == Expected(660, 30)


def test_goods_without_a_weight_are_known_once_enough_were_weighed() -> None:
    assert expected([(1, 0)], learned([500] * 10), RULES) == Expected(500, DOUBT_G)


def test_nothing_known_says_nothing_against_a_parcel() -> None:
    assert is_right(None, 12_345)


@given(weights)
def test_the_running_figures_are_those_of_the_whole_list(grams: list[int]) -> None:
    now = learned(grams)

    assert now.samples == len(grams)
    assert now.mean_g == pytest.approx(statistics.fmean(grams))
    assert now.deviation_g == pytest.approx(statistics.stdev(grams), abs=1e-6)


@given(weights, st.integers(0, 5_000))
def test_what_is_learned_is_never_looser_than_the_site_nor_tighter_than_the_scale(grams: list[int], one: int) -> None:
    wanted = expected([(1, one)], learned(grams), RULES)

    if wanted is not None:
        limit = max(RULES.limit_g, wanted.grams * RULES.limit_percent / 100 + 1)
        assert DOUBT_G <= wanted.tolerance_g <= limit
    if len(grams) >= RULES.samples_min:
        assert wanted is not None
        assert wanted.tolerance_g <= max(DOUBT_G, SIGMAS * statistics.stdev(grams) + 1)
