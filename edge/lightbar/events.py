"""What can happen to a zone. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edge.drivers.ports import ButtonFreed, ButtonStuck, KeyPressed, ModuleBack, ModuleLost, NotLit, Pressed, Shown
from edge.lightbar.state import Barred
from wire.downlink import ToteWork


@dataclass(frozen=True)
class WorkArrived:
    """A desired state, and the picks already done here that it may still ask for.

    `knows`: the node's journal line up to which central had read when it was made; None: it does not say.
    """

    version: int
    totes: tuple[ToteWork, ...]
    done: frozenset[str]
    knows: int | None = None


@dataclass(frozen=True)
class ShortsRead:
    """What the journal says after a restart: places found short by lines that the stored document does not know."""

    barred: Mapping[str, Barred]


@dataclass(frozen=True)
class CentralHeard:
    """Central greeted this node."""


@dataclass(frozen=True)
class ToteScanned:
    """A person scanned a tote in the zone, a place or an item. `code`: as an item's, "" if it reads as it stands."""

    tote_id: str
    code: str = ""

    @property
    def as_item(self) -> str:
        """What the scan means if it is an item."""
        return self.code or self.tote_id


@dataclass(frozen=True)
class BadgeScanned:
    """A person scanned a badge: the next tote scanned in is theirs."""

    badge: str


@dataclass(frozen=True)
class ShortScanned:
    """A person says that pieces are missing: at the only lamp that is lit, else at the one pressed next."""


@dataclass(frozen=True)
class QuantityScanned:
    """A person says how many pieces were found."""

    pieces: int


@dataclass(frozen=True)
class DoneScanned:
    """A person says that the pick whose place was scanned is in the tote: its module cannot be pressed."""


@dataclass(frozen=True)
class UndoScanned:
    """A person takes the last confirm back: the pieces are in their place again."""


@dataclass(frozen=True)
class UnknownScanned:
    """A command barcode that this zone does not know, or the scanner's self-test: `say` is the answer."""

    say: str = "unknown_command"


@dataclass(frozen=True)
class Recorded:
    """The pick's deed is on the disk, as line `seq` of the journal."""

    pick_id: str
    seq: int = 0


@dataclass(frozen=True)
class NotRecorded:
    """The disk did not take the pick's deed; `store` says why."""

    pick_id: str
    store: str


@dataclass(frozen=True)
class Undone:
    """The undoing of the pick is on the disk: it is open again, under a new name."""

    pick_id: str


@dataclass(frozen=True)
class NotUndone:
    """The disk did not take the undoing; `store` says why."""

    pick_id: str
    store: str


@dataclass(frozen=True)
class UndoOver:
    """The few seconds in which the pick could be taken back are over."""

    pick_id: str


@dataclass(frozen=True)
class CalmLooked:
    """A look, every ten seconds, for buttons that press by themselves."""


@dataclass(frozen=True)
class StoreLooked:
    """How the disk is now: "" when it takes deeds."""

    store: str


@dataclass(frozen=True)
class LineLost:
    """A bus is gone, and with it the modules at `locations`."""

    bus: str
    locations: frozenset[str]
    why: str


@dataclass(frozen=True)
class LineFound:
    """A bus is there again; its faces are being written anew."""

    bus: str


@dataclass(frozen=True)
class NoticeRead:
    """What was said about presses and scans has stood long enough."""


Event = (
    WorkArrived
    | ShortsRead
    | CentralHeard
    | ToteScanned
    | BadgeScanned
    | ShortScanned
    | QuantityScanned
    | DoneScanned
    | UndoScanned
    | UnknownScanned
    | Recorded
    | NotRecorded
    | Undone
    | NotUndone
    | UndoOver
    | CalmLooked
    | StoreLooked
    | LineLost
    | LineFound
    | NoticeRead
    | Pressed
    | KeyPressed
    | ButtonStuck
    | ButtonFreed
    | Shown
    | NotLit
    | ModuleLost
    | ModuleBack
)
