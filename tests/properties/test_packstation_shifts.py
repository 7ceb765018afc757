"""Whatever a shift brings, the bench asks for a release only after this verification was verified, and blocks hold."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from edge.packstation import events as ev
from edge.packstation.bench_parts import parts_of
from edge.packstation.machine import advance
from edge.packstation.requests import TableWrong
from edge.packstation.rules import Go, Rule, State, Station
from edge.packstation.table import TABLE, Table
from edge.packstation.table_rows import CHECK_ITEM
from edge.profile_bench import NO_DEVICES
from tests.properties.packstation_moves import Move, Scan, Weighs, event_of, kinds, shifts
from wire.answers import (
    ItemAccepted,
    Overridden,
    Refused,
    Verified,
    WeighWanted,
)
from wire.codec import decode_record, encode
from wire.uplink import Record

FIRST_FOUND = settings(
    deadline=None, max_examples=3000, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
)


PARTS = parts_of(NO_DEVICES)


class PromiseBroken(AssertionError):
    """The bench did what it must never do."""


def live_through(shift: list[Move], table: Table = TABLE) -> list[State]:
    """Live through `shift`, checking every promise at every step; return the states passed through."""
    station, scans, passed = Station("bench-1", parts=PARTS), 0, [State.GATE_FAULT]
    given_up: set[str] = set()
    for move in shift:
        scans += isinstance(move, Scan | Weighs)
        event = event_of(move, scans, station)
        before, (station, effects) = station, vars(advance(station, event, table)).values()
        if isinstance(event, ev.Overdue) and event.scan_id == before.scan_id and before.state is not station.state:
            given_up.add(event.scan_id)
        for effect in effects:
            _check_effect(effect, event, before, given_up)
        _check_move(before, station, event, given_up)
        passed.append(station.state)
    return passed


def _check_effect(effect: ev.Effect, event: ev.Event, before: Station, given_up: set[str]) -> None:
    if isinstance(effect, ev.AskRelease):
        _demand(isinstance(event, Verified), "released without a verdict")
        _demand(isinstance(event, Verified) and event.grant == effect.grant, "released for another grant")
        _demand(isinstance(event, Verified) and event.scan_id == before.scan_id, "released for another scan")
        _demand(before.state in ANSWERING, "released when nothing was being verified")
        _demand(before.scan_id not in given_up, "released after it was given up")
        granted = effect.grant.grant
        _demand((granted.order_no, granted.label) == (before.order_no, before.label), "released for another parcel")
    if isinstance(effect, ev.Record):
        line = Record(intent=effect.intent, at_utc_ns=0, mono_ns=0, boot_id="b", clock="synced", deed=effect.deed)
        decode_record(encode(line))


ANSWERING = {State.CHECKING_ITEM, State.CHECKING_DETAIL, State.CHECKING_PROOF, State.CHECKING_WEIGHT}
HELD_UP = {State.BLOCKED, State.BADGED, State.PHOTOGRAPHING, State.CHECKING_OVERRIDE}


def _check_move(before: Station, now: Station, event: ev.Event, given_up: set[str]) -> None:
    if before.state in HELD_UP and now.state not in HELD_UP:
        away = isinstance(event, ev.AsideShown) and now.state is State.CHECKING_ASIDE
        _demand(away or isinstance(event, Overridden | WeighWanted), "a blocked parcel got away")
    if now.state is State.RELEASED and before.state is not State.RELEASED:
        _demand(isinstance(event, ev.ReleaseDone), "called released by nobody")
    acted = now != before and isinstance(event, kinds_tuple)
    _demand(not (acted and getattr(event, "scan_id", "") in given_up), "a late answer acted")
    _demand(not (acted and getattr(event, "scan_id", "") != before.scan_id), "another scan's answer acted")


kinds_tuple = tuple(kinds)


def _demand(kept: bool, promise: str) -> None:
    if not kept:
        raise PromiseBroken(promise)


@settings(max_examples=300, deadline=None)
@given(shifts)
def test_a_shift_keeps_every_promise(shift: list[Move]) -> None:
    live_through(shift)


@pytest.mark.parametrize("goal", State)
def test_the_shifts_we_try_reach_every_state(goal: State) -> None:
    def reaches(shift: list[Move]) -> bool:
        return goal in live_through(shift)

    find(shifts, reaches, settings=FIRST_FOUND)


# (A label's own answer cannot release whatever the table says: no order is loaded, so its grant is odd.)
RELEASE = TABLE[State.CHECKING_ITEM][Verified]
MUTANTS: dict[str, tuple[State, type[ev.Event], Rule]] = {
    "an odd grant releases": (State.CHECKING_ITEM, ev.OddGrant, RELEASE),
    "an accepted item releases": (State.CHECKING_ITEM, ItemAccepted, RELEASE),
    "a late verdict releases": (State.UNANSWERED, Verified, RELEASE),
    "a late answer still acts": (State.UNANSWERED, ev.LateAnswer, Go(State.PACKING, "scan_items", "blue")),
    "a label on the box releases by itself": (State.LABELLING, ev.LabelShown, RELEASE),
    "a printed label releases by itself": (State.LABELLING, ev.PrintDone, RELEASE),
    "a full box releases by itself": (State.PACKING, ev.BoxFullShown, RELEASE),
    "a reprint releases": (State.LABELLING, ev.ReprintShown, RELEASE),
    "what is to be printed releases": (State.CHECKING_ITEM, ev.LabelToPrint, RELEASE),
    "a weight releases by itself": (State.WEIGHING, ev.BoxWeighed, RELEASE),
    "a lot releases by itself": (State.WANTS_DETAIL, ev.DetailShown, RELEASE),
    "a keyed count releases by itself": (State.PACKING, ev.CountShown, RELEASE),
    "an item unblocks": (State.BLOCKED, ev.ItemShown, CHECK_ITEM),
    "a wait that ends unblocks": (State.CHECKING_OVERRIDE, ev.Overdue, Go(State.PACKING, "scan_items", "blue")),
    "a refused override unblocks": (State.CHECKING_OVERRIDE, Refused, Go(State.PACKING, "scan_items", "blue")),
    "a gate fault unblocks": (State.BLOCKED, ev.GateFailed, Go(State.GATE_FAULT, "gate_fault", "red")),
    "released on the bench's word": (State.RELEASING, ev.Overdue, Go(State.RELEASED, "send_it", "green")),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_mistake_is_found(name: str) -> None:
    state, event, rule = MUTANTS[name]
    table = {one: {**row, event: rule} if one is state else row for one, row in TABLE.items()}

    def broken(shift: list[Move]) -> bool:
        try:
            live_through(shift, table)
        except (PromiseBroken, TableWrong):
            return True
        return False

    assert find(shifts, broken, settings=FIRST_FOUND)
