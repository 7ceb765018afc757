"""A floor for measuring: one zone with two modules on an RS-485 line, one bench, and orders as wanted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.bus_rig import TURNAROUND_US, models_with
from bench.gaps import GAPS, NOTHING
from central.fleet.broker import address_for
from central.settings import load_settings
from sim.floor.configs import SITE, BusKind, GateTimes
from sim.floor.launch import Warehouse
from sim.floor.rundir import FloorPlan
from sim.floor.site_api import SiteApi, load
from sim.goods import goods_of
from sim.layout import lay_out
from sim.modules.bank import Showing
from sim.modules.remote import ModulesRemote
from sim.orders import ShopOrder, label_of
from sim.scanner import ScannerOnPty
from sim.site import SitePlan, orders_csv, people_of
from wire.mqtt import Incoming, MqttSession
from wire.site_http import SiteHttp

STATION: Final = "bench-1"
SKUS: Final = ("LEFT", "RIGHT")
SEEN_S_MAX: Final = 20.0
DARK_S_MAX: Final = 3.0
PRESSES_MAX: Final = 5


@dataclass
class MeasuringFloor:
    """What a measurement touches and sees."""

    warehouse: Warehouse
    remote: ModulesRemote
    scanner: ScannerOnPty
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def face_changed(self, *_: object) -> None:
        """Something went on or off."""
        self.changed.set()

    async def some_lit(self) -> str:
        """A location that is lit; waits for one."""
        async with asyncio.timeout(SEEN_S_MAX):
            while not (lit := [one.location for one in self.remote.showing.values() if one.colour != "off"]):
                await self.changed.wait()
                self.changed.clear()
        return min(lit)

    async def press(self, location_id: str) -> tuple[float, float]:
        """Press and wait until dark; when each happened at the module (seconds, time.monotonic)."""
        for _ in range(PRESSES_MAX):
            pressed_ns = await self.remote.press(location_id)
            with contextlib.suppress(TimeoutError):
                dark = await self._changed_after(location_id, pressed_ns)
                return pressed_ns / 1e9, dark.at_ns / 1e9
        raise TimeoutError(f"the light at {location_id} ignored {PRESSES_MAX} presses")

    async def _changed_after(self, location_id: str, moment_ns: int) -> Showing:
        return await self.remote.wait_showing(location_id, lambda showing: showing.at_ns > moment_ns, DARK_S_MAX)


def single_lines(count: int, pieces: int) -> tuple[ShopOrder, ...]:
    """`count` orders of one line each, left and right in turn."""
    return tuple(
        ShopOrder(f"B{number}", label_of(number), "", ((SKUS[number % 2], pieces),)) for number in range(count)
    )


@asynccontextmanager
async def measuring_floor(
    folder: Path, bus: BusKind, orders: Sequence[ShopOrder], skus: Sequence[str] = SKUS, *, paced: bool = False
) -> AsyncIterator[MeasuringFloor]:
    """The floor with `orders` in work, all of them in one wave, and a module for each of `skus`.

    `paced`: its line is as little late as that of the bus benches, and its modules answer as quickly.
    """
    goods = goods_of({sku: f"Thing on the {sku.lower()}" for sku in skus}, {})
    places = lay_out(skus, ("A",), dict.fromkeys(skus, 90_000), levels=2)
    plan = FloorPlan(
        site=SitePlan(goods, places, ("A",), (), people_of(1)),
        buses={"A": bus},
        benches=1,
        gate=GateTimes(10, 60),
        quiet_window_ms=0,
        models_dir=str(models_with(folder / "models", TURNAROUND_US)) if paced else "",
        modules_program="bench.wire_process" if paced else "sim.modules",
        waves={"orders": max(len(orders), 1), "open_max": 1, "totes_per_zone_max": 200},
    )
    warehouse = Warehouse(plan, folder)
    floor: MeasuringFloor | None = None
    try:
        await warehouse.start()
        scanner = ScannerOnPty(warehouse.dir.scanner_port(STATION))
        floor = MeasuringFloor(warehouse, ModulesRemote(warehouse.dir.modules_socket("A")), scanner)
        await floor.remote.connect(floor.face_changed)
        warehouse.start_nodes()
        api = SiteApi(SiteHttp(warehouse.dir.url(), warehouse.dir.key()))
        await load(api, plan.site)
        await api.send_csv("orders", orders_csv(orders))
        yield floor
    finally:
        if floor is not None:
            GAPS.add(NOTHING, (await floor.remote.stats())["a"])
            await floor.remote.aclose()
            floor.scanner.close()
        await warehouse.stop()


@asynccontextmanager
async def listening(
    warehouse: Warehouse, user: str, topic: str, heard: Callable[[Incoming], None]
) -> AsyncIterator[None]:
    """Listen as `user` (its rights, another client id) to `topic`."""
    connected = asyncio.Event()

    def take(incoming: Incoming) -> None:
        incoming.ack()
        heard(incoming)

    session = MqttSession(
        address_for(load_settings(warehouse.dir.site_file), user),
        f"bench-ear-{user}",
        subscribe=[(topic, 0)],
        on_message=take,
        on_connected=connected.set,
        on_disconnected=lambda _: None,
    )
    task = asyncio.create_task(session.run())
    try:
        async with asyncio.timeout(SEEN_S_MAX):
            await connected.wait()
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


__all__ = ["SITE", "SKUS", "STATION", "MeasuringFloor", "listening", "measuring_floor", "single_lines"]
