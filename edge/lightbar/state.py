"""What a zone knows, what can happen to it, and what it can want done. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from msgspec import Struct, field

from edge.drivers.ports import Colour, Face
from edge.lightbar.buttons import Buttons
from wire.deeds import ConfirmedBy
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
    count_shorts: bool = False  # a short pick asks how many were found; without it none were
    scan_first: Literal["no", "location", "item", "both"] = "no"  # before a press counts
    scanner: bool = True  # without one nothing can be proven: a look-alike is only marked
    places: frozenset[str] = frozenset()  # locations with a module, so that a look-alike there can be marked
    zero_check: bool = False  # a location that should be empty now is looked at


@dataclass(frozen=True)
class Active:
    """A tote in work: its colour until it is done, and who scanned it in."""

    tote_id: str
    colour: Colour
    picker: str = ""


class Counting(Struct, frozen=True):
    """A short pick being counted. `keys`: with + and -, so the button confirms; else each press is one piece."""

    found: int
    keys: bool = False


@dataclass(frozen=True)
class Passed:
    """A tote that is done here, and the zone it goes to."""

    tote_id: str
    to_zone: str


@dataclass(frozen=True)
class Refused:
    """A scanned item that is not the one asked for: what was scanned, and where and for which tote it was asked."""

    code: str
    location_id: str
    tote_id: str
    picker: str
    sku: str


@dataclass(frozen=True)
class Barred:
    """A place found short by journal line `seq`: it lights for nothing but the parts that were taken with that pick."""

    seq: int
    in_hand: tuple[str, ...] = ()


class ZoneState(Struct, frozen=True):
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
    proofs: Mapping[str, frozenset[str]] = field(default_factory=dict)  # "place", "item": scanned, by location
    at: str = ""  # the location scanned last
    by_hand: str = ""  # the pick whose place was scanned because its module is dead
    refused: Refused | None = None  # the item scanned wrongly, until it has been read
    wrong_scans: int = 0  # since the start
    gave_way: tuple[Active, ...] = ()  # totes that wait for silent modules, while others are in work
    barred: Mapping[str, Barred] = field(default_factory=dict)  # places found short, until central has heard of it
    counting: Mapping[str, Counting] = field(default_factory=dict)  # by location
    short_asked: bool = False  # the next lamp pressed is short
    checks: Mapping[str, RecordPick] = field(default_factory=dict)  # places to be looked at: what emptied them
    undoable: tuple[ToteWork, ...] = ()  # picks confirmed a moment ago, one in each, newest last
    undo_asked: bool = False  # the next tote scanned says whose confirm is taken back
    undoing: Mapping[str, ToteWork] = field(default_factory=dict)  # on its way to the disk, by pick
    reopened: tuple[ToteWork, ...] = ()  # picks taken back that central has not asked for anew yet
    buttons: Buttons = field(default_factory=Buttons)
    recording: Mapping[str, RecordPick | RecordCheck] = field(default_factory=dict)  # picks on their way to the disk
    shown: Mapping[str, Face] = field(default_factory=dict)
    unlit: frozenset[str] = frozenset()  # locations told to light that read back dark
    lost: frozenset[str] = frozenset()  # locations whose module is silent
    down: Mapping[str, frozenset[str]] = field(default_factory=dict)  # locations on buses that are gone, by bus
    resting: frozenset[str] = frozenset()  # just confirmed: must be seen dark before the next pick is shown there
    alarms: frozenset[tuple[str, str]] = frozenset()  # alarm and subject, raised and not yet cleared
    store: str = ""  # why the disk takes nothing: "storage_full", "storage_broken", or ""
    ignored_presses: int = 0
    passed: Passed | None = None  # the tote done here last, where it goes on to another zone
    said: str = ""  # what the last scan or press came to, until it has been read

    @property
    def current(self) -> str:
        """The first tote in work, or ""."""
        return self.active[0].tote_id if self.active else ""


# ---- what the zone wants done ----


@dataclass(frozen=True)
class ShowFace:
    """Have the module at `location_id` show `face`."""

    location_id: str
    face: Face


class RecordPick(Struct, frozen=True):
    """Put the pick's deed on the disk: all taken, or only `found` if `short`. Answered by Recorded or NotRecorded."""

    tote_id: str
    pick: Pick
    short: bool
    found: int = 0
    in_hand: tuple[str, ...] = ()  # a batch's other parts, taken from the place with this one
    how: ConfirmedBy = "button"


@dataclass(frozen=True)
class RecordCheck:
    """Put on the disk what was found in a location that should be empty. Answered like a pick."""

    pick: Pick
    left_pieces: int
    counted: bool = True


@dataclass(frozen=True)
class RecordUndo:
    """Put on the disk that a confirmed pick was taken back, open again as `again`. Answered by Undone or NotUndone."""

    tote_id: str
    pick: Pick
    again: str


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


Effect = ShowFace | RecordPick | RecordCheck | RecordUndo | RecordInduction | RaiseAlarm | ClearAlarm


@dataclass(frozen=True)
class Step:
    """The zone after an event, and what it wants done, in order."""

    state: ZoneState
    effects: tuple[Effect, ...] = ()
