"""Badges at a bench and its self-test as central sees them."""

from __future__ import annotations

from typing import Any

from tests.central.paper_floor import PaperFloor
from wire.answers import Blocked, Refused, SelfTestHeard, SignedIn
from wire.deeds import OverrideAsked
from wire.phrases import Refusal
from wire.shift_deeds import PackerSignedIn, PackerSignedOut, PartResult, ScreenPressed, SelfTestBegun, ShiftTested


def sign_in(floor: PaperFloor, badge: str, *, age_ms: int = 0) -> Any:
    scan = floor.scan_id()
    return floor.deed(
        "bench-1", PackerSignedIn(station="bench-1", scan_id=scan, badge=badge), f"scan:{scan}", age_ms=age_ms
    )


def tested(floor: PaperFloor, *results: PartResult) -> None:
    scan = floor.scan_id()
    floor.deed("bench-1", ShiftTested(station="bench-1", scan_id=scan, results=results), f"tested:{scan}")


def alarms(floor: PaperFloor) -> list[tuple[Any, ...]]:
    return floor.rows("SELECT alarm, subject, detail FROM alarm WHERE cleared_utc_ns = 0")


def test_a_known_badge_signs_its_person_in_and_an_unknown_one_nobody(floor: PaperFloor) -> None:
    floor.badge("P-1", "Wang Wei", "packer")
    known = sign_in(floor, "P-1")
    assert isinstance(known, SignedIn)
    assert (known.person, known.badge) == ("Wang Wei", "P-1")
    unknown = sign_in(floor, "P-2")
    assert isinstance(unknown, Refused)
    assert unknown.reason is Refusal.BAD_BADGE
    assert sign_in(floor, "P-1", age_ms=60_000) is None  # its bench has given up


def test_whoever_packs_cannot_override_a_parcel_of_their_own(picked: PaperFloor) -> None:
    picked.badge("S-1", "Li Na", "supervisor")
    picked.badge("S-2", "Zhao Min", "supervisor")
    verification, _ = picked.label("L1", packer="S-1")
    assert isinstance(picked.item(verification, "=pen"), Blocked)

    own = picked.bench(OverrideAsked, verification, badge="S-1", reason="checked")
    assert isinstance(own, Refused)
    assert own.reason is Refusal.SAME_PERSON
    assert not isinstance(picked.bench(OverrideAsked, verification, badge="S-2", reason="checked"), Refused)


def test_a_self_test_is_heard_at_once_with_centrals_time(floor: PaperFloor) -> None:
    heard = floor.deed("bench-1", SelfTestBegun(station="bench-1", scan_id="t1"), "scan:t1")
    assert isinstance(heard, SelfTestHeard)
    assert (heard.scan_id, heard.utc_ns > 0) == ("t1", True)


def test_a_bench_that_fails_its_self_test_is_an_alarm_until_one_passes(floor: PaperFloor) -> None:
    tested(floor, PartResult(part="gate", ok=True), PartResult(part="scale", ok=False, why="not_empty"))
    assert alarms(floor) == [("self_test_failed", "bench-1", "scale: not_empty")]
    tested(floor, PartResult(part="gate", ok=True), PartResult(part="scale", ok=True))
    assert alarms(floor) == []


def test_touches_and_sign_outs_are_lines_of_the_journal_and_change_nothing_else(floor: PaperFloor) -> None:
    press = ScreenPressed(station="bench-1", scan_id="s1", text="PL:ASIDE", packer="P-1")
    assert floor.deed("bench-1", press, "press:s1") is None
    assert floor.deed("bench-1", PackerSignedOut(station="bench-1", packer="P-1", why="idle"), "out:s0") is None
    kinds = [kind for (kind,) in floor.rows("SELECT kind FROM journal ORDER BY seq")]
    assert kinds[-2:] == ["screen_pressed", "packer_signed_out"]
    assert floor.rows("SELECT count(*) FROM dead_letter") == [(0,)]
