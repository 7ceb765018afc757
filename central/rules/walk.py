"""The order in which a picker walks a zone, and what a tote is called and coloured."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from central.rules.allocation import Shelf, Take

COLOURS: Final = ("blue", "orange", "violet", "cyan", "yellow", "white")  # never red or green: those are verdicts
STRIDE: Final = 100_000  # sequence numbers of one order; an order has at most 2,000 lines
_DIGITS: Final = re.compile(r"(\d+)")


def walk_key(shelf: Shelf) -> tuple[object, ...]:
    """Along the bays, then up the levels; bay 10 comes after bay 9."""
    return (shelf.zone, _natural(shelf.bay), shelf.level, _natural(shelf.location_id))


def in_walking_order(takes: Iterable[Take]) -> list[Take]:
    """The stops of an order as they should be walked."""
    return sorted(takes, key=lambda take: (*walk_key(take.shelf), take.line_no))


def tote_id(order_no: str, zone: str) -> str:
    """The tote that collects `order_no` in `zone`."""
    return f"{order_no}/{zone}"


def pick_id(order_no: str, line_no: int, number: int) -> str:
    """The `number`th pick made for an order line."""
    return f"{order_no}:{line_no}:{number}"


def sequence_from(position: int) -> int:
    """First sequence number of the order at `position` of its wave."""
    return position * STRIDE


def colour_of(sequence: int) -> str:
    """Colours rotate from order to order, so that neighbours in a wave differ."""
    return COLOURS[sequence // STRIDE % len(COLOURS)]


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    parts = (part for part in _DIGITS.split(name) if part)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
