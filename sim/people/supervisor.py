"""A supervisor: looks at the open exceptions now and then, puts the box right, and decides."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Final

from sim.floor.site_api import ApiRefused, SiteApi
from sim.people.lane import Lane
from sim.world import World

LOOK_EVERY_S: Final = 5.0
LEAVE_S: Final = 40.0  # a ticket stays open so long, for everybody to see


async def decide_forever(api: SiteApi, world: World, lane: Lane, is_on: Callable[[], bool]) -> None:
    """Every exception is repacked; an order that cannot be filled is cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if is_on():
            with contextlib.suppress(ApiRefused):  # somebody else decided it, or the site is away: look again later
                await _decide(api, world, lane)


async def _decide(api: SiteApi, world: World, lane: Lane) -> None:
    for ticket, kind, order_no in _due(await api.get("/api/tickets?limit=500")):
        short = kind == "short_pick"
        await api.resolve(ticket, "cancel" if short else "repack", "checked at the shelf")
        if not short and order_no in world.boxes:
            world.put_right(order_no)
            lane.put_back(world.boxes[order_no])


def _due(page: bytes) -> Iterator[tuple[str, str, str]]:
    """Ticket, kind and order of those that have been open long enough."""
    opened_before_ns = time.time_ns() - int(LEAVE_S * 1e9)
    for ticket in json.loads(page):
        if ticket["order_no"] and ticket["opened_utc_ns"] < opened_before_ns:
            yield ticket["ticket"], ticket["kind"], ticket["order_no"]
