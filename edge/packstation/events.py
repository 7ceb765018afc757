"""What can happen at a pack station, and what its shell must then do; the words of the station's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from edge.packstation.gate_events import BeginFailed as BeginFailed
from edge.packstation.gate_events import BoxNotWeighed as BoxNotWeighed
from edge.packstation.gate_events import BoxWeighed as BoxWeighed
from edge.packstation.gate_events import Challenged as Challenged
from edge.packstation.gate_events import GateFailed as GateFailed
from edge.packstation.gate_events import GateHolds as GateHolds
from edge.packstation.gate_events import ReleaseDone as ReleaseDone
from edge.packstation.gate_events import ReleaseFailed as ReleaseFailed
from edge.packstation.gate_events import ReleaseRemembered as ReleaseRemembered
from edge.packstation.print_events import LabelToPrint as LabelToPrint
from edge.packstation.print_events import PrintDone as PrintDone
from edge.packstation.print_events import PrintFailed as PrintFailed
from edge.packstation.print_events import PrintOver as PrintOver
from edge.packstation.scan_events import AsideShown as AsideShown
from edge.packstation.scan_events import BadgeShown as BadgeShown
from edge.packstation.scan_events import BoxFullShown as BoxFullShown
from edge.packstation.scan_events import CountShown as CountShown
from edge.packstation.scan_events import DetailShown as DetailShown
from edge.packstation.scan_events import DirtyShown as DirtyShown
from edge.packstation.scan_events import ItemShown as ItemShown
from edge.packstation.scan_events import LabelShown as LabelShown
from edge.packstation.scan_events import PlainShown as PlainShown
from edge.packstation.scan_events import ProblemShown as ProblemShown
from edge.packstation.scan_events import ReasonShown as ReasonShown
from edge.packstation.scan_events import RepeatShown as RepeatShown
from edge.packstation.scan_events import ReprintShown as ReprintShown
from edge.packstation.scan_events import Told as Told
from edge.packstation.scan_events import UnknownShown as UnknownShown
from edge.packstation.shift_events import SHIFT_SCANS, TEST_EVENTS, ShiftEffect, ShiftEvent
from wire.answers import (
    AnyAnswer,
    LabelJob,
)
from wire.deeds import AnyDeed
from wire.grant import SignedGrant

# ---- answers that are not the expected one, time, storage ----


@dataclass(frozen=True)
class PhotoDone:
    """The bench's camera is done: `photo` (base64), or why it made none; neither where there is no camera."""

    scan_id: str
    photo: str = ""
    no_photo: str = ""


@dataclass(frozen=True)
class OddGrant:
    """Verified, but for another order, label or station than the one on the table."""


@dataclass(frozen=True)
class VerificationLost:
    """Central does not know this verification: it must begin anew."""

    reason: str


@dataclass(frozen=True)
class ReasonRefused:
    """Central takes the badge, but not the reason: another one may follow."""

    reason: str


@dataclass(frozen=True)
class LateAnswer:
    """An answer to a scan that was given up."""

    scan_id: str


@dataclass(frozen=True)
class RepeatedAnswer:
    """An answer to a scan that was answered before, or that is none of ours."""


@dataclass(frozen=True)
class Overdue:
    """What `scan_id` waited for did not come in time."""

    scan_id: str


@dataclass(frozen=True)
class StorageFull:
    """The line of `scan_id` could not be written; it did not happen."""

    scan_id: str


Event = (
    LabelShown
    | ItemShown
    | PlainShown
    | DetailShown
    | CountShown
    | AsideShown
    | ProblemShown
    | BadgeShown
    | ReasonShown
    | BoxFullShown
    | ReprintShown
    | UnknownShown
    | Told
    | DirtyShown
    | RepeatShown
    | ShiftEvent
    | Challenged
    | BeginFailed
    | ReleaseDone
    | ReleaseFailed
    | GateHolds
    | GateFailed
    | ReleaseRemembered
    | BoxWeighed
    | BoxNotWeighed
    | PhotoDone
    | AnyAnswer
    | OddGrant
    | VerificationLost
    | ReasonRefused
    | LateAnswer
    | RepeatedAnswer
    | Overdue
    | StorageFull
    | LabelToPrint
    | PrintDone
    | PrintFailed
    | PrintOver
)
SCANS: Final = (
    LabelShown,
    ItemShown,
    PlainShown,
    DetailShown,
    CountShown,
    AsideShown,
    ProblemShown,
    BadgeShown,
    ReasonShown,
    *SHIFT_SCANS,
    BoxFullShown,
    ReprintShown,
    UnknownShown,
    Told,
    DirtyShown,
    RepeatShown,
)
ANSWERS: Final[tuple[type[AnyAnswer], ...]] = get_args(AnyAnswer)
EVENTS: Final[tuple[type[Event], ...]] = (
    *SCANS,
    *TEST_EVENTS,
    Challenged,
    BeginFailed,
    ReleaseDone,
    ReleaseFailed,
    GateHolds,
    GateFailed,
    ReleaseRemembered,
    BoxWeighed,
    BoxNotWeighed,
    PhotoDone,
    *ANSWERS,
    OddGrant,
    VerificationLost,
    ReasonRefused,
    LateAnswer,
    RepeatedAnswer,
    Overdue,
    StorageFull,
    LabelToPrint,
    PrintDone,
    PrintFailed,
    PrintOver,
)

# ---- effects: what the shell must do, in order ----


@dataclass(frozen=True)
class Record:
    """Write `deed` to the journal under `intent`. `scan_id`: whose StorageFull it is if that fails ("": nobody's)."""

    deed: AnyDeed
    intent: str
    scan_id: str = ""


@dataclass(frozen=True)
class AskChallenge:
    """Ask the guard to begin a verification."""


@dataclass(frozen=True)
class AskRelease:
    """Show the guard this grant."""

    grant: SignedGrant


@dataclass(frozen=True)
class AskHold:
    """Ask the guard to hold; this also voids its challenge."""


@dataclass(frozen=True)
class AskStatus:
    """Ask the guard how it is and what it released last."""


@dataclass(frozen=True)
class AskWeight:
    """Weigh the box of `verification`."""

    verification: str


@dataclass(frozen=True)
class AskPhoto:
    """Take a photo of the bench for `scan_id`."""

    scan_id: str


@dataclass(frozen=True)
class Await:
    """Give up on `scan_id` after the time allowed for `what`; replaces the wait before it."""

    scan_id: str
    what: Literal["answer", "guard", "gate_return", "self_test", "photo"]


@dataclass(frozen=True)
class Print:
    """Print this label; what becomes of it is told as PrintDone or PrintFailed, with these names."""

    asked_by: str
    verification: str
    label: str
    job: LabelJob


Effect = ShiftEffect | Record | AskChallenge | AskRelease | AskHold | AskStatus | AskWeight | AskPhoto | Await | Print
