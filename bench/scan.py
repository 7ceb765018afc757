"""Scan → verdict with many benches, against a bare MQTT round trip plus one durable commit, turn by turn."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.bare_broker import EchoRoundTrip
from bench.disk import BareJournal
from bench.results import Result, middle, result
from bench.stations import MeasuringStation, Took, stations_at_central

EVERY_S: Final = 2.0  # each bench scans once in so long
REPETITIONS: Final = 15
WARM_UP_S: Final = 2.0
BARE: Final = 20  # bare trips and commits in one repetition
P99_MS_MAX: Final = 10.0
PAYLOAD: Final = b"x" * 500  # about the size of a scan's journal line
REFERENCE: Final = "bare MQTT round trip + one durable commit"


@dataclass
class _Found:
    """What the repetitions came to; reference in milliseconds, one median of each a repetition."""

    took: list[list[Took]] = field(default_factory=list)
    trips: list[float] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)


async def scan_to_verdict_20(folder: Path) -> list[Result]:
    """20 benches, each scanning every two seconds: the median, and its parts."""
    return _results("scan_to_verdict_20", await _measured(folder, 20))


async def scan_to_verdict_200(folder: Path) -> list[Result]:
    """200 benches: the median, its parts, and the slowest hundredth against what is allowed."""
    found = await _measured(folder, 200)
    times = sorted(one.verdict_ms for some in found.took for one in some)
    p99 = statistics.quantiles(times, n=100)[98]
    slow = result("scan_to_verdict_200_p99", p99, P99_MS_MAX, "allowed", unit="ms", samples=len(times))
    return [*_results("scan_to_verdict_200", found), slow]


async def _measured(folder: Path, count: int) -> _Found:
    found = _Found()
    journal = BareJournal(folder / "bare.db")
    async with stations_at_central(folder / "f", count) as stations, EchoRoundTrip(folder) as bare:
        await _paced(stations, WARM_UP_S)
        for _ in range(REPETITIONS):
            found.took.append(await _paced(stations, EVERY_S))
            both = [(await _rested(bare, count), journal.write([PAYLOAD]) * 1000) for _ in range(BARE)]
            found.trips.append(middle([trip for trip, _ in both]))
            found.commits.append(middle([commit for _, commit in both]))
    journal.close()
    return found


async def _rested(bare: EchoRoundTrip, count: int) -> float:
    """One bare trip, after as long a rest as lies between two scans of the benches together."""
    await asyncio.sleep(EVERY_S / count)
    return await bare.once_ms(PAYLOAD)


async def _paced(stations: Sequence[MeasuringStation], seconds: float) -> list[Took]:
    """Every station scans every `EVERY_S`, one after the other."""
    took: list[Took] = []
    began_s = time.monotonic()

    async def work(station: MeasuringStation, first_s: float) -> None:
        due_s = began_s + first_s
        while due_s < began_s + seconds:
            await asyncio.sleep(due_s - time.monotonic())
            took.append(await station.scan())
            due_s += EVERY_S

    await asyncio.gather(*(work(one, number * EVERY_S / len(stations)) for number, one in enumerate(stations)))
    return took


def _results(name: str, found: _Found) -> list[Result]:
    verdict = middle([middle([one.verdict_ms for one in some]) for some in found.took])
    outbox = middle([middle([one.outbox_ms for one in some]) for some in found.took])
    after = middle([middle([one.verdict_ms - one.outbox_ms for one in some]) for some in found.took])
    trip, commit = middle(found.trips), middle(found.commits)
    samples = sum(map(len, found.took))
    return [
        result(name, verdict, trip + commit, REFERENCE, unit="ms", samples=samples),
        result(f"{name}_outbox", outbox, commit, "one durable commit", unit="ms", samples=samples),
        result(f"{name}_central", after, trip + commit, REFERENCE, unit="ms", samples=samples),
    ]
