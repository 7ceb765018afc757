"""What can happen at a bench besides parcels: who packs there, touches of its page, its self-test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from wire.shift_deeds import BenchPart, PartResult

# ---- scans, and touches of the page ----


@dataclass(frozen=True)
class SignOutShown:
    """The command: whoever packs here leaves."""


@dataclass(frozen=True)
class SelfTestShown:
    """The command: test this bench."""

    scan_id: str


@dataclass(frozen=True)
class LampUnseenShown:
    """The command: the lamp did not show its colours."""


@dataclass(frozen=True)
class OldTouchShown:
    """A touch of the page when it showed another parcel than the one on the bench."""


# ---- who packs, and the self-test ----


@dataclass(frozen=True)
class IdleOver:
    """Nobody scanned anything for as long as the profile allows."""


@dataclass(frozen=True)
class PackerLeft:
    """Whoever signed in with the scan `signed_in` is signed out."""

    packer: str
    signed_in: str
    why: Literal["command", "idle"]


@dataclass(frozen=True)
class PartTested:
    """What is found of one part, whether or not a self-test goes on."""

    result: PartResult


@dataclass(frozen=True)
class LampCycled:
    """The lamp has shown all its colours."""


@dataclass(frozen=True)
class TestFound:
    """All that the self-test found so far; more is to come."""

    results: tuple[PartResult, ...]


@dataclass(frozen=True)
class SlipDue:
    """Only the printer is left to be tested: by printing the slip."""

    results: tuple[PartResult, ...]


@dataclass(frozen=True)
class TestPassed:
    """Every part is well."""

    results: tuple[PartResult, ...]


@dataclass(frozen=True)
class TestFailed:
    """Something is not well, but the gate is."""

    results: tuple[PartResult, ...]


@dataclass(frozen=True)
class GateTestFailed:
    """The gate is not well, whatever else."""

    results: tuple[PartResult, ...]


ShiftEvent = (
    SignOutShown
    | SelfTestShown
    | LampUnseenShown
    | OldTouchShown
    | IdleOver
    | PackerLeft
    | PartTested
    | LampCycled
    | TestFound
    | SlipDue
    | TestPassed
    | TestFailed
    | GateTestFailed
)
SHIFT_SCANS: Final = (SignOutShown, SelfTestShown, LampUnseenShown, OldTouchShown)
TEST_EVENTS: Final = (
    IdleOver,
    PackerLeft,
    PartTested,
    LampCycled,
    TestFound,
    SlipDue,
    TestPassed,
    TestFailed,
    GateTestFailed,
)

# ---- effects ----


@dataclass(frozen=True)
class RunSelfTest:
    """Look at these parts, show the lamp's colours; each finding comes as PartTested."""

    parts: tuple[BenchPart, ...]


@dataclass(frozen=True)
class PrintSlip:
    """Print what the self-test found; how that went is the printer's own result."""

    results: tuple[PartResult, ...]
    packer: str


ShiftEffect = RunSelfTest | PrintSlip
