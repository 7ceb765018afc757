"""How fast a light bus goes round, and what that costs the processor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.bus_rig import TURNAROUND_US, TURNAROUND_US_REAL, BusRig, Setting, bus_rig
from bench.naive_poller import NaivePoller
from bench.results import Result, middle, result
from bench.wire_limit import Line
from edge.drivers.rtu_link import gap_s

REPETITIONS: Final = 5
ROUNDS: Final = 10
ROUND_S: Final = 1.3  # some looks after unlit units fall into each
LIT: Final = 8
RUN_S: Final = 2.5
MODEL: Final = "picklight-display"


def single_units(count: int, baud: int) -> Setting:
    """`count` modules, each a unit of its own."""
    return Setting(baud, MODEL, tuple((unit, 0) for unit in range(1, count + 1)))


def line_at(baud: int, turnaround_us: int = TURNAROUND_US) -> Line:
    """The arithmetic of that line."""
    return Line(baud, turnaround_us / 1000)


async def bus_cycle_slow(_folder: Path) -> list[Result]:
    """Eight lit of 64: the time until all lit ones have been asked again, at the specification's usual speed."""
    return [
        await _cycle("bus_cycle_8_of_64_19200", 19_200, TURNAROUND_US),
        await _cycle("bus_cycle_8_of_64_19200_5_ms", 19_200, TURNAROUND_US_REAL),
    ]


async def bus_cycle_fast(_folder: Path) -> list[Result]:
    """The same at the highest usual speed."""
    return [
        await _cycle("bus_cycle_8_of_64_115200", 115_200, TURNAROUND_US),
        await _cycle("bus_cycle_8_of_64_115200_5_ms", 115_200, TURNAROUND_US_REAL),
    ]


async def _cycle(name: str, baud: int, turnaround_us: int) -> Result:
    limit_ms = LIT * line_at(baud, turnaround_us).cycle_ms
    setting = replace(single_units(64, baud), turnaround_us=turnaround_us)
    async with bus_rig(setting) as rig, rig.driving(range(LIT)):
        cycles = [await _round_ms(rig) for _ in range(ROUNDS)]
        await refuse_broken_gaps(rig)
    what = "bytes, silences, turnaround of eight polls"
    return result(name, middle(cycles), limit_ms, what, unit="ms", samples=ROUNDS)


async def _round_ms(rig: BusRig) -> float:
    """Whatever else the owner asks meanwhile makes the round longer."""
    if rig.link is None:
        raise RuntimeError("nobody drives the line")
    before = len(rig.link.seen)
    await asyncio.sleep(ROUND_S)
    seen = rig.link.seen[before:]
    polls = sum(unit <= LIT for unit, *_ in seen[:-1])
    return (seen[-1][2] - seen[0][2]) * 1000 * LIT / polls


async def refuse_broken_gaps(rig: BusRig) -> None:
    """A line that is fast because it breaks the silence is not measured. Raises RuntimeError."""
    if broken := await rig.gaps_broken():
        raise RuntimeError(f"{broken} requests broke the silence before a frame")


async def cpu_per_transaction(_folder: Path) -> list[Result]:
    """Processor time of the whole process for one poll: the bus owner, and pymodbus' client, in turns."""
    ours: list[float] = []
    naive: list[float] = []
    units: Sequence[int] = range(1, LIT + 1)
    async with bus_rig(single_units(LIT, 115_200)) as rig:
        for _ in range(REPETITIONS):
            async with rig.driving(range(LIT), timed=False) as bus:
                began = bus.counters().transactions
                spent_us = await _spent_us()
                ours.append(spent_us / (bus.counters().transactions - began))
            poller = NaivePoller(rig.port, 115_200, units, gap_s(115_200))
            async with poller.polling():
                began = poller.asked
                spent_us = await _spent_us()
                naive.append(spent_us / (poller.asked - began))
    what = "pymodbus asyncio client, same silence"
    samples = REPETITIONS
    return [result("cpu_per_transaction", middle(ours), middle(naive), what, unit="µs", samples=samples)]


async def _spent_us() -> float:
    began_s = time.process_time()
    await asyncio.sleep(RUN_S)
    return (time.process_time() - began_s) * 1e6
