"""A ticket is resolved step by step: stock stays right, nothing leaves meanwhile, no other SKU stands in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from central.store.audit import audit
from tests.central.paper_floor import PaperFloor
from wire.answers import Blocked, OrderLoaded, Refused, Verified
from wire.commands import CancelOrder, Reply, ResolveTicket
from wire.deeds import OverrideAsked, ProblemDeclared
from wire.phrases import Refusal


def declared(floor: PaperFloor, problem: str, label: str = "L1") -> str:
    """A ticket of an order whose parcel was begun."""
    verification, _ = floor.label(label)
    return str(floor.bench(ProblemDeclared, verification, problem=problem).ticket)


def step(floor: PaperFloor, ticket: str, action: str, **parts: Any) -> Reply:
    return floor.command(ResolveTicket, ticket=ticket, action=action, **parts)


def steps(floor: PaperFloor) -> list[tuple[Any, ...]]:
    return floor.rows("SELECT action, sku, pieces, gone, location_id, by FROM ticket_step ORDER BY ticket, step")


def stock_is_right(floor: PaperFloor) -> None:
    assert audit(floor.path).stock_faults == []


def test_a_ticket_names_the_totes_of_its_order(picked: PaperFloor) -> None:
    declared(picked, "damaged_item")

    assert picked.rows("SELECT tote, kind, stage FROM ticket") == [("1/A, 1/B", "damaged_item", "picking")]


def test_a_damaged_piece_is_lit_again_and_the_ticket_stays_open_until_it_is_picked_and_repacked(
    picked: PaperFloor,
) -> None:
    ticket = declared(picked, "damaged_item")
    reply = step(picked, ticket, "repick", sku="mug", pieces=1)

    assert reply.said == f"ticket {ticket}: repick is done; 1 to pick, then repack"
    assert [(pick.sku, pick.pieces) for _, pick in picked.lit("A")] == [("mug", 1)]
    refused = step(picked, ticket, "repack")
    expected = f"ticket {ticket}: 1 pieces of order 1 are still to be picked at the lights. Then repack"
    assert refused.said == expected
    assert picked.label("L1")[1].reason == Refusal.IN_EXCEPTION

    picked.pick_everything()
    assert picked.label("L1")[1].reason == Refusal.IN_EXCEPTION
    assert step(picked, ticket, "repack").ok
    assert isinstance(picked.label("L1")[1], OrderLoaded)
    assert picked.shelf("A-01-1") == (7, 0)  # two ordered, one spoilt
    assert steps(picked) == [("repick", "mug", 1, 1, "", "ann"), ("repack", "", 0, 0, "", "ann")]
    stock_is_right(picked)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"sku": "pen"}, "order 1 does not want pen. Nothing is picked in place of what was ordered"),
        ({"sku": "ghost"}, "order 1 does not want ghost"),
        ({"sku": "mug", "pieces": 3}, "order 1 has 2 pieces of mug by the record, no more. Count again"),
        ({}, "say which SKU to pick anew"),
    ],
)
def test_an_impossible_repick_is_refused_and_changes_nothing(
    picked: PaperFloor, parts: dict[str, Any], why: str
) -> None:
    ticket = declared(picked, "missing_item")
    before = picked.rows("SELECT * FROM pick")

    assert why in step(picked, ticket, "repick", **parts).said
    assert picked.rows("SELECT * FROM pick") == before
    assert steps(picked) == []


def test_a_repick_without_stock_is_refused_and_nothing_counts_as_lost(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 1))
    floor.order("1", mug=1)
    floor.wave()
    floor.pick_everything()
    ticket = declared(floor, "damaged_item")

    assert "stock lacks 1 of mug. Bring stock, or cancel the order" in step(floor, ticket, "repick", sku="mug").said
    assert steps(floor) == []
    assert step(floor, ticket, "repack").ok


def test_a_damaged_label_is_replaced_before_the_order_goes_back(picked: PaperFloor) -> None:
    ticket = declared(picked, "label_damaged")

    assert step(picked, ticket, "repack").said == f"ticket {ticket}: first: label replaced. Then repack"
    assert step(picked, ticket, "replace_label").ok
    assert picked.tickets()[-1][2] == "open"
    assert step(picked, ticket, "repack").ok
    assert picked.status("1") == "picked"


def test_a_cancelled_order_s_goods_are_put_back_each_where_it_came_from(picked: PaperFloor) -> None:
    ticket = declared(picked, "missing_item")
    assert step(picked, ticket, "cancel").said == f"ticket {ticket}: cancel is done; 3 pieces are still to put back"
    assert "3 pieces of order 1 are still to put back" in step(picked, ticket, "close").said
    assert step(picked, ticket, "return_stock", sku="mug", pieces=1, location_id="A-01-1").ok
    assert picked.tickets()[-1][2] == "open"
    assert step(picked, ticket, "write_off", sku="mug", pieces=1).ok
    assert step(picked, ticket, "return_stock").said == f"ticket {ticket} is closed"

    assert (picked.shelf("A-01-1"), picked.shelf("B-01-1")) == ((9, 0), (9, 0))  # one mug was written off
    assert picked.tickets()[-1][2] == "resolved"
    stock_is_right(picked)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"sku": "mug", "pieces": 3, "location_id": "A-01-1"}, "order 1 has 2 pieces of mug by the record"),
        ({"sku": "mug", "location_id": "B-01-1"}, "B-01-1 is the place of lamp, not of mug"),
        ({"sku": "mug", "location_id": "Z-1"}, "no location Z-1. Say where it lies now"),
        ({"sku": "mug"}, "no location (none given)"),
        ({"sku": "pen", "location_id": "A-02-1"}, "order 1 has 0 pieces of pen by the record"),
    ],
)
def test_only_what_was_taken_is_put_back_and_only_where_its_sku_lies(
    picked: PaperFloor, parts: dict[str, Any], why: str
) -> None:
    ticket = declared(picked, "missing_item")
    step(picked, ticket, "cancel")

    assert why in step(picked, ticket, "return_stock", **parts).said
    assert (picked.shelf("A-01-1"), picked.shelf("B-01-1"), picked.shelf("A-02-1")) == ((8, 0), (8, 0), (5, 0))


def test_a_wrong_piece_put_back_leaves_the_count_and_asks_to_look(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")
    blocked = picked.item(verification, "=pen")
    assert step(picked, blocked.ticket, "return_stock", sku="pen", location_id="A-02-1").ok

    assert picked.shelf("A-02-1") == (5, 0)
    doubts = picked.rows("SELECT subject FROM alarm WHERE alarm = 'stock_doubtful' AND cleared_utc_ns = 0")
    assert doubts == [("A-02-1",)]
    assert step(picked, blocked.ticket, "repack").ok
    stock_is_right(picked)


def test_an_order_cancelled_by_its_host_keeps_one_ticket_until_its_goods_are_back(picked: PaperFloor) -> None:
    ticket = declared(picked, "missing_item")
    assert picked.command(CancelOrder, order_no="1", reason="customer").ok

    assert picked.tickets() == [("missing_item", "picking", "open")]
    assert step(picked, ticket, "return_stock").ok
    assert picked.tickets() == [("missing_item", "picking", "resolved")]
    stock_is_right(picked)


def test_a_bench_that_began_anew_does_not_load_an_order_with_an_open_ticket(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")
    blocked = picked.item(verification, "=pen")
    again, answer = picked.label("L1")

    assert isinstance(blocked, Blocked)
    assert answer == Refused(scan_id=again, reason=Refusal.IN_EXCEPTION)
    assert picked.status("1") == "exception"


def test_who_did_a_step_is_the_badge_s_person(picked: PaperFloor) -> None:
    picked.badge("ann", "Ann Lee", "supervisor")
    ticket = declared(picked, "packing_damaged")
    step(picked, ticket, "repack", note="new carton")

    assert picked.rows("SELECT by, note FROM ticket_step") == [("Ann Lee", "new carton")]
    assert picked.rows("SELECT closed_by, closed_why FROM ticket") == [("Ann Lee", "repack new carton")]


@pytest.mark.parametrize("scan", ["=pen", "PEN", "pen"])
def test_no_other_sku_can_ever_stand_in_for_an_ordered_one(picked: PaperFloor, scan: str) -> None:
    """By scan, by override, by repick, by return: what leaves is what was ordered."""
    picked.badge("S1", "sue", "supervisor")
    verification, _ = picked.label("L2")
    blocked = picked.item(verification, scan)
    assert isinstance(blocked, Blocked)
    picked.bench(OverrideAsked, verification, badge="S1", reason="taken-out")
    counts = picked.rows("SELECT counts FROM verification WHERE verification = :v", v=verification)
    assert json.loads(counts[0][0]) == {}
    second = picked.item(verification, scan)
    assert isinstance(second, Blocked)
    assert not step(picked, second.ticket, "repick", sku="pen").ok
    assert step(picked, second.ticket, "repack").ok
    again, loaded = picked.label("L2")
    assert [item.sku for item in loaded.items] == ["lamp"]
    assert isinstance(picked.item(again, "=lamp"), Verified)
