"""What can happen to the interlock, and what its shell must then do; the words of the guard's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from wire.grant import Grant

# ---- events: what has happened ----


@dataclass(frozen=True)
class Begun:
    """The node asked for a challenge; the shell made this one."""

    challenge: str


@dataclass(frozen=True)
class GrantGood:
    """A grant was shown and `judge` found nothing wrong with it."""

    grant: Grant


@dataclass(frozen=True)
class GrantBad:
    """A grant was shown and must not release; `why` is for the record."""

    why: str


@dataclass(frozen=True)
class HoldAsked:
    """The node asked to hold."""


@dataclass(frozen=True)
class ClientGone:
    """The node's connection ended or was replaced by a newer one."""


@dataclass(frozen=True)
class ParcelPassed:
    """The beam behind the gate was broken and is free again."""


@dataclass(frozen=True)
class LeaseOver:
    """The release has lasted as long as it may."""


@dataclass(frozen=True)
class ChallengeOver:
    """The open challenge has waited as long as it may."""


@dataclass(frozen=True)
class SenseReleased:
    """The contacts no longer prove that the gate holds (a cut wire looks the same): `interlock` first."""

    interlock: str = ""


@dataclass(frozen=True)
class SenseHolding:
    """The contacts prove that the gate holds, or that one of those released does again: `interlock`."""

    interlock: str = ""


@dataclass(frozen=True)
class SenseOverdue:
    """The contact of `interlock` has not followed the output in time."""

    interlock: str = ""


@dataclass(frozen=True)
class SenseFaulted:
    """Both contacts of `interlock` have said for too long what cannot both be true."""

    interlock: str = ""


@dataclass(frozen=True)
class EStopPressed:
    """The emergency stop is pressed, or its wire is cut."""


@dataclass(frozen=True)
class EStopFreed:
    """The emergency stop is free again."""


@dataclass(frozen=True)
class Stalled:
    """The process stood still while released; the dead-man thread has already let the output fall, or must be new."""


Event = (
    Begun
    | GrantGood
    | GrantBad
    | HoldAsked
    | ClientGone
    | ParcelPassed
    | LeaseOver
    | ChallengeOver
    | SenseReleased
    | SenseHolding
    | SenseOverdue
    | SenseFaulted
    | EStopPressed
    | EStopFreed
    | Stalled
)
EVENTS: Final[tuple[type[Event], ...]] = (
    Begun,
    GrantGood,
    GrantBad,
    HoldAsked,
    ClientGone,
    ParcelPassed,
    LeaseOver,
    ChallengeOver,
    SenseReleased,
    SenseHolding,
    SenseOverdue,
    SenseFaulted,
    EStopPressed,
    EStopFreed,
    Stalled,
)

# ---- effects: what the shell must do, in order ----


@dataclass(frozen=True)
class Drive:
    """Set all outputs. Release also arms the lease; hold disarms it. Both arm the wait for the contacts."""

    to: Literal["hold", "release"]


@dataclass(frozen=True)
class Offer:
    """Give the client this challenge and arm its lifetime."""

    challenge: str


@dataclass(frozen=True)
class Allowed:
    """Tell the client that the gate is released for this grant, and give the pulses that waited for it."""

    grant: Grant


@dataclass(frozen=True)
class Denied:
    """Tell the client that what it asked does not happen."""

    asked: Literal["begin", "release"]
    why: str


@dataclass(frozen=True)
class Confirmed:
    """Tell the client that the output holds."""


Effect = Drive | Offer | Allowed | Denied | Confirmed
HOLD: Final = Drive("hold")
