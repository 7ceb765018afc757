"""An item's serial number or lot, and a keyed count, at the bench."""

from __future__ import annotations

import pytest

from edge.packstation import events as ev
from edge.packstation.picture import Surroundings, picture
from edge.packstation.rules import State
from tests.edge.packstation.parcels import ITEMS, LOADED, accepted, after, recorded
from wire.answers import DetailWanted, ItemAccepted, Refused
from wire.deeds import CountKeyed, DetailScanned, ItemScanned, ScanDetail
from wire.phrases import Refusal

LOT = ScanDetail(lot="B77", expires_on="2027-01-31", raw="10B77\x1d17270131")


def wanted(what: str) -> DetailWanted:
    return DetailWanted(scan_id="s2", order_no="O-1", label="LP1", sku="MUG-RED", what=what, items=ITEMS)  # type: ignore[arg-type]


LACKING = (*LOADED, ev.ItemShown("s2", "x"), wanted("lot"))


def test_what_a_gs1_code_says_goes_to_central_with_the_item() -> None:
    step = after(*LOADED, ev.ItemShown("s2", "9501101530003", LOT))

    assert recorded(step) == [
        ItemScanned(station="bench-1", scan_id="s2", verification="s1", barcode="9501101530003", detail=LOT)
    ]


@pytest.mark.parametrize(("what", "say"), [("lot", "scan_lot"), ("serial", "scan_serial")])
def test_an_item_that_lacks_something_asks_for_it(what: str, say: str) -> None:
    station = after(*LOADED, ev.ItemShown("s2", "x"), wanted(what)).station

    assert (station.state, station.say, station.detail, station.lamp) == (State.WANTS_DETAIL, say, "MUG-RED", "blue")


@pytest.mark.parametrize(
    ("scan", "detail"),
    [
        (ev.PlainShown("s3", "SN-1"), None),
        (ev.LabelShown("s3", "SN-1"), None),  # a serial number may look like a label: central judges
        (ev.ItemShown("s3", "SN-1", LOT), LOT),
        (ev.DetailShown("s3", "SN-1", LOT), LOT),
    ],
)
def test_whatever_is_scanned_then_is_judged_as_its_detail(scan: ev.Event, detail: ScanDetail | None) -> None:
    step = after(*LACKING, scan)

    assert step.station.state is State.CHECKING_DETAIL
    assert recorded(step) == [
        DetailScanned(station="bench-1", scan_id="s3", verification="s1", text="SN-1", detail=detail)
    ]


def test_a_refused_detail_is_asked_for_again_and_an_accepted_one_goes_on() -> None:
    refused = after(*LACKING, ev.PlainShown("s3", "x"), Refused(scan_id="s3", reason=Refusal.NOT_A_DETAIL)).station
    good = after(*LACKING, ev.PlainShown("s3", "B77"), accepted("s3")).station

    assert (refused.state, refused.say) == (State.WANTS_DETAIL, "not_a_detail")
    assert (good.state, good.say, good.wants) == (State.PACKING, "next_item", "")


def test_a_lot_code_before_its_item_says_what_comes_first() -> None:
    step = after(*LOADED, ev.DetailShown("s2", "10B77", LOT))

    assert (step.station.state, step.station.say, step.effects) == (State.PACKING, "item_before_detail", ())


def test_a_count_is_offered_where_it_is_allowed_and_sent_to_central() -> None:
    allowed = ItemAccepted(scan_id="s2", sku="MUG-RED", items=ITEMS, count_allowed=True)
    packing = (*LOADED, ev.ItemShown("s2", "x"), allowed)
    offered = after(*packing).station
    step = after(*packing, ev.CountShown("s3", 12))

    assert offered.say == "next_item_or_count"
    assert picture(offered, Surroundings()).count_allowed
    assert not picture(step.station, Surroundings()).count_allowed
    assert recorded(step) == [CountKeyed(station="bench-1", scan_id="s3", verification="s1", pieces=12)]


def test_a_count_without_a_parcel_changes_nothing() -> None:
    step = after(ev.GateHolds(), ev.CountShown("s1", 12))

    assert (step.station.state, step.station.say, step.effects) == (State.READY, "nothing_to_count", ())
