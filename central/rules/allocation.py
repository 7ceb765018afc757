"""Which places an order's pieces are taken from. Never asks a place for more than is free there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """Pieces of one SKU an order line wants."""

    line_no: int
    sku: str
    pieces: int


@dataclass(frozen=True)
class Shelf:
    """One SKU's place and its free pieces: on hand and not promised to another order."""

    location_id: str
    zone: str
    bay: str
    level: int
    free: int


@dataclass(frozen=True)
class Take:
    """Take `pieces` for order line `line_no` at `shelf`."""

    line_no: int
    sku: str
    shelf: Shelf
    pieces: int


@dataclass(frozen=True)
class Allocation:
    """Everything an order needs, or what is missing of it (then nothing is taken)."""

    takes: tuple[Take, ...] = ()
    missing: tuple[tuple[str, int], ...] = ()  # (sku, pieces)


def allocate(needs: Sequence[Need], shelves: Mapping[str, Sequence[Shelf]]) -> Allocation:
    """All or nothing. Prefers the one place that just suffices; else empties the fullest places first."""
    free = {shelf.location_id: shelf.free for places in shelves.values() for shelf in places}
    takes: list[Take] = []
    missing: dict[str, int] = {}
    for need in needs:
        lacking = _take(need, shelves.get(need.sku, ()), free, takes)
        if lacking:
            missing[need.sku] = missing.get(need.sku, 0) + lacking
    if missing:
        return Allocation(missing=tuple(sorted(missing.items())))
    return Allocation(takes=tuple(takes))


def _take(need: Need, places: Sequence[Shelf], free: dict[str, int], takes: list[Take]) -> int:
    left = need.pieces
    for shelf in _preference(need.pieces, places, free):
        pieces = min(left, free[shelf.location_id])
        if pieces <= 0:
            break
        free[shelf.location_id] -= pieces
        takes.append(Take(need.line_no, need.sku, shelf, pieces))
        left -= pieces
    return left


def _preference(pieces: int, places: Sequence[Shelf], free: Mapping[str, int]) -> list[Shelf]:
    enough = [shelf for shelf in places if free[shelf.location_id] >= pieces]
    if enough:
        return [min(enough, key=lambda shelf: (free[shelf.location_id], shelf.location_id))]
    return sorted(places, key=lambda shelf: (-free[shelf.location_id], shelf.location_id))
