"""The guard's table: for every state and every event, what happens. Drawn in docs/diagrams."""

from __future__ import annotations

from collections.abc import Mapping
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
from edge.packstation.guard.rules import Go, Guard, Row, State, Stay, Table
from wire.uplink import GateState


def _offer(_guard: Guard, event: Event) -> Effect:
    return Offer(event.challenge if isinstance(event, Begun) else "")


def _allowed(guard: Guard, _event: Event) -> Effect:
    return Denied("release", "no_grant") if guard.grant is None else Allowed(guard.grant)


def _denied(_guard: Guard, event: Event) -> Effect:
    return Denied("release", event.why if isinstance(event, GrantBad) else "no_challenge")


def _because(guard: Guard, _event: Event) -> Effect:
    return Denied("begin", guard.fault)


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
    EStopPressed: Go(State.STOPPED, (HOLD,), fault="e_stop"),
    EStopFreed: Stay("it was not pressed"),
    SenseFaulted: Go(State.FORCED, (HOLD,), fault="sense_fault"),
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
    Stalled: Go(State.FAILING, (HOLD,), fault="stalled"),
    EStopPressed: Go(State.STOPPED, (HOLD,), fault="e_stop"),
    EStopFreed: Stay("it was not pressed"),
    SenseFaulted: Go(State.FORCED, (HOLD,), fault="sense_fault"),
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
        Stalled: Go(State.FAILING, (HOLD, *_no("release", "stalled")), fault="stalled"),
        EStopPressed: Go(State.STOPPED, (HOLD, *_no("release", "e_stop")), fault="e_stop"),
        SenseFaulted: Go(State.FORCED, (HOLD, *_no("release", "sense_fault")), fault="sense_fault"),
        ParcelPassed: Stay("the gate has not moved yet"),
        SenseReleased: Go(State.RELEASED, (_allowed,)),
        SenseHolding: Stay("the gate has not moved yet"),
        SenseOverdue: Go(State.FAILING, (HOLD, *_no("release", "stuck")), fault="stuck"),
    },
    State.RELEASED: {
        **_FALL_BACK,
        **_NOTHING_TO_RELEASE,
        SenseReleased: Stay("as it should be"),
        SenseHolding: Go(State.FAILING, (HOLD,), fault="fell_shut"),
        SenseOverdue: Stay("the contact has followed"),
    },
    State.RETURNING: {
        **_STILL,
        **_NOTHING_TO_RELEASE,
        Begun: Stay("the gate is still moving", _no("begin", "returning")),
        SenseHolding: Go(State.HOLDING),
        SenseReleased: Stay("the gate is still moving"),
        SenseOverdue: Go(State.FORCED, (HOLD,), fault="welded"),
    },
    State.FAILING: {
        **_STILL,
        **_NOTHING_TO_RELEASE,
        Begun: Stay("the gate is still moving", _no("begin", "returning")),
        SenseHolding: Go(State.FAULTED),
        SenseReleased: Stay("the gate is still moving"),
        SenseOverdue: Go(State.FORCED, (HOLD,), fault="welded"),
    },
    State.FORCED: {
        **_STILL,
        **_NOTHING_TO_RELEASE,
        Begun: Stay("the gate is not where it should be", (_because,)),
        SenseHolding: Go(State.FAULTED, (HOLD,)),
        SenseReleased: Stay("known"),
        SenseOverdue: Stay("known"),
        SenseFaulted: Stay("known"),
    },
    State.STOPPED: {
        **_STILL,
        **_NOTHING_TO_RELEASE,
        Begun: Stay("the e-stop is pressed", (_because,)),
        SenseHolding: Stay("the e-stop decides"),
        SenseReleased: Stay("the e-stop decides"),
        SenseOverdue: Stay("the e-stop decides"),
        SenseFaulted: Stay("the e-stop decides"),
        EStopPressed: Stay("known"),
        EStopFreed: Go(State.SETTLING, (HOLD,)),
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
    State.FAILING: "fault",
    State.FORCED: "fault",
    State.STOPPED: "fault",
    State.FAULTED: "fault",
}
