"""Which orders are sorted at a put-to-light wall, in which cubby, and which batch totes bring their pieces. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from central.rules.allocation import Need, Shelf
from central.rules.walk import walk_key

BATCH_STOPS_MAX: Final = 100  # stops of one batch tote; a picker fills a tote long before


@dataclass(frozen=True)
class Wall:
    """A wall's zone, the zones whose pieces it sorts (none named: all others), its cubbies in order of use.

    `lines_max`: an order with more lines is too large for a cubby and collects its own totes.
    """

    zone: str
    cubbies: tuple[str, ...]
    feeds: frozenset[str] = frozenset()
    lines_max: int = 20


@dataclass(frozen=True)
class Candidate:
    """An order of a wave and the zones its pieces come from."""

    order_no: str
    zones: frozenset[str]
    lines: int


@dataclass(frozen=True)
class Home:
    """The cubby an order is sorted into."""

    zone: str
    cubby: str


@dataclass(frozen=True)
class BatchStop:
    """A pick that goes to the wall."""

    pick_id: str
    shelf: Shelf


@dataclass(frozen=True)
class Batched:
    """The same pick in its batch tote: the `number`th of its zone (from 0), at `position` of its walk."""

    pick_id: str
    tote_id: str
    number: int
    position: int


def assign(orders: Iterable[Candidate], walls: Sequence[Wall], taken: Collection[tuple[str, str]]) -> dict[str, Home]:
    """A free cubby for each order that fits one, first come first served; the others collect their own totes."""
    free = {wall.zone: [c for c in wall.cubbies if (wall.zone, c) not in taken] for wall in walls}
    homes: dict[str, Home] = {}
    for order in orders:
        wall = next((wall for wall in walls if free[wall.zone] and is_fit(order, wall)), None)
        if wall is not None:
            homes[order.order_no] = Home(wall.zone, free[wall.zone].pop(0))
    return homes


def is_fit(order: Candidate, wall: Wall) -> bool:
    """Small enough, and all its pieces come by the wall."""
    return order.lines <= wall.lines_max and (not wall.feeds or order.zones <= wall.feeds)


def wall_lines(needs: Iterable[Need]) -> dict[int, tuple[str, int]]:
    """(SKU, pieces) by line number; lines of the same SKU are one."""
    lines: dict[str, tuple[int, int]] = {}
    for need in needs:
        number, pieces = lines.get(need.sku, (need.line_no, 0))
        lines[need.sku] = (number, pieces + need.pieces)
    return {number: (sku, pieces) for sku, (number, pieces) in lines.items()}


def batch(wave: str, stops: Iterable[BatchStop]) -> list[Batched]:
    """The stops of a wave in batch totes: one walk through each zone, a new tote when one is full."""
    by_zone: dict[str, list[BatchStop]] = {}
    for stop in stops:
        by_zone.setdefault(stop.shelf.zone, []).append(stop)
    return [
        Batched(stop.pick_id, batch_id(wave, zone, index // BATCH_STOPS_MAX), *divmod(index, BATCH_STOPS_MAX))
        for zone, here in sorted(by_zone.items())
        for index, stop in enumerate(sorted(here, key=lambda stop: (*walk_key(stop.shelf), stop.pick_id)))
    ]


def batch_id(wave: str, zone: str, number: int) -> str:
    """The `number`th batch tote (from 0) of a wave in a zone."""
    return f"{wave}/{zone}/{number + 1}"


def cubby_state(order_status: str, asked_and_put: Iterable[tuple[int, int]]) -> str:
    """What the cubby of an order shows."""
    if order_status == "cancelled":
        return "aside"
    if all(asked == put for asked, put in asked_and_put):
        return "done"
    return "filling" if order_status in ("waved", "picking") else "held"


def judge_put(asked: int, before: int, put: int, total: int) -> str:
    """Why `put` pieces cannot have come to the `before` that were there, or ""."""
    if before + put != total:
        return f"{before} were there, {put} came, and {total} are said to be there"
    return f"{total} are there and {asked} were asked" if total > asked else ""
