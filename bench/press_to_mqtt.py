"""Press → MQTT message: four lit of 32 on a line, a real node, a real Mosquitto, beside a published gateway's time."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.bus_cycle import line_at
from bench.floor import SITE, MeasuringFloor, listening, measuring_floor
from bench.results import Result, middle, result
from bench.wire_limit import press_to_seen_ms
from sim.floor.configs import BusKind
from sim.orders import ShopOrder, label_of
from wire.codec import decode_record, decode_up
from wire.deeds import PickConfirmed
from wire.mqtt import Incoming
from wire.topics import parse_up, up
from wire.uplink import Event

BAUD: Final = 115_200
BUS: Final = BusKind("rtu", "picklight-display", BAUD)
MODULES: Final = 32
LIT: Final = 4
ROUNDS: Final = 5
PRESSES: Final = 30  # in each
NODE: Final = "zone-a"
HEARD_S_MAX: Final = 5.0
GATEWAY_MS: Final = 148.0  # thingsboard-gateway 3.8.5 as shipped but asking every 100 ms: mean on such a line, 2026-11
SKUS: Final = tuple(f"S{number:02d}" for number in range(MODULES))


@dataclass
class Subscriber:
    """Hears the node's journal. `heard` by location: when the message came and when the node took the press (ns)."""

    heard: dict[str, tuple[int, int]] = field(default_factory=dict)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, incoming: Incoming) -> None:
        """A message of the node; a confirmed pick counts."""
        now_ns = time.monotonic_ns()
        message = decode_up(parse_up(incoming.topic), incoming.payload)
        if not isinstance(message, Event):
            return
        record = decode_record(bytes(message.record))
        if isinstance(record.deed, PickConfirmed):
            self.heard[record.deed.location_id] = now_ns, record.mono_ns - _boot_ahead_ns()
            self.bell.set()

    async def of(self, location: str) -> tuple[int, int]:
        """What came of a press at `location`. Raises TimeoutError."""
        async with asyncio.timeout(HEARD_S_MAX):
            while location not in self.heard:
                self.bell.clear()
                await self.bell.wait()
        return self.heard.pop(location)


def _boot_ahead_ns() -> int:
    """The journal's clock counts sleep, ours does not."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns()


async def press_to_mqtt(folder: Path) -> list[Result]:
    """The whole way, and its two parts: until the node has taken the press, and from there to the subscriber."""
    subscriber, taken, told = Subscriber(), list[float](), list[float]()
    async with (
        measuring_floor(folder, BUS, _orders(), SKUS, paced=True) as floor,
        listening(floor.warehouse, "floor", up(SITE, NODE, "ev"), subscriber.hear),
    ):
        for _ in range(ROUNDS):
            presses = [await _press(floor, subscriber) for _ in range(PRESSES)]
            taken.append(statistics.fmean(part for part, _ in presses))
            told.append(statistics.fmean(part for _, part in presses))
    whole, count = [a + b for a, b in zip(taken, told, strict=True)], ROUNDS * PRESSES
    gateway, limit_ms = "thingsboard-gateway, all 32 in turn", press_to_seen_ms(line_at(BAUD), LIT)
    return [
        result("press_to_mqtt", middle(whole), GATEWAY_MS, gateway, unit="ms", samples=count),
        result("press_to_mqtt_taken", middle(taken), limit_ms, "(4 + 1) / 2 polls", unit="ms", samples=count),
        result("press_to_mqtt_told", middle(told), middle(whole), "the whole: disk, broker", unit="ms", samples=count),
    ]


def _orders() -> list[ShopOrder]:
    """Each lights four modules."""
    return [
        ShopOrder(f"B{n}", label_of(n), "", tuple((SKUS[(n * LIT + at) % MODULES], 1) for at in range(LIT)))
        for n in range(ROUNDS * PRESSES)
    ]


async def _press(floor: MeasuringFloor, subscriber: Subscriber) -> tuple[float, float]:
    """One press while four are lit, in milliseconds; the other three are pressed without looking at the clock."""
    lit = await _all_lit(floor)
    await asyncio.sleep(random.uniform(0.25, 0.35))  # four presses a second
    location = random.choice(lit)
    pressed_ns = await floor.remote.press(location)
    heard_ns, taken_ns = await subscriber.of(location)
    for other in lit:
        if other != location:
            await floor.remote.press(other)
            await subscriber.of(other)
    return (taken_ns - pressed_ns) / 1e6, (heard_ns - taken_ns) / 1e6


async def _all_lit(floor: MeasuringFloor) -> list[str]:
    async with asyncio.timeout(HEARD_S_MAX):
        while len(lit := [one.location for one in floor.remote.showing.values() if one.colour != "off"]) != LIT:
            floor.changed.clear()
            await floor.changed.wait()
    return lit
