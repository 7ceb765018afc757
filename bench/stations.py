"""Stations for measuring: many benches' outboxes and conversations with central in one process, no devices.

Outbox, link and client are the node's own; what is not here is scanner, guard and screen.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from central.fleet.broker import address_for
from central.settings import load_settings
from edge.clock import Clock
from edge.link.outbox import Outbox
from edge.link.session import Link
from sim.floor.configs import SITE, GateTimes
from sim.floor.launch import Warehouse
from sim.floor.picked import pick_all
from sim.floor.rundir import FloorPlan, node_of
from sim.goods import goods_of
from sim.layout import lay_out
from sim.orders import ShopOrder, label_of
from sim.site import SitePlan, people_of
from wire.answers import AnyAnswer, ItemAccepted, OrderLoaded
from wire.deeds import ItemScanned, LabelScanned
from wire.mqtt import BrokerAddress

LINES: Final = 5  # of each order
PIECES: Final = 9_999  # of each line: no parcel gets complete while we measure
ANSWER_S_MAX: Final = 10.0
CONTACT_S_MAX: Final = 60.0
AT_ONCE: Final = 20  # stations that say hello at the same time
CHALLENGE: Final = "5a" * 16


@dataclass(frozen=True)
class Took:
    """One scan, milliseconds: until it was in the outbox, flushed; until its verdict was here."""

    outbox_ms: float
    verdict_ms: float


class MeasuringStation:
    """One bench. `open` before use; scan only while no other scan waits."""

    def __init__(
        self, name: str, broker: BrokerAddress, folder: Path, order: ShopOrder, barcodes: Sequence[str]
    ) -> None:
        clock = Clock()
        folder.mkdir()
        self.name, self.in_contact = name, asyncio.Event()
        self.outbox = Outbox(folder / "outbox.db", production=False, clock=clock)
        self.link = Link(
            self.outbox,
            broker,
            SITE,
            name,
            clock,
            on_answer=self._answered,
            on_desired=lambda _: None,
            on_contact=lambda up: self.in_contact.set() if up else self.in_contact.clear(),
            on_turned_away=lambda _: None,
        )
        self._order, self._barcodes = order, itertools.cycle(barcodes)
        self._number = itertools.count()
        self._answer: asyncio.Future[tuple[AnyAnswer, float]] | None = None
        self._verification = ""

    def _answered(self, answer: AnyAnswer) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((answer, time.perf_counter()))

    async def open(self) -> None:
        """Scan the label of the order. Raises RuntimeError if central will not have it."""
        self._verification = scan_id = self._scan_id()
        deed = LabelScanned(station=self.name, scan_id=scan_id, label=self._order.label, challenge=CHALLENGE)
        answer, _ = await self._asked(deed, scan_id)
        if not isinstance(answer, OrderLoaded):
            raise _not_taken(self.name, answer)

    async def scan(self) -> Took:
        """Scan the next item. Raises RuntimeError if it is not accepted."""
        scan_id = self._scan_id()
        deed = ItemScanned(
            station=self.name, scan_id=scan_id, verification=self._verification, barcode=next(self._barcodes)
        )
        answer, took = await self._asked(deed, scan_id)
        if not isinstance(answer, ItemAccepted):
            raise _not_taken(self.name, answer)
        return took

    def _scan_id(self) -> str:
        return f"{self.name}-{next(self._number)}"

    async def _asked(self, deed: LabelScanned | ItemScanned, scan_id: str) -> tuple[AnyAnswer, Took]:
        self._answer = asyncio.get_running_loop().create_future()
        began_s = time.perf_counter()
        await self.outbox.record(deed, f"scan:{scan_id}")
        kept_s = time.perf_counter()
        async with asyncio.timeout(ANSWER_S_MAX):
            answer, came_s = await self._answer
        return answer, Took((kept_s - began_s) * 1000, (came_s - began_s) * 1000)


def _not_taken(name: str, answer: AnyAnswer) -> RuntimeError:
    return RuntimeError(f"{name}: {answer}")


@asynccontextmanager
async def stations_at_central(folder: Path, count: int) -> AsyncIterator[list[MeasuringStation]]:
    """`count` stations, each with an order open, at a real broker and a real central."""
    warehouse = Warehouse(plan_for(count), folder)
    warehouse.dir.make()
    site = warehouse.plan.site
    pick_all(warehouse.dir.database, site, site.orders, {zone: node_of(zone) for zone in site.zones})
    stations: list[MeasuringStation] = []
    tasks: list[asyncio.Task[None]] = []
    try:
        await warehouse.start_central()
        for first in range(0, count, AT_ONCE):
            names = warehouse.plan.stations[first : first + AT_ONCE]
            some = [_station(warehouse, name, site.orders[first + number]) for number, name in enumerate(names)]
            tasks += [asyncio.create_task(one.link.run()) for one in some]
            stations += some
            await _in_contact(some)
        for one in stations:
            await one.open()
        yield stations
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in stations:
            one.outbox.close()
        await warehouse.stop()


async def _in_contact(stations: Sequence[MeasuringStation]) -> None:
    async with asyncio.timeout(CONTACT_S_MAX):
        await asyncio.gather(*(one.in_contact.wait() for one in stations))


def plan_for(count: int) -> FloorPlan:
    """`count` benches, and an order for each that no measurement completes."""
    skus = [f"S{number}" for number in range(LINES)]
    goods = goods_of({sku: f"Thing {sku}" for sku in skus}, {})
    places = lay_out(skus, ("A",), dict.fromkeys(skus, count * PIECES), levels=LINES)
    lines = tuple((sku, PIECES) for sku in skus)
    orders = tuple(ShopOrder(f"B{number}", label_of(number), "", lines) for number in range(count))
    return FloorPlan(
        site=SitePlan(goods, places, ("A",), orders, people_of(1)),
        buses={},
        benches=count,
        gate=GateTimes(10, 60),
        quiet_window_ms=0,
        waves={"orders": 0},
    )


def _station(warehouse: Warehouse, name: str, order: ShopOrder) -> MeasuringStation:
    broker = address_for(load_settings(warehouse.dir.site_file), name)
    barcodes = [one.units[-1].barcode for one in warehouse.plan.site.goods]
    return MeasuringStation(name, broker, warehouse.dir.path / name, order, barcodes)
