"""A parcel that was set aside is on the list of parcels to pack again as soon as its order may be packed again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sim.floor.record import statuses
from sim.orders import ShopOrder, label_of
from sim.people.supervisor import bring_back_forever
from sim.people.visitors import clear_after_visitors
from tests.floor.small_floor import SmallFloor, small_floor

pytestmark = [pytest.mark.floor, pytest.mark.timeout(120)]
ORDER = ShopOrder("O1", label_of(1), "Japan", (("MUG-RED", 2), ("BOWL", 1)))


def listed(floor: SmallFloor) -> list[str]:
    """Labels of the parcels that the page offers for packing."""
    (lane,) = json.loads(json.dumps(floor.crew.bench()))["stations"]
    return [parcel["label"] for parcel in lane["parcels"]]


@asynccontextmanager
async def visited(floor: SmallFloor) -> AsyncIterator[None]:
    """Visitors use the bench; somebody minds the shelf."""
    crew = floor.crew
    tasks = [
        asyncio.create_task(clear_after_visitors(floor.bench, crew.world, crew.lane)),
        asyncio.create_task(bring_back_forever(floor.warehouse.dir.database, crew.world, crew.lane)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def repack(floor: SmallFloor) -> None:
    (ticket,) = json.loads(await floor.api.get("/api/tickets?limit=10"))
    await floor.api.resolve(ticket["ticket"], "repack", "looked into it")


async def test_set_aside_with_and_without_a_ticket_the_parcel_can_be_packed_again() -> None:
    async with small_floor([ORDER]) as floor, visited(floor):
        await floor.pick_everything()
        await floor.until(lambda: listed(floor) == [ORDER.label])

        await floor.bench.scan(ORDER.label)
        await floor.bench.scan("PL:ASIDE")  # nothing is wrong
        await floor.until(lambda: statuses(floor.warehouse.dir.database)["picked"] == 1)
        await floor.until(lambda: not floor.crew.world.aside and listed(floor) == [ORDER.label])

        for trouble in ("PL:MISSING", "4006381333931"):
            await floor.bench.scan(ORDER.label)
            await floor.bench.scan(trouble)
            await floor.bench.scan("PL:ASIDE")
            await floor.until(lambda: listed(floor) == [])
            await repack(floor)
            await floor.until(lambda: listed(floor) == [ORDER.label])

        await floor.bench.scan(ORDER.label)
        for unit in floor.crew.world.boxes["O1"].units:
            await floor.bench.scan(unit.barcode)
        await floor.until(lambda: statuses(floor.warehouse.dir.database)["released"] == 1)
