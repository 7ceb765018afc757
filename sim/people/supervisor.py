"""A supervisor: looks at the open exceptions now and then, and decides; and the shelf of boxes that were set aside."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from sim.floor.record import labels_with_status, ticketed
from sim.floor.site_api import ApiRefused, SiteApi
from sim.people.lane import Lane
from sim.world import World

LOOK_EVERY_S: Final = 5.0
SHELF_EVERY_S: Final = 1.0
GIVEN_UP: Final = frozenset({"short_pick", "other_warehouse"})  # kinds whose order is cancelled
LEAVE_S: Final = 40.0  # a ticket stays open so long, for everybody to see


async def decide_forever(api: SiteApi, is_on: Callable[[], bool]) -> None:
    """Every exception is repacked; an order that cannot be filled is cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if is_on():
            with contextlib.suppress(ApiRefused):  # somebody else decided it, or the site is away: look again later
                await _decide(api)


async def bring_back_forever(database: Path, world: World, lane: Lane) -> None:
    """A box that may be packed (again) comes from the shelf to the benches, whoever decided so: put right, if a ticket
    said what was wrong.
    """
    while True:
        await asyncio.sleep(SHELF_EVERY_S)
        if not world.aside:
            continue
        with contextlib.suppress(sqlite3.OperationalError):  # looks again
            known = await asyncio.to_thread(ticketed, database)
            may_pack = await asyncio.to_thread(labels_with_status, database, ("picked",))
            for order_no in world.decided(may_pack, known):
                lane.put_back(world.boxes[order_no])


async def _decide(api: SiteApi) -> None:
    for ticket, step in _due(await api.get("/api/tickets?limit=500")):
        if step:
            await api.resolve(ticket, step, "checked at the shelf")


def _due(page: bytes) -> Iterator[tuple[str, str]]:
    """Ticket and next step of those that have been open long enough."""
    opened_before_ns = time.time_ns() - int(LEAVE_S * 1e9)
    for ticket in json.loads(page):
        if ticket["order_no"] and ticket["opened_utc_ns"] < opened_before_ns:
            yield ticket["ticket"], _step(ticket["kind"], ticket["possible"])


def _step(kind: str, possible: Sequence[str]) -> str:
    """Boxes are put right at the shelf, so they are repacked; what a shelf lacks is given up. "": wait."""
    if kind in GIVEN_UP and "cancel" in possible:
        return "cancel"
    return next((step for step in ("repack", *possible) if step in possible and step not in ("repick", "cancel")), "")
