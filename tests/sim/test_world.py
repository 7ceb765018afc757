"""The oracle: right parcels are right, any other is found, and each kind of mistake really spoils a box."""

from __future__ import annotations

import pytest

from sim.mistakes import KINDS, MISSING, SWAPPED, TOO_MANY, UNKNOWN, WRONG_ITEM, Mistakes
from sim.orders import ShopOrder
from sim.site import demo_site
from sim.world import World, pieces_by_sku

SITE = demo_site()
FIRST, SECOND = SITE.places[0], SITE.places[1]
MUGS = ShopOrder("P1", "LP1", "Japan", ((FIRST.sku, 2),))
OTHER = ShopOrder("P2", "LP2", "Japan", ((SECOND.sku, 1),))


def floor() -> World:
    world = World(SITE.goods, SITE.places)
    world.expect([MUGS, OTHER])
    return world


def inside(world: World, order_no: str) -> dict[str, int]:
    return pieces_by_sku(world.boxes[order_no].units)


def test_the_right_things_make_a_right_parcel() -> None:
    world = floor()
    world.take(FIRST.location_id, 2, "P1")

    world.parcels["LP1"] = world.boxes["P1"].units
    assert world.leave("LP1")
    assert world.wrong == []


def test_a_parcel_with_one_piece_less_is_wrong() -> None:
    world = floor()
    world.take(FIRST.location_id, 1, "P1")

    world.parcels["LP1"] = world.boxes["P1"].units
    assert not world.leave("LP1")
    assert world.wrong[0].inside == {FIRST.sku: 1}


def test_a_box_goes_to_the_benches_once_all_its_pieces_are_confirmed() -> None:
    world = World(SITE.goods, SITE.places)
    world.expect([ShopOrder("P3", "LP3", "", ((FIRST.sku, 2), (SECOND.sku, 1)))])
    assert not world.confirm(FIRST.location_id, 2, "P3")
    assert not world.confirm(FIRST.location_id, 2, "P3")
    assert world.confirm(SECOND.location_id, 1, "P3")

    assert list(world.lane) == ["P3"]
    assert world.fetch("P3").order_no == "P3"
    assert not world.lane


@pytest.mark.parametrize("kind", [WRONG_ITEM, TOO_MANY, MISSING, UNKNOWN])
def test_each_mistake_spoils_the_box(kind: str) -> None:
    world = floor()
    mistakes = Mistakes(world, rate=0, seed=1, first=(kind,))
    mistakes.take(FIRST.location_id, 2, "P1")

    assert inside(world, "P1") != dict(MUGS.lines)
    assert mistakes.by_kind() == {kind: 1}


def test_swapped_labels_spoil_two_boxes() -> None:
    world = floor()
    mistakes = Mistakes(world, rate=0, seed=1, first=(SWAPPED,))
    for place, pieces, order_no in ((FIRST, 2, "P1"), (SECOND, 1, "P2")):
        mistakes.take(place.location_id, pieces, order_no)
        world.confirm(place.location_id, pieces, order_no)
        mistakes.at_the_lane(order_no)

    assert world.boxes["P1"].label == "LP2"
    assert mistakes.made[0].orders == ("P1", "P2")
    assert mistakes.caught(["P1"]) == ()
    assert mistakes.caught(["P1", "P2"]) == tuple(mistakes.made)


def test_an_order_gets_one_mistake_and_the_next_order_the_next() -> None:
    world = floor()
    mistakes = Mistakes(world, rate=0, seed=1, first=(TOO_MANY, MISSING))
    mistakes.take(FIRST.location_id, 1, "P1")
    mistakes.take(FIRST.location_id, 1, "P1")
    mistakes.take(SECOND.location_id, 1, "P2")

    assert [mistake.orders for mistake in mistakes.made] == [("P1",), ("P2",)]


def test_the_rate_is_kept_and_every_kind_comes() -> None:
    world = World(SITE.goods, SITE.places)
    mistakes = Mistakes(world, rate=0.1, seed=3)
    for number in range(3_000):
        order = ShopOrder(f"Q{number}", f"LQ{number}", "", ((FIRST.sku, 2),))
        world.expect([order])
        mistakes.take(FIRST.location_id, 2, order.order_no)

    assert 220 <= len(mistakes.made) <= 340
    assert set(mistakes.by_kind()) == set(KINDS) - {SWAPPED}


def test_pieces_of_a_batch_tote_are_parted_over_cubbies_and_leave_them_in_the_orders_boxes() -> None:
    world = floor()
    world.take_for_wall(FIRST.location_id, 2, "W1/A/1")
    world.take_for_wall(SECOND.location_id, 1, "W1/A/1")
    world.batches.bring("W1/A/1")
    for cubby in ("W-01", "W-01", "W-02"):
        world.batches.put(world.batches.table.popleft(), cubby)
    for cubby, order_no in (("W-01", "P1"), ("W-02", "P2")):
        world.leave_wall(cubby, order_no)

    assert (inside(world, "P1"), inside(world, "P2")) == ({FIRST.sku: 2}, {SECOND.sku: 1})
    assert list(world.lane) == world.batches.sorted == ["P1", "P2"]
    assert not world.batches.cubbies
