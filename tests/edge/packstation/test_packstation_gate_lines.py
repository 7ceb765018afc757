"""What a pack station does when its gate fails, and about releases that were never written down."""

from __future__ import annotations

import pytest

from edge.packstation import events as ev
from edge.packstation.rules import State
from tests.edge.packstation.parcels import BLOCKED, LABEL, LOADED, VERIFIED, after
from wire.deeds import InterlockFaulted, ParcelReleased


@pytest.mark.parametrize("state_before", [LOADED, LABEL, VERIFIED, (*VERIFIED, ev.ReleaseDone("g1"))])
def test_a_gate_that_fails_voids_the_verification_and_is_written_down(state_before: tuple[ev.Event, ...]) -> None:
    step = after(*state_before, ev.GateFailed("welded", "m1", "lock"))

    assert (step.station.state, step.station.say) == (State.GATE_FAULT, "gate_welded")
    assert step.station.detail == "lock"
    fault = InterlockFaulted(station="bench-1", fault="welded", interlock="lock", verification="s1")
    assert step.effects == (ev.Record(fault, "fault:m1"),)


FAULTS = ("forced", "not_holding", "welded", "stuck", "fell_shut", "sense_fault", "e_stop", "stalled", "guard_away")


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_its_own_words_at_the_bench(fault: str) -> None:
    assert after(*LOADED, ev.GateFailed(fault, "m1")).station.say == f"gate_{fault}"


def test_a_second_fault_says_what_it_is() -> None:
    step = after(*LOADED, ev.GateFailed("e_stop", "m1"), ev.GateFailed("not_holding", "m2", "gate"))

    assert (step.station.say, step.station.detail) == ("gate_not_holding", "gate")


def test_a_fault_nobody_knows_is_a_gate_fault() -> None:
    assert after(*LOADED, ev.GateFailed("haunted", "m1")).station.say == "gate_fault"


def test_a_label_at_a_failed_gate_says_again_what_failed() -> None:
    step = after(*LOADED, ev.GateFailed("e_stop", "m1"), ev.LabelShown("s5", "LP5"), ev.BeginFailed("e_stop"))

    assert (step.station.state, step.station.say) == (State.GATE_FAULT, "gate_e_stop")


def test_a_blocked_parcel_stays_blocked_when_the_gate_fails() -> None:
    assert after(*BLOCKED, ev.GateFailed("forced", "m1")).station.state is State.BLOCKED


def test_what_the_guard_remembers_is_written_down_again() -> None:
    step = after(ev.ReleaseRemembered("g0", "O-0", "LP0"))

    released = ParcelReleased(station="bench-1", order_no="O-0", label="LP0", grant_id="g0")
    assert step.effects == (ev.Record(released, "release:g0"),)


def test_a_release_that_came_after_it_was_given_up_is_asked_for() -> None:
    assert after(*VERIFIED, ev.Overdue("s2"), ev.ReleaseDone("g1")).effects == (ev.AskStatus(),)


def test_a_bench_whose_gate_failed_is_ready_once_it_holds_again() -> None:
    failed = (*LOADED, ev.GateFailed("forced", "m1"))

    assert after(*failed, ev.GateHolds()).station.state is State.READY


def test_a_label_tries_a_failed_gate_again() -> None:
    step = after(*LOADED, ev.GateFailed("stuck", "m1"), ev.LabelShown("s5", "LP5"))

    assert step.station.state is State.BEGINNING
    assert after(
        *LOADED, ev.GateFailed("stuck", "m1"), ev.LabelShown("s5", "LP5"), ev.BeginFailed("fault")
    ).station.say == ("gate_fault")


@pytest.mark.parametrize("events", [LABEL[:2], VERIFIED])
def test_a_guard_that_does_not_answer_is_told_to_hold(events: tuple[ev.Event, ...]) -> None:
    waiting = after(*events).station.scan_id

    step = after(*events, ev.Overdue(waiting))

    assert step.station.state is State.GATE_FAULT
    assert step.effects == (ev.AskHold(),)


def test_a_release_that_the_guard_refused_asks_for_the_label_again() -> None:
    step = after(*VERIFIED, ev.ReleaseFailed("other_challenge"))

    assert (step.station.state, step.station.say) == (State.UNANSWERED, "gate_refused")
