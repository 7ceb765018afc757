"""`picklight floor run --parcels N`: parcels that are picked already, many benches, slips of every kind."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from sim.floor.configs import SITE, GateTimes
from sim.floor.launch import CannotStart, Warehouse
from sim.floor.parcel_report import ParcelReport, Seen, account
from sim.floor.picked import pick_all
from sim.floor.record import labels_with_status
from sim.floor.rundir import FloorPlan, node_of
from sim.floor.site_api import SiteApi, ready
from sim.invent import invent, read_products
from sim.mistakes import Mistakes
from sim.orders import ShopBook, ShopOrder
from sim.people.bench import READY, Bench
from sim.people.lane import Lane
from sim.people.pace import Pace
from sim.people.packer import Desk
from sim.people.sight import Sight
from sim.people.slipping import SlipDesk, pack_with
from sim.scanner import ScannerOnPty
from sim.site import retail_site
from sim.slips import SWAPPED, Slip, deal, units_of
from sim.world import World
from wire.site_http import SiteHttp

READY_S_MAX: Final = 60.0
SAY_EVERY_S: Final = 5.0
STALL_S_MAX: Final = 120.0  # no parcel ended for so long: something is stuck
TRIES_MAX: Final = 20  # a box comes to a bench so often before it counts as blocked
QUIET_MS: Final = 400  # as shipped: a trigger pulled twice is one scan

Say = Callable[[str], None]


@dataclass(frozen=True)
class ParcelWish:
    """How many parcels, on how many benches; `slips` of them (0 to 1) go wrong somehow."""

    parcels: int
    benches: int
    slips: float
    seed: int


async def run_parcels(wish: ParcelWish, folder: Path, say: Say = lambda _: None) -> ParcelReport:
    """Pack all parcels, with slips. Raises CannotStart, ApiRefused."""
    warehouse = Warehouse(_plan(wish), folder)
    site = warehouse.plan.site
    warehouse.check()
    warehouse.dir.make()
    nodes = {zone: node_of(zone) for zone in site.zones}
    say(f"{wish.parcels} parcels are being picked")
    await asyncio.to_thread(pick_all, warehouse.dir.database, site, site.orders, nodes)
    say(f"the floor starts with {wish.benches} benches")
    hall = Hall(warehouse, deal(site.orders, wish.slips, wish.seed))
    try:
        await warehouse.start()
        await hall.open()
        began_s = time.monotonic()
        faults = await hall.work(say)
        seconds = time.monotonic() - began_s
        seen = Seen(hall.slips, hall.said, sum(bench.scans for bench in hall.benches), hall.back, seconds, faults)
        return account(warehouse.dir.database, hall.world, seen)
    finally:
        await hall.close()
        await warehouse.stop()


def _plan(wish: ParcelWish) -> FloorPlan:
    products = read_products()
    orders = tuple(islice(invent(products, wish.seed), wish.parcels))
    book = ShopBook(orders, {one.sku: one.title for one in products})
    return FloorPlan(
        site=retail_site(book, zones_wished=1),
        buses={},
        benches=wish.benches,
        gate=GateTimes(10, 70),
        quiet_window_ms=QUIET_MS,
        waves={"orders": 0},
        lights=False,
    )


class Hall:
    """The benches with a packer each, and the boxes that wait. `open` before `work`, `close` always."""

    def __init__(self, warehouse: Warehouse, slips: dict[str, Slip]) -> None:
        site = warehouse.plan.site
        self.slips, self.said = slips, dict[str, str]()
        self.world = World(site.goods, site.places)
        self.benches: list[Bench] = []
        self._warehouse = warehouse
        self._waiting = deque(order.order_no for order in site.orders)
        self._tries: Counter[str] = Counter()
        self._ended, self._ended_s = 0, 0.0
        self.back = 0  # boxes that came back from the shelf
        self._scanners: list[ScannerOnPty] = []
        self._watching: asyncio.Task[None] | None = None
        self._fill(site.orders)

    async def open(self) -> None:
        """Plug in the scanners, start the nodes and wait until every screen asks for a label. Raises CannotStart."""
        sight = Sight(self._warehouse.dir.broker(), SITE)
        self._watching = asyncio.create_task(sight.run())
        for station in self._warehouse.plan.stations:
            scanner = ScannerOnPty(self._warehouse.dir.scanner_port(station))
            self._scanners.append(scanner)
            self.benches.append(Bench(station, station, scanner, sight))
        self._warehouse.start_nodes()
        if not all(await asyncio.gather(*(bench.shows(READY, READY_S_MAX) for bench in self.benches))):
            raise CannotStart("a bench did not get ready. See its log")

    async def work(self, say: Say) -> tuple[str, ...]:
        """Until every parcel ended; what went wrong."""
        api = SiteApi(SiteHttp(self._warehouse.dir.url(), self._warehouse.dir.key()))
        await ready(api)
        self._ended_s = time.monotonic()
        lane = Lane(self.world, Mistakes(self.world, rate=0, seed=0))
        desks = [
            SlipDesk(Desk(bench, self.world, lane, Pace(0.0, number)), api, self.said)
            for number, bench in enumerate(self.benches)
        ]
        faults: tuple[str, ...] = ()
        while self._waiting and not faults:
            packers = asyncio.gather(*(self._pack_all(desk) for desk in desks))
            try:
                faults = await self._watch(packers, say)
            finally:
                packers.cancel()
                await asyncio.gather(packers, return_exceptions=True)
            await self._bring_back()
        return faults

    async def close(self) -> None:
        """Everybody goes home."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        for scanner in self._scanners:
            scanner.close()

    async def _watch(self, packers: asyncio.Future[list[None]], say: Say) -> tuple[str, ...]:
        began_s = time.monotonic()
        while not packers.done():
            await asyncio.wait((packers,), timeout=SAY_EVERY_S)
            now_s = time.monotonic()
            say(f"{now_s - began_s:4.0f} s: {self._ended} of {len(self.world.orders)} parcels have ended")
            if now_s - self._ended_s > STALL_S_MAX:
                return (f"no parcel ended for {STALL_S_MAX:.0f} s",)
        failed = packers.exception()
        return (f"a packer cannot go on: {failed!r}",) if failed is not None else ()

    async def _bring_back(self) -> None:
        """What was set aside without a ticket waits for a bench again, and comes back from the shelf as it is."""
        may_pack = await asyncio.to_thread(labels_with_status, self._warehouse.dir.database, ("picked",))
        back = [one for one in self.world.decided(may_pack, ()) if self._tries[one] < TRIES_MAX]
        self.back += len(back)
        self._ended -= len(back)
        self._waiting.extend(back)

    async def _pack_all(self, desk: SlipDesk) -> None:
        while self._waiting:
            order_no = self._waiting.popleft()
            end = await pack_with(desk, self.world.boxes[order_no], self.slips.get(order_no))
            self._tries[order_no] += 1
            if end in ("later", "again") and self._tries[order_no] < TRIES_MAX:
                self._waiting.append(order_no)
                continue
            if end != "left":
                self.said.setdefault(order_no, desk.desk.bench.screen.say)
            self._ended, self._ended_s = self._ended + 1, time.monotonic()

    def _fill(self, orders: Sequence[ShopOrder]) -> None:
        """Every box as it was picked: right, or as its slip left it."""
        self.world.expect(orders)
        for order_no, box in self.world.boxes.items():
            box.units = units_of(self.world.orders[order_no], self.slips.get(order_no), self.world.goods)
        for slip in self.slips.values():
            if slip.kind == SWAPPED and slip.order_no < slip.other:
                self.world.swap_labels(slip.order_no, slip.other)
