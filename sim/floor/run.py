"""`picklight floor run`: a whole day's orders through a whole floor, as fast as asked, and the account of it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from central.handlers.verify import verify
from sim.floor.configs import BusKind, GateTimes, Totes
from sim.floor.crew import Crew, Temper
from sim.floor.launch import Warehouse
from sim.floor.memory import watch_peaks
from sim.floor.record import ENDED, books, open_tickets, reasons, released_labels, statuses, ticketed
from sim.floor.report import Report
from sim.floor.rundir import FloorPlan
from sim.floor.site_api import SiteApi, load
from sim.orders import ShopBook
from sim.site import orders_csv, retail_site
from wire.site_http import SiteHttp

ORDERS_PER_FILE: Final = 250  # imports are single transactions: the writer stays free for the floor in between
LOOK_EVERY_S: Final = 0.5
SAY_EVERY_S: Final = 5.0
STALL_S_MAX: Final = 120.0  # no order ended for so long: something is stuck, and the report says what
WAVE_ORDERS, WAVES_OPEN = 40, 3
WALL_CUBBIES: Final = 24


@dataclass(frozen=True)
class Wish:
    """What to run."""

    book: ShopBook
    people: int
    temper: Temper
    stall_s_max: float = STALL_S_MAX
    totes: Totes = "parallel"
    wall: bool = False


def floor_for(wish: Wish) -> FloorPlan:
    """Half of the people pick, one to a zone, half pack; every other zone is on an RS-485 line, the rest on TCP."""
    pickers = max(wish.people // 2, 1)
    site = retail_site(wish.book, zones_wished=pickers)
    buses: dict[str, BusKind] = {
        zone: BusKind("tcp" if number % 2 else "rtu", "picklight-bay16") for number, zone in enumerate(site.zones)
    }
    fast = wish.temper.speed <= 0 or wish.temper.speed > 3
    return FloorPlan(
        site=site,
        buses=buses,
        benches=pickers,
        gate=GateTimes(10, 70) if fast else GateTimes(30, 400),
        quiet_window_ms=0 if fast else 400,
        waves={"orders": WAVE_ORDERS, "open_max": WAVES_OPEN, "totes": wish.totes},
        cubbies=WALL_CUBBIES if wish.wall else 0,
    )


Say = Callable[[str], None]


async def run_floor(wish: Wish, folder: Path, say: Say = lambda _: None) -> Report:
    """Start a floor in `folder`, let people work off all orders, stop it, and say what it came to.

    `say` hears now and then how far they are. Raises CannotStart, ApiRefused.
    """
    warehouse = Warehouse(floor_for(wish), folder)
    peaks: dict[str, float] = {}
    memory = asyncio.create_task(watch_peaks(peaks))
    crew: Crew | None = None
    say(f"orders: {len(wish.book.orders)}, zones: {len(warehouse.plan.site.zones)}. The floor starts")
    try:
        await warehouse.start()
        crew = Crew(warehouse, wish.temper)
        await crew.take_places()
        warehouse.start_nodes()
        return await _work(wish, warehouse, crew, peaks, say)
    finally:
        memory.cancel()
        if crew is not None:
            await crew.leave()
        await warehouse.stop()


async def _work(wish: Wish, warehouse: Warehouse, crew: Crew, peaks: dict[str, float], say: Say) -> Report:
    api = SiteApi(SiteHttp(warehouse.dir.url(), warehouse.dir.key()))
    await load(api, warehouse.plan.site)
    orders = wish.book.orders
    crew.world.expect(orders)
    crew.begin(api)
    crew.set_people(True)
    began_s = time.monotonic()
    for first in range(0, len(orders), ORDERS_PER_FILE):
        await api.send_csv("orders", orders_csv(orders[first : first + ORDERS_PER_FILE]))
    faults = await _until_done(wish, warehouse, crew, say)
    worked_s = time.monotonic() - began_s
    return account(warehouse.dir.database, crew, orders=len(orders), worked_s=worked_s, peaks=peaks, faults=faults)


async def _until_done(wish: Wish, warehouse: Warehouse, crew: Crew, say: Say) -> tuple[str, ...]:
    """Wait until every order ended; returns what went wrong."""
    ended_before, moved_s = -1, time.monotonic()
    began_s = said_s = moved_s
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if trouble := crew.trouble():
            return (trouble,)
        try:
            now = await asyncio.to_thread(statuses, warehouse.dir.database)
        except sqlite3.OperationalError:
            continue
        ended = sum(now[status] for status in ENDED)
        if ended >= len(wish.book.orders):
            return ()
        if time.monotonic() - said_s > SAY_EVERY_S:
            said_s = time.monotonic()
            say(progress(now, len(wish.book.orders), time.monotonic() - began_s))
        if ended != ended_before:
            ended_before, moved_s = ended, time.monotonic()
        elif time.monotonic() - moved_s > wish.stall_s_max:
            return (f"no order ended for {wish.stall_s_max:.0f} s: {dict(now)}",)


def progress(now: Mapping[str, int], total: int, after_s: float) -> str:
    """How far they are, in a line."""
    ended = sum(now.get(status, 0) for status in ENDED)
    picking = now.get("waved", 0) + now.get("picking", 0)
    packing = sum(now.get(status, 0) for status in ("picked", "at_bench", "verified"))
    left = f"{now.get('exception', 0)} in exception, {picking} at the lights, {packing} at the benches"
    return f"{after_s:4.0f} s: {ended} of {total} orders have ended, {left}"


def account(
    database: Path, crew: Crew, *, orders: int, worked_s: float, peaks: dict[str, float], faults: tuple[str, ...]
) -> Report:
    """The day's account: what hands did against what the record says; chain and stock must follow from the journal."""
    world, now = crew.world, statuses(database)
    unseen = released_labels(database) - world.left.keys()
    for label in sorted(unseen):
        world.leave(label)
    deeds = Counter((box.order_no, location) for box in world.boxes.values() for location in box.confirmed)
    found = books(database, deeds, world.batches.confirmed)
    caught = crew.mistakes.caught(ticketed(database))
    lines = sum(deeds.values()) + world.batches.confirmed.total()
    return Report(
        orders_total=orders,
        orders_handed_over=now["handed_over"],
        orders_in_exception=now["exception"],
        wrong_released=len(world.wrong),
        mistakes_injected=len(crew.mistakes.made),
        mistakes_caught=len(caught),
        mistakes_by_kind=crew.mistakes.by_kind(),
        lines_per_hour=round(lines / worked_s * 3600, 1),
        seconds_per_order=round(worked_s / orders, 3),
        lost_events=found.lost,
        doubled_events=found.doubled,
        peak_rss_mb=round(max(peaks.values(), default=0.0), 1),
        peak_rss_mb_by_process={name: round(peak, 1) for name, peak in sorted(peaks.items())},
        exceptions_by_reason=dict(reasons(database)),
        open_tickets=open_tickets(database),
        orders_unfinished=orders - sum(now[status] for status in ENDED),
        parcels_unseen=len(unseen),
        dead_letters=found.dead_letters,
        lines_total=lines,
        orders_sorted=len(world.batches.sorted),
        scans_total=sum(bench.scans for bench in crew.benches.values()),
        seconds=round(worked_s, 1),
        faults=(*faults, *verify(database)),
    )
