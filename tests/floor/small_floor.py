"""A floor for tests: central, one zone on an RS-485 line, one bench, and orders; hands move only when told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sim.floor.configs import ORDER_FIRST, BenchKind, BusKind, GateTimes, Totes
from sim.floor.crew import Crew, Temper
from sim.floor.launch import Warehouse
from sim.floor.record import statuses
from sim.floor.rundir import FloorPlan
from sim.floor.site_api import SiteApi, load
from sim.goods import goods_of
from sim.layout import lay_out
from sim.orders import ShopOrder
from sim.people.bench import Bench
from sim.site import SitePlan, orders_csv, people_of
from tests.floor.short_paths import short_folder
from wire.site_http import SiteHttp

SKUS = ("MUG-RED", "MUG-BLUE", "BOWL")
SEEN_S_MAX = 15.0
FREE = frozenset({"scan_label", "scan_first_item", "scan_cubby"})


@dataclass(frozen=True)
class SmallFloor:
    """What a test holds in its hands."""

    warehouse: Warehouse
    crew: Crew
    api: SiteApi

    @property
    def bench(self) -> Bench:
        """The one bench."""
        return self.crew.benches["bench-1"]

    def barcode(self, sku: str) -> str:
        """Of the single piece."""
        return self.crew.world.goods[sku].units[-1].barcode

    async def pick_everything(self) -> None:
        """Press whatever is lit until every order is picked."""
        (hand,) = self.crew.zones.values()
        database = self.warehouse.dir.database
        deadline = time.monotonic() + SEEN_S_MAX
        while time.monotonic() < deadline:
            now = statuses(database)
            if not any(now[status] for status in ("imported", "allocated", "waved", "picking")):
                return
            location = hand.next_lit()
            if location is not None:
                await hand.pick(location, self.crew.world)
            await hand.bell.heard(hand.bell.rung, 0.1)
        raise AssertionError(f"not picked in time: {statuses(database)}")

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until `true()`."""
        deadline = time.monotonic() + SEEN_S_MAX
        while not true():
            if time.monotonic() > deadline:
                raise AssertionError(f"never came true; the bench shows {self.bench.screen}")
            await asyncio.sleep(0.02)


@asynccontextmanager
async def small_floor(
    orders: Sequence[ShopOrder],
    *,
    quiet_window_ms: int = 0,
    zones: tuple[str, ...] = ("A",),
    totes: Totes = "parallel",
    kind: BenchKind = ORDER_FIRST,
) -> AsyncIterator[SmallFloor]:
    """The floor with `orders` in one wave; gone afterwards. With three `zones` each SKU has one of its own."""
    goods = goods_of({sku: sku.replace("-", " ").lower() for sku in SKUS}, {})
    places = lay_out(SKUS, zones, dict.fromkeys(SKUS, 500), levels=3 // len(zones))
    plan = FloorPlan(
        site=SitePlan(goods, places, zones, (), people_of(1)),
        buses={zone: BusKind("rtu", "picklight-bay16") for zone in zones},
        benches=1,
        gate=GateTimes(10, 70),
        quiet_window_ms=quiet_window_ms,
        kind=kind,
        waves={"orders": 50, "open_max": 1, "totes": totes},
    )
    with short_folder() as folder:
        warehouse = Warehouse(plan, folder)
        crew: Crew | None = None
        try:
            await warehouse.start()
            crew = Crew(warehouse, Temper(speed=0, seed=1, mistakes=0))
            await crew.take_places()
            warehouse.start_nodes()
            api = SiteApi(SiteHttp(warehouse.dir.url(), warehouse.dir.key()))
            await load(api, plan.site)
            crew.world.expect(orders)
            await api.send_csv("orders", orders_csv(orders))
            floor = SmallFloor(warehouse, crew, api)
            await floor.until(lambda: floor.bench.screen.say in FREE and floor.bench.screen.scanner_ok)
            yield floor
        finally:
            if crew is not None:
                await crew.leave()
            await warehouse.stop()
