"""A parcel that begins with something else than its label, and the label that must be shown at the end."""

from __future__ import annotations

import pytest

from edge.packstation import events as ev
from edge.packstation.machine import Step, advance
from edge.packstation.rules import State, Station
from tests.edge.packstation.parcels import ITEMS, grant, recorded
from wire.answers import Blocked, LabelWanted, OrderLoaded, Refused, Verified
from wire.deeds import LabelProved, LabelScanned, Way
from wire.phrases import Refusal


def lived(way: Way, *events: ev.Event) -> Step:
    step = Step(Station("bench-1", way=way), ())
    for event in (ev.GateHolds(), *events):
        step = advance(step.station, event)
    return step


def begun(way: Way, opening: ev.Event) -> Step:
    return lived(way, opening, ev.Challenged("c1"))


WANTED = LabelWanted(scan_id="s2", order_no="O-1", label="LP1", items=ITEMS)
COMPLETE = (
    ev.PlainShown("s1", "TOTE-7"),
    ev.Challenged("c1"),
    OrderLoaded(scan_id="s1", order_no="O-1", label="LP1", items=ITEMS),
    ev.ItemShown("s2", "x"),
    WANTED,
)


@pytest.mark.parametrize(
    ("way", "say"), [("order_first", "scan_label"), ("item_first", "scan_first_item"), ("wall", "scan_cubby")]
)
def test_a_free_bench_asks_for_what_a_parcel_begins_with(way: Way, say: str) -> None:
    assert lived(way).station.say == say


def test_an_item_begins_a_parcel_only_where_items_do() -> None:
    item = ev.ItemShown("s1", "5901234123457")

    assert recorded(begun("item_first", item)) == [
        LabelScanned(station="bench-1", scan_id="s1", label="5901234123457", challenge="c1", way="item_first")
    ]
    assert lived("order_first", item).station.say == "scan_label_first"


def test_one_item_that_is_all_goes_straight_to_its_label() -> None:
    step = lived("item_first", ev.ItemShown("s2", "5901234123457"), ev.Challenged("c1"), WANTED)

    assert (step.station.state, step.station.say, step.station.label) == (State.LABELLING, "scan_box_label", "LP1")


def test_the_label_on_the_box_is_shown_to_central_and_then_the_gate_is_asked() -> None:
    proof = lived("order_first", *COMPLETE, ev.LabelShown("s3", "LP1"))
    assert recorded(proof) == [LabelProved(station="bench-1", scan_id="s3", verification="s1", label="LP1")]

    step = advance(proof.station, Verified(scan_id="s3", items=ITEMS, grant=grant()))

    assert step.effects[-1] == ev.AskRelease(grant())


def test_an_item_is_no_label_and_another_orders_label_blocks() -> None:
    item = lived("order_first", *COMPLETE, ev.ItemShown("s3", "5901234123457"))
    assert (item.station.state, item.station.say) == (State.LABELLING, "not_a_label")
    refused = lived(
        "order_first", *COMPLETE, ev.PlainShown("s3", "?"), Refused(scan_id="s3", reason=Refusal.NOT_A_LABEL)
    )
    assert (refused.station.state, refused.station.say) == (State.LABELLING, "not_a_label")
    wrong = Blocked(scan_id="s3", reason=Refusal.WRONG_LABEL, ticket="T-1", detail="O-2")
    blocked = lived("order_first", *COMPLETE, ev.LabelShown("s3", "LP2"), wrong)

    assert (blocked.station.state, blocked.station.say, blocked.station.detail) == (State.BLOCKED, "wrong_label", "O-2")


def test_a_grant_for_another_label_than_the_one_shown_releases_nothing() -> None:
    odd = Verified(scan_id="s3", items=ITEMS, grant=grant(label="LP2"))
    step = lived("order_first", *COMPLETE, ev.LabelShown("s3", "LP1"), odd)

    assert step.station.state is State.UNANSWERED
    assert step.effects == (ev.AskHold(),)
