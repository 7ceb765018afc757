"""Press → light off, and press → known at central, against what the RS-485 line allows."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path
from typing import Final

from bench.floor import SITE, MeasuringFloor, listening, measuring_floor, single_lines
from bench.results import Result, middle, result
from bench.wire_limit import Line, press_to_dark_ms, press_to_known_ms
from sim.floor.configs import BusKind
from wire.codec import decode_down
from wire.downlink import Ack
from wire.mqtt import Incoming
from wire.topics import all_down

REPETITIONS: Final = 6
PRESSES: Final = 25
BUS: Final = BusKind("rtu", "picklight-bay16", 115_200)
LINE: Final = Line(baud=115_200, turnaround_ms=1.0)
NODE: Final = "zone-a"
KNOWN_S_MAX: Final = 5.0


class Ear:
    """Hears central acknowledge what it has committed."""

    def __init__(self) -> None:
        self.heard_s = 0.0
        self._bell = asyncio.Event()

    def hear(self, incoming: Incoming) -> None:
        """A message to the node; an acknowledgement counts."""
        heard_s = time.monotonic()
        if isinstance(decode_down(incoming.payload), Ack):
            self.heard_s = heard_s
            self._bell.set()

    async def after(self, moment_s: float) -> float:
        """When the first acknowledgement after `moment_s` came."""
        async with asyncio.timeout(KNOWN_S_MAX):
            while self.heard_s < moment_s:
                self._bell.clear()
                await self._bell.wait()
        return self.heard_s


async def press_benches(folder: Path) -> list[Result]:
    """Both results come from the same presses."""
    ear = Ear()
    orders = single_lines(REPETITIONS * PRESSES + PRESSES, 1)
    dark: list[float] = []
    known: list[float] = []
    async with (
        measuring_floor(folder, BUS, orders) as floor,
        listening(floor.warehouse, NODE, all_down(SITE, NODE), ear.hear),
    ):
        await _presses(floor, ear, PRESSES)  # warm
        for _ in range(REPETITIONS):
            one_dark, one_known = await _presses(floor, ear, PRESSES)
            dark.append(middle(one_dark))
            known.append(middle(one_known))
    samples = REPETITIONS * PRESSES
    limit = "RS-485 115200 baud: bytes, silences, turnaround"
    return [
        result("press_to_dark", middle(dark), press_to_dark_ms(LINE), limit, unit="ms", samples=samples),
        result("press_to_central", middle(known), press_to_known_ms(LINE), limit, unit="ms", samples=samples),
    ]


async def _presses(floor: MeasuringFloor, ear: Ear, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds from press to dark and from press to central, of `count` presses at random moments."""
    dark, known = [], []
    for _ in range(count):
        location_id = await floor.some_lit()
        await asyncio.sleep(random.uniform(0.04, 0.08))
        pressed_s, dark_s = await floor.press(location_id)
        dark.append((dark_s - pressed_s) * 1000)
        known.append((await ear.after(pressed_s) - pressed_s) * 1000)
    return dark, known
