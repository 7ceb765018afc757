"""What stands under a zone's drawing: a wall's cubbies with their orders, and how its light buses are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from central.store.reads_rows import PlanRow
from wire.uplink import BusHealth, CubbyLive, HandLive, UnitHealth, ZoneLive

WALL_COLUMNS: Final = 4  # cubbies side by side in a section of the drawing; sections wrap on a narrow screen
WALL_LEVELS: Final = 4
WALL_SECTION: Final = WALL_COLUMNS * WALL_LEVELS
UNITS_MAX: Final = 8  # of one bus, named on the page
WHOLE_MS_US: Final = 10_000
WELL_PERMILLE: Final = 5  # frames of a thousand that may go wrong on a line that is well


@dataclass(frozen=True)
class WallView:
    """Every occupied cubby of a wall, and the SKU in hand ("": none), or what each of several people holds."""

    zone: str
    sku: str = ""
    cubbies: tuple[CubbyLive, ...] = ()
    hands: tuple[HandLive, ...] = ()


@dataclass(frozen=True)
class UnitView:
    """A unit of a light bus that makes errors: where it hangs, its errors by kind, and how long its replies take."""

    unit: int
    where: str
    more: int  # places on it beyond the one named
    silent: int
    garbled: int
    refused: int
    latency_ms: str


@dataclass(frozen=True)
class LineView:
    """One light bus: is it there, how many frames of a thousand went wrong, how many modules do not answer.

    `latency_ms` is "" while nothing has answered. `worst`: units with most errors, the worst first.
    """

    bus: str
    open: bool
    wrong_permille: int
    errors: int
    quarantined: int
    latency_ms: str = ""
    silent: int = 0
    garbled: int = 0
    refused: int = 0
    worst: tuple[UnitView, ...] = ()

    @property
    def is_well(self) -> bool:
        """True if nobody needs to look at it."""
        return self.open and not self.quarantined and self.wrong_permille <= WELL_PERMILLE


@dataclass(frozen=True)
class LinesView:
    """The light buses of a zone."""

    zone: str
    lines: tuple[LineView, ...] = ()


def wall_view(live: ZoneLive) -> WallView:
    """The wall as its node shows it: full cubbies first, then those that take something now."""
    wall = live.wall
    cubbies = sorted(wall.cubbies, key=_urgency) if wall else ()
    return WallView(live.zone, wall.sku if wall else "", tuple(cubbies), wall.hands if wall else ())


def lines_view(live: ZoneLive) -> LinesView:
    """The zone's buses as its node shows them."""
    return LinesView(live.zone, tuple(_line(bus) for bus in live.buses))


def wall_plan(walls: Mapping[str, Sequence[str]]) -> list[PlanRow]:
    """The places of each wall's cubbies, as they stand: the first at the top left."""
    return [
        PlanRow(cubby, zone, f"{zone} {index // WALL_SECTION + 1:02}", _level(index), "", "")
        for zone, cubbies in walls.items()
        for index, cubby in enumerate(cubbies)
    ]


def _level(index: int) -> int:
    """The level of the cubby with that number, counted from the floor."""
    return WALL_LEVELS - index // WALL_COLUMNS % WALL_LEVELS


def whole_plan(rows: Iterable[PlanRow], walls: Mapping[str, Sequence[str]]) -> list[PlanRow]:
    """Every place with a module, in order of zone and bay."""
    return sorted([*rows, *wall_plan(walls)], key=lambda row: (row.zone, row.bay))


def _urgency(cubby: CubbyLive) -> tuple[int, str]:
    ranks = {"aside": 0, "done": 1, "held": 3}
    return (ranks.get(cubby.state, 2), cubby.cubby)


def _line(bus: BusHealth) -> LineView:
    wrong = bus.errors * 1000 // max(bus.transactions, 1)
    worst = tuple(_unit(unit) for unit in bus.worst[:UNITS_MAX])
    return LineView(
        bus=bus.bus,
        open=bus.open,
        wrong_permille=min(wrong, 1000),
        errors=bus.errors,
        quarantined=bus.quarantined,
        latency_ms=_ms(bus.latency_us),
        silent=bus.silent,
        garbled=bus.garbled,
        refused=bus.refused,
        worst=worst,
    )


def _unit(unit: UnitHealth) -> UnitView:
    return UnitView(
        unit=unit.unit,
        where=unit.location_id,
        more=max(0, unit.places - 1),
        silent=unit.silent,
        garbled=unit.garbled,
        refused=unit.refused,
        latency_ms=_ms(unit.latency_us),
    )


def _ms(us: int) -> str:
    """Whole milliseconds beyond ten, tenths below: a page that is not redrawn at every reply."""
    if not us:
        return ""
    return f"{us / 1000:.0f}" if us >= WHOLE_MS_US else f"{us / 1000:.1f}"
