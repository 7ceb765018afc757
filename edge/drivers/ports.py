"""What the rest of the edge may ask of a device, and nothing about how it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from wire.ids import LocationId

Colour = Literal["off", "blue", "orange", "violet", "cyan", "yellow", "white", "red", "green"]


@dataclass(frozen=True)
class Face:
    """What a light module shows: a colour, a quantity in pieces (0: blank display) and whether it blinks."""

    colour: Colour = "off"
    pieces: int = 0
    blink: bool = False


DARK = Face()

# ---- what a light bus reports; handed to the loop by its owner, in the order it happened ----


@dataclass(frozen=True)
class Pressed:
    """The confirm button of the module at `location_id` was pressed `times` since last seen; `held`: a long press."""

    location_id: LocationId
    times: int
    held: bool


@dataclass(frozen=True)
class KeyPressed:
    """A second key of the module was pressed `times` since last seen: more, fewer, or "not all here"."""

    location_id: LocationId
    key: Literal["plus", "minus", "short"]
    times: int


@dataclass(frozen=True)
class ButtonStuck:
    """The button has been down for longer than any finger holds it."""

    location_id: LocationId


@dataclass(frozen=True)
class ButtonFreed:
    """A stuck button is up again."""

    location_id: LocationId


@dataclass(frozen=True)
class Shown:
    """The module was told `face` and, where it can be read back, agrees (`verified`)."""

    location_id: LocationId
    face: Face
    verified: bool


@dataclass(frozen=True)
class NotLit:
    """The module answered but read back another face than `wanted`."""

    location_id: LocationId
    wanted: Face


@dataclass(frozen=True)
class ModuleLost:
    """The module went silent (once per outage); `why` is for the technician."""

    location_id: LocationId
    why: str


@dataclass(frozen=True)
class ModuleBack:
    """The module answers again; its wanted face has been written anew."""

    location_id: LocationId


@dataclass(frozen=True)
class BusDown:
    """The port or connection is gone; `why` is for the technician."""

    bus: str
    why: str


@dataclass(frozen=True)
class BusUp:
    """The port or connection is open again."""

    bus: str


LightReport = (
    Pressed | KeyPressed | ButtonStuck | ButtonFreed | Shown | NotLit | ModuleLost | ModuleBack | BusDown | BusUp
)


@dataclass(frozen=True)
class UnitCounters:
    """Errors of one unit by kind since start, and how long its good replies take lately."""

    unit: int
    silent: int = 0
    garbled: int = 0
    refused: int = 0
    latency_us: int = 0


@dataclass(frozen=True)
class BusCounters:
    """Since start. `units`: those with most errors. `latency_us`: of all units, from request to the reply's end."""

    transactions: int
    errors: int
    quarantined: int
    open: bool
    latency_us: int = 0
    units: tuple[UnitCounters, ...] = ()
    silent: int = 0
    garbled: int = 0
    refused: int = 0


class LightBus(Protocol):
    """One light bus and the one owner of its wire.

    Reports arrive by the callback given at construction, on the asyncio loop, in order.
    """

    def want(self, location_id: LocationId, face: Face) -> None:
        """Make the module show `face` as soon as the wire allows; the newest wish per module wins. Never blocks.

        Raises KeyError for a location that is not on this bus.
        """

    def counters(self) -> BusCounters:
        """Health of the wire so far."""

    def start(self) -> None:
        """Begin. Module faces at the device are unknown until written."""

    async def aclose(self) -> None:
        """Darken what is lit if the wire still answers, then let go of it. Twice is harmless."""


# ---- scanner ----


@dataclass(frozen=True)
class Scan:
    """The bytes a person scanned as text, without the terminator. `dirty` says why it cannot be trusted, or ""."""

    text: str
    mono_ns: int
    dirty: str = ""


@dataclass(frozen=True)
class Presence:
    """Whether a scanner is there and opened; if not, `why` says who, what happened and what to do."""

    there: bool
    why: str = ""


class Scanner(Protocol):
    """A barcode reader. Scans arrive by the callback given at construction, and so does every change of presence."""

    def start(self) -> None:
        """Open and keep reopening."""

    async def aclose(self) -> None:
        """Stop. Twice is harmless."""


OnScan = Callable[[Scan], None]
OnPresence = Callable[[Presence], None]
