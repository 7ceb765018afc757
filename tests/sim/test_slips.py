"""Slips dealt to parcels: every kind, at most one a parcel, and boxes that hold what the slip says."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from sim.goods import goods_of, largest_lines
from sim.invent import invent, read_products
from sim.orders import ShopOrder
from sim.slips import DOUBLE, KINDS, SWAPPED, WRONG_LABEL, Slip, deal, units_of
from sim.world import pieces_by_sku

PRODUCTS = read_products()
ORDERS = tuple(islice(invent(PRODUCTS, 1), 600))
GOODS = {
    one.sku: one
    for one in goods_of({one.sku: one.title for one in PRODUCTS}, largest_lines(order.lines for order in ORDERS))
}
BY_NO = {order.order_no: order for order in ORDERS}
SPOILT = ("wrong_item", "look_alike", "one_too_many", "one_missing", "not_in_catalogue")


@given(seed=st.integers(0, 1_000))
def test_five_in_a_hundred_parcels_get_slips_of_all_kinds_alike(seed: int) -> None:
    slips = deal(ORDERS, 0.05, seed)
    kinds = Counter(slip.kind for slip in slips.values())

    assert set(kinds) == set(KINDS)
    assert {kinds[kind] for kind in KINDS if kind != SWAPPED} == {2}
    assert kinds[SWAPPED] == 4


@given(seed=st.integers(0, 1_000))
def test_a_swap_is_known_at_both_parcels_and_no_parcel_has_two_slips(seed: int) -> None:
    slips = deal(ORDERS, 0.05, seed)

    for order_no, slip in slips.items():
        assert slip.order_no == order_no
        if slip.kind == SWAPPED:
            assert slips[slip.other] == Slip(SWAPPED, slip.other, order_no)
        if slip.kind in (SWAPPED, WRONG_LABEL):
            assert dict(BY_NO[slip.other].lines) != dict(BY_NO[order_no].lines)


def test_the_same_seed_deals_the_same_slips() -> None:
    assert deal(ORDERS, 0.02, 7) == deal(ORDERS, 0.02, 7) != deal(ORDERS, 0.02, 8)


def test_no_slips_where_none_are_wished() -> None:
    assert deal(ORDERS, 0.0, 1) == {}


@given(order=st.sampled_from(ORDERS), kind=st.sampled_from(SPOILT))
def test_a_box_with_a_slip_inside_is_never_what_the_customer_wants(order: ShopOrder, kind: str) -> None:
    assert pieces_by_sku(units_of(order, None, GOODS)) == dict(order.lines)
    assert pieces_by_sku(units_of(order, Slip(kind, order.order_no), GOODS)) != dict(order.lines)


@given(seed=st.integers(0, 1_000))
def test_a_trigger_is_pulled_twice_only_over_a_thing_that_is_wanted_once(seed: int) -> None:
    doubled = [slip for slip in deal(ORDERS, 0.05, seed).values() if slip.kind == DOUBLE]

    assert doubled
    assert all(BY_NO[slip.order_no].lines[0][1] == 1 < len(BY_NO[slip.order_no].lines) for slip in doubled)
