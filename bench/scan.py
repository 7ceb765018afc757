"""Scan → verdict at the node, against a bare MQTT round trip plus one durable commit, turn by turn."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

from bench.bare_broker import EchoRoundTrip
from bench.disk import BareJournal
from bench.floor import SITE, STATION, MeasuringFloor, listening, measuring_floor, single_lines
from bench.results import Result, middle, result
from sim.floor.configs import BusKind
from wire.codec import decode_down
from wire.downlink import Ack
from wire.mqtt import Incoming
from wire.topics import all_down

REPETITIONS: Final = 6
SCANS: Final = 40
BUS: Final = BusKind("rtu", "picklight-bay16", 115_200)
VERDICT_S_MAX: Final = 5.0
PAYLOAD: Final = b"x" * 500  # about the size of a scan's journal line


class Verdicts:
    """Hears the answers central gives to the bench."""

    def __init__(self) -> None:
        self.heard_s = 0.0
        self._bell = asyncio.Event()

    def hear(self, incoming: Incoming) -> None:
        """An acknowledgement with an answer counts."""
        heard_s = time.perf_counter()
        message = decode_down(incoming.payload)
        if isinstance(message, Ack) and message.answers:
            self.heard_s = heard_s
            self._bell.set()

    async def after(self, moment_s: float) -> float:
        """When the first verdict after `moment_s` came."""
        async with asyncio.timeout(VERDICT_S_MAX):
            while self.heard_s < moment_s:
                self._bell.clear()
                await self._bell.wait()
        return self.heard_s


async def scan_to_verdict(folder: Path) -> list[Result]:
    """One result."""
    orders = single_lines(REPETITIONS + 1, SCANS + 5)
    verdicts = Verdicts()
    journal = BareJournal(folder / "bare.db")
    ours: list[float] = []
    reference: list[float] = []
    async with (
        measuring_floor(folder / "f", BUS, orders) as floor,
        listening(floor.warehouse, STATION, all_down(SITE, STATION), verdicts.hear),
        EchoRoundTrip(folder) as bare,
    ):
        for _ in orders:
            await floor.press(await floor.some_lit())
        for number, order in enumerate(orders):
            scans = await _one_parcel(floor, verdicts, order.label, order.lines[0][0])
            trips = [await bare.once_ms(PAYLOAD) for _ in range(SCANS)]
            commits = [journal.write([PAYLOAD]) * 1000 for _ in range(SCANS)]
            if number:  # the first is to warm up
                ours.append(middle(scans))
                reference.append(middle(trips) + middle(commits))
    journal.close()
    what = "bare MQTT round trip + one durable commit"
    made = result("scan_to_verdict", middle(ours), middle(reference), what, unit="ms", samples=REPETITIONS * SCANS)
    return [made]


async def _one_parcel(floor: MeasuringFloor, verdicts: Verdicts, label: str, sku: str) -> list[float]:
    """Milliseconds of each item scan; the parcel is left incomplete and set aside."""
    barcode = next(goods.units[-1].barcode for goods in floor.warehouse.plan.site.goods if goods.sku == sku)
    await _scan_ms(floor, verdicts, label)
    times = [await _scan_ms(floor, verdicts, barcode) for _ in range(SCANS)]
    await _scan_ms(floor, verdicts, "PL:MISSING")
    await floor.scanner.scan("PL:ASIDE")
    await asyncio.sleep(0.3)
    return times


async def _scan_ms(floor: MeasuringFloor, verdicts: Verdicts, text: str) -> float:
    await asyncio.sleep(0.01)
    began_s = time.perf_counter()
    await floor.scanner.scan(text)
    return (await verdicts.after(began_s) - began_s) * 1000
