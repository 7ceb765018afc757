"""What reading a scan costs, and how soon its question is on the wire."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.floor import SITE, STATION, MeasuringFloor, listening, measuring_floor, single_lines
from bench.results import Result, middle, result
from bench.verdicts import Verdicts
from edge.drivers.scanner_keys import KeyRules, KeyScans
from edge.drivers.scanner_layouts import LAYOUTS
from edge.drivers.scanner_text import Framing
from edge.packstation.scans import event_of
from sim.floor.configs import BusKind
from sim.hid_scanners import record
from sim.keyboard import keys_of
from wire.codec import decode_record, decode_up
from wire.deeds import ItemScanned, LabelScanned
from wire.mqtt import Incoming
from wire.topics import all_down, parse_up, up
from wire.uplink import Event

DECODE_MS_MAX: Final = 1.0  # of the processor; what we allow
QUESTION_MS_MAX: Final = 5.0  # 99 of 100
TEXT: Final = "]C1010950110153000317261231\x1d10LOT-4711-A\x1d21SERIAL-0815"
READ_EVENTS: Final = 64  # as many as the kernel hands over at once
DECODES, RUNS = 200, 5
SCANS, PARCELS = 60, 5
HEARD_S_MAX: Final = 5.0
BUS: Final = BusKind("rtu", "picklight-bay16", 115_200)


async def scan_decode(_: Path) -> list[Result]:
    """Key events of a GS1 code with lot and serial number to the bench's event, in the slowest of the layouts."""
    costs_ms = [max(_decode_ms(layout) for layout in LAYOUTS) for _ in range(RUNS)]
    samples = RUNS * DECODES * len(LAYOUTS)
    return [result("scan_decode", middle(costs_ms), DECODE_MS_MAX, "allowed", unit="ms of processor", samples=samples)]


def _decode_ms(layout: str) -> float:
    records = [record(1, *key) + record(4, 4, key[0]) + record(0, 0) for key in keys_of(TEXT, LAYOUTS[layout])]
    chunks = [b"".join(records[at : at + READ_EVENTS // 3]) for at in range(0, len(records), READ_EVENTS // 3)]
    held, labels = KeyScans(KeyRules(LAYOUTS[layout]), Framing(), lambda: False), [re.compile(r"SF[0-9]{12}")]
    began_s, seen = time.process_time(), 0
    for _ in range(DECODES):
        for scan in (scan for chunk in chunks for scan in held.feed(chunk, 1)):
            event_of(scan, "s1", labels, "bench-1")
            seen += 1
    cost_ms = (time.process_time() - began_s) / DECODES * 1000
    if seen != DECODES:
        raise RuntimeError(f"{seen} scans of {DECODES} were read")
    return cost_ms


@dataclass
class Questions:
    """Hears what the bench asks."""

    heard_s: float = 0.0
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, incoming: Incoming) -> None:
        """A message of the node; a scanned label or item is a question."""
        now_s = time.perf_counter()
        message = decode_up(parse_up(incoming.topic), incoming.payload)
        if not isinstance(message, Event):
            return
        if isinstance(decode_record(bytes(message.record)).deed, ItemScanned | LabelScanned):
            self.heard_s = now_s
            self.bell.set()

    async def after(self, moment_s: float) -> float:
        """When the first question after `moment_s` was heard. Raises TimeoutError."""
        async with asyncio.timeout(HEARD_S_MAX):
            while self.heard_s < moment_s:
                self.bell.clear()
                await self.bell.wait()
        return self.heard_s


@dataclass
class Ears:
    """The bench's questions, and central's verdicts on them."""

    questions: Questions = field(default_factory=Questions)
    verdicts: Verdicts = field(default_factory=Verdicts)


async def scan_to_question(folder: Path) -> list[Result]:
    """From the last byte of a scan over outbox, disk and broker to a subscriber: the middle, and 99 of 100."""
    ears, times_ms = Ears(), list[float]()
    orders = single_lines(PARCELS, SCANS + 5)
    async with (
        measuring_floor(folder, BUS, orders) as floor,
        listening(floor.warehouse, "floor", up(SITE, STATION, "ev"), ears.questions.hear),
        listening(floor.warehouse, STATION, all_down(SITE, STATION), ears.verdicts.hear),
    ):
        for _ in orders:
            await floor.press(await floor.some_lit())
        for number, order in enumerate(orders):
            times = await _one_parcel(floor, ears, order.label, order.lines[0][0])
            times_ms += times if number else []  # the first is to warm up
    p99_ms = statistics.quantiles(times_ms, n=100)[98]
    return [
        result("scan_to_question", middle(times_ms), QUESTION_MS_MAX, "allowed", unit="ms", samples=len(times_ms)),
        result("scan_to_question_p99", p99_ms, QUESTION_MS_MAX, "allowed", unit="ms", samples=len(times_ms)),
    ]


async def _one_parcel(floor: MeasuringFloor, ears: Ears, label: str, sku: str) -> list[float]:
    """Milliseconds of each item scan; the parcel is left incomplete and set aside."""
    barcode = next(goods.units[-1].barcode for goods in floor.warehouse.plan.site.goods if goods.sku == sku)
    await _question_ms(floor, ears, label)
    times = [await _question_ms(floor, ears, barcode) for _ in range(SCANS)]
    await floor.scanner.scan("PL:MISSING")
    await asyncio.sleep(0.3)
    await floor.scanner.scan("PL:ASIDE")
    await asyncio.sleep(0.3)
    return times


async def _question_ms(floor: MeasuringFloor, ears: Ears, text: str) -> float:
    await asyncio.sleep(0.01)
    began_s = time.perf_counter()
    await floor.scanner.scan(text)
    asked_s = await ears.questions.after(began_s)
    await ears.verdicts.after(began_s)  # a scan before the verdict would be told to wait
    return (asked_s - began_s) * 1000
