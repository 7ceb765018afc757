"""What a put-to-light wall knows, what can happen to it, and what it can want done. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.drivers.ports import ButtonFreed, ButtonStuck, Colour, KeyPressed, Pressed
from edge.lightbar.buttons import Buttons
from edge.lightbar.events import CalmLooked, CentralHeard, NoticeRead, StoreLooked
from edge.lightbar.state import ShowFace
from edge.lightbar.wall_lamps import AlarmEffect, LampReport, Lamps
from wire.wall import CubbyWork, WallBarcode, WallWork


@dataclass(frozen=True)
class Put:
    """Put `pieces` of a scanned item into a cubby; `total` pieces of its line are there then."""

    line_id: str
    order_no: str
    cubby: str
    sku: str
    pieces: int
    total: int
    hand: str = ""  # the scanner it was scanned with


@dataclass(frozen=True)
class WallState:
    """A wall between two events. `puts` and `emptied` are what the disk has; central may not know of it yet."""

    zone: str
    fronts: frozenset[str] = frozenset()  # cubbies that have a module
    backs: Mapping[str, str] = field(default_factory=dict)  # cubby → its module on the pack side
    colours: Mapping[str, Colour] = field(default_factory=dict)  # of each scanner's puts; no two have the same
    version: int = 0
    cubbies: tuple[CubbyWork, ...] = ()
    barcodes: Mapping[str, WallBarcode] = field(default_factory=dict)
    puts: Mapping[str, int] = field(default_factory=dict)  # line → pieces in its cubby
    emptied: frozenset[str] = frozenset()  # orders taken out
    trusted: bool = False  # central was heard since the start: what is done may be shown
    lit: tuple[Put, ...] = ()  # what is asked for and nobody has confirmed; of each hand one SKU, first come first
    recording: frozenset[str] = frozenset()  # intents on their way to the disk
    lamps: Lamps = field(default_factory=Lamps)
    buttons: Buttons = field(default_factory=Buttons)
    missing_by: str = ""  # the scanner that asked
    missing_asked: bool = False  # the cubbies that lack ready pieces say so, and the next one pressed is short
    missing: frozenset[str] = frozenset()  # orders said to lack pieces; central may not know of it yet
    store: str = ""  # why the disk takes nothing, or ""
    notice: str = ""  # what the last scan or press came to, "word" or "word:number"


def put_intent(line_id: str, total: int) -> str:
    """Names the deed that brought a line to `total` pieces: the same pieces count once."""
    return f"put:{line_id}:{total}"


def empty_intent(order_no: str) -> str:
    """Names the deed that freed the order's cubby."""
    return f"cubby:{order_no}"


def missing_mark(order_no: str) -> str:
    """Names, on its way to the disk, that the order lacks pieces; its intent is another each time."""
    return f"missing:{order_no}"


# ---- what happens; reports about lamps, and Pressed, CentralHeard, StoreLooked, NoticeRead as in any zone ----


@dataclass(frozen=True)
class WallArrived:
    """A desired state, and the intents already on this disk that it may not know of."""

    version: int
    work: WallWork | None
    done: frozenset[str]


@dataclass(frozen=True)
class Scanned:
    """A person scanned an item (its code), or a command barcode (`PL:…`), with the scanner named `hand`.

    `say`: its answer, where that is known.
    """

    code: str
    hand: str = ""
    say: str = ""


@dataclass(frozen=True)
class Written:
    """The deed is on the disk."""

    intent: str


@dataclass(frozen=True)
class NotWritten:
    """The disk did not take the deed; `store` says why."""

    intent: str
    store: str


WallEvent = (
    WallArrived
    | Scanned
    | Written
    | NotWritten
    | Pressed
    | KeyPressed
    | ButtonStuck
    | ButtonFreed
    | CentralHeard
    | StoreLooked
    | NoticeRead
    | CalmLooked
    | LampReport
)

# ---- what the wall wants done ----


@dataclass(frozen=True)
class RecordPut:
    """Put the deed on the disk. Answered by Written or NotWritten with its intent."""

    put: Put


@dataclass(frozen=True)
class RecordEmptied:
    """The same for a cubby that is free again."""

    cubby: str
    order_no: str


@dataclass(frozen=True)
class RecordMissing:
    """The same for an order whose ready pieces are not all in the batch tote."""

    cubby: str
    order_no: str


WallDeed = RecordPut | RecordEmptied | RecordMissing
WallEffect = ShowFace | WallDeed | AlarmEffect


@dataclass(frozen=True)
class WallStep:
    """The wall after an event, and what it wants done, in order."""

    state: WallState
    effects: tuple[WallEffect, ...] = ()
