"""Commands count once, change all or nothing, and say what is wrong."""

from __future__ import annotations

from central.handlers.intake import CommandIn
from central.handlers.verify import verify
from tests.central.paper_floor import PaperFloor, replies
from wire.commands import (
    CancelOrder,
    CountPlace,
    HandOver,
    ImportCatalogue,
    ImportLocations,
    ImportOrders,
    NewLocation,
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


def test_a_check_changes_nothing_and_lists_what_stands_against_it(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    wrong = floor.command(ImportOrders, orders=BAD, skip_bad=True, check_only=True)
    right = floor.command(ImportOrders, orders=BAD[:1], check_only=True)

    assert (wrong.ok, wrong.done, [trouble.line for trouble in wrong.troubles]) == (False, 0, [3, 4, 5])
    assert (right.ok, right.done, right.troubles) == (True, 0, ())
    assert floor.rows("SELECT * FROM orders") == []


def test_an_order_that_is_sent_again_is_there_already_and_only_a_changed_one_is_a_trouble(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10), ("A-01-2", "pen", 10))
    floor.command(ImportOrders, orders=(order("1", "L1", 2), order("2", "L2", 3)))
    again = floor.command(ImportOrders, orders=(order("1", "L1", 2), order("2", "L2", 3), order("3", "L3", 4)))
    changed = floor.command(ImportOrders, orders=(order("1", "L1", 2), order("2", "L2", 3, "pen")))

    assert (again.ok, again.done, again.said) == (
        True,
        1,
        "1 order imported; 2 were there already, all have their stock",
    )
    assert again.said_zh == "已导入 1 个订单；2 个早已存在，库存充足"
    assert [trouble.what for trouble in changed.troubles] == ["order 2 is known already, with another content"]
    assert "under a new number and label" in changed.troubles[0].cure


def test_a_known_place_keeps_its_count_and_the_reply_says_so(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    row = NewLocation(location_id="A-01-1", zone="A", bay="A-01", level=1, sku="mug", on_hand_pieces=4)
    reply = floor.command(ImportLocations, locations=(row,))

    assert "1 known place keeps its count (A-01-1: 10, not 4)" in reply.said
    assert floor.shelf("A-01-1") == (10, 0)


def test_a_counted_place_has_what_was_counted_and_is_not_doubtful_any_more(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    floor.order("1", mug=10)
    floor.wave()
    floor.apply([floor.short("A", *floor.lit("A")[0], found=2)])
    doubtful = "SELECT cleared_utc_ns FROM alarm WHERE alarm = 'stock_doubtful' AND subject = 'A-01-1'"
    assert floor.rows(doubtful) == [(0,)]
    reply = floor.command(CountPlace, location_id="A-01-1", pieces=7)
    floor.tick()

    assert (reply.ok, reply.said) == (True, "A-01-1: 7 pieces counted, 0 before")
    assert floor.shelf("A-01-1") == (7, 0)
    assert floor.rows(doubtful) == [(1,)]
    assert floor.rows("SELECT count(*) FROM journal WHERE kind = 'count_place'") == [(1,)]
    assert verify(floor.path) == []


def test_a_place_is_not_counted_below_what_is_promised_from_it(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    floor.order("7", mug=6)
    reply = floor.command(CountPlace, location_id="A-01-1", pieces=5)

    assert not reply.ok
    assert "5 counted, but 6 are promised to orders still to be picked here (7)" in reply.said
    assert floor.shelf("A-01-1") == (10, 6)
    assert floor.command(CountPlace, location_id="A-01-1", pieces=6).ok
    assert floor.command(CountPlace, location_id="Z-1", pieces=6).said == "no location Z-1. Import it first"


def test_an_empty_place_may_hold_another_sku_after_it_was_counted(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10), ("A-01-2", "pen", 1))
    row = NewLocation(location_id="A-01-1", zone="A", bay="A-01", level=1, sku="pen", on_hand_pieces=4)
    refused = floor.command(ImportLocations, locations=(row,))
    assert refused.troubles[0].cure == "Empty it and count it first: picklight locations count A-01-1 0"
    floor.command(CountPlace, location_id="A-01-1", pieces=0)

    assert floor.command(ImportLocations, locations=(row,)).ok
    assert floor.shelf("A-01-1") == (4, 0)


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
    assert [trouble.what for trouble in reply.troubles] == ["label L1: order 1 is waiting for a bench"]
    assert picked.status("2") == "handed_over"


def test_a_ticket_is_closed_once_and_may_cancel_the_order(picked: PaperFloor) -> None:
    verification, _ = picked.label("L1")
    blocked = picked.item(verification, "=pen")

    assert picked.command(ResolveTicket, ticket=blocked.ticket, action="cancel", note="customer gone").ok
    assert picked.rows("SELECT status, why FROM orders WHERE order_no = '1'") == [("cancelled", "customer gone")]
    again = picked.command(ResolveTicket, ticket=blocked.ticket, action="cancel")
    assert again.said == f"ticket {blocked.ticket}: order 1 is cancelled. Choose: put back to stock / write off"
    assert picked.command(ResolveTicket, ticket=blocked.ticket, action="return_stock").ok
    closed = picked.command(ResolveTicket, ticket=blocked.ticket, action="return_stock")
    assert closed.said == f"ticket {blocked.ticket}: it is resolved already"


def test_a_blocked_parcel_resolved_at_its_bench_is_free_again(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    blocked = picked.item(verification, "=pen")
    picked.command(ResolveTicket, ticket=blocked.ticket, action="repack")

    assert picked.status("2") == "picked"


def test_a_ticket_about_an_order_that_has_left_is_only_closed(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    picked.gate(picked.item(verification, "=lamp").grant)
    _, shipped = picked.label("L2")
    reply = picked.command(ResolveTicket, ticket=shipped.ticket, action="close")

    assert (reply.ok, picked.status("2")) == (True, "released")
    assert reply.said == f"ticket {shipped.ticket} is closed; order 2 is gone through the gate and stays so"
    assert reply.said_zh == f"异常单 {shipped.ticket} 已关闭；订单 2 已放行，不变"


def test_a_ticket_is_not_only_closed_while_its_order_waits_for_a_decision(picked: PaperFloor) -> None:
    verification, _ = picked.label("L2")
    blocked = picked.item(verification, "=pen")
    reply = picked.command(ResolveTicket, ticket=blocked.ticket, action="close")

    assert (reply.ok, picked.tickets()[-1][2]) == (False, "open")
    assert "still waits for a decision" in reply.said
