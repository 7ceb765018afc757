"""Serial numbers, lots and keyed counts at a bench, from the scan to what the record keeps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.central.paper_floor import PaperFloor
from wire.answers import Blocked, DetailWanted, ItemAccepted, Refused, Verified
from wire.commands import ImportCatalogue, ImportLots, NewLot, NewSku
from wire.deeds import CountKeyed, DetailScanned, ItemScanned, LabelScanned, OverrideAsked, ScanDetail, SetAside
from wire.phrases import Refusal

# Central's clock stands on 1970-01-01 in these tests.
NEW_YEARS_EVE, EASTER, SUMMER = "1969-12-31", "1970-03-29", "1970-07-01"


def sku(floor: PaperFloor, name: str, **said: Any) -> None:
    new = NewSku(sku=name, title=f"a {name}", barcodes=((f"={name}", 1),), **said)
    assert floor.command(ImportCatalogue, skus=(new,)).ok


def lots(floor: PaperFloor, *rows: tuple[str, str, str, int]) -> Any:
    new = tuple(NewLot(sku=sku, lot=lot, expires_on=day, pieces=pieces) for sku, lot, day, pieces in rows)
    return floor.command(ImportLots, lots=new)


def gs1(floor: PaperFloor, verification: str, barcode: str, **said: str) -> Any:
    """An item with a code that says more than its GTIN."""
    return floor.bench(ItemScanned, verification, barcode=barcode, detail=ScanDetail(**said))


def more(floor: PaperFloor, verification: str, text: str, station: str = "bench-1") -> Any:
    return floor.bench(DetailScanned, verification, station, text=text)


def key(floor: PaperFloor, verification: str, pieces: int) -> Any:
    return floor.bench(CountKeyed, verification, pieces=pieces)


def captured(floor: PaperFloor) -> list[tuple[Any, ...]]:
    return floor.rows("SELECT order_no, sku, serial, lot, expires_on, has_left FROM captured ORDER BY order_no, serial")


@pytest.fixture
def goods(floor: PaperFloor) -> PaperFloor:
    """Phones have serial numbers, milk has lots that expire, nuts are counted; orders 1 to 4 of them are picked."""
    floor.stock(("A-01-1", "phone", 9), ("A-02-1", "milk", 9), ("B-01-1", "nut", 90), ("B-02-1", "pen", 9))
    sku(floor, "phone", tracking="serial")
    sku(floor, "milk", tracking="lot_expiry")
    sku(floor, "nut", key_count="yes")
    floor.badge("S1", "sue", "supervisor")
    floor.order("1", phone=1, pen=1)
    floor.order("2", phone=1)
    floor.order("3", milk=2)
    floor.order("4", nut=12, pen=1)
    floor.wave()
    floor.pick_everything()
    return floor


def test_an_item_with_a_serial_number_counts_once_it_is_scanned_too(goods: PaperFloor) -> None:
    verification, _ = goods.label("L1")
    wanted = goods.item(verification, "=phone")
    assert isinstance(wanted, DetailWanted)
    assert (wanted.sku, wanted.what, wanted.items[0].packed_pieces) == ("phone", "serial", 0)
    assert captured(goods) == []

    accepted = more(goods, verification, "SN-1")

    assert isinstance(accepted, ItemAccepted)
    assert (accepted.sku, accepted.items[0].packed_pieces) == ("phone", 1)
    assert captured(goods) == [("1", "phone", "SN-1", "", "", 0)]


def test_one_gs1_code_says_it_all(goods: PaperFloor) -> None:
    verification, _ = goods.label("L2")

    assert isinstance(gs1(goods, verification, "=phone", serial="SN-1", raw="]d201…21SN-1"), Verified)
    assert goods.rows("SELECT text, verdict, rule FROM scan_answer WHERE verdict = 'verified'") == [
        ("]d201…21SN-1", "verified", "all_counted")
    ]


def test_a_serial_number_ships_once(goods: PaperFloor) -> None:
    verification, _ = goods.label("L2")
    goods.item(verification, "=phone")
    goods.gate(more(goods, verification, "SN-1").grant)
    again, _ = goods.label("L1")
    goods.item(again, "=phone")

    blocked = more(goods, again, "SN-1")

    assert isinstance(blocked, Blocked)
    assert (blocked.reason, blocked.detail) == (Refusal.SERIAL_KNOWN, "2")
    assert goods.rows("SELECT kind, stage, sku FROM ticket") == [("serial_known", "packing", "phone")]
    goods.bench(OverrideAsked, again, badge="S1", reason="taken-out")
    goods.item(again, "=phone")
    assert isinstance(more(goods, again, "SN-2"), ItemAccepted)


def test_a_serial_number_is_in_one_box_at_a_time(goods: PaperFloor) -> None:
    first, _ = goods.label("L1", "bench-1")
    goods.item(first, "=phone")
    more(goods, first, "SN-1")
    second, _ = goods.label("L2", "bench-2")
    goods.item(second, "=phone", "bench-2")
    assert more(goods, second, "SN-1", "bench-2").reason == Refusal.SERIAL_KNOWN

    goods.bench(SetAside, first, why="packer")  # that box was emptied
    goods.bench(OverrideAsked, second, "bench-2", badge="S1", reason="taken-out")
    goods.item(second, "=phone", "bench-2")

    assert isinstance(more(goods, second, "SN-1", "bench-2"), Verified)


def test_after_a_restart_of_central_the_serial_number_is_still_wanted(goods: PaperFloor) -> None:
    verification, _ = goods.label("L2")
    goods.item(verification, "=phone")
    goods.reopen()

    assert isinstance(more(goods, verification, "SN-1"), Verified)


@pytest.mark.parametrize("text", ["=pen", "=phone", "L1", "  ", "x" * 65])
def test_what_is_no_serial_number_is_asked_for_again(goods: PaperFloor, text: str) -> None:
    verification, _ = goods.label("L2")
    goods.item(verification, "=phone")

    assert more(goods, verification, text).reason == Refusal.NOT_A_DETAIL
    assert isinstance(more(goods, verification, "SN-1"), Verified)


def test_a_detail_nobody_waits_for_voids_the_scan(goods: PaperFloor) -> None:
    verification, _ = goods.label("L2")

    assert more(goods, verification, "SN-1").reason == Refusal.NOT_THIS_PARCEL


def test_a_single_item_begins_its_order_and_still_needs_its_serial_number(goods: PaperFloor) -> None:
    scan = goods.scan_id()
    deed = LabelScanned(station="bench-1", scan_id=scan, label="=phone", challenge="c", way="item_first")
    wanted = goods.deed("bench-1", deed, f"scan:{scan}")
    assert isinstance(wanted, DetailWanted)
    assert (wanted.order_no, wanted.label) == ("2", "L2")

    more(goods, scan, "SN-1")

    assert captured(goods) == [("2", "phone", "SN-1", "", "", 0)]


def test_the_first_lot_to_expire_goes_first_until_it_is_used_up(goods: PaperFloor) -> None:
    assert lots(goods, ("milk", "OFF", NEW_YEARS_EVE, 5), ("milk", "A", EASTER, 1), ("milk", "B", SUMMER, 5)).ok
    verification, _ = goods.label("L3")
    refused = gs1(goods, verification, "=milk", lot="B")
    assert (refused.reason, refused.detail) == (Refusal.LOT_NOT_FIRST, "A")
    goods.bench(OverrideAsked, verification, badge="S1", reason="taken-out")

    assert isinstance(gs1(goods, verification, "=milk", lot="A"), ItemAccepted)
    verified = gs1(goods, verification, "=milk", lot="B")  # the only A is in this box

    goods.gate(verified.grant)
    assert captured(goods) == [("3", "milk", "", "A", EASTER, 1), ("3", "milk", "", "B", SUMMER, 1)]
    assert goods.rows("SELECT lot, pieces FROM lot ORDER BY lot") == [("A", 0), ("B", 4), ("OFF", 5)]


@pytest.mark.parametrize(
    ("lot", "day", "reason"),
    [("OFF", "", Refusal.LOT_EXPIRED), ("A", NEW_YEARS_EVE, Refusal.LOT_EXPIRED), ("?", SUMMER, Refusal.LOT_UNKNOWN)],
)
def test_a_bad_or_unknown_lot_is_held(goods: PaperFloor, lot: str, day: str, reason: Refusal) -> None:
    lots(goods, ("milk", "OFF", NEW_YEARS_EVE, 5), ("milk", "A", EASTER, 5))
    verification, _ = goods.label("L3")

    answer = gs1(goods, verification, "=milk", lot=lot, expires_on=day)

    assert isinstance(answer, Blocked)
    assert answer.reason == reason


def test_a_lot_code_of_another_sku_is_not_this_items(goods: PaperFloor) -> None:
    verification, _ = goods.label("L3")
    goods.item(verification, "=milk")
    lot = ScanDetail(lot="A", expires_on=SUMMER)

    others = goods.bench(DetailScanned, verification, text="=pen", detail=lot)
    own = goods.bench(DetailScanned, verification, text="10A", detail=lot)

    assert (others.reason, type(own)) == (Refusal.NOT_A_DETAIL, ItemAccepted)


def test_lots_of_what_no_bench_tracks_are_listed_as_troubles(goods: PaperFloor) -> None:
    reply = lots(goods, ("pen", "A", "", 1), ("nobody", "A", "", 1))

    assert not reply.ok
    assert [trouble.what for trouble in reply.troubles] == [
        "lot A: no bench captures lots of pen",
        "lot A: SKU nobody is unknown",
    ]


def test_a_count_is_keyed_where_the_sku_allows_it(goods: PaperFloor) -> None:
    verification, _ = goods.label("L4")
    accepted = goods.item(verification, "=nut")
    assert accepted.count_allowed
    assert not goods.item(verification, "=pen").count_allowed
    assert key(goods, verification, 12).reason == Refusal.COUNT_NOT_ALLOWED  # the pen came last
    goods.item(verification, "=nut")

    assert key(goods, verification, 1).reason == Refusal.COUNT_TOO_LOW
    goods.reopen()
    assert isinstance(key(goods, verification, 12), Verified)
    assert goods.rows("SELECT text, rule FROM scan_answer WHERE text LIKE '= %' ORDER BY text DESC") == [
        ("= 12", "count_allowed"),
        ("= 12", "all_counted"),
        ("= 1", "count_covers_scans"),
    ]


def test_a_count_too_high_blocks_with_a_ticket(goods: PaperFloor) -> None:
    verification, _ = goods.label("L4")
    goods.item(verification, "=nut")

    answer = key(goods, verification, 13)

    assert isinstance(answer, Blocked)
    assert goods.rows("SELECT kind, sku FROM ticket") == [("too_many", "nut")]


def test_one_gtin_of_two_skus_is_a_trouble_of_the_file_and_read_in_every_length(goods: PaperFloor) -> None:
    mug = NewSku(sku="mug", title="a mug", barcodes=(("036000291452", 1),))
    cup = NewSku(sku="cup", title="a cup", barcodes=(("0036000291452", 1),))
    both = goods.command(ImportCatalogue, skus=(mug, cup))
    assert [trouble.what for trouble in both.troubles] == ["barcode 0036000291452 of cup belongs to mug"]
    assert goods.command(ImportCatalogue, skus=(mug,)).ok
    assert not goods.command(ImportCatalogue, skus=(cup,)).ok
    verification, _ = goods.label("L1")

    answer = goods.item(verification, "0036000291452")

    assert (answer.reason, answer.detail) == (Refusal.WRONG_ITEM, "mug")


def test_a_retired_sku_gives_its_barcode_up(goods: PaperFloor) -> None:
    sku(goods, "pen", active="no")
    verification, _ = goods.label("L1")
    assert goods.item(verification, "=pen").reason == Refusal.UNKNOWN_BARCODE
    assert not goods.order("9", pen=1).ok

    quill = NewSku(sku="quill", title="a quill", barcodes=(("=pen", 1),))

    assert goods.command(ImportCatalogue, skus=(quill,)).ok
    assert goods.rows("SELECT sku FROM barcode WHERE barcode = '=pen'") == [("quill",)]


def test_a_barcode_that_two_active_skus_have_after_all_is_refused(goods: PaperFloor) -> None:
    mug = NewSku(sku="mug", title="a mug", barcodes=(("036000291452", 1),))
    cup = NewSku(sku="cup", title="a cup", barcodes=(("0036000291452", 1),), active="yes")
    goods.command(ImportCatalogue, skus=(mug,))
    sku(goods, "mug", active="no")
    goods.command(ImportCatalogue, skus=(cup,))
    sku(goods, "mug", active="yes")  # came back without saying its barcode
    verification, _ = goods.label("L1")

    answer = goods.item(verification, "036000291452")

    assert isinstance(answer, Blocked)
    assert (answer.reason, answer.detail) == (Refusal.BARCODE_AMBIGUOUS, "mug, cup")


def test_every_scan_is_kept_with_the_rule_that_judged_it(goods: PaperFloor) -> None:
    verification, _ = goods.label("L1")
    goods.item(verification, "=phone")
    more(goods, verification, "SN-1")
    assert isinstance(more(goods, verification, "SN-1"), Refused)
    goods.item(verification, "=milk")

    assert goods.rows("SELECT text, verdict, rule FROM scan_answer ORDER BY rowid") == [
        ("L1", "loaded", "order_ready"),
        ("=phone", "serial_wanted", "serial_captured"),
        ("SN-1", "accepted", "item_belongs"),
        ("SN-1", "not_this_parcel", "one_bench"),
        ("=milk", "wrong_item", "item_belongs"),
    ]
