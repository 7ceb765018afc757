"""A parcel begun with a tote, an item or a cubby: the right order, and its label on the box before it leaves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.central.paper_floor import PaperFloor
from wire.answers import Blocked, LabelWanted, OrderLoaded, Refused, Verified
from wire.deeds import LabelProved, LabelScanned
from wire.phrases import Refusal


def begin(floor: PaperFloor, text: str, way: str = "order_first") -> tuple[str, Any]:
    scan = floor.scan_id()
    deed = LabelScanned(station="bench-1", scan_id=scan, label=text, challenge="c" + scan, way=way)  # type: ignore[arg-type]
    return scan, floor.deed("bench-1", deed, f"scan:{scan}")


def prove(floor: PaperFloor, verification: str, label: str) -> Any:
    return floor.bench(LabelProved, verification, label=label)


@pytest.fixture
def singles(floor: PaperFloor) -> PaperFloor:
    """Orders of one mug each (3 due first), one of two mugs, one of a mug and a lamp; all picked."""
    floor.stock(("A-01-1", "mug", 20), ("B-01-1", "lamp", 10), ("A-02-1", "pen", 5), barcodes=[("BOX", "mug", 2)])
    floor.order("1", cut_off_utc_s=9_000, mug=1)
    floor.order("2", mug=1)
    floor.order("3", cut_off_utc_s=5_000, mug=1)
    floor.order("4", cut_off_utc_s=1_000, mug=2)
    floor.order("5", cut_off_utc_s=1_000, mug=1, lamp=1)
    floor.wave()
    floor.pick_everything()
    return floor


def test_any_tote_of_an_order_begins_its_parcel_and_the_box_must_show_its_label(picked: PaperFloor) -> None:
    totes = picked.rows("SELECT DISTINCT tote_id FROM pick WHERE order_no = '1' ORDER BY tote_id")
    assert len(totes) == 2
    for (tote,) in totes:
        verification, loaded = begin(picked, tote)
        assert isinstance(loaded, OrderLoaded)
        assert (loaded.order_no, loaded.label) == ("1", "L1")
    picked.item(verification, "BOX")
    wanted = picked.item(verification, "=lamp")
    assert isinstance(wanted, LabelWanted)
    assert picked.rows("SELECT count(*) FROM parcel") == [(0,)]

    verified = prove(picked, verification, "L1")

    assert isinstance(verified, Verified)
    assert (verified.grant.grant.label, picked.status("1")) == ("L1", "verified")
    picked.gate(verified.grant)
    assert picked.status("1") == "released"


def test_the_most_urgent_order_of_just_this_item_is_taken_first(singles: PaperFloor) -> None:
    taken = []
    for _ in range(3):
        verification, wanted = begin(singles, "=mug", "item_first")
        assert isinstance(wanted, LabelWanted)
        taken.append(wanted.order_no)
        singles.gate(prove(singles, verification, wanted.label).grant)
    none = begin(singles, "=mug", "item_first")[1]

    assert taken == ["3", "1", "2"]
    assert none == Refused(scan_id=none.scan_id, reason=Refusal.NO_ORDER_WAITS, detail="mug")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("=pen", Refusal.NO_ORDER_WAITS), ("BOX", Refusal.NO_ORDER_WAITS), ("?", Refusal.UNKNOWN_BARCODE)],
)
def test_an_item_nobody_waits_for_begins_nothing(singles: PaperFloor, text: str, reason: Refusal) -> None:
    answer = begin(singles, text, "item_first")[1]

    assert isinstance(answer, Refused)
    assert answer.reason == reason
    assert singles.rows("SELECT count(*) FROM verification") == [(0,)]


def test_a_label_begins_its_own_order_at_any_bench(singles: PaperFloor) -> None:
    verification, loaded = begin(singles, "L4", "item_first")
    assert isinstance(loaded, OrderLoaded)

    assert isinstance(singles.item(verification, "BOX"), Verified)


def test_another_orders_label_on_the_box_blocks_with_a_ticket(singles: PaperFloor) -> None:
    verification, _ = begin(singles, "=mug", "item_first")
    answer = prove(singles, verification, "L1")

    assert isinstance(answer, Blocked)
    assert (answer.reason, answer.detail) == (Refusal.WRONG_LABEL, "1")
    assert singles.tickets() == [("wrong_label", "packing", "open")]
    assert prove(singles, verification, "L3").reason == Refusal.IN_EXCEPTION


def test_what_is_no_label_is_refused_and_asked_for_again(singles: PaperFloor) -> None:
    verification, _ = begin(singles, "=mug", "item_first")

    assert prove(singles, verification, "=mug").reason == Refusal.NOT_A_LABEL
    assert isinstance(prove(singles, verification, "L3"), Verified)


def test_a_label_cannot_be_proved_before_the_contents_agree(picked: PaperFloor) -> None:
    tote = picked.rows("SELECT tote_id FROM pick WHERE order_no = '1' LIMIT 1")[0][0]
    verification, _ = begin(picked, tote)

    assert prove(picked, verification, "L1").reason == Refusal.NOT_THIS_PARCEL


def test_after_a_restart_of_central_the_label_is_still_wanted(singles: PaperFloor) -> None:
    verification, _ = begin(singles, "=mug", "item_first")
    singles.reopen()

    assert isinstance(prove(singles, verification, "L3"), Verified)


def test_a_tote_of_several_orders_or_none_begins_nothing(singles: PaperFloor) -> None:
    singles.rows("SELECT 1")
    answer = begin(singles, "TOTE-NOBODY-KNOWS")[1]

    assert answer.reason == Refusal.UNKNOWN_LABEL
