"""A sorter's work on a whole floor: empties batch totes into cubbies, and complete orders into their boxes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from sim.people.lane import Lane
from sim.people.pace import Pace
from sim.people.sight import Bell, Sight
from sim.people.sorter import Sorter
from sim.world import World
from wire.uplink import ZoneLive

PUT_S, TAKE_OUT_S = 1.5, 4.0  # a practised sorter's times
LIGHT_S_MAX: Final = 3.0  # a scan that lights nothing for so long: the piece is tried again later
LOOK_S: Final = 0.5


@dataclass(frozen=True)
class WallDesk:
    """Where a sorter works and with what. `bell` rings when a batch tote was brought."""

    sorter: Sorter
    world: World
    lane: Lane
    sight: Sight
    node: str
    pace: Pace
    bell: Bell

    def order_in(self, cubby: str) -> str:
        """The order whose name stands at the cubby, or ""."""
        zone = self.sight.zone(self.node) or ZoneLive(zone="")
        cubbies = zone.wall.cubbies if zone.wall is not None else ()
        return next((one.order_no for one in cubbies if one.cubby == cubby and one.state == "done"), "")


async def sort_forever(desk: WallDesk, may_work: asyncio.Event) -> None:
    """Work while `may_work` is set: what is complete goes first, for its cubby is wanted."""
    while True:
        await may_work.wait()
        rung = desk.bell.rung
        if not (await _take_out(desk) or await _put_next(desk)):
            await desk.bell.heard(rung, LOOK_S)


async def _take_out(desk: WallDesk) -> bool:
    for cubby in desk.sorter.done:
        order_no = desk.order_in(cubby)
        if order_no:
            await desk.pace.spend(TAKE_OUT_S)
            await desk.sorter.take_out_of(cubby)
            desk.world.leave_wall(cubby, order_no)
            desk.lane.arrived(order_no)
            return True
    return False


async def _put_next(desk: WallDesk) -> bool:
    """The next piece from the table; one that lights nothing goes to the end of the table."""
    table = desk.world.batches.table
    if not table:
        return False
    unit = table.popleft()
    await desk.pace.spend(PUT_S)
    cubby = await desk.sorter.put(unit.barcode, LIGHT_S_MAX)
    if not cubby:
        table.append(unit)
        return False
    desk.world.batches.put(unit, cubby)
    return True
