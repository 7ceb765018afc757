"""The floor as a person would draw it: bays as columns of shelves, a module in its place on each shelf."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from central.store.reads_rows import PlanRow

# Drawing units; one is a CSS pixel at normal size. A module is a target for a thumb: at least 24 x 24.
MODULE_WIDTH: Final = 48
MODULE_HEIGHT: Final = 32
WIDE: Final = (84, 38)  # width and height where few bays stand side by side: room for the location's name
WIDE_COLUMNS_MAX: Final = 4  # modules side by side in a zone
NAME_CHARS_MAX: Final = 10
GAP: Final = 4
UPRIGHT: Final = 5  # from the rack's edge to its first module


Shelves = dict[int, list[PlanRow]]  # the places of a bay, by level


@dataclass(frozen=True)
class ModulePlace:
    """A module in its bay, in drawing units from the bay's top left."""

    location_id: str
    goods: str
    x: int
    y: int
    name: str  # as written on the module, "" where there is no room


@dataclass(frozen=True)
class BayDrawing:
    """One bay, seen from the front; the lowest level stands at the bottom."""

    bay: str
    width: int
    height: int
    rack: str  # the outline as an SVG path
    module_width: int
    module_height: int
    columns: int
    modules: tuple[ModulePlace, ...]


@dataclass(frozen=True)
class ZoneDrawing:
    """A zone's bays from left to right, and the node that lights them ("" if none is configured)."""

    zone: str
    node: str
    bays: tuple[BayDrawing, ...]


def draw_zone(zone: str, node: str, rows: Iterable[PlanRow]) -> ZoneDrawing:
    """The drawing of one zone's locations; `rows` are in order of bay."""
    bays = {bay: _shelves(places) for bay, places in groupby(rows, key=lambda row: row.bay)}
    is_wide = sum(_columns(shelves) for shelves in bays.values()) <= WIDE_COLUMNS_MAX
    return ZoneDrawing(zone, node, tuple(_draw_bay(bay, shelves, is_wide=is_wide) for bay, shelves in bays.items()))


def _shelves(rows: Iterable[PlanRow]) -> Shelves:
    by_level = sorted(rows, key=lambda row: row.level)
    return {level: list(places) for level, places in groupby(by_level, lambda row: row.level)}


def _columns(shelves: Shelves) -> int:
    return max(len(places) for places in shelves.values())


def _draw_bay(bay: str, shelves: Shelves, *, is_wide: bool) -> BayDrawing:
    across, tall = WIDE if is_wide else (MODULE_WIDTH, MODULE_HEIGHT)
    columns = _columns(shelves)
    width = 2 * UPRIGHT + columns * (across + GAP) - GAP
    step = tall + GAP + 2
    tops = {level: number * step + GAP for number, level in enumerate(sorted(shelves, reverse=True))}
    boards = "".join(f"M1 {top + tall + 2}H{width - 1}" for top in tops.values())
    height = len(shelves) * step + GAP
    return BayDrawing(
        bay=bay,
        width=width,
        height=height,
        rack=f"M1 0V{height}M{width - 1} 0V{height}{boards}",
        module_width=across,
        module_height=tall,
        columns=columns,
        modules=tuple(
            ModulePlace(
                row.location_id,
                _goods(row),
                UPRIGHT + column * (across + GAP),
                tops[level],
                row.location_id[-NAME_CHARS_MAX:] if is_wide else "",
            )
            for level, places in shelves.items()
            for column, row in enumerate(places)
        ),
    )


def _goods(row: PlanRow) -> str:
    return f"{row.sku} {row.title}".strip()
