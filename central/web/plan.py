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
GAP: Final = 4
UPRIGHT: Final = 5  # from the rack's edge to its first module


@dataclass(frozen=True)
class ModulePlace:
    """A module in its bay, in drawing units from the bay's top left."""

    location_id: str
    goods: str
    x: int
    y: int


@dataclass(frozen=True)
class BayDrawing:
    """One bay, seen from the front; the lowest level stands at the bottom."""

    bay: str
    width: int
    height: int
    rack: str  # the outline as an SVG path
    modules: tuple[ModulePlace, ...]


@dataclass(frozen=True)
class ZoneDrawing:
    """A zone's bays from left to right, and the node that lights them ("" if none is configured)."""

    zone: str
    node: str
    bays: tuple[BayDrawing, ...]


def draw_zone(zone: str, node: str, rows: Iterable[PlanRow]) -> ZoneDrawing:
    """The drawing of one zone's locations; `rows` are in order of bay."""
    bays = groupby(rows, key=lambda row: row.bay)
    return ZoneDrawing(zone, node, tuple(_draw_bay(bay, list(places)) for bay, places in bays))


def _draw_bay(bay: str, rows: list[PlanRow]) -> BayDrawing:
    shelves = {
        level: list(places) for level, places in groupby(sorted(rows, key=lambda row: row.level), lambda row: row.level)
    }
    columns = max(len(places) for places in shelves.values())
    width = 2 * UPRIGHT + columns * (MODULE_WIDTH + GAP) - GAP
    step = MODULE_HEIGHT + GAP + 2
    tops = {level: number * step + GAP for number, level in enumerate(sorted(shelves, reverse=True))}
    boards = "".join(f"M1 {top + MODULE_HEIGHT + 2}H{width - 1}" for top in tops.values())
    height = len(shelves) * step + GAP
    return BayDrawing(
        bay=bay,
        width=width,
        height=height,
        rack=f"M1 0V{height}M{width - 1} 0V{height}{boards}",
        modules=tuple(
            ModulePlace(row.location_id, _goods(row), UPRIGHT + column * (MODULE_WIDTH + GAP), tops[level])
            for level, places in shelves.items()
            for column, row in enumerate(places)
        ),
    )


def _goods(row: PlanRow) -> str:
    return f"{row.sku} {row.title}".strip()
