"""Commands count once, change all or nothing, and say what is wrong."""

from __future__ import annotations

from central.handlers.intake import CommandIn
from tests.central.paper_floor import PaperFloor, replies
from wire.commands import (
    CancelOrder,
    HandOver,
    ImportCatalogue,
    ImportOrders,
    NewOrder,
    NewSku,
    OrderLine,
    PlanWave,
    ResolveTicket,
)


def order(order_no: str, label: str, line: int, sku: str = "mug") -> NewOrder:
    return NewOrder(order_no=order_no, label=label, lines=(OrderLine(sku=sku, pieces=1),), line=line)


BAD = (order("1", "L1", 2), order("1", "L9", 3), order("2", "L1", 4), order("3", "L3", 5, "ghost"), order("4", "L4", 6))


def test_a_file_with_troubles_changes_nothing_and_lists_them_all(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    before = floor.rows("SELECT count(*) FROM journal")
    reply = floor.command(ImportOrders, orders=BAD)

    assert (reply.ok, reply.done, reply.said) == (False, 0, "3 troubles; nothing was imported")
    assert [trouble.line for trouble in reply.troubles] == [3, 4, 5]
    assert floor.rows("SELECT * FROM orders") == []
    assert floor.rows("SELECT count(*) FROM journal") == before


def test_skipping_the_bad_rows_imports_the_rest_and_still_lists_them(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    reply = floor.command(ImportOrders, orders=BAD, skip_bad=True)

    assert (reply.ok, reply.done, len(reply.troubles)) == (True, 2, 3)
    assert floor.rows("SELECT order_no, status FROM orders ORDER BY 1") == [("1", "allocated"), ("4", "allocated")]


def test_the_same_key_counts_once_and_gets_the_same_reply(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    command = ImportOrders(key="k", client="api", orders=(order("1", "L1", 2),))
    first, second = replies(floor.apply([CommandIn(command, 1), CommandIn(command, 2)]))
    floor.reopen()
    third = replies(floor.apply([CommandIn(command, 3)]))[0]

    assert first == second == third
    assert first.done == 1
    assert floor.shelf("A-01-1") == (10, 1)


def test_the_more_urgent_order_gets_the_last_piece(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 1))
    rows = tuple(
        NewOrder(order_no=name, label=name, lines=(OrderLine(sku="mug", pieces=1),), cut_off_utc_s=cut_off)
        for name, cut_off in (("whenever", 0), ("late", 900), ("soon", 100))
    )
    floor.command(ImportOrders, orders=rows)

    assert [floor.status(name) for name in ("whenever", "late", "soon")] == ["imported", "imported", "allocated"]


def test_a_known_sku_gets_its_new_title_and_more_barcodes(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 1))
    floor.command(ImportCatalogue, skus=(NewSku(sku="mug", title="big mug", barcodes=(("BOX", 6),)),))
    taken = floor.command(ImportCatalogue, skus=(NewSku(sku="pen", title="", barcodes=(("BOX", 1),)),))

    assert floor.rows("SELECT title FROM product") == [("big mug",)]
    assert floor.rows("SELECT barcode, pieces FROM barcode ORDER BY 1") == [("=mug", 1), ("BOX", 6)]
    assert taken.troubles[0].what == "barcode BOX of pen belongs to mug"


def test_what_cannot_be_done_is_said_in_a_sentence(floor: PaperFloor) -> None:
    assert floor.command(PlanWave, orders_max=1).said == "no allocated order waits. Import orders or stock first"
    assert floor.command(CancelOrder, order_no="9", reason="x").said == "no order 9"
    assert floor.command(ResolveTicket, ticket="T9", action="cancel").said == "ticket T9: there is no such ticket"
    assert floor.command(HandOver, labels=("L9",)).troubles[0].what == "label L9: no such label"


def test_hand_over_takes_only_what_was_released(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    picked.gate(picked.item(verification, "=lamp").grant)
    reply = picked.command(HandOver, labels=("L1", "L2", "L2"))

    assert (reply.ok, reply.done) == (False, 1)
    assert [trouble.what for trouble in reply.troubles] == ["label L1: order 1 is picked"]
    assert picked.status("2") == "handed_over"


def test_a_ticket_is_closed_once_and_may_cancel_the_order(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")
    blocked = picked.item(verification, "=pen")

    assert picked.command(ResolveTicket, ticket=blocked.ticket, action="cancel", note="customer gone").ok
    assert picked.rows("SELECT status, why FROM orders WHERE order_no = '1'") == [("cancelled", "customer gone")]
    again = picked.command(ResolveTicket, ticket=blocked.ticket, action="cancel")
    assert again.said == f"ticket {blocked.ticket}: it is resolved already"


def test_a_blocked_parcel_resolved_at_its_bench_is_free_again(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    blocked = picked.item(verification, "=pen")
    picked.command(ResolveTicket, ticket=blocked.ticket, action="repack")

    assert picked.status("2") == "picked"
