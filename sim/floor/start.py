"""`picklight floor start`: a small floor to watch and to touch, until Ctrl-C."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import uvicorn

from sim.floor.configs import BusKind, GateTimes, Totes
from sim.floor.control import Server, make_control
from sim.floor.crew import Crew, Temper
from sim.floor.launch import Warehouse
from sim.floor.record import ENDED, statuses
from sim.floor.rundir import FloorPlan, free_port
from sim.floor.site_api import SiteApi, load
from sim.invent import invent, read_products
from sim.mistakes import WRONG_ITEM
from sim.site import demo_site, orders_csv
from wire.site_http import SiteHttp

FIRST_ORDERS: Final = 12
OPEN_ORDERS: Final = 14  # fresh ones come in while fewer than this are unfinished
LOOK_EVERY_S: Final = 2.0
WALL_CUBBIES: Final = 8
FIRST_NUMBER: Final = 1_000  # well away from the orders of sim/data/orders.csv


@dataclass(frozen=True)
class Demo:
    """What the newcomer asked for."""

    port: int
    people_on: bool
    seed: int
    speed: float = 0.7  # of pickers: a light can be watched; one packer keeps up with two of them
    packing_speed: float = 3.0
    mistakes: float = 0.02
    totes: Totes = "parallel"
    wall: bool = False


def floor_for(demo: Demo, control_port: int) -> FloorPlan:
    """Zone A on an RS-485 line with display modules, zone B on TCP, one bench."""
    return FloorPlan(
        site=demo_site(),
        buses={"A": BusKind("rtu", "picklight-display", 38_400), "B": BusKind("tcp", "picklight-bay16")},
        benches=1,
        gate=GateTimes(move_ms=60, pass_after_ms=900),
        quiet_window_ms=400,
        waves={"orders": 6, "open_max": 2, "totes": demo.totes},
        cubbies=WALL_CUBBIES if demo.wall else 0,
        port=demo.port,
        control_url=f"http://127.0.0.1:{control_port}",
    )


async def start_floor(demo: Demo, folder: Path, *, say: Callable[[str], None], stop: asyncio.Event) -> None:
    """Run the floor in `folder` until `stop` is set. Raises CannotStart, ApiRefused."""
    control_port = free_port()
    warehouse = Warehouse(floor_for(demo, control_port), folder)
    warehouse.check()
    key = secrets.token_urlsafe(24)
    warehouse.dir.control_key.touch(mode=0o600)
    warehouse.dir.control_key.write_text(key, encoding="ascii")
    crew: Crew | None = None
    try:
        await warehouse.start()
        temper = Temper(
            demo.speed,
            demo.seed,
            demo.mistakes,
            first=(WRONG_ITEM,),
            carrier_every_s=20.0,
            packing_speed=demo.packing_speed,
            supervisor=True,
        )
        crew = Crew(warehouse, temper)
        await crew.take_places()
        warehouse.start_nodes()
        await _open(demo, warehouse, crew, make_server(crew, key, control_port), say=say, stop=stop)
    finally:
        if crew is not None:
            await crew.leave()
        await warehouse.stop()


def make_server(crew: Crew, key: str, port: int) -> Server:
    """The control server on loopback, quiet."""
    config = uvicorn.Config(
        make_control(crew, key),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return Server(config)


async def _open(
    demo: Demo, warehouse: Warehouse, crew: Crew, server: Server, *, say: Callable[[str], None], stop: asyncio.Event
) -> None:
    """Doors open: fresh orders come in until `stop`."""
    api = SiteApi(SiteHttp(warehouse.dir.url(), warehouse.dir.key()))
    await load(api, warehouse.plan.site)
    serving = asyncio.create_task(server.serve())
    orders = asyncio.create_task(_orders_come_in(demo, warehouse, crew, api))
    stopping = asyncio.create_task(stop.wait())
    crew.begin(api)
    crew.set_people(demo.people_on)
    await server.up.wait()
    say(f"picklight floor: {api.site.url}/?key={api.site.key}\nCtrl-C stops everything.")
    try:
        await asyncio.wait((serving, orders, stopping), return_when=asyncio.FIRST_COMPLETED)
        for task in (serving, orders):
            if task.done():
                task.result()
    finally:
        server.should_exit = True
        orders.cancel()
        stopping.cancel()
        await asyncio.gather(serving, orders, stopping, return_exceptions=True)


async def _orders_come_in(demo: Demo, warehouse: Warehouse, crew: Crew, api: SiteApi) -> None:
    """A seeded stream of orders without end; as many as the floor can swallow."""
    stream = invent(read_products(), demo.seed, first_number=FIRST_NUMBER)
    wanted = FIRST_ORDERS
    while True:
        fresh = tuple(islice(stream, wanted))
        crew.world.expect(fresh)
        if fresh:
            await api.send_csv("orders", orders_csv(fresh))
        await asyncio.sleep(LOOK_EVERY_S)
        now = await asyncio.to_thread(statuses, warehouse.dir.database)
        open_orders = sum(count for status, count in now.items() if status not in (*ENDED, "released"))
        wanted = max(0, OPEN_ORDERS - open_orders)
