"""A parcel on the scale: right, off, learned, stopped meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.central.paper_floor import SETTINGS, PaperFloor
from wire.answers import AsideNoted, Blocked, LabelWanted, Refused, Verified, WeighWanted
from wire.commands import HoldOrder, ImportCatalogue, NewSku
from wire.deeds import LabelScanned, OverrideAsked, ParcelWeighed, ProblemDeclared, SetAside
from wire.phrases import Refusal


def begin(floor: PaperFloor, text: str, *, scale: bool = True) -> tuple[str, Any]:
    scan = floor.scan_id()
    deed = LabelScanned(station="bench-1", scan_id=scan, label=text, challenge="c" + scan, scale=scale)
    return scan, floor.deed("bench-1", deed, f"scan:{scan}")


def weighed(floor: PaperFloor, verification: str, grams: int) -> Any:
    return floor.bench(ParcelWeighed, verification, grams=grams)


def orders(floor: PaperFloor, count: int) -> PaperFloor:
    floor.stock(("A-01-1", "mug", 100))
    floor.command(ImportCatalogue, skus=(NewSku(sku="mug", title="mug", barcodes=(), weight_g=300),))
    for number in range(1, count + 1):
        floor.order(str(number), mug=1)
    floor.wave()
    floor.pick_everything()
    return floor


def test_a_parcel_that_weighs_what_it_should_is_released(floor: PaperFloor) -> None:
    orders(floor, 1)
    verification, _ = begin(floor, "L1")
    wanted = floor.item(verification, "=mug")
    assert isinstance(wanted, WeighWanted)
    assert (wanted.expected_g, wanted.tolerance_g) == (360, 30)
    assert floor.rows("SELECT count(*) FROM parcel") == [(0,)]

    assert isinstance(weighed(floor, verification, 389), Verified)
    assert floor.rows("SELECT grams FROM verification") == [(389,)]


@pytest.mark.parametrize("grams", [60, 329, 391, 660])
def test_a_parcel_that_is_off_is_held_with_a_ticket_that_says_by_how_much(floor: PaperFloor, grams: int) -> None:
    orders(floor, 1)
    verification, _ = begin(floor, "L1")
    floor.item(verification, "=mug")
    blocked = weighed(floor, verification, grams)

    assert isinstance(blocked, Blocked)
    assert (blocked.reason, blocked.detail) == (Refusal.WEIGHT_OFF, f"{grams} g, not 360 ± 30 g")
    assert floor.tickets() == [("weight_off", "packing", "open")]
    assert f"{grams} g, not 360" in floor.rows("SELECT evidence FROM ticket")[0][0]
    floor.bench(SetAside, verification, why="aside")
    assert floor.status("1") == "exception"
    assert floor.rows("SELECT samples FROM weight_learned") == []


def test_after_ten_parcels_their_own_scatter_counts(floor: PaperFloor) -> None:
    orders(floor, 11)
    for number in range(1, 11):
        verification, _ = begin(floor, f"L{number}")
        floor.item(verification, "=mug")
        assert isinstance(weighed(floor, verification, 370 + number % 2), Verified)
    verification, _ = begin(floor, "L11")
    wanted = floor.item(verification, "=mug")

    assert (wanted.expected_g, wanted.tolerance_g) == (370, 5)
    assert isinstance(weighed(floor, verification, 364), Blocked)


def test_goods_nobody_weighed_yet_pass_and_are_learned(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "pen", 5))
    floor.order("1", pen=1)
    floor.wave()
    floor.pick_everything()
    verification, _ = begin(floor, "L1")
    wanted = floor.item(verification, "=pen")

    assert (wanted.expected_g, wanted.tolerance_g) == (0, 0)
    assert isinstance(weighed(floor, verification, 17), Verified)
    assert floor.rows("SELECT samples, mean_g FROM weight_learned") == [(1, 17.0)]


def test_without_a_scale_nothing_is_weighed(floor: PaperFloor) -> None:
    orders(floor, 1)
    verification, _ = begin(floor, "L1", scale=False)

    assert isinstance(floor.item(verification, "=mug"), Verified)


def test_a_site_that_always_weighs_begins_nothing_without_a_scale(tmp_path: Path) -> None:
    strict = PaperFloor(tmp_path, replace(SETTINGS, weigh="always"))
    orders(strict, 1)
    answer = begin(strict, "L1", scale=False)[1]
    strict.close()

    assert answer == Refused(scan_id=answer.scan_id, reason=Refusal.NO_SCALE)


def test_the_scale_comes_before_the_label_on_the_box(floor: PaperFloor) -> None:
    orders(floor, 1)
    tote = floor.rows("SELECT tote_id FROM pick")[0][0]
    verification, _ = begin(floor, tote)
    assert isinstance(floor.item(verification, "=mug"), WeighWanted)

    assert isinstance(weighed(floor, verification, 360), LabelWanted)


def test_an_order_stopped_while_it_stands_on_the_scale_stays(floor: PaperFloor) -> None:
    orders(floor, 1)
    verification, _ = begin(floor, "L1")
    floor.item(verification, "=mug")
    floor.command(HoldOrder, order_no="1", hold="frozen", reason="platform")

    assert weighed(floor, verification, 360).reason == Refusal.ORDER_FROZEN
    assert floor.rows("SELECT count(*) FROM parcel") == [(0,)]


def test_a_weight_before_the_contents_agree_is_nothing(floor: PaperFloor) -> None:
    orders(floor, 1)
    verification, _ = begin(floor, "L1")

    assert weighed(floor, verification, 360).reason == Refusal.NOT_THIS_PARCEL


def test_after_a_restart_of_central_the_box_is_still_to_be_weighed(floor: PaperFloor) -> None:
    orders(floor, 1)
    verification, _ = begin(floor, "L1")
    floor.item(verification, "=mug")
    floor.reopen()

    assert isinstance(weighed(floor, verification, 360), Verified)


def unreadable(floor: PaperFloor, verification: str) -> Any:
    return floor.bench(ProblemDeclared, verification, problem="unreadable_barcode")


def override(floor: PaperFloor, verification: str) -> Any:
    reason = SETTINGS.packing.override_reasons[0]
    return floor.bench(OverrideAsked, verification, badge="SUP", reason=reason)


@pytest.mark.parametrize(("grams", "kind"), [(360, Verified), (60, Blocked), (420, Blocked)])
def test_an_unreadable_item_passes_only_with_a_second_person_and_the_right_weight(
    floor: PaperFloor, grams: int, kind: type
) -> None:
    orders(floor, 1)
    floor.badge("SUP", "ann", "supervisor")
    verification, _ = begin(floor, "L1")
    blocked = unreadable(floor, verification)
    assert isinstance(blocked, Blocked)
    assert isinstance(override(floor, verification), WeighWanted)
    assert floor.rows("SELECT count(*) FROM parcel") == [(0,)]

    assert isinstance(weighed(floor, verification, grams), kind)
    assert ("unreadable_barcode", "put_away", "overridden") in floor.tickets()


def test_no_weight_vouches_for_a_serial_number_nobody_can_read(floor: PaperFloor) -> None:
    orders(floor, 1)
    tracked = NewSku(sku="mug", title="a mug", barcodes=(("=mug", 1),), tracking="serial")
    assert floor.command(ImportCatalogue, skus=(tracked,)).ok
    verification, _ = begin(floor, "L1")

    assert isinstance(unreadable(floor, verification), AsideNoted)


def test_an_unreadable_item_goes_aside_where_the_weight_says_nothing(floor: PaperFloor) -> None:
    orders(floor, 1)
    verification, _ = begin(floor, "L1", scale=False)

    assert isinstance(unreadable(floor, verification), AsideNoted)
    assert isinstance(override(floor, verification), Refused)


def test_two_lacking_pieces_are_no_case_for_the_scale(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 100))
    floor.command(ImportCatalogue, skus=(NewSku(sku="mug", title="mug", barcodes=(), weight_g=300),))
    floor.order("1", mug=2)
    floor.wave()
    floor.pick_everything()
    verification, _ = begin(floor, "L1")

    assert isinstance(unreadable(floor, verification), AsideNoted)
