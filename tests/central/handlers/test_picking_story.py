"""Orders become lit picks, picks become stock that adds up, shorts find another place or a supervisor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from central.store.audit import audit
from tests.central.paper_floor import SETTINGS, PaperFloor, messages
from wire.commands import CancelOrder, CountPlace, ImportLocations, NewLocation, ResolveTicket
from wire.downlink import Desired


def sound(floor: PaperFloor) -> bool:
    found = audit(floor.path)
    assert (found.stock_faults, found.doubled, found.unverified, found.dead_letters) == ([], [], [], [])
    return True


def test_an_order_is_promised_stock_then_released_then_picked(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10), ("B-01-1", "lamp", 10))
    assert floor.order("1", mug=2, lamp=1).said == "1 order imported, all have their stock"
    assert (floor.status("1"), floor.shelf("A-01-1")) == ("allocated", (10, 2))
    assert floor.lit("A") == []
    assert floor.wave().done == 1
    assert (floor.status("1"), len(floor.lit("A")), len(floor.lit("B"))) == ("waved", 1, 1)
    floor.apply([floor.confirm("A", *floor.lit("A")[0])])
    assert (floor.status("1"), floor.shelf("A-01-1")) == ("picking", (8, 0))
    floor.apply([floor.confirm("B", *floor.lit("B")[0])])

    assert floor.status("1") == "picked"
    assert floor.rows("SELECT wave, status, orders FROM wave") == [("W000001", "done", 1)]
    assert sound(floor)


def test_a_tote_is_walked_in_order_and_named_and_coloured(floor: PaperFloor) -> None:
    floor.stock(("A-10-1", "mug", 5), ("A-02-2", "lamp", 5), ("A-02-1", "pen", 5))
    floor.order("1", mug=1, lamp=1, pen=1)
    floor.order("2", mug=1)
    floor.wave()
    lit = floor.lit("A")

    assert [(tote.tote_id, tote.colour, pick.location_id) for tote, pick in lit] == [
        ("1/A", "blue", "A-02-1"),
        ("1/A", "blue", "A-02-2"),
        ("1/A", "blue", "A-10-1"),
        ("2/A", "orange", "A-10-1"),
    ]
    assert lit[0][1].pick_id == "1:3:1"


def test_an_order_without_stock_waits_and_goes_on_when_stock_comes(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 1))
    assert floor.order("1", mug=3).said == (
        "1 order imported; 1 lacks stock and goes on by itself once more is imported or counted"
    )
    assert floor.rows("SELECT status, why FROM orders") == [("imported", "stock lacks 2 of mug")]
    floor.tick()
    assert floor.status("1") == "imported"
    more = NewLocation(location_id="A-02-1", zone="A", bay="A-02", level=1, sku="mug", on_hand_pieces=5)
    floor.command(ImportLocations, locations=(more,))
    floor.tick()

    assert floor.status("1") == "allocated"
    assert sound(floor)


def test_time_releases_waves_until_enough_are_open(tmp_path: Path) -> None:
    floor = PaperFloor(tmp_path, replace(SETTINGS, wave_orders=2, waves_open_max=2))
    floor.stock(("A-01-1", "mug", 100))
    for number in range(7):
        floor.order(str(number), cut_off_utc_s=0 if number < 2 else 900 - number, mug=1)
    for _ in range(4):
        floor.tick()
    assert [tote.order_no for tote, _ in floor.lit("A")] == ["6", "5", "4", "3"]
    floor.pick_everything()
    floor.tick()
    floor.tick()
    assert [floor.status(str(number)) for number in range(3)] == ["waved", "waved", "waved"]
    floor.close()


def test_a_short_pick_is_found_elsewhere(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 5), ("B-01-1", "mug", 9))
    floor.order("1", mug=4)
    floor.wave()
    floor.apply([floor.short("A", *floor.lit("A")[0], found=1)])

    assert floor.status("1") == "picking"
    assert [(pick.pick_id, pick.pieces, pick.location_id) for _, pick in floor.lit("B")] == [("1:1:2", 3, "B-01-1")]
    assert floor.shelf("A-01-1") == (0, 0)
    assert floor.rows("SELECT alarm, subject FROM alarm") == [("stock_doubtful", "A-01-1")]
    floor.apply([floor.confirm("B", *floor.lit("B")[0])])
    assert floor.status("1") == "picked"
    assert floor.tickets() == []
    assert sound(floor)


def test_a_place_found_short_is_not_asked_again_where_others_have_stock(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 6), ("B-01-1", "mug", 7))
    for order_no, pieces in (("1", 2), ("2", 3), ("3", 1)):
        floor.order(order_no, mug=pieces)
    floor.wave(2)
    assert {pick.location_id for _, pick in floor.lit("A")} == {"A-01-1"}
    floor.apply([floor.short("A", *floor.lit("A")[0], found=1)])

    assert floor.lit("A") == []
    assert [(tote.order_no, pick.location_id, pick.pieces) for tote, pick in floor.lit("B")] == [
        ("1", "B-01-1", 1),
        ("2", "B-01-1", 3),
    ]
    assert (floor.shelf("A-01-1"), floor.status("3")) == ((0, 0), "allocated")
    assert floor.tickets() == []
    floor.pick_everything()
    floor.wave()
    floor.pick_everything()
    assert [floor.status(order_no) for order_no in "123"] == ["picked", "picked", "picked"]
    assert sound(floor)


def test_without_stock_elsewhere_orders_at_the_lights_are_a_supervisor_s_and_others_wait_for_a_count(
    floor: PaperFloor,
) -> None:
    floor.stock(("A-01-1", "mug", 9), ("B-01-1", "lamp", 9))
    for order_no in "123":
        floor.order(order_no, mug=2, lamp=1)
    floor.wave(2)
    floor.apply([floor.short("A", *floor.lit("A")[0])])

    assert floor.lit("A") == []
    assert floor.shelf("A-01-1") == (0, 0)
    assert [floor.status(order_no) for order_no in "123"] == ["exception", "exception", "imported"]
    assert [kind for kind, _, _ in floor.tickets()] == ["short_pick", "short_pick"]
    assert sound(floor)

    assert floor.command(CountPlace, location_id="A-01-1", pieces=9).ok
    floor.tick()
    assert floor.status("3") == "allocated"
    assert floor.command(ResolveTicket, ticket="T0000001", action="repack").ok
    assert [(tote.order_no, pick.location_id) for tote, pick in floor.lit("A")] == [("1", "A-01-1")]
    assert sound(floor)


def test_what_was_taken_from_the_place_with_a_short_part_stays_with_its_tote(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 9))
    for order_no in "123":
        floor.order(order_no, mug=2)
    floor.wave()
    first, second, _ = floor.lit("A")
    floor.apply([floor.short("A", *first, in_hand=(second[1].pick_id,))])

    assert [tote.order_no for tote, _ in floor.lit("A")] == ["2"]
    assert floor.shelf("A-01-1") == (2, 2)
    floor.pick_everything()
    assert [floor.status(order_no) for order_no in "123"] == ["exception", "picked", "exception"]
    assert sound(floor)


def test_a_place_is_empty_also_when_the_short_pick_was_cancelled_meanwhile(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 6), ("A-02-1", "mug", 4))
    floor.order("1", mug=3)
    floor.order("2", mug=3)
    floor.wave()
    first, second = floor.lit("A")
    at = first[1].location_id
    floor.command(CancelOrder, order_no="1", reason="changed mind")
    floor.apply([floor.short("A", *first, found=1)])

    assert floor.shelf(at) == (0, 0)
    assert all(pick.location_id != at for _, pick in floor.lit("A"))
    assert (floor.status("2"), second[0].order_no) in {("waved", "2"), ("exception", "2")}
    assert sound(floor)


def test_a_short_pick_without_another_place_is_a_supervisor_s(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 5), ("B-01-1", "lamp", 5))
    floor.order("1", mug=4, lamp=1)
    floor.wave()
    floor.apply([floor.short("A", *floor.lit("A")[0], found=3)])
    assert floor.rows("SELECT status, why FROM orders") == [("exception", "short_pick")]
    assert floor.tickets() == [("short_pick", "picking", "open")]
    assert floor.rows("SELECT status FROM wave") == [("done",)]
    floor.apply([floor.confirm("B", *floor.lit("B")[0])])
    assert floor.status("1") == "exception"
    refused = floor.command(ResolveTicket, ticket="T0000001", action="repack")
    assert (refused.ok, refused.said) == (False, "order 1: stock lacks 1 of mug. Bring stock, or cancel the order")
    floor.stock(("A-02-1", "mug", 5))
    assert floor.command(ResolveTicket, ticket="T0000001", action="repack").ok

    assert floor.status("1") == "picking"
    ((_, pick),) = floor.lit("A")
    assert (pick.pick_id, pick.pieces) == ("1:1:2", 1)
    floor.pick_everything()
    assert floor.status("1") == "picked"
    assert sound(floor)


def test_a_cancelled_order_frees_its_stock_and_its_lights(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10), ("B-01-1", "lamp", 10))
    floor.order("1", mug=2, lamp=1)
    floor.wave()
    floor.apply([floor.confirm("B", *floor.lit("B")[0])])
    floor.command(CancelOrder, order_no="1", reason="customer")

    assert floor.rows("SELECT status, why FROM orders") == [("cancelled", "customer")]
    assert (floor.shelf("A-01-1"), floor.shelf("B-01-1")) == ((10, 0), (9, 0))
    assert floor.lit("A") == []
    assert floor.rows("SELECT status FROM wave") == [("done",)]
    assert sound(floor)


@pytest.mark.parametrize("promised", [0, 9])
def test_a_press_that_crossed_a_cancellation_still_takes_its_pieces(floor: PaperFloor, promised: int) -> None:
    floor.stock(("A-01-1", "mug", 10))
    floor.order("1", mug=4)
    floor.wave()
    tote, pick = floor.lit("A")[0]
    floor.command(CancelOrder, order_no="1", reason="customer")
    if promised:
        floor.order("2", mug=promised)
    press = floor.confirm("A", tote, pick)
    floor.apply([press])
    floor.apply([press])

    assert floor.status("1") == "cancelled"
    assert floor.shelf("A-01-1") == ((6, 0) if not promised else (9, 9))
    assert floor.rows("SELECT picked, status FROM pick WHERE order_no = '1'") == [(4, "cancelled")]
    assert sound(floor)


def test_a_zone_hears_of_few_totes_at_a_time_and_not_at_every_press(tmp_path: Path) -> None:
    floor = PaperFloor(tmp_path, replace(SETTINGS, totes_per_zone_max=4))
    floor.stock(("A-01-1", "mug", 100), ("A-02-1", "lamp", 100))
    for number in range(10):
        floor.order(str(number), mug=1, lamp=1)
    floor.wave()
    heard = [[tote.order_no for tote, _ in floor.lit("A")[::2]]]
    for tote, pick in floor.lit("A"):
        for document in messages(floor.apply([floor.confirm("A", tote, pick)]), Desired):
            assert document.zone is not None
            heard.append([told.order_no for told in document.zone.totes])

    assert heard == [["0", "1", "2", "3"], ["3", "4", "5", "6"]]
    floor.close()


def test_central_that_comes_back_tells_nothing_that_is_told(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10))
    floor.order("1", mug=4)
    floor.wave()
    version = floor.desired["zone-a"].version
    floor.reopen()

    assert floor.tick() == []
    assert messages(floor.apply([floor.nodes["zone-a"].hello()]), Desired)[0].version == version
