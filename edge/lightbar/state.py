"""What a zone knows, what can happen to it, and what it can want done. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from edge.drivers.ports import Colour, Face, ModuleBack, ModuleLost, NotLit, Pressed, Shown
from wire.downlink import Pick, ToteWork

ALARMS_MAX: Final = 64  # named to central at a time; beyond that the live picture alone shows them

Mode = Literal["discrete", "sequential", "batch"]


@dataclass(frozen=True)
class Lamp:
    """A module that asks for no pick: it tells that something is lit in its bay, or that the zone is complete.

    A bay lamp speaks for every location whose name begins with `covers`.
    """

    location_id: str
    role: Literal["bay", "zone"]
    covers: str = ""


@dataclass(frozen=True)
class ZoneRules:
    """How the zone works. Never changes while it runs."""

    mode: Mode = "discrete"
    totes_max: int = 1  # totes worked at a time
    induct: bool = False  # a tote lights only once it was scanned here, in a colour of its own
    lamps: tuple[Lamp, ...] = ()


@dataclass(frozen=True)
class Active:
    """A tote in work: its colour until it is done, and who scanned it in."""

    tote_id: str
    colour: Colour
    picker: str = ""


@dataclass(frozen=True)
class ZoneState:
    """A zone between two events. `totes` holds only picks that are not done; `shown` only modules known to be lit."""

    zone: str
    rules: ZoneRules = field(default_factory=ZoneRules)
    version: int = 0
    totes: tuple[ToteWork, ...] = ()
    active: tuple[Active, ...] = ()  # the totes being filled; each stays so until it is done or nothing of it is lit
    queue: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # picks a location asks for, first come first
    split: frozenset[str] = frozenset()  # batch: locations whose total is taken, being split over the totes
    colours_given: int = 0  # colours given at induction so far: the next tote's differs from the last one's
    badge: str = ""  # who will scan the next tote in
    trusted: bool = False  # central was heard since the start: stored work may light
    woken: frozenset[str] = frozenset()  # totes a person scanned, so they are still here
    recording: Mapping[str, RecordPick] = field(default_factory=dict)  # picks on their way to the disk
    shown: Mapping[str, Face] = field(default_factory=dict)
    unlit: frozenset[str] = frozenset()  # locations told to light that read back dark
    lost: frozenset[str] = frozenset()  # locations whose module is silent
    down: Mapping[str, frozenset[str]] = field(default_factory=dict)  # locations on buses that are gone, by bus
    resting: frozenset[str] = frozenset()  # just confirmed: must be seen dark before the next pick is shown there
    alarms: frozenset[tuple[str, str]] = frozenset()  # alarm and subject, raised and not yet cleared
    store: str = ""  # why the disk takes nothing: "storage_full", "storage_broken", or ""
    ignored_presses: int = 0
    said: str = ""  # what the last scan or press came to, until it has been read

    @property
    def current(self) -> str:
        """The first tote in work, or ""."""
        return self.active[0].tote_id if self.active else ""


# ---- what happens ----


@dataclass(frozen=True)
class WorkArrived:
    """A desired state, and the picks already done here that it may still ask for."""

    version: int
    totes: tuple[ToteWork, ...]
    done: frozenset[str]


@dataclass(frozen=True)
class CentralHeard:
    """Central greeted this node."""


@dataclass(frozen=True)
class ToteScanned:
    """A person scanned a tote in the zone."""

    tote_id: str


@dataclass(frozen=True)
class BadgeScanned:
    """A person scanned a badge: the next tote scanned in is theirs."""

    badge: str


@dataclass(frozen=True)
class UnknownScanned:
    """A command barcode that this zone does not know."""


@dataclass(frozen=True)
class Recorded:
    """The pick's deed is on the disk."""

    pick_id: str


@dataclass(frozen=True)
class NotRecorded:
    """The disk did not take the pick's deed; `store` says why."""

    pick_id: str
    store: str


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
    | CentralHeard
    | ToteScanned
    | BadgeScanned
    | UnknownScanned
    | Recorded
    | NotRecorded
    | StoreLooked
    | LineLost
    | LineFound
    | NoticeRead
    | Pressed
    | Shown
    | NotLit
    | ModuleLost
    | ModuleBack
)

# ---- what the zone wants done ----


@dataclass(frozen=True)
class ShowFace:
    """Have the module at `location_id` show `face`."""

    location_id: str
    face: Face


@dataclass(frozen=True)
class RecordPick:
    """Put the pick's deed on the disk: all taken, or none found if `short`. Answered by Recorded or NotRecorded."""

    tote_id: str
    pick: Pick
    short: bool


@dataclass(frozen=True)
class RecordInduction:
    """Put it on the disk that the tote is in work here, in which colour, and whose it is."""

    tote: Active


@dataclass(frozen=True)
class RaiseAlarm:
    """Tell central that a person is needed."""

    alarm: str
    subject: str
    detail: str


@dataclass(frozen=True)
class ClearAlarm:
    """Tell central that it is over."""

    alarm: str
    subject: str


Effect = ShowFace | RecordPick | RecordInduction | RaiseAlarm | ClearAlarm


@dataclass(frozen=True)
class Step:
    """The zone after an event, and what it wants done, in order."""

    state: ZoneState
    effects: tuple[Effect, ...] = ()
