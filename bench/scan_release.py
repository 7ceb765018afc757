"""From the bytes of the scan that completes a parcel to the gate that has released: node, guard, broker and central."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.floor import SITE, STATION, MeasuringFloor, listening, measuring_floor, single_lines
from bench.results import Result, middle, result
from sim.floor.configs import BusKind
from wire.codec import decode_record, decode_up
from wire.deeds import ParcelReleased
from wire.mqtt import Incoming
from wire.topics import parse_up, up
from wire.uplink import Event

PARCELS: Final = 120
GATE_MS: Final = 10  # the gate's own movement, as bench.floor builds it
RELEASE_MS_MAX: Final = 25.0 + GATE_MS
PASS_S: Final = 0.15  # a parcel takes 60 ms to pass
HEARD_S_MAX: Final = 5.0
BUS: Final = BusKind("rtu", "picklight-bay16", 115_200)


@dataclass
class Releases:
    """Hears that the guard released: the bench's journal line, after its flush and a broker's way."""

    heard_s: float = 0.0
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, incoming: Incoming) -> None:
        """A message of the node."""
        now_s = time.perf_counter()
        message = decode_up(parse_up(incoming.topic), incoming.payload)
        if isinstance(message, Event) and isinstance(decode_record(bytes(message.record)).deed, ParcelReleased):
            self.heard_s = now_s
            self.bell.set()

    async def after(self, moment_s: float) -> float:
        """When the first release after `moment_s` was heard. Raises TimeoutError."""
        async with asyncio.timeout(HEARD_S_MAX):
            while self.heard_s < moment_s:
                self.bell.clear()
                await self.bell.wait()
        return self.heard_s


async def scan_to_release(folder: Path) -> list[Result]:
    """The middle, and 99 of 100. The lamp is set with the gate; we hear of it a flush and a broker later."""
    ears, times_ms = Releases(), list[float]()
    orders = single_lines(PARCELS, 1)
    async with (
        measuring_floor(folder, BUS, orders) as floor,
        listening(floor.warehouse, "floor", up(SITE, STATION, "ev"), ears.hear),
    ):
        for _ in orders:
            await floor.press(await floor.some_lit())
        for number, order in enumerate(orders):
            time_ms = await _released_ms(floor, ears, order.label, order.lines[0][0])
            times_ms += [time_ms] if number >= PARCELS // 6 else []  # the first are to warm up
    p99_ms = statistics.quantiles(times_ms, n=100)[98]
    samples = len(times_ms)
    return [
        result("scan_to_release", middle(times_ms), RELEASE_MS_MAX, "allowed", unit="ms", samples=samples),
        result("scan_to_release_p99", p99_ms, RELEASE_MS_MAX, "allowed", unit="ms", samples=samples),
    ]


async def _released_ms(floor: MeasuringFloor, ears: Releases, label: str, sku: str) -> float:
    barcode = next(goods.units[-1].barcode for goods in floor.warehouse.plan.site.goods if goods.sku == sku)
    await floor.scanner.scan(label)
    await asyncio.sleep(PASS_S)
    began_s = time.perf_counter()
    await floor.scanner.scan(barcode)
    released_s = await ears.after(began_s)
    await asyncio.sleep(PASS_S)
    return (released_s - began_s) * 1000
