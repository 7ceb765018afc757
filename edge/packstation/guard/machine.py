"""The interlock's rules: a table from (state, event) to (next state, effects). Nothing here waits or touches a pin.

Theory of operation. One output lets a parcel leave; one contact (`sense`) proves that the gate holds. The output
releases on one line of this table, GrantGood in CHALLENGED, and `judge` calls a grant good only if it is
genuine, for this station, and carries the one challenge that is open. Every other line holds or changes nothing.
A challenge is used up by the first grant shown for it, good or bad, and by everything that ends a verification.
A release is a lease: `Drive("release")` makes the shell arm the lease, and lease end, a passed parcel, `hold`, the
client's end, a contact that disagrees and a stalled process each lead back to hold. `tests/properties/test_guard.py`
explores every reachable state under every event and finds every planted mistake in this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from edge.packstation.guard.events import (
    HOLD,
    Allowed,
    Begun,
    ChallengeOver,
    ClientGone,
    Confirmed,
    Denied,
    Drive,
    Effect,
    Event,
    GrantBad,
    GrantGood,
    HoldAsked,
    LeaseOver,
    Offer,
    ParcelPassed,
    SenseHolding,
    SenseOverdue,
    SenseReleased,
    Stalled,
)
from wire.grants import Grant
from wire.uplink import GateState


class State(StrEnum):
    """Where the gate is, and what may happen next."""

    SETTLING = "settling"  # output holds, the contact has not yet agreed since start
    HOLDING = "holding"  # output holds, contact agrees, no verification open
    CHALLENGED = "challenged"  # as HOLDING, and one challenge is open
    RELEASING = "releasing"  # output releases, the contact has not yet followed
    RELEASED = "released"  # output releases and the contact agrees
    RETURNING = "returning"  # output holds again, the contact has not yet followed
    FORCED = "forced"  # output holds but the contact says otherwise
    FAULTED = "faulted"  # output holds, contact agrees; something failed, the next verification tries again


@dataclass(frozen=True)
class Guard:
    """Everything the guard remembers between two events."""

    state: State = State.SETTLING
    challenge: str = ""
    grant: Grant | None = None  # being released
    last_release: Grant | None = None
    fault: str = ""


@dataclass(frozen=True)
class Step:
    """The guard after an event, and what to do about it."""

    guard: Guard
    effects: tuple[Effect, ...]


# ---- the table ----

Make = Callable[[Guard, Event], Effect]


@dataclass(frozen=True)
class Go:
    """Move to `to` and do `effects`. `fault`, if given, says what failed."""

    to: State
    effects: tuple[Effect | Make, ...] = ()
    fault: str = ""


@dataclass(frozen=True)
class Stay:
    """Change nothing; `effects` only answer the client. `why` is for the reader and the diagram."""

    why: str
    effects: tuple[Effect | Make, ...] = ()


Rule = Go | Stay
Row = Mapping[type[Event], Rule]
Table = Mapping[State, Row]


def _offer(_guard: Guard, event: Event) -> Effect:
    return Offer(event.challenge if isinstance(event, Begun) else "")


def _allowed(guard: Guard, _event: Event) -> Effect:
    return Denied("release", "no_grant") if guard.grant is None else Allowed(guard.grant)


def _denied(_guard: Guard, event: Event) -> Effect:
    return Denied("release", event.why if isinstance(event, GrantBad) else "no_challenge")


def _no(asked: Literal["begin", "release"], why: str) -> tuple[Effect]:
    return (Denied(asked, why),)


_NOTHING_TO_RELEASE: Final[Row] = {
    GrantGood: Stay("no challenge is open", (_denied,)),
    GrantBad: Stay("no challenge is open", (_denied,)),
}
_STILL: Final[Row] = {
    HoldAsked: Stay("the output holds already", (Confirmed(),)),
    ClientGone: Stay("nothing of the client's is open"),
    ParcelPassed: Stay("a hand in the beam, or the tail of the last parcel"),
    LeaseOver: Stay("no lease is running"),
    ChallengeOver: Stay("no challenge is open"),
    Stalled: Stay("nothing was released"),
}
_QUIET: Final[Row] = {
    SenseHolding: Stay("as it should be"),
    SenseOverdue: Stay("the contact has followed"),
    SenseReleased: Go(State.FORCED, (HOLD,), fault="forced"),
}
_FALL_BACK: Final[Row] = {
    Begun: Stay("one parcel at a time", _no("begin", "released")),
    ChallengeOver: Stay("no challenge is open"),
    LeaseOver: Go(State.RETURNING, (HOLD,)),
    ParcelPassed: Go(State.RETURNING, (HOLD,)),
    HoldAsked: Go(State.RETURNING, (HOLD, Confirmed())),
    ClientGone: Go(State.RETURNING, (HOLD,)),
    Stalled: Go(State.RETURNING, (HOLD,), fault="stalled"),
}

TABLE: Final[Table] = {
    State.SETTLING: {
        **_STILL,
        **_NOTHING_TO_RELEASE,
        Begun: Stay("the contact has not agreed yet", _no("begin", "settling")),
        SenseHolding: Go(State.HOLDING),
        SenseReleased: Stay("the gate is still falling"),
        SenseOverdue: Go(State.FORCED, (HOLD,), fault="not_holding"),
    },
    State.HOLDING: {
        **_STILL,
        **_QUIET,
        **_NOTHING_TO_RELEASE,
        Begun: Go(State.CHALLENGED, (_offer,)),
    },
    State.CHALLENGED: {
        **_STILL,
        **_QUIET,
        Begun: Go(State.CHALLENGED, (_offer,)),
        GrantGood: Go(State.RELEASING, (Drive("release"),)),  # the one line that releases
        GrantBad: Go(State.HOLDING, (HOLD, _denied)),
        HoldAsked: Go(State.HOLDING, (HOLD, Confirmed())),
        ClientGone: Go(State.HOLDING, (HOLD,)),
        ChallengeOver: Go(State.HOLDING, (HOLD,)),
    },
    State.RELEASING: {
        **_FALL_BACK,
        **_NOTHING_TO_RELEASE,
        LeaseOver: Go(State.RETURNING, (HOLD, *_no("release", "lease_over"))),
        HoldAsked: Go(State.RETURNING, (HOLD, *_no("release", "held"), Confirmed())),
        Stalled: Go(State.RETURNING, (HOLD, *_no("release", "stalled")), fault="stalled"),
        ParcelPassed: Stay("the gate has not moved yet"),
        SenseReleased: Go(State.RELEASED, (_allowed,)),
        SenseHolding: Stay("the gate has not moved yet"),
        SenseOverdue: Go(State.FAULTED, (HOLD, *_no("release", "stuck")), fault="stuck"),
    },
    State.RELEASED: {
        **_FALL_BACK,
        **_NOTHING_TO_RELEASE,
        SenseReleased: Stay("as it should be"),
        SenseHolding: Go(State.FAULTED, (HOLD,), fault="fell_shut"),
        SenseOverdue: Stay("the contact has followed"),
    },
    State.RETURNING: {
        **_STILL,
        **_NOTHING_TO_RELEASE,
        Begun: Stay("the gate is still moving", _no("begin", "returning")),
        SenseHolding: Go(State.HOLDING),
        SenseReleased: Stay("the gate is still moving"),
        SenseOverdue: Go(State.FORCED, (HOLD,), fault="not_holding"),
    },
    State.FORCED: {
        **_STILL,
        **_NOTHING_TO_RELEASE,
        Begun: Stay("the gate is not where it should be", _no("begin", "fault")),
        SenseHolding: Go(State.FAULTED, (HOLD,)),
        SenseReleased: Stay("known"),
        SenseOverdue: Stay("known"),
    },
    State.FAULTED: {
        **_STILL,
        **_QUIET,
        **_NOTHING_TO_RELEASE,
        Begun: Go(State.CHALLENGED, (_offer,)),
    },
}

GATE: Final[Mapping[State, GateState]] = {
    State.SETTLING: "holding",
    State.HOLDING: "holding",
    State.CHALLENGED: "holding",
    State.RELEASING: "holding",  # what the contact still proves
    State.RELEASED: "released",
    State.RETURNING: "released",  # not yet proven to hold
    State.FORCED: "fault",
    State.FAULTED: "fault",
}


def judge(guard: Guard, grant: Grant, *, genuine: bool, station: str) -> GrantGood | GrantBad:
    """Whether `grant` may release here and now. `genuine`: the signature is central's over exactly this grant."""
    if not genuine:
        return GrantBad("not_genuine")
    if grant.station != station:
        return GrantBad("other_station")
    if not guard.challenge:
        return GrantBad("no_challenge")
    if grant.challenge != guard.challenge:
        return GrantBad("other_challenge")
    return GrantGood(grant)


def advance(guard: Guard, event: Event, table: Table = TABLE) -> Step:
    """Return the guard after `event` and the effects to perform, in order."""
    rule = table[guard.state][type(event)]
    if isinstance(rule, Stay):
        return Step(guard, tuple(_made(effect, guard, event) for effect in rule.effects))
    after = _remember(guard, event, rule)
    return Step(after, tuple(_made(effect, after, event) for effect in rule.effects))


def _made(effect: Effect | Make, guard: Guard, event: Event) -> Effect:
    return effect(guard, event) if callable(effect) else effect


def _remember(guard: Guard, event: Event, rule: Go) -> Guard:
    """A challenge lives only in CHALLENGED, a grant only while it releases, a fault until the next verification."""
    grant = event.grant if isinstance(event, GrantGood) else guard.grant
    return Guard(
        state=rule.to,
        challenge=event.challenge if isinstance(event, Begun) else "",
        grant=grant if rule.to in {State.RELEASING, State.RELEASED} else None,
        last_release=guard.grant if rule.to is State.RELEASED else guard.last_release,
        fault="" if isinstance(event, Begun) else rule.fault or guard.fault,
    )
