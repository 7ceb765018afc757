"""A supervisor puts a box right, and only exceptions that were open for a while are decided."""

from __future__ import annotations

import json
import time

import pytest

from sim.mistakes import TOO_MANY, Mistakes
from sim.orders import ShopOrder
from sim.people.supervisor import LEAVE_S, _due, _step
from sim.site import demo_site
from sim.world import World, pieces_by_sku

SITE = demo_site()


def test_a_box_that_was_put_right_holds_what_was_ordered_under_its_own_label() -> None:
    world = World(SITE.goods, SITE.places)
    order = ShopOrder("P1", "LP1", "", ((SITE.places[0].sku, 7),))
    world.expect([order])
    Mistakes(world, rate=0, seed=1, first=(TOO_MANY,)).take(SITE.places[0].location_id, 7, "P1")
    world.boxes["P1"].label = "LP9"
    world.put_right("P1")

    assert pieces_by_sku(world.boxes["P1"].units) == dict(order.lines)
    assert world.boxes["P1"].label == "LP1"


def shelf_of_two() -> World:
    world = World(SITE.goods, SITE.places)
    world.expect(
        [ShopOrder("P1", "LP1", "", ((SITE.places[0].sku, 2),)), ShopOrder("P2", "LP2", "", ((SITE.places[1].sku, 1),))]
    )
    return world


def test_a_box_comes_back_once_its_order_may_be_packed_again_and_is_put_right_only_after_a_ticket() -> None:
    world = shelf_of_two()
    for order_no in ("P1", "P2"):
        world.set_aside(world.boxes[order_no])

    assert world.decided({"LP9"}, {"P1"}) == []
    assert world.decided({"LP1", "LP2"}, {"P1"}) == ["P1", "P2"]
    assert pieces_by_sku(world.boxes["P1"].units) == {SITE.places[0].sku: 2}
    assert world.boxes["P2"].units == []
    assert world.decided({"LP1", "LP2"}, {"P1"}) == []


def test_boxes_with_swapped_labels_come_back_each_with_its_own() -> None:
    world = shelf_of_two()
    world.swap_labels("P1", "P2")
    world.set_aside(world.boxes["P1"])  # it bears LP2: the ticket is P2's

    assert world.decided({"LP1", "LP2"}, {"P2"}) == ["P1"]
    assert (world.boxes["P1"].label, world.boxes["P2"].label) == ("LP1", "LP2")


def test_fresh_tickets_and_tickets_of_no_order_are_left_alone() -> None:
    now, old = time.time_ns(), time.time_ns() - int((LEAVE_S + 1) * 1e9)
    tickets = [
        {"ticket": "T1", "kind": "wrong_item", "order_no": "P1", "opened_utc_ns": now},
        {
            "ticket": "T2",
            "kind": "wrong_item",
            "order_no": "P2",
            "opened_utc_ns": old,
            "possible": ["repack", "cancel"],
        },
        {"ticket": "T3", "kind": "interlock_fault", "order_no": "", "opened_utc_ns": old},
    ]
    assert list(_due(json.dumps(tickets).encode())) == [("T2", "repack")]


@pytest.mark.parametrize(
    ("kind", "possible", "step"),
    [
        ("wrong_item", ["repack", "return_stock", "repick", "cancel"], "repack"),
        ("short_pick", ["repack", "cancel"], "cancel"),
        ("short_pick", ["return_stock", "write_off"], "return_stock"),
        ("label_damaged", ["replace_label", "cancel"], "replace_label"),
        ("missing_item", ["repick", "repack", "cancel"], "repack"),
        ("other_warehouse", ["cancel"], "cancel"),
        ("order_on_hold", ["cancel"], ""),
        ("already_shipped", ["close"], "close"),
    ],
)
def test_each_ticket_gets_the_step_that_a_shelf_can_do(kind: str, possible: list[str], step: str) -> None:
    assert _step(kind, possible) == step
