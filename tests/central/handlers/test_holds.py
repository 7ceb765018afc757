"""The platform stops an order, and lets it go on, wherever the order is."""

from __future__ import annotations

import pytest

from tests.central.paper_floor import PaperFloor
from wire.answers import Blocked, OrderLoaded, Refused, Verified
from wire.commands import HoldOrder, ResolveTicket
from wire.deeds import SetAside
from wire.phrases import Refusal


def hold(floor: PaperFloor, order_no: str, why: str) -> bool:
    return floor.command(HoldOrder, order_no=order_no, hold=why, reason="platform").ok


def test_a_held_order_leaves_the_lights_and_comes_back(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10), ("B-01-1", "lamp", 10))
    floor.order("1", mug=1, lamp=1)
    floor.order("2", mug=1)
    floor.wave()

    assert hold(floor, "1", "on_hold")
    assert [tote.order_no for tote, _ in floor.lit("A")] == ["2"]
    assert floor.lit("B") == []
    assert floor.rows("SELECT reserved FROM location ORDER BY location_id") == [(2,), (1,)]
    assert hold(floor, "1", "")
    assert [tote.order_no for tote, _ in floor.lit("A")] == ["1", "2"]
    assert [tote.order_no for tote, _ in floor.lit("B")] == ["1"]


def test_a_press_that_came_before_the_node_heard_of_the_hold_counts(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    floor.order("1", mug=1)
    floor.wave()
    tote, pick = floor.lit("A")[0]
    hold(floor, "1", "frozen")

    floor.apply([floor.confirm("A", tote, pick)])

    assert floor.status("1") == "picked"
    assert floor.rows("SELECT on_hand, reserved FROM location") == [(9, 0)]


def test_no_wave_takes_a_held_order(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    floor.order("1", mug=1)
    floor.order("2", mug=1)
    hold(floor, "1", "risk_control")

    floor.wave()

    assert (floor.status("1"), floor.status("2")) == ("allocated", "waved")


@pytest.mark.parametrize("why", ["on_hold", "frozen", "risk_control"])
def test_a_passing_hold_is_refused_at_the_label_and_forgotten(picked: PaperFloor, why: str) -> None:
    hold(picked, "2", why)
    assert isinstance(picked.label("L2")[1], Refused)
    assert picked.tickets() == []
    hold(picked, "2", "")
    verification, loaded = picked.label("L2")

    assert isinstance(loaded, OrderLoaded)
    assert isinstance(picked.item(verification, "=lamp"), Verified)


@pytest.mark.parametrize(
    ("why", "reason"),
    [("address_changed", Refusal.ADDRESS_CHANGED), ("other_warehouse", Refusal.OTHER_WAREHOUSE)],
)
def test_a_hold_that_needs_a_person_opens_one_ticket_at_the_label(
    picked: PaperFloor, why: str, reason: Refusal
) -> None:
    hold(picked, "2", why)
    verification, blocked = picked.label("L2")
    assert isinstance(blocked, Blocked)
    picked.bench(SetAside, verification, why="aside")

    assert picked.label("L2")[1].reason == Refusal.IN_EXCEPTION
    assert picked.tickets() == [(reason, "host_data", "open")]
    early = picked.command(ResolveTicket, ticket=blocked.ticket, action="repack")
    assert "is stopped by its host" in early.said
    hold(picked, "2", "")
    if reason == Refusal.ADDRESS_CHANGED:
        assert picked.command(ResolveTicket, ticket=blocked.ticket, action="replace_label").ok
    assert picked.command(ResolveTicket, ticket=blocked.ticket, action="repack").ok
    again, _ = picked.label("L2")
    assert isinstance(picked.item(again, "=lamp"), Verified)


def test_a_parcel_stopped_while_it_is_packed_never_gets_a_grant(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    hold(picked, "2", "frozen")
    answer = picked.item(verification, "=lamp")

    assert isinstance(answer, Blocked)
    assert answer.reason == Refusal.ORDER_FROZEN
    assert picked.rows("SELECT count(*) FROM parcel") == [(0,)]


def test_what_has_left_or_stands_at_the_gate_cannot_be_stopped(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    verified = picked.item(verification, "=lamp")
    said = picked.command(HoldOrder, order_no="2", hold="frozen", reason="platform").said
    assert said == "order 2 is at the gate of bench-1. Take the parcel back there"
    picked.gate(verified.grant)

    assert not hold(picked, "2", "frozen")
    assert not hold(picked, "nobody", "frozen")
