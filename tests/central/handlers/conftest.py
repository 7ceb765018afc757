"""A floor on paper for every test of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central.paper_floor import PaperFloor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[PaperFloor]:
    """Two zones, two benches, nothing in stock."""
    made = PaperFloor(tmp_path)
    yield made
    made.close()


@pytest.fixture
def picked(floor: PaperFloor) -> PaperFloor:
    """Order 1 wants 2 mugs and a lamp, order 2 a lamp; both are picked. `BOX` is a pack of 2 mugs."""
    floor.stock(("A-01-1", "mug", 10), ("B-01-1", "lamp", 10), ("A-02-1", "pen", 5), barcodes=[("BOX", "mug", 2)])
    floor.order("1", mug=2, lamp=1)
    floor.order("2", lamp=1)
    floor.wave()
    floor.pick_everything()
    return floor
