"""Whatever a shift brings, the bench asks for a release only after this verification was verified, and blocks hold."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from edge.packstation import events as ev
from edge.packstation import shift_events
from edge.packstation.bench_parts import parts_of
from edge.packstation.machine import advance
from edge.packstation.requests import TableWrong
from edge.packstation.rules import Go, Rule, State, Station
from edge.packstation.table import CHECK_ITEM, TABLE, Table
from edge.profile_bench import NO_DEVICES
from tests.edge.packstation.parcels import ITEMS, grant
from wire.answers import (
    AnyAnswer,
    AsideNoted,
    Blocked,
    ItemAccepted,
    LabelWanted,
    OrderLoaded,
    Overridden,
    Refused,
    SelfTestHeard,
    SignedIn,
    Verified,
    WeighWanted,
)
from wire.codec import decode_record, encode
from wire.phrases import Refusal
from wire.shift_deeds import BenchPart, PartResult
from wire.uplink import Record

# ---- moves: what a shift is made of; scan ids are filled in while it is lived through ----


@dataclass(frozen=True)
class Scan:
    """Somebody scans; the shell makes the next id."""

    make: type[ev.Event]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Says:
    """Central answers the scan `back` scans ago (0: the newest)."""

    answer: type[AnyAnswer]
    back: int = 0
    odd: str = ""


@dataclass(frozen=True)
class Late:
    """The wait for the newest scan ends (or its line cannot be written, or its photo is done)."""

    make: type[ev.Overdue | ev.StorageFull | ev.PhotoDone]


@dataclass(frozen=True)
class Weighs:
    """The scale gives a weight for the parcel on the table; `why`: none, and why not."""

    why: str = ""


def well(part: BenchPart) -> ev.Event:
    """The self-test finds nothing wrong with this part."""
    return shift_events.PartTested(PartResult(part=part, ok=True))


Move = Scan | Says | Late | Weighs | ev.Event

LABEL, ITEM, PLAIN = Scan(ev.LabelShown, ("LP1",)), Scan(ev.ItemShown, ("x",)), Scan(ev.PlainShown, ("x",))
ASIDE, BADGE, REASON = Scan(ev.AsideShown), Scan(ev.BadgeShown, ("SUP-1",)), Scan(ev.ReasonShown, ("recount",))
PHOTO = Late(ev.PhotoDone)
SELF_TEST = Scan(shift_events.SelfTestShown)
PROBLEM = Scan(ev.ProblemShown, ("missing_item",))
BEGUN: list[Move] = [ev.GateHolds(), LABEL, ev.Challenged("c1")]
LOADED: list[Move] = [*BEGUN, Says(OrderLoaded)]
FINISHED: list[Move] = [*LOADED, ITEM, Says(ItemAccepted), ITEM, Says(Verified)]
LEFT: list[Move] = [*FINISHED, ev.ReleaseDone("g1"), ev.GateHolds()]
STOPPED: list[Move] = [*LOADED, ITEM, Says(Blocked)]
OVERRIDDEN: list[Move] = [*STOPPED, BADGE, REASON, PHOTO, Says(Overridden), ITEM, Says(Verified), ev.ReleaseDone("g1")]
SET_ASIDE: list[Move] = [*STOPPED, ASIDE, Says(AsideNoted)]
ASKED: list[Move] = [*STOPPED, BADGE, REASON, PHOTO]
TURNED_DOWN: list[Move] = [*ASKED, Says(Refused)]
STUCK: list[Move] = [*FINISHED, ev.ReleaseFailed("stuck"), Says(Verified)]
UNHEARD: list[Move] = [*ASKED, Late(ev.Overdue)]
FAULT_WHILE_BLOCKED: list[Move] = [*STOPPED, ev.GateFailed("forced", "m1"), ITEM]
SILENT_GUARD: list[Move] = [*FINISHED, Late(ev.Overdue)]
ODD: list[Move] = [*LOADED, ITEM, Says(Verified, odd="order_no")]
DECLARED: list[Move] = [*LOADED, PROBLEM, Says(AsideNoted)]
WEIGHING: list[Move] = [*LOADED, ITEM, Says(WeighWanted)]
WEIGHED: list[Move] = [*WEIGHING, Weighs(), Says(Verified)]
UNSTEADY: list[Move] = [*WEIGHING, Weighs("moving"), Weighs(), Says(Blocked)]
LABELLING: list[Move] = [*LOADED, ITEM, Says(LabelWanted)]
PROVED: list[Move] = [*LABELLING, LABEL, Says(Verified)]
OTHER_LABEL: list[Move] = [*LABELLING, LABEL, Says(Blocked)]
SIGNED_IN: list[Move] = [ev.GateHolds(), BADGE, Says(SignedIn)]
SIGNED_OUT: list[Move] = [*SIGNED_IN, shift_events.IdleOver()]
TESTING: list[Move] = [ev.GateHolds(), SELF_TEST, Says(SelfTestHeard), ev.Told("scanner_good")]
TESTED: list[Move] = [*TESTING, well("gate"), well("clock")]
SILENCE: list[Move] = [*LOADED, ITEM, Late(ev.Overdue), Says(Verified)]

parcels = st.sampled_from(
    [
        *(BEGUN, LOADED, FINISHED, LEFT, STOPPED, OVERRIDDEN, SET_ASIDE, ASKED),
        *(TURNED_DOWN, STUCK, UNHEARD, FAULT_WHILE_BLOCKED, SILENT_GUARD, ODD, DECLARED, WEIGHING),
        *(WEIGHED, UNSTEADY, LABELLING, PROVED, OTHER_LABEL, SIGNED_IN, SIGNED_OUT, TESTING),
        *(TESTED, SILENCE),
    ]
)
kinds: list[type[AnyAnswer]] = [*ev.ANSWERS]
noise = st.one_of(
    st.sampled_from([LABEL, ITEM, PLAIN, ASIDE, BADGE, REASON, PHOTO, PROBLEM, SELF_TEST]),
    st.sampled_from(
        [
            ev.DirtyShown(),
            ev.UnknownShown(),
            ev.RepeatShown(),
            shift_events.SignOutShown(),
            shift_events.OldTouchShown(),
        ]
    ),
    st.builds(Says, st.sampled_from(kinds), st.integers(0, 2), st.sampled_from(["", "", "order_no", "station"])),
    st.builds(Weighs, st.sampled_from(["", "moving", "empty"])),
    st.builds(Late, st.sampled_from([ev.Overdue, ev.StorageFull])),
    st.sampled_from(
        [
            ev.Challenged("c2"),
            ev.BeginFailed("away"),
            ev.ReleaseDone("g1"),
            ev.ReleaseFailed("stuck"),
            ev.GateHolds(),
            ev.GateFailed("forced", "m1"),
            ev.ReleaseRemembered("g0", "O-0", "LP0"),
        ]
    ),
).map(lambda move: [move])
shifts = st.lists(st.one_of(parcels, noise), max_size=6).map(lambda parts: [move for part in parts for move in part])


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
        _demand(
            before.state in (State.CHECKING_ITEM, State.CHECKING_PROOF, State.CHECKING_WEIGHT),
            "released when nothing was being verified",
        )
        _demand(before.scan_id not in given_up, "released after it was given up")
        granted = effect.grant.grant
        _demand((granted.order_no, granted.label) == (before.order_no, before.label), "released for another parcel")
    if isinstance(effect, ev.Record):
        line = Record(intent=effect.intent, at_utc_ns=0, mono_ns=0, boot_id="b", clock="synced", deed=effect.deed)
        decode_record(encode(line))


ANSWERING = {State.CHECKING_ITEM, State.CHECKING_PROOF, State.CHECKING_WEIGHT}
HELD_UP = {State.BLOCKED, State.BADGED, State.PHOTOGRAPHING, State.CHECKING_OVERRIDE}


def _check_move(before: Station, now: Station, event: ev.Event, given_up: set[str]) -> None:
    if before.state in HELD_UP and now.state not in HELD_UP:
        away = isinstance(event, ev.AsideShown) and now.state is State.CHECKING_ASIDE
        _demand(away or isinstance(event, Overridden), "a blocked parcel got away")
    if now.state is State.RELEASED and before.state is not State.RELEASED:
        _demand(isinstance(event, ev.ReleaseDone), "called released by nobody")
    acted = now != before and isinstance(event, kinds_tuple)
    _demand(not (acted and getattr(event, "scan_id", "") in given_up), "a late answer acted")
    _demand(not (acted and getattr(event, "scan_id", "") != before.scan_id), "another scan's answer acted")


kinds_tuple = tuple(kinds)


def _demand(kept: bool, promise: str) -> None:
    if not kept:
        raise PromiseBroken(promise)


def event_of(move: Move, scans: int, station: Station) -> ev.Event:
    match move:
        case Weighs(""):
            return ev.BoxWeighed(f"s{scans}", 400, station.verification)
        case Weighs(why):
            return ev.BoxNotWeighed(why, station.verification)
        case Scan(make, more):
            return make(f"s{scans}", *more)  # type: ignore[call-arg,arg-type]
        case Late(make):
            return make(f"s{scans}")
        case Says():
            return _answer(move, f"s{scans - move.back}")
    return move


def _answer(says: Says, scan_id: str) -> AnyAnswer:
    odd = {says.odd: "another"} if says.odd else {}
    answers: dict[type[AnyAnswer], AnyAnswer] = {
        OrderLoaded: OrderLoaded(scan_id=scan_id, order_no="O-1", label="LP1", items=ITEMS),
        ItemAccepted: ItemAccepted(scan_id=scan_id, sku="MUG-RED", items=ITEMS),
        WeighWanted: WeighWanted(scan_id=scan_id, order_no="O-1", label="LP1", items=ITEMS),
        LabelWanted: LabelWanted(scan_id=scan_id, order_no="O-1", label="LP1", items=ITEMS),
        Verified: Verified(scan_id=scan_id, items=ITEMS, grant=grant(**odd)),
        Refused: Refused(scan_id=scan_id, reason=Refusal.NOT_THIS_PARCEL if says.odd else Refusal.TOO_MANY),
        Blocked: Blocked(scan_id=scan_id, reason=Refusal.WRONG_ITEM, ticket="T-1"),
        AsideNoted: AsideNoted(scan_id=scan_id, ticket="T-1"),
        SignedIn: SignedIn(scan_id=scan_id, person="Li Na", badge="P-1"),
        SelfTestHeard: SelfTestHeard(scan_id=scan_id, utc_ns=1),
        Overridden: Overridden(scan_id=scan_id, order_no="O-1", items=ITEMS),
    }
    return answers[says.answer]


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
    "a weight releases by itself": (State.WEIGHING, ev.BoxWeighed, RELEASE),
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
