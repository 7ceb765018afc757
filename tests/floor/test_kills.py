"""Processes are killed at random moments under load; nothing that was confirmed is lost, nothing counts twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest

from central.handlers.verify import verify
from central.store.audit import audit
from sim.floor.configs import BusKind, GateTimes
from sim.floor.crew import Crew, Temper
from sim.floor.launch import Warehouse
from sim.floor.memory import family
from sim.floor.record import ENDED, books, released_labels, statuses
from sim.floor.rundir import FloorPlan
from sim.floor.site_api import SiteApi, load
from sim.invent import invent, read_products
from sim.site import demo_site, orders_csv
from tests.floor.short_paths import short_folder
from wire.site_http import SiteHttp

KILLS = 54
SEED = 20_261
ORDERS = 170
DEEDS = (0, 12)  # presses and scans between two kills; with none the kill falls into the restart of the one before
DEEDS_S_MAX = 1.5
SPEED_UNDER_KILLS = 12.0
FINISH_S_MAX = 90.0

pytestmark = [pytest.mark.floor, pytest.mark.timeout(300)]


@dataclass
class Killed:
    """What was killed, and when (time.monotonic); and how often there was work between two kills."""

    moments: list[tuple[str, float]] = field(default_factory=list)
    at_work: int = 0


def plan() -> FloorPlan:
    return FloorPlan(
        site=demo_site(),
        buses={"A": BusKind("rtu", "picklight-bay16"), "B": BusKind("tcp", "picklight-bay16")},
        benches=2,
        gate=GateTimes(10, 70),
        quiet_window_ms=0,
        waves={"orders": 20, "open_max": 3},
    )


def victims(warehouse: Warehouse) -> Mapping[str, int]:
    """Every process a kill may hit: nodes, guards, central's writer and the broker; by name."""
    ours = {name: child.pid for name, child in warehouse.children.items() if not name.startswith(("central", "mod"))}
    theirs = {name: pid for pid, name in family(os.getpid()).items() if name.startswith(("central writer", "mosq"))}
    return {name: pid for name, pid in (ours | theirs).items() if pid is not None}


def deeds(crew: Crew) -> int:
    """Presses and scans so far."""
    return sum(hand.presses for hand in crew.zones.values()) + sum(bench.scans for bench in crew.benches.values())


async def some_work(crew: Crew, wanted: int) -> bool:
    """Wait for `wanted` more deeds, or a while; True if there was any work."""
    before, deadline = deeds(crew), time.monotonic() + DEEDS_S_MAX
    while deeds(crew) < before + wanted:
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(0.01)
    return deeds(crew) > before


async def kill_at_random(warehouse: Warehouse, crew: Crew) -> Killed:
    dice = random.Random(SEED)
    killed = Killed()
    while len(killed.moments) < KILLS:
        killed.at_work += await some_work(crew, dice.randint(*DEEDS))
        there = victims(warehouse)
        name = dice.choice(sorted(there))
        killed.moments.append((name, time.monotonic()))
        os.kill(there[name], signal.SIGKILL)
    return killed


async def all_ended(database: Path) -> bool:
    deadline = time.monotonic() + FINISH_S_MAX
    while time.monotonic() < deadline:
        now = await asyncio.to_thread(statuses, database)
        if sum(now[status] for status in ENDED) == ORDERS:
            return True
        await asyncio.sleep(0.3)
    return False


async def test_kill_9_of_anything_at_any_moment_loses_nothing_and_counts_nothing_twice() -> None:
    with short_folder() as folder:
        warehouse = Warehouse(plan(), folder)
        crew: Crew | None = None
        try:
            await warehouse.start()
            crew = Crew(warehouse, Temper(speed=SPEED_UNDER_KILLS, seed=SEED, mistakes=0.02))
            await crew.take_places()
            warehouse.start_nodes()
            api = SiteApi(SiteHttp(warehouse.dir.url(), warehouse.dir.key()))
            await load(api, warehouse.plan.site)
            orders = tuple(islice(invent(read_products(), SEED), ORDERS))
            crew.world.expect(orders)
            await api.send_csv("orders", orders_csv(orders))
            crew.begin(api)
            crew.set_people(True)
            killed = await kill_at_random(warehouse, crew)
            in_work = statuses(warehouse.dir.database)
            crew.hurry()
            ended = await all_ended(warehouse.dir.database)
        finally:
            if crew is not None:
                await crew.leave()
            await warehouse.stop()
        database = warehouse.dir.database

        assert crew.trouble() == ""
        assert len({name for name, _ in killed.moments}) == 8, "every kind of process was hit"
        assert killed.at_work > KILLS / 2, "kills fell into a busy floor"
        assert in_work["allocated"] + in_work["picking"] > 0, "kills ended before the work did"
        assert ended, statuses(database)
        assert_presses_counted_once(crew, database)
        assert_only_verified_parcels_left(crew, database)
        assert verify(database) == []


def assert_presses_counted_once(crew: Crew, database: Path) -> None:
    """Every press that turned a light off is at central exactly once, and its light never came on again."""
    deeds = {(box.order_no, location): 1 for box in crew.world.boxes.values() for location in box.confirmed}
    found = books(database, deeds)
    assert (found.lost, found.doubled, found.dead_letters) == (0, 0, 0)
    assert len(deeds) > ORDERS
    assert [relit for hand in crew.zones.values() for relit in hand.relit] == []


def assert_only_verified_parcels_left(crew: Crew, database: Path) -> None:
    """What people saw leaving is on record as released, by a verification of its own, with the right things inside."""
    assert set(crew.world.left) <= released_labels(database)
    assert crew.world.wrong == []
    assert audit(database).unverified == []
