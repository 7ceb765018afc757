"""What the guard of the gate may say; words of the bench's table, known there by the names of events.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Challenged:
    """The guard's challenge for this verification."""

    challenge: str


@dataclass(frozen=True)
class BeginFailed:
    """The guard gave no challenge."""

    why: str


@dataclass(frozen=True)
class ReleaseDone:
    """The gate is released for this grant."""

    grant_id: str


@dataclass(frozen=True)
class ReleaseFailed:
    """The guard did not release."""

    why: str


@dataclass(frozen=True)
class GateHolds:
    """The gate provably holds."""


@dataclass(frozen=True)
class GateFailed:
    """The gate is in a fault, or its guard is away. `mark` makes the record of it unique; `interlock`: which one."""

    fault: str
    mark: str
    interlock: str = ""


@dataclass(frozen=True)
class ReleaseRemembered:
    """What the guard says it released last; perhaps we never wrote it down."""

    grant_id: str
    order_no: str
    label: str


# ---- the scale ----


@dataclass(frozen=True)
class BoxWeighed:
    """The scale is at rest under the box of `verification`."""

    scan_id: str
    grams: int
    verification: str


@dataclass(frozen=True)
class BoxNotWeighed:
    """The scale gave no weight for it; `why` is the scale's own word, or `empty`."""

    why: str
    verification: str
