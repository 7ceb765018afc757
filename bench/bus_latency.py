"""From a finger to the node, and from the node to a lamp, over the wire of a light bus."""

from __future__ import annotations

import asyncio
import math
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.bus_cycle import line_at, refuse_broken_gaps, single_units
from bench.bus_rig import LIT, TURNAROUND_US, BusRig, Setting, bus_rig, location
from bench.naive_poller import NaivePoller
from bench.results import Result, middle, result
from bench.wire_limit import Line, command_to_lit_ms, press_to_seen_ms
from edge.drivers.ports import DARK
from edge.drivers.rtu_link import gap_s

BAUD: Final = 115_200
REPETITIONS: Final = 6
SEEN_REPETITIONS: Final = 5
PRESSES: Final = 60
NAIVE_PRESSES: Final = 8
COMMANDS: Final = 40
UNITS: Final = 100
BOARDS: Final = 8
POLLED: Final = 4


async def press_to_seen(_folder: Path) -> list[Result]:
    """Four lit of a hundred: the mean against the wire, the slowest hundredth against asking all in turn."""
    ours: list[list[float]] = []
    naive: list[float] = []
    async with bus_rig(single_units(UNITS, BAUD)) as rig:
        for _ in range(SEEN_REPETITIONS):
            async with rig.driving(range(POLLED)):
                ours.append([await _press_ms(rig, POLLED) for _ in range(PRESSES)])
                await refuse_broken_gaps(rig)
            naive += await _naive_presses(rig)
    mean = middle([statistics.fmean(one) for one in ours])
    slowest = worst_hundredth([value for one in ours for value in one])
    limit, count = press_to_seen_ms(line_at(BAUD), POLLED), SEEN_REPETITIONS * PRESSES
    all_in_turn = "pymodbus asyncio client asking all 100 in turn, p99"
    return [
        result("press_to_seen", mean, limit, "(4 + 1) / 2 polls at the wire's limit", unit="ms", samples=count),
        result("press_to_seen_p99", slowest, worst_hundredth(naive), all_in_turn, unit="ms", samples=count),
    ]


async def buttons_64_on_8_boards(_folder: Path) -> list[Result]:
    """All 64 lit on eight boards with a relay per lamp and an input per button."""
    places = tuple((unit, index) for unit in range(1, BOARDS + 1) for index in range(8))
    line = Line(BAUD, TURNAROUND_US / 1000, counters=0.5)
    means: list[float] = []
    async with bus_rig(Setting(BAUD, "waveshare-io-8", places)) as rig, rig.driving(range(len(places))):
        means += [await _mean_ms(rig, len(places)) for _ in range(REPETITIONS)]
        await refuse_broken_gaps(rig)
    what, count = "(8 + 1) / 2 polls of eight inputs at the wire's limit", REPETITIONS * PRESSES // 2
    limit_ms = press_to_seen_ms(line, BOARDS)
    return [result("buttons_64_on_8_boards", middle(means), limit_ms, what, unit="ms", samples=count)]


async def command_to_lit(_folder: Path) -> list[Result]:
    """A face for a dark module while four others are polled without pause."""
    means: list[float] = []
    async with bus_rig(single_units(32, BAUD)) as rig, rig.driving(range(POLLED)):
        means += [statistics.fmean([await _lit_ms(rig) for _ in range(COMMANDS)]) for _ in range(REPETITIONS)]
        await refuse_broken_gaps(rig)
    what, limit_ms = "half a poll, the write, one silence", command_to_lit_ms(line_at(BAUD))
    return [result("command_to_lit", middle(means), limit_ms, what, unit="ms", samples=REPETITIONS * COMMANDS)]


async def _mean_ms(rig: BusRig, lit: int) -> float:
    """Presses with pauses in which the finger leaves the button."""
    return statistics.fmean([await _press_ms(rig, lit, 0.2) for _ in range(PRESSES // 2)])


async def _press_ms(rig: BusRig, lit: int, pause_s: float = 0.0) -> float:
    """One press of a random one of the first `lit` modules at a random moment."""
    await asyncio.sleep(pause_s + random.uniform(0.02, 0.08))
    return await rig.press_ms(random.randrange(lit))


async def _lit_ms(rig: BusRig) -> float:
    if rig.bus is None:
        raise RuntimeError("nobody drives the line")
    where = location(random.randrange(POLLED, 32))
    await asyncio.sleep(random.uniform(0.02, 0.06))
    wanted_s = time.monotonic()
    rig.bus.want(where, LIT)
    showing = await rig.remote.wait_lit(where)
    rig.bus.want(where, DARK)
    await rig.remote.wait_dark(where)
    return showing.at_ns / 1e6 - wanted_s * 1000


async def _naive_presses(rig: BusRig) -> list[float]:
    poller = NaivePoller(rig.port, BAUD, range(1, UNITS + 1), gap_s(BAUD))
    async with poller.polling():
        await poller.knows_all()
        return [await _naive_press(rig, poller) for _ in range(NAIVE_PRESSES)]


async def _naive_press(rig: BusRig, poller: NaivePoller) -> float:
    await asyncio.sleep(random.uniform(0.02, 0.08))
    unit = random.randrange(1, UNITS + 1)
    poller.seen.pop(unit, None)
    pressed_s = await rig.remote.press(location(unit - 1)) / 1e9
    return (await poller.saw(unit) - pressed_s) * 1000


def worst_hundredth(values: Sequence[float]) -> float:
    """The 99th percentile; of fewer than a hundred values the largest."""
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * 0.99) - 1]
