"""What a dead module costs the others, and whether noise can ever confirm a pick."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.bus_cycle import single_units
from bench.bus_rig import BusRig, bus_rig, location
from bench.memory_line import MemoryLine
from bench.results import Result, result
from edge.drivers.light_bus import ModbusLightBus
from edge.drivers.module_model import load_model
from edge.drivers.ports import Face, LightReport, Pressed
from edge.profile import ModulePlace
from sim.modules.bank import Bank

BAUD: Final = 115_200
MODULES: Final = 32
DEAD: Final = 17
PROBES: Final = 4
DEAD_WAIT_MS: Final = 50  # as the profile says
DEAD_MS_MAX: Final = 30.0  # at most one time-out for each time of waiting
TRANSACTIONS: Final = 100_000
SPOILED: Final = 0.2
NOISY_UNITS: Final = 32
WAIT_S_MAX: Final = 300.0


async def dead_module_cost(_folder: Path) -> list[Result]:
    """One unplugged of 32 lit: the time each look after it takes from the others, the longest of several."""
    setting = replace(single_units(MODULES, BAUD), reply_wait_ms=DEAD_WAIT_MS)
    async with bus_rig(setting) as rig, rig.driving(range(MODULES)) as bus:
        await rig.remote.unplug(location(DEAD - 1))
        await rig.until(lambda: bus.counters().quarantined == 1)
        began = len(rig.link.seen) if rig.link else 0
        await rig.until(lambda: len(_costs_ms(rig, began)) >= PROBES)
        costs = _costs_ms(rig, began)
    what = "one time-out of 30 ms per back-off interval"
    return [result("dead_module_cost", max(costs), DEAD_MS_MAX, what, unit="ms", samples=len(costs))]


def _costs_ms(rig: BusRig, began: int) -> list[float]:
    """How much later than usual the next module was asked, for each look after the dead one."""
    seen = rig.link.seen[began:] if rig.link else []
    pairs = itertools.pairwise(seen)
    return [(after[2] - look[2]) * 1000 for look, after in pairs if look[0] == DEAD]


class Fingers:
    """Presses buttons and judges what is told of it: nobody may hear of a press that was not made."""

    def __init__(self, banks: list[Bank]) -> None:
        self._banks = banks
        self.pressed: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.wrong = 0
        self.want: Callable[[str, Face], None] = lambda _where, _face: None

    def press(self) -> None:
        """Press one at random."""
        unit = random.randrange(len(self._banks))
        self.pressed[location(unit)] += 1
        self._banks[unit].press(0, held=False)

    def hear(self, report: LightReport) -> None:
        """A report of the bus owner; a press is followed by another face, as in a zone."""
        if isinstance(report, Pressed):
            where = report.location_id
            self.told[where] += report.times
            self.wrong += report.held or self.told[where] > self.pressed[where]
            self.want(where, Face("blue", 1 + self.told[where] % 99))


async def noisy_line(_folder: Path) -> list[Result]:
    """A fifth of all exchanges spoiled on the way there or back, 100,000 of them, without a wire in between."""
    model = load_model("picklight-display")
    banks = [Bank(model, {0: location(n)}, lambda _: None, n + 1) for n in range(NOISY_UNITS)]
    fingers = Fingers(banks)
    line = MemoryLine({n + 1: bank for n, bank in enumerate(banks)}, SPOILED, seed=3)
    places = [ModulePlace(location=location(n), bus="a", unit=n + 1) for n in range(NOISY_UNITS)]
    bus = ModbusLightBus("a", line, model, places, fingers.hear, reply_wait_ms=1)  # a debt of 12 ms
    fingers.want = bus.want
    for place in places:
        bus.want(place.location, Face("blue", 1))
    bus.start()
    resting: list[int] = []
    async with asyncio.timeout(WAIT_S_MAX):
        while line.exchanges < TRANSACTIONS:
            fingers.press()
            resting.append(bus.counters().quarantined)
            await asyncio.sleep(random.uniform(0, 0.002))
    await bus.aclose()
    told = sum(fingers.told.values())
    if told < sum(fingers.pressed.values()) / 10:
        raise RuntimeError(f"only {told} presses got through: this says nothing")
    what = "transactions, a fifth of them spoiled"
    away, count = statistics.fmean(resting), len(resting)
    return [
        result("noisy_line", fingers.wrong, line.exchanges, what, unit="wrong confirms", samples=told),
        result("noisy_line_resting", away, NOISY_UNITS, "healthy units, a fifth lost", unit="units", samples=count),
    ]
