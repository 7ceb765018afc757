"""A bench that prints: nothing waits for the printer, its trouble is said, only the paper shown frees the parcel."""

from __future__ import annotations

import pytest

from edge.packstation import events as ev
from edge.packstation.machine import Step, advance
from edge.packstation.rules import State, Station
from tests.edge.packstation.parcels import ITEMS, grant, recorded
from wire.answers import LabelJob, LabelWanted, OrderLoaded, Refused, Verified
from wire.deeds import BoxClosed, LabelPrinted, LabelScanned, ReprintAsked
from wire.phrases import Refusal

JOB = LabelJob(print_kind="zpl", body=b"^XA^XZ")
BEGUN: tuple[ev.Event, ...] = (ev.GateHolds(), ev.PlainShown("s1", "TOTE-7"), ev.Challenged("c1"))
PACKING: tuple[ev.Event, ...] = (*BEGUN, OrderLoaded(scan_id="s1", order_no="O-1", label="LP1", items=ITEMS))


def wanted(scan_id: str, job: LabelJob | None = JOB) -> LabelWanted:
    return LabelWanted(scan_id=scan_id, order_no="O-1", label="LP1", items=ITEMS, job=job)


PRINTING: tuple[ev.Event, ...] = (*PACKING, ev.ItemShown("s2", "x"), wanted("s2"))
DONE = ev.PrintDone("s2", "s1", "LP1")


def failed(why: str, *, unsure: bool = False) -> ev.PrintFailed:
    return ev.PrintFailed("s2", "s1", "LP1", why, unsure)


def lived(*events: ev.Event) -> Step:
    step = Step(Station("bench-1", printer=True), ())
    for event in events:
        step = advance(step.station, event)
    return step


def test_the_bench_says_that_it_has_a_printer() -> None:
    (scanned,) = recorded(lived(*BEGUN))

    assert isinstance(scanned, LabelScanned)
    assert scanned.printer


def test_the_stored_bytes_go_to_the_printer_and_the_bench_asks_for_the_scan() -> None:
    step = lived(*PRINTING)
    assert (step.station.state, step.station.say) == (State.LABELLING, "label_prints")
    assert step.effects == (ev.Print("s2", "s1", "LP1", JOB),)

    done = advance(step.station, DONE)
    assert (done.station.state, done.station.say) == (State.LABELLING, "scan_printed_label")
    assert recorded(done) == [LabelPrinted(station="bench-1", verification="s1", asked_by="s2", label="LP1", ok=True)]


def test_one_item_that_is_all_is_printed_under_its_own_label() -> None:
    step = lived(*BEGUN[:1], ev.PlainShown("s1", "5901234123457"), ev.Challenged("c1"), wanted("s1"))

    assert (step.station.state, step.station.label, step.station.order_no) == (State.LABELLING, "LP1", "O-1")
    assert step.station.items == ITEMS
    assert step.effects == (ev.Print("s1", "s1", "LP1", JOB),)


@pytest.mark.parametrize(
    ("why", "say"),
    [
        ("absent", "print_absent"),
        ("paper_out", "print_paper_out"),
        ("head_open", "print_head_open"),
        ("no_word", "print_no_word"),
        ("wrong_language", "print_fault"),
        ("too_large", "print_fault"),
    ],
)
def test_printer_trouble_is_said_with_what_to_do_and_the_bench_stays(why: str, say: str) -> None:
    step = lived(*PRINTING, failed(why))

    assert (step.station.state, step.station.say, step.station.lamp) == (State.LABELLING, say, "amber")
    (noted,) = recorded(step)
    assert isinstance(noted, LabelPrinted)
    assert (noted.ok, noted.why) == (False, why)


def test_a_label_that_came_out_all_the_same_may_be_scanned() -> None:
    proof = lived(*PRINTING, failed("lost", unsure=True), ev.LabelShown("s3", "LP1"))
    assert proof.station.state is State.CHECKING_PROOF

    assert ev.AskRelease(grant()) in advance(proof.station, Verified(scan_id="s3", items=ITEMS, grant=grant())).effects


def test_the_same_label_is_asked_for_again_with_the_reason() -> None:
    asked = lived(*PRINTING, failed("paper_out"), ev.ReprintShown("s3", "no-label"))
    assert recorded(asked) == [ReprintAsked(station="bench-1", scan_id="s3", verification="s1", reason="no-label")]
    again = advance(asked.station, wanted("s3"))

    assert again.effects == (ev.Print("s3", "s1", "LP1", JOB),)


@pytest.mark.parametrize("reason", [Refusal.REPRINT_LIMIT, Refusal.BAD_REASON, Refusal.NO_PRINTER])
def test_a_refused_reprint_leaves_the_bench_waiting_for_the_label(reason: Refusal) -> None:
    step = lived(*PRINTING, ev.ReprintShown("s3", "x"), Refused(scan_id="s3", reason=reason))

    assert (step.station.state, step.station.say) == (State.LABELLING, str(reason))


@pytest.mark.parametrize("before", [BEGUN[:1], PACKING])
def test_nothing_is_printed_again_before_a_label_is_wanted(before: tuple[ev.Event, ...]) -> None:
    step = lived(*before, ev.ReprintShown("s3", "damaged"))

    assert (step.station.say, step.effects) == ("nothing_to_reprint", ())


def test_the_end_of_another_parcels_printing_is_only_written_down() -> None:
    old = ev.PrintFailed("s0", "before", "LP0", "paper_out")
    step = lived(*PRINTING, old)

    assert step.station.say == "label_prints"
    assert [deed.asked_by for deed in recorded(step) if isinstance(deed, LabelPrinted)] == ["s0"]


def test_a_print_that_ends_while_the_label_is_checked_changes_nothing() -> None:
    checking = lived(*PRINTING, ev.LabelShown("s3", "LP1"))
    step = advance(checking.station, DONE)

    assert step.station == checking.station


def test_a_full_box_is_told_to_central_and_leaves_as_one_of_several() -> None:
    closing = lived(*PACKING, ev.BoxFullShown("s2"))
    assert recorded(closing) == [BoxClosed(station="bench-1", scan_id="s2", verification="s1")]
    granted = advance(closing.station, Verified(scan_id="s2", items=ITEMS, grant=grant(), more=True))
    out = advance(granted.station, ev.ReleaseDone("g1")).station
    assert out.say == "send_it_more"

    assert not advance(out, ev.GateHolds()).station.more


def test_a_box_that_cannot_be_closed_is_packed_on() -> None:
    step = lived(*PACKING, ev.BoxFullShown("s2"), Refused(scan_id="s2", reason=Refusal.NO_MORE_LABELS))

    assert (step.station.state, step.station.say) == (State.PACKING, "no_more_labels")
