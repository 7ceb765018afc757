"""Where the goods lie: every SKU gets one location, spread over zones, bays and levels, with enough stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

MODULES_MAX = 480  # per zone: its live picture stays far below the wire's 64 kB
ZONES_MAX = len(ascii_uppercase)


@dataclass(frozen=True)
class Place:
    """One location: a SKU's place in a bay (column) and level (row), and the pieces counted in it."""

    location_id: str
    zone: str
    bay: str
    level: int
    sku: str
    pieces: int


def zones_for(skus: int, wished: int) -> tuple[str, ...]:
    """Zone letters: `wished` of them, or more when a zone would get more than MODULES_MAX modules."""
    count = max(wished, -(-skus // MODULES_MAX), 1)
    if count > ZONES_MAX:
        raise ValueError(f"{skus} SKUs need {count} zones, at most {ZONES_MAX} can be simulated. Use fewer SKUs")
    return tuple(ascii_uppercase[:count])


def lay_out(skus: Sequence[str], zones: Sequence[str], stock: Mapping[str, int], *, levels: int) -> tuple[Place, ...]:
    """Neighbours in the list share a bay; bays go to the zones in turn, so that work is spread. `stock` in pieces.

    The places come zone by zone, bay by bay.
    """
    bays = [skus[first : first + levels] for first in range(0, len(skus), levels)]
    return tuple(
        Place(f"{zone}-{bay:02d}-{level}", zone, f"{bay:02d}", level, sku, stock[sku])
        for start, zone in enumerate(zones)
        for bay, shelf in enumerate(bays[start :: len(zones)], start=1)
        for level, sku in enumerate(shelf, start=1)
    )
