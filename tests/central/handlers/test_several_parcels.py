"""One order in several boxes, and orders without what is missing: each piece counted once, nothing left out unseen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.central.paper_floor import PaperFloor
from wire import commands
from wire.answers import AsideNoted, Blocked, OrderLoaded, Refused, Verified
from wire.commands import NewLabel, NewOrder, OrderLine
from wire.deeds import BoxClosed, LabelProved, LabelScanned, ProblemDeclared
from wire.phrases import Refusal

ZPL = b"^XA^FD2^FS^XZ"


def full(floor: PaperFloor, verification: str) -> Any:
    return floor.bench(BoxClosed, verification)


def asked(loaded: Any) -> dict[str, int]:
    return {item.sku: item.asked_pieces for item in loaded.items}


@pytest.fixture
def big(floor: PaperFloor) -> PaperFloor:
    """Order 1: three mugs and a lamp, labels L1, M1 and M2; order 2: two mugs, one label. All picked."""
    floor.stock(("A-01-1", "mug", 20), ("B-01-1", "lamp", 10))
    lines = (OrderLine(sku="mug", pieces=3), OrderLine(sku="lamp", pieces=1))
    floor.command(commands.ImportOrders, orders=(NewOrder(order_no="1", label="L1", lines=lines, labels=("M1", "M2")),))
    floor.order("2", mug=2)
    floor.wave()
    floor.pick_everything()
    return floor


def first_box(floor: PaperFloor) -> Any:
    """Two mugs under L1, out of the gate."""
    verification, _ = floor.label("L1")
    floor.item(verification, "=mug")
    floor.item(verification, "=mug")
    verified = full(floor, verification)
    assert isinstance(verified, Verified)
    floor.gate(verified.grant)
    return verified


def test_the_rest_goes_into_the_next_box_and_the_order_leaves_with_its_last(big: PaperFloor) -> None:
    assert first_box(big).more
    assert big.status("1") == "picked"

    verification, loaded = big.label("M1")
    assert asked(loaded) == {"mug": 1, "lamp": 1}
    big.item(verification, "=mug")
    last = big.item(verification, "=lamp")
    assert isinstance(last, Verified)
    assert not last.more
    big.gate(last.grant)

    assert big.status("1") == "released"
    parcels = big.rows("SELECT label, contents, last FROM parcel ORDER BY last")
    assert parcels == [("L1", '{"mug":2}', 0), ("M1", '{"mug":1,"lamp":1}', 1)]
    assert big.rows("SELECT sku, pieces, packed FROM order_line WHERE order_no = '1'") == [
        ("mug", 3, 3),
        ("lamp", 1, 1),
    ]


def test_the_label_of_a_box_that_left_is_already_shipped_and_the_rest_is_untouched(big: PaperFloor) -> None:
    first_box(big)
    blocked = big.label("L1")[1]

    assert isinstance(blocked, Blocked)
    assert blocked.reason == Refusal.ALREADY_SHIPPED
    assert big.status("1") == "picked"
    assert isinstance(big.label("M1")[1], OrderLoaded)


def test_a_tote_begins_the_next_box_with_the_next_label(big: PaperFloor) -> None:
    first_box(big)
    tote = big.rows("SELECT tote_id FROM pick WHERE order_no = '1' LIMIT 1")[0][0]
    verification, loaded = big.label(tote)
    assert (loaded.label, asked(loaded)) == ("M1", {"mug": 1, "lamp": 1})
    big.item(verification, "=mug")
    big.item(verification, "=lamp")

    other = big.bench(LabelProved, verification, label="M2")
    assert (other.reason, other.detail) == (Refusal.OTHER_PARCEL, "M1")
    assert isinstance(big.bench(LabelProved, verification, label="M1"), Verified)


def test_an_empty_box_or_one_without_a_label_for_the_rest_is_not_closed(big: PaperFloor) -> None:
    verification, _ = big.label("L1")
    assert full(big, verification).reason == Refusal.EMPTY_BOX
    verification, _ = big.label("L2")
    big.item(verification, "=mug")
    assert full(big, verification).reason == Refusal.NO_MORE_LABELS
    big.command(commands.ImportLabels, labels=(NewLabel(label="L2b", document="zpl", body=ZPL, order_no="2"),))

    assert isinstance(full(big, verification), Verified)


def test_nothing_goes_into_a_closed_box(big: PaperFloor) -> None:
    tote = big.rows("SELECT tote_id FROM pick WHERE order_no = '1' LIMIT 1")[0][0]
    verification, _ = big.label(tote)
    big.item(verification, "=mug")
    full(big, verification)

    assert big.item(verification, "=mug").reason == Refusal.NOT_THIS_PARCEL
    assert full(big, verification).reason == Refusal.NOT_THIS_PARCEL
    assert isinstance(big.bench(LabelProved, verification, label="L1"), Verified)


def test_a_closed_box_is_still_closed_after_a_restart(big: PaperFloor) -> None:
    tote = big.rows("SELECT tote_id FROM pick WHERE order_no = '1' LIMIT 1")[0][0]
    verification, _ = big.label(tote)
    big.item(verification, "=mug")
    full(big, verification)
    big.reopen()

    verified = big.bench(LabelProved, verification, label="L1")
    assert verified.more


def test_a_cancelled_or_held_order_closes_no_box(big: PaperFloor) -> None:
    verification, _ = big.label("L1")
    big.item(verification, "=mug")
    big.command(commands.HoldOrder, order_no="1", hold="frozen", reason="")

    assert full(big, verification).reason == Refusal.ORDER_FROZEN
    assert big.rows("SELECT count(*) FROM parcel") == [(0,)]


def test_an_order_of_which_a_box_left_cannot_be_cancelled(big: PaperFloor) -> None:
    first_box(big)

    assert "has left" in big.command(commands.CancelOrder, order_no="1", reason="late").said


def test_the_carrier_takes_box_after_box(big: PaperFloor) -> None:
    first_box(big)
    assert big.command(commands.HandOver, labels=("L1",)).ok
    verification, _ = big.label("M1")
    big.item(verification, "=mug")
    big.gate(big.item(verification, "=lamp").grant)
    assert big.status("1") == "released"
    assert not big.command(commands.HandOver, labels=("L1",)).ok
    assert big.command(commands.HandOver, labels=("M1",)).ok

    assert big.status("1") == "handed_over"


def declared(floor: PaperFloor, label: str, *items: str) -> str:
    """Everything that is there was scanned, and the rest declared missing; the ticket."""
    verification, _ = floor.label(label)
    for item in items:
        floor.item(verification, f"={item}")
    noted = floor.bench(ProblemDeclared, verification, problem="missing_item")
    assert isinstance(noted, AsideNoted)
    return noted.ticket


def allow(floor: PaperFloor, ticket: str) -> Any:
    return floor.command(commands.ResolveTicket, ticket=ticket, action="ship_partial")


def test_a_supervisor_lets_an_order_go_without_exactly_what_was_missing(big: PaperFloor) -> None:
    shelf = big.shelf("A-01-1")
    assert allow(big, declared(big, "L1", "mug", "mug", "lamp")).ok
    verification, loaded = big.label("L1")
    assert asked(loaded) == {"mug": 2, "lamp": 1}
    big.item(verification, "=lamp")
    big.item(verification, "=mug")
    verified = big.item(verification, "=mug")
    big.gate(verified.grant)

    assert (big.status("1"), verified.more) == ("released", False)
    assert big.rows("SELECT pieces, packed, waived FROM order_line WHERE order_no = '1'") == [(3, 2, 1), (1, 1, 0)]
    assert big.shelf("A-01-1") == shelf


def test_even_a_partial_parcel_must_match_exactly(big: PaperFloor) -> None:
    allow(big, declared(big, "L2", "mug"))
    verification, _ = big.label("L2")
    assert isinstance(big.item(verification, "=lamp"), Blocked)

    tickets = [ticket for ticket, *_ in big.tickets()]
    assert tickets.count("wrong_item") == 1


def test_nothing_is_left_out_without_a_ticket_that_says_what_is_missing(big: PaperFloor) -> None:
    empty = allow(big, declared(big, "L2"))
    assert "Cancel the order" in empty.said
    verification, _ = big.label("L1")
    blocked = big.item(verification, "?")
    refused = allow(big, blocked.ticket)

    assert "“ship without it” is no way to resolve it" in refused.said
    assert big.rows("SELECT sum(waived) FROM order_line") == [(0,)]


def test_the_rest_of_an_order_in_boxes_may_be_left_out_as_a_whole(big: PaperFloor) -> None:
    first_box(big)
    assert allow(big, declared(big, "M1")).ok

    assert big.status("1") == "released"
    assert big.rows("SELECT sum(packed), sum(waived) FROM order_line WHERE order_no = '1'") == [(2, 2)]


def test_a_short_pick_may_be_shipped_short(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 2))
    floor.order("1", mug=2)
    floor.wave()
    tote, pick = floor.lit("A")[0]
    floor.apply([floor.short("A", tote, pick, found=1)])
    ticket = floor.rows("SELECT ticket FROM ticket WHERE kind = 'short_pick'")[0][0]
    assert allow(floor, ticket).ok
    verification, loaded = floor.label("L1")

    assert asked(loaded) == {"mug": 1}
    assert isinstance(floor.item(verification, "=mug"), Verified)


def test_an_unplanned_opening_finds_no_label_when_all_are_used(big: PaperFloor) -> None:
    verification, _ = big.label("L2")
    big.item(verification, "=mug")
    big.gate(big.item(verification, "=mug").grant)
    tote = big.rows("SELECT tote_id FROM pick WHERE order_no = '2' LIMIT 1")[0][0]
    scan = big.scan_id()
    deed = LabelScanned(station="bench-1", scan_id=scan, label=tote, challenge="c")
    answer = big.deed("bench-1", deed, f"scan:{scan}")

    assert isinstance(answer, Blocked | Refused)
    assert answer.reason == Refusal.ALREADY_SHIPPED
