"""Every reachable state of the guard under every event, checked against an independent memory of what was allowed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.packstation.guard.events import (
    Allowed,
    Begun,
    ChallengeOver,
    ClientGone,
    Denied,
    Drive,
    EStopFreed,
    EStopPressed,
    Event,
    GrantBad,
    GrantGood,
    HoldAsked,
    LeaseOver,
    Offer,
    ParcelPassed,
    SenseFaulted,
    SenseHolding,
    SenseOverdue,
    SenseReleased,
    Stalled,
)
from edge.packstation.guard.machine import Step, advance, judge
from edge.packstation.guard.rules import Guard, State, Table
from edge.packstation.guard.table import TABLE
from wire.grant import Grant, SignedGrant
from wire.grants import is_genuine, sign

STATION = "bench-1"
BEGINS_MAX = 3
CENTRAL, STRANGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
Judge = Callable[..., GrantGood | GrantBad]


class PromiseBroken(AssertionError):
    """The exploration found a way to release that must not exist."""


@dataclass(frozen=True)
class Shown:
    """A signed grant as it came over the socket, and which way it is wrong ("" if it is not)."""

    wrong: str
    signed: SignedGrant
    genuine: bool


@dataclass(frozen=True)
class Witness:
    """What an onlooker knows without looking into the guard."""

    begun: int = 0  # challenges handed out so far, numbered from 1
    open_challenge: int = 0  # the one a fresh grant must carry; 0: none
    stopped: bool = False  # the e-stop is pressed
    output_releases: bool = False
    lease_armed: bool = False


def grant_for(challenge: int, **changed: str) -> Grant:
    """Central's grant for the challenge of that number."""
    grant = Grant(grant_id=f"g{challenge}", station=STATION, order_no="O-1", label="LP1", challenge=f"c{challenge}")
    return Grant(**{**{name: getattr(grant, name) for name in grant.__struct_fields__}, **changed})


def every_showing() -> list[Shown]:
    """Each challenge there can be, each with every kind of wrong grant."""
    shown = []
    for number in range(BEGINS_MAX + 2):
        good = sign(grant_for(number), CENTRAL)
        cases = {
            "": good,
            "signature": sign(grant_for(number), STRANGER),
            "no base64": SignedGrant(grant=good.grant, signature="§§"),
            "label changed": SignedGrant(grant=grant_for(number, label="LP2"), signature=good.signature),
            "order changed": SignedGrant(grant=grant_for(number, order_no="O-2"), signature=good.signature),
            "challenge changed": SignedGrant(grant=grant_for(number + 1), signature=good.signature),
            "station": sign(grant_for(number, station="bench-2"), CENTRAL),
        }
        key = CENTRAL.public_key()
        shown += [Shown(wrong, signed, is_genuine(signed, key)) for wrong, signed in cases.items()]
    return shown


SHOWINGS = every_showing()
OTHERS: tuple[Event, ...] = (
    HoldAsked(),
    ClientGone(),
    ParcelPassed(),
    LeaseOver(),
    ChallengeOver(),
    *(sense(name) for sense in (SenseReleased, SenseHolding, SenseOverdue, SenseFaulted) for name in ("gate", "lock")),
    EStopPressed(),
    EStopFreed(),
    Stalled(),
)
ENDINGS: tuple[Event, ...] = (
    LeaseOver(),
    HoldAsked(),
    ClientGone(),
    Stalled(),
    EStopPressed(),
    SenseFaulted("lock"),
)


def explore(table: Table = TABLE, judging: Judge = judge) -> set[Guard]:
    """Walk everything reachable from power-up. Raises PromiseBroken with the way there."""
    start = (Guard(), Witness())
    ways: dict[tuple[Guard, Witness], tuple[object, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        guard, witness = waiting.popleft()
        for happened, after in _one_more(guard, witness, table, judging, ways[guard, witness]):
            if after not in ways:
                ways[after] = (*ways[guard, witness], happened)
                waiting.append(after)
    return {guard for guard, _ in ways}


def _one_more(
    guard: Guard, witness: Witness, table: Table, judging: Judge, way: tuple[object, ...]
) -> Iterator[tuple[object, tuple[Guard, Witness]]]:
    for shown in SHOWINGS:
        verdict = judging(guard, shown.signed.grant, genuine=shown.genuine, station=STATION)
        step = advance(guard, verdict, table)
        opened = witness.open_challenge  # 0: none, and then nothing is fresh
        fresh = bool(opened) and not shown.wrong and shown.signed.grant.challenge == f"c{opened}"
        yield shown, (step.guard, _watch(witness, verdict, step, way, allowed=fresh, table=table))
    for event in OTHERS:
        step = advance(guard, event, table)
        yield event, (step.guard, _watch(witness, event, step, way, allowed=False, table=table))
    if witness.begun < BEGINS_MAX:
        number = witness.begun + 1
        begun = Begun(f"c{number}")
        step = advance(guard, begun, table)
        yield begun, (step.guard, _watch(replace(witness, begun=number), begun, step, way, allowed=False, table=table))


def _watch(
    before: Witness, event: Event, step: Step, way: tuple[object, ...], *, allowed: bool, table: Table
) -> Witness:
    now = before
    if isinstance(event, GrantGood | GrantBad | HoldAsked | ClientGone | ChallengeOver):
        now = replace(now, open_challenge=0)  # used, refused or given up: never again
    if isinstance(event, EStopPressed | EStopFreed):
        now = replace(now, stopped=isinstance(event, EStopPressed))
    for effect in step.effects:
        match effect:
            case Drive("release"):
                _demand(allowed, "released without a fresh valid grant", way, event)
                _demand(not now.stopped, "released while the e-stop is pressed", way, event)
                now = replace(now, output_releases=True, lease_armed=True)
            case Drive("hold"):
                now = replace(now, output_releases=False, lease_armed=False, open_challenge=0)
            case Offer(challenge):
                _demand(challenge == f"c{now.begun}", "offered an old challenge", way, event)
                now = replace(now, open_challenge=now.begun)
            case Allowed():
                _demand(now.output_releases, "said released while it holds", way, event)
            case Denied():
                _demand(not (now.output_releases and allowed), "denied and released at once", way, event)
    _demand(now.output_releases == now.lease_armed, "released without a lease", way, event)
    named = not step.guard.where or bool(step.guard.fault)
    _demand(named, "an interlock is blamed for nothing", way, event)
    believed = step.guard.state in {State.RELEASING, State.RELEASED}
    _demand(believed == now.output_releases, "the state does not say what the output does", way, event)
    for ending in ENDINGS if now.output_releases else ():
        ended = advance(step.guard, ending, table)
        _demand(Drive("hold") in ended.effects, f"{ending} does not end the release", way, event)
        _demand(Drive("release") not in ended.effects, f"{ending} releases anew", way, event)
    return now


def _demand(kept: bool, promise: str, way: tuple[object, ...], event: object) -> None:
    if not kept:
        steps = " → ".join(type(step).__name__ for step in (*way, event))
        raise PromiseBroken(f"{promise}: {steps}")
