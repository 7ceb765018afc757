"""What a pack station does next, line by line."""

from __future__ import annotations

from itertools import product

import pytest

from edge.packstation import events as ev
from edge.packstation.diagram import RENEW, pages
from edge.packstation.machine import Step, advance
from edge.packstation.rules import State, Station
from edge.packstation.table import TABLE
from tests.edge.packstation.parcels import (
    ASIDE,
    BLOCKED,
    ITEMS,
    LABEL,
    LOADED,
    VERIFIED,
    accepted,
    after,
    grant,
    loaded,
    recorded,
)
from wire.answers import AsideNoted, Blocked, Refused, Verified
from wire.deeds import (
    ItemScanned,
    LabelScanned,
    ParcelReleased,
    ProblemDeclared,
    SetAside,
    StaleAnswer,
)
from wire.phrases import PHRASES, Refusal


def test_every_state_answers_every_event() -> None:
    assert {(state, event) for state, row in TABLE.items() for event in row} == set(product(State, ev.EVENTS))


def test_everything_the_bench_says_has_its_words() -> None:
    said = {rule.say for row in TABLE.values() for rule in row.values() if rule.say}

    assert said <= set(PHRASES)


@pytest.mark.parametrize("name", pages())
def test_the_diagrams_are_drawn_from_the_tables(name: str) -> None:
    from edge.packstation.diagram import FOLDER

    assert (FOLDER / name).read_text("utf-8") == pages()[name], f"stale: run {RENEW}"


def test_a_new_bench_waits_for_its_gate() -> None:
    assert Station("bench-1").state is State.GATE_FAULT
    assert after(ev.GateHolds()).station.state is State.READY


def test_a_label_asks_the_guard_first_and_then_central() -> None:
    asked = after(*LABEL[:2])
    assert asked.effects == (ev.Await("s1", "guard"), ev.AskChallenge())

    told = after(*LABEL)
    assert told.station.say == "checking_label"
    assert told.effects[0] == ev.Await("s1", "answer")
    assert recorded(told) == [LabelScanned(station="bench-1", scan_id="s1", label="LP1", challenge="c1")]
    assert isinstance(told.effects[1], ev.Record)
    assert told.effects[1].intent == "scan:s1"


def test_an_order_that_loads_shows_its_items() -> None:
    station = after(*LOADED).station

    assert (station.state, station.say, station.order_no, station.items) == (State.PACKING, "scan_items", "O-1", ITEMS)


def test_an_item_asks_central_about_this_verification() -> None:
    step = after(*LOADED, ev.ItemShown("s2", "5901234123457"))

    assert recorded(step) == [ItemScanned(station="bench-1", scan_id="s2", verification="s1", barcode="5901234123457")]


def test_a_plain_text_is_a_label_at_an_empty_bench_and_an_item_at_a_full_one() -> None:
    assert after(ev.GateHolds(), ev.PlainShown("s1", "HOUSE-7")).effects[1] == ev.AskChallenge()
    assert isinstance(recorded(after(*LOADED, ev.PlainShown("s2", "85123A")))[0], ItemScanned)


def test_an_accepted_item_asks_for_the_next() -> None:
    step = after(*LOADED, ev.ItemShown("s2", "x"), accepted("s2"))

    assert (step.station.state, step.station.say) == (State.PACKING, "next_item")


def test_verified_shows_the_guard_that_grant() -> None:
    step = after(*VERIFIED)

    assert step.station.state is State.RELEASING
    assert step.effects == (ev.Await("s2", "guard"), ev.AskRelease(grant()))


def test_a_release_is_written_down_under_its_grant() -> None:
    step = after(*VERIFIED, ev.ReleaseDone("g1"))

    assert step.station.say == "send_it"
    assert step.effects[0] == ev.Await("s2", "gate_return")
    released = ParcelReleased(station="bench-1", order_no="O-1", label="LP1", grant_id="g1")
    assert step.effects[1] == ev.Record(released, "release:g1")


def test_the_next_label_is_asked_for_once_the_gate_holds_again() -> None:
    assert after(*VERIFIED, ev.ReleaseDone("g1"), ev.GateHolds()).station == Station(
        "bench-1", State.READY, "scan_label", "off"
    )


@pytest.mark.parametrize(
    "changed", [{"order_no": "O-2"}, {"label": "LP2"}, {"station": "bench-2"}], ids=lambda one: next(iter(one))
)
def test_a_grant_for_another_parcel_holds(changed: dict[str, str]) -> None:
    odd = Verified(scan_id="s2", items=ITEMS, grant=grant(**changed))

    step = after(*LOADED, ev.ItemShown("s2", "x"), odd)

    assert (step.station.state, step.station.say) == (State.UNANSWERED, "gate_refused")
    assert step.effects == (ev.AskHold(),)


def test_an_answer_for_another_scan_changes_nothing() -> None:
    asked = (*LOADED, ev.ItemShown("s2", "x"))
    stray = Verified(scan_id="s1", items=ITEMS, grant=grant())

    assert after(*asked, stray) == Step(after(*asked).station, ())


def test_no_answer_holds_and_asks_for_the_label_again() -> None:
    step = after(*LOADED, ev.ItemShown("s2", "x"), ev.Overdue("s2"))

    assert (step.station.state, step.station.say, step.station.lamp) == (State.UNANSWERED, "no_answer", "red")
    assert step.effects == (ev.AskHold(),)


def test_a_late_answer_is_noted_and_not_acted_on() -> None:
    step = after(*LOADED, ev.ItemShown("s2", "x"), ev.Overdue("s2"), Verified(scan_id="s2", items=ITEMS, grant=grant()))

    assert step.station.state is State.UNANSWERED
    assert step.effects == (ev.Record(StaleAnswer(station="bench-1", scan_id="s2"), "stale:s2"),)


def test_an_answer_that_comes_twice_acts_once_and_is_not_called_late() -> None:
    packing = (*LOADED, ev.ItemShown("s2", "x"), accepted("s2"))

    assert after(*packing, accepted("s2")) == Step(after(*packing).station, ())


def test_the_end_of_a_wait_that_is_over_is_nothing() -> None:
    assert after(*LOADED, ev.Overdue("s0")) == Step(after(*LOADED).station, ())


def test_an_unknown_label_leaves_the_bench_free_and_says_why() -> None:
    step = after(*LABEL, Refused(scan_id="s1", reason=Refusal.UNKNOWN_LABEL))

    assert (step.station.state, step.station.say, step.station.lamp) == (State.READY, "unknown_label", "red")


def test_a_verification_that_central_does_not_know_begins_anew() -> None:
    step = after(*LOADED, ev.ItemShown("s2", "x"), Refused(scan_id="s2", reason=Refusal.NOT_THIS_PARCEL))

    assert (step.station.state, step.station.say) == (State.UNANSWERED, "not_this_parcel")


def test_a_parcel_set_aside_frees_the_bench() -> None:
    told = after(*BLOCKED, ASIDE)
    assert recorded(told) == [SetAside(station="bench-1", scan_id="s8", verification="s1", why="wrong_item")]

    free = after(*BLOCKED, ASIDE, AsideNoted(scan_id="s8", ticket="T-1"))
    assert (free.station.state, free.station.say, free.station.ticket) == (State.READY, "set_aside_done", "")
    assert free.effects == (ev.AskHold(),)


def test_a_problem_is_declared_for_the_parcel_on_the_table() -> None:
    step = after(*LOADED, ev.ProblemShown("s7", "missing_item"))

    assert recorded(step) == [
        ProblemDeclared(station="bench-1", scan_id="s7", verification="s1", problem="missing_item")
    ]


def test_the_detail_of_a_message_goes_with_it() -> None:
    set_aside = (*BLOCKED, ASIDE, AsideNoted(scan_id="s8", ticket="T-1"))
    assert after(*set_aside).station.detail == "T-1"
    for scan, said in (
        (ev.ItemShown("s9", "x"), "scan_label_first"),
        (ev.ReasonShown("s9", "checked"), "nothing_to_override"),
    ):
        later = after(*set_aside, scan).station
        assert (later.say, later.detail, later.ticket, later.lamp) == (said, "", "", "amber")


def test_an_unknown_label_is_named_once_and_not_as_the_label_on_the_table() -> None:
    station = after(*LABEL, Refused(scan_id="s1", reason=Refusal.UNKNOWN_LABEL)).station

    assert (station.label, station.detail) == ("", "LP1")


def test_a_full_disk_accepts_nothing() -> None:
    label = after(*LABEL, ev.StorageFull("s1"))
    assert (label.station.state, label.station.say) == (State.READY, "storage_full")

    item = after(*LOADED, ev.ItemShown("s2", "x"), ev.StorageFull("s2"))
    assert (item.station.state, item.station.say, item.station.items) == (State.PACKING, "storage_full", ITEMS)

    assert after(*BLOCKED, ASIDE, ev.StorageFull("s8")).station.state is State.BLOCKED


@pytest.mark.parametrize(
    ("events", "scan", "said"),
    [
        ((ev.GateHolds(),), ev.ItemShown("s9", "x"), "scan_label_first"),  # label and item swapped
        ((ev.GateHolds(),), ev.AsideShown("s9"), "nothing_to_declare"),
        ((ev.GateHolds(),), ev.DirtyShown(), "dirty_scan"),
        ((ev.GateHolds(),), ev.UnknownShown(), "unknown_command"),
        ((ev.GateHolds(),), ev.ReasonShown("s9", "checked"), "nothing_to_override"),
        (LABEL, ev.ItemShown("s9", "x"), "wait_for_check"),
        (LOADED, ev.LabelShown("s9", "LP2"), "label_not_item"),
        (LOADED, ev.RepeatShown(), "repeat_ignored"),
        ((*VERIFIED, ev.ReleaseDone("g1")), ev.LabelShown("s9", "LP2"), "let_it_pass"),
        ((*BLOCKED, ev.BadgeShown("s5", "SUP-1")), ev.ItemShown("s9", "x"), "scan_reason"),
    ],
)
def test_a_scan_out_of_order_tells_the_packer_what_to_do(
    events: tuple[ev.Event, ...], scan: ev.Event, said: str
) -> None:
    before, step = after(*events), after(*events, scan)

    assert step.station.say == said
    assert step.station.state is before.station.state
    assert step.effects == ()


def test_a_label_that_is_scanned_after_no_answer_is_a_new_verification() -> None:
    step = after(*LABEL, ev.Overdue("s1"), ev.LabelShown("s2", "LP1"))

    assert (step.station.verification, step.station.items) == ("s2", ())


def test_a_table_with_a_line_missing_says_so() -> None:
    with pytest.raises(KeyError, match="ready"):
        advance(Station("bench-1", State.READY), ev.DirtyShown(), {})


def test_a_blocked_label_may_be_set_aside_too() -> None:
    step = after(*LABEL, Blocked(scan_id="s1", reason=Refusal.ALREADY_SHIPPED, ticket="T-2"), ASIDE)

    assert step.station.state is State.CHECKING_ASIDE


def test_a_loaded_order_is_remembered_in_centrals_spelling() -> None:
    assert after(*LABEL, loaded("s1")).station.label == "LP1"
