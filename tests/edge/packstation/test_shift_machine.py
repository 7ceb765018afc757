"""Who packs at a bench, touches of its page, and its self-test, line by line."""

from __future__ import annotations

import pytest

from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.bench_parts import parts_of
from edge.packstation.commands import may_be_touched
from edge.packstation.machine import Step, advance
from edge.packstation.presses import PRESS_NS_MIN, Presses, Touch
from edge.packstation.rules import State, Station
from edge.packstation.slip import slip
from edge.profile_bench import NO_DEVICES, BenchProfile, PrinterProfile, ScaleProfile
from tests.edge.packstation.parcels import ITEMS
from wire.answers import OrderLoaded, Refused, SelfTestHeard, SignedIn, WeighWanted
from wire.deeds import AnyDeed, ItemScanned, LabelScanned, ParcelWeighed
from wire.downlink import BenchPressed
from wire.phrases import Refusal
from wire.shift_deeds import BenchPart, PackerSignedIn, PackerSignedOut, PartResult, SelfTestBegun, ShiftTested

WHOLE = BenchProfile(
    scale=ScaleProfile(kind="sics", port="/dev/scale"), printer=PrinterProfile(kind="tcp", host="printer")
)
BADGE = (ev.BadgeShown("b1", "P-1"), SignedIn(scan_id="b1", person="Li Na", badge="P-1"))


def after(*events: ev.Event, sign_in: bool = False, parts: tuple[BenchPart, ...] = ()) -> Step:
    """The step after all of `events` at a bench whose gate holds."""
    step = advance(Station("bench-1", sign_in=sign_in, parts=parts), ev.GateHolds())
    for event in events:
        step = advance(step.station, event)
    return step


def written(step: Step) -> list[AnyDeed]:
    return [effect.deed for effect in step.effects if isinstance(effect, ev.Record)]


def well(part: BenchPart) -> ev.Event:
    return shift.PartTested(PartResult(part=part, ok=True))


def ill(part: BenchPart, why: str) -> ev.Event:
    return shift.PartTested(PartResult(part=part, ok=False, why=why))


# ---- badges ----


def test_a_badge_with_no_parcel_on_the_bench_signs_its_person_in() -> None:
    asked = after(BADGE[0])
    assert written(asked) == [PackerSignedIn(station="bench-1", scan_id="b1", badge="P-1")]
    assert (asked.station.state, asked.station.packer) == (State.SIGNING_IN, "")

    known = advance(asked.station, BADGE[1]).station
    assert (known.state, known.say, known.packer, known.person) == (State.READY, "signed_in", "P-1", "Li Na")


def test_whoever_signed_in_stands_in_every_deed_from_then_on() -> None:
    label = after(*BADGE, ev.LabelShown("s1", "LP1"), ev.Challenged("c1"))
    assert [deed.packer for deed in written(label) if isinstance(deed, LabelScanned)] == ["P-1"]
    loaded = advance(label.station, OrderLoaded(scan_id="s1", order_no="O-1", label="LP1", items=ITEMS))
    item = advance(loaded.station, ev.ItemShown("s2", "x"))
    assert [deed.packer for deed in written(item) if isinstance(deed, ItemScanned)] == ["P-1"]


def test_the_weight_of_a_box_names_who_put_it_on_the_scale() -> None:
    begun = (ev.LabelShown("s1", "LP1"), ev.Challenged("c1"))
    loaded = (*begun, OrderLoaded(scan_id="s1", order_no="O-1", label="LP1", items=ITEMS), ev.ItemShown("s2", "x"))
    wanted = WeighWanted(scan_id="s2", order_no="O-1", label="LP1", items=ITEMS)
    step = after(*BADGE, *loaded, wanted, ev.BoxWeighed("s3", 400, "s1"))
    assert [deed.packer for deed in written(step) if isinstance(deed, ParcelWeighed)] == ["P-1"]


def test_a_bench_that_wants_a_name_begins_no_parcel_without_one() -> None:
    for scan in (ev.LabelShown("s1", "LP1"), ev.PlainShown("s1", "tote-1")):
        step = after(scan, sign_in=True)
        assert (step.station.state, step.station.say, step.effects) == (State.READY, "sign_in_first", ())
        assert after(*BADGE, scan, sign_in=True).station.state is State.BEGINNING


def test_a_badge_that_is_refused_or_unanswered_leaves_whoever_was_there() -> None:
    refused = after(*BADGE, ev.BadgeShown("b2", "X"), Refused(scan_id="b2", reason=Refusal.BAD_BADGE)).station
    assert (refused.say, refused.packer) == ("bad_badge", "P-1")
    silent = after(*BADGE, ev.BadgeShown("b2", "X"), ev.Overdue("b2")).station
    assert (silent.state, silent.say, silent.packer) == (State.READY, "badge_unanswered", "P-1")
    late = advance(silent, SignedIn(scan_id="b2", person="Wang Wei", badge="X")).station
    assert late.packer == "P-1"


def test_another_badge_changes_the_person() -> None:
    step = after(*BADGE, ev.BadgeShown("b2", "P-2"), SignedIn(scan_id="b2", person="Wang Wei", badge="P-2"))
    assert (step.station.packer, step.station.person) == ("P-2", "Wang Wei")


@pytest.mark.parametrize(
    ("event", "why"), [(shift.SignOutShown(), "command"), (shift.IdleOver(), "idle")], ids=["command", "idle"]
)
def test_signing_out_is_written_down_with_its_reason(event: ev.Event, why: str) -> None:
    step = after(*BADGE, event)
    assert written(step) == [PackerSignedOut(station="bench-1", packer="P-1", why=why)]  # type: ignore[arg-type]
    assert (step.station.packer, step.station.say) == ("", "signed_out")


def test_nobody_is_signed_out_with_a_parcel_on_the_bench() -> None:
    begun = (ev.LabelShown("s1", "LP1"), ev.Challenged("c1"))
    loaded = (*begun, OrderLoaded(scan_id="s1", order_no="O-1", label="LP1", items=ITEMS))
    step = after(*BADGE, *loaded, shift.SignOutShown())
    assert (step.station.packer, step.station.say, step.effects) == ("P-1", "finish_parcel_first", ())
    assert after(shift.SignOutShown()).station.say == "nobody_signed_in"


# ---- the self-test ----


def test_only_parts_that_the_profile_names_are_tested() -> None:
    assert parts_of(NO_DEVICES) == ("lamp", "scanner", "gate", "clock", "central")
    assert parts_of(WHOLE) == ("lamp", "scanner", "scale", "gate", "clock", "central", "printer")


def test_a_bench_whose_parts_are_all_well_passes_and_the_slip_is_printed_last() -> None:
    parts = parts_of(WHOLE)
    begun = after(shift.SelfTestShown("t1"), parts=parts)
    assert written(begun) == [SelfTestBegun(station="bench-1", scan_id="t1")]
    assert shift.RunSelfTest(parts) in begun.effects

    step = begun
    for event in (well("gate"), SelfTestHeard(scan_id="t1", utc_ns=1), well("clock"), well("scale")):
        step = advance(step.station, event)
        assert not step.effects
    read = advance(step.station, ev.Told("scanner_good"))  # says of lamp and scanner, and is the last but the slip
    assert [type(effect) for effect in read.effects] == [shift.PrintSlip]
    done = advance(read.station, well("printer"))

    assert (done.station.state, done.station.say, done.station.lamp) == (State.READY, "self_test_passed", "green")
    (deed,) = written(done)
    assert isinstance(deed, ShiftTested)
    assert [(result.part, result.ok) for result in deed.results] == [(part, True) for part in parts]


@pytest.mark.parametrize(
    ("events", "part", "why"),
    [
        ((ev.Told("scanner_good"), ill("clock", "off")), "clock", "off"),
        ((shift.LampUnseenShown(), ev.Told("scanner_good"), well("clock")), "lamp", "unseen"),
        ((ev.Told("scanner_layout"), ev.Overdue("t1")), "scanner", "scanner_layout"),
        ((ev.DirtyShown(), well("clock"), ev.Overdue("t1")), "scanner", "no_code"),
        ((well("clock"), ev.StorageFull("t1"), ev.Told("scanner_good")), "central", "storage_full"),
    ],
)
def test_what_is_not_well_is_named_and_a_parcel_may_still_begin(
    events: tuple[ev.Event, ...], part: str, why: str
) -> None:
    heard = () if part == "central" else (SelfTestHeard(scan_id="t1", utc_ns=1),)
    step = after(shift.SelfTestShown("t1"), well("gate"), *heard, *events, parts=parts_of(NO_DEVICES))

    assert (step.station.state, step.station.say, step.station.lamp) == (State.READY, "self_test_failed", "red")
    (deed,) = written(step)
    assert isinstance(deed, ShiftTested)
    assert (part, why) in [(result.part, result.why) for result in deed.results if not result.ok]
    assert advance(step.station, ev.LabelShown("s1", "LP1")).station.state is State.BEGINNING


def test_a_gate_that_fails_in_the_test_stays_failed_and_nothing_leaves() -> None:
    events = (well("gate"), ill("gate", "forced"), well("gate"), SelfTestHeard(scan_id="t1", utc_ns=1), well("clock"))
    step = after(shift.SelfTestShown("t1"), *events, ev.Told("scanner_good"), parts=parts_of(NO_DEVICES))

    assert (step.station.state, step.station.say) == (State.GATE_FAULT, "self_test_failed")


def test_a_finding_outside_a_self_test_changes_nothing() -> None:
    ready = after().station
    for event in (well("gate"), ill("gate", "forced"), shift.LampCycled()):
        assert advance(ready, event).station == ready


def test_the_slip_is_whole_zpl_or_pdf_whatever_stands_in_it() -> None:
    results = (PartResult(part="gate", ok=True), PartResult(part="scale", ok=False, why="not_empty"))
    zpl = slip("zpl", "bench-1", "P^1~(工牌)", results, "2026-11-24 06:00")
    assert (zpl.count(b"^XA"), zpl.count(b"^XZ"), zpl.count(b"^FD"), zpl.count(b"^FS")) == (1, 1, 5, 5)
    assert b"P_5E1_7E(??)" in zpl
    pdf = slip("pdf", "bench-1", "P-(1)\\", results, "2026-11-24 06:00")
    assert pdf.startswith(b"%PDF-1.4")
    assert rb"(P-\(1\)\\) Tj" in pdf
    assert pdf[int(pdf.split(b"startxref\n")[1].split()[0]) :].startswith(b"xref")


# ---- the page ----


def touch(text: str, press_id: str = "p1", order_no: str = "", station: str = "bench-1") -> BenchPressed:
    return BenchPressed(station=station, press_id=press_id, text=text, order_no=order_no)


def test_a_touch_is_written_down_and_then_what_its_barcode_is() -> None:
    found = Presses("bench-1").event_of(touch("PL:SELFTEST"), after(*BADGE).station, 0, "s9")
    assert isinstance(found, Touch)
    assert (found.deed.text, found.deed.scan_id, found.deed.packer) == ("PL:SELFTEST", "s9", "P-1")
    assert found.event == shift.SelfTestShown("s9")


@pytest.mark.parametrize(
    "text", ["PL:BADGE:S1", "PL:STATION:bench-1", "PL:SHORT", "PL:NONSENSE", "2900000000470", "LP1"]
)
def test_a_touch_is_never_a_badge_nor_goods_nor_nonsense(text: str) -> None:
    assert not may_be_touched(text)
    assert Presses("bench-1").event_of(touch(text), after().station, 0, "s9") is None


def test_a_touch_counts_once_at_its_own_bench_and_not_faster_than_fingers() -> None:
    presses, ready = Presses("bench-1"), after().station
    assert presses.event_of(touch("PL:ASIDE", station="bench-2"), ready, 0, "s1") is None
    assert presses.event_of(touch("PL:ASIDE"), ready, 0, "s1") is not None
    assert presses.event_of(touch("PL:ASIDE"), ready, 2 * PRESS_NS_MIN, "s2") is None  # the same, delivered twice
    assert presses.event_of(touch("PL:ASIDE", "p2"), ready, PRESS_NS_MIN - 1, "s3") is None
    assert presses.event_of(touch("PL:ASIDE", "p3"), ready, 3 * PRESS_NS_MIN, "s4") is not None


def test_a_touch_of_a_page_that_showed_another_parcel_does_nothing_and_says_so() -> None:
    ready = after().station
    event = Presses("bench-1").event_of(touch("PL:ASIDE", order_no="O-1"), ready, 0, "s9")
    assert isinstance(event, shift.OldTouchShown)
    step = advance(ready, event)
    assert (step.station.say, step.effects) == ("touched_too_late", ())
