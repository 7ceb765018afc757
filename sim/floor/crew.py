"""The people of a floor and what they hold: one picker per zone, one packer per bench, and the carrier."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sim.floor.configs import WALL, back_of
from sim.floor.launch import Warehouse
from sim.floor.record import labels_with_status
from sim.floor.rundir import node_of
from sim.floor.site_api import ApiRefused, SiteApi
from sim.mistakes import Mistakes
from sim.modules.remote import ModulesRemote
from sim.people.bench import Bench
from sim.people.lane import Lane
from sim.people.pace import Pace
from sim.people.packer import Desk, pack_forever
from sim.people.picker import pick_forever
from sim.people.sight import Bell, Sight
from sim.people.sorter import Sorter
from sim.people.sorting import WallDesk, sort_forever
from sim.people.supervisor import bring_back_forever, decide_forever
from sim.people.visitors import clear_after_visitors
from sim.people.zonehand import ZoneHand
from sim.scanner import ScannerOnPty
from sim.world import World
from wire.command_codes import COMMAND_CODES

LABELS_MAX: Final = 5_000  # a lorry full


@dataclass(frozen=True)
class Temper:
    """How people work: speed (0: no pauses), seed, mistakes per picked line, and kinds made at the very first lines."""

    speed: float
    seed: int
    mistakes: float
    first: tuple[str, ...] = ()
    carrier_every_s: float = 1.0
    packing_speed: float | None = None  # of packers, where it is another
    supervisor: bool = False  # somebody decides open exceptions, so that they do not pile up


class Crew:
    """Implements the hands of `sim.floor.control`."""

    def __init__(self, warehouse: Warehouse, temper: Temper) -> None:
        site = warehouse.plan.site
        self.world = World(site.goods, site.places)
        self.mistakes = Mistakes(self.world, rate=temper.mistakes, seed=temper.seed, first=temper.first)
        self.lane = Lane(self.world, self.mistakes)
        self.sight = Sight(warehouse.dir.broker(), "demo")
        self.zones: dict[str, ZoneHand] = {}
        self.benches: dict[str, Bench] = {}
        self.sorter: Sorter | None = None  # at the wall, where there is one
        self._brought = Bell()  # rings when a batch tote comes to the wall
        self._warehouse, self._temper = warehouse, temper
        self._remotes: list[ModulesRemote] = []
        self._scanners: list[ScannerOnPty] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._at_work = asyncio.Event()
        self._paces: list[Pace] = []

    # ---- beginning and end ----

    async def take_places(self) -> None:
        """Plug in the scanners, stand at the modules, look at the screens."""
        self._spawn("sight", self.sight.run())
        for station in self._warehouse.plan.stations:
            scanner = ScannerOnPty(self._warehouse.dir.scanner_port(station))
            self._scanners.append(scanner)
            self.benches[station] = Bench(station, station, scanner, self.sight)
        for zone in self._warehouse.plan.site.zones:
            await self._stand_in(zone)
        if self._warehouse.plan.wall:
            await self._stand_at_wall(self._warehouse.plan.wall)

    def begin(self, api: SiteApi) -> None:
        """Everybody to their place; they work while people are on."""
        temper = self._temper
        for number, hand in enumerate(self.zones.values()):
            self._spawn(
                f"picker {number}", pick_forever(hand, self.mistakes, self._pace(number, temper.speed), self._at_work)
            )
        for number, bench in enumerate(self.benches.values(), start=500):
            speed = temper.speed if temper.packing_speed is None else temper.packing_speed
            desk = Desk(bench, self.world, self.lane, self._pace(number, speed))
            self._spawn(f"packer at {bench.station}", pack_forever(desk, self._at_work))
            self._spawn(f"visitors at {bench.station}", clear_after_visitors(bench, self.world, self.lane))
        if self.sorter is not None:
            node, pace = node_of(WALL), self._pace(900, temper.speed)
            wall = WallDesk(self.sorter, self.world, self.lane, self.sight, node, pace, self._brought)
            self._spawn("sorter", sort_forever(wall, self._at_work))
        if temper.supervisor:
            self._spawn("supervisor", decide_forever(api, self._at_work.is_set))
        shelf = bring_back_forever(self._warehouse.dir.database, self.world, self.lane)
        self._spawn("shelf", shelf)
        self._spawn("carrier", self._carry(api))

    def hurry(self) -> None:
        """From now on nobody pauses."""
        for pace in self._paces:
            pace.speed = 0.0

    async def leave(self) -> None:
        """Everybody goes home."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for remote in self._remotes:
            await remote.aclose()
        for scanner in self._scanners:
            scanner.close()

    def trouble(self) -> str:
        """Why one of the people cannot go on, or ""."""
        for task in self._tasks:
            if task.done() and not task.cancelled() and task.exception() is not None:
                return f"{task.get_name()}: {task.exception()!r}"
        return ""

    # ---- the hands a page lends ----

    @property
    def people_on(self) -> bool:
        """Are the simulated people at work?"""
        return self._at_work.is_set()

    def set_people(self, on: bool) -> None:
        """Send them to work, or for a break once they have finished what they hold."""
        if on:
            self._at_work.set()
        else:
            self._at_work.clear()

    async def press(self, location_id: str, *, hold: bool) -> bool:
        """Press the module at `location_id`."""
        place = self.world.places.get(location_id)
        if place is None:
            return self.sorter is not None and await self.sorter.touch(location_id, hold=hold)
        hand = self.zones[place.zone]
        await (hand.hold(location_id) if hold else hand.press(location_id))
        return True

    async def scan(self, station: str, text: str) -> bool:
        """A visitor pulls the trigger."""
        bench = self.benches.get(station)
        if bench is None:
            return False
        await bench.pull(text)
        return True

    def bench(self) -> dict[str, object]:
        """What lies in the lane (for every bench alike), badges and command barcodes."""
        parcels = [
            {
                "label": box.label,
                "order_no": box.order_no,
                "items": [self._item(unit.sku, unit.barcode, unit.pieces) for unit in box.units],
            }
            for box in self.lane.boxes()
        ]
        people = self._warehouse.plan.site.people
        return {
            "stations": [{"station": station, "parcels": parcels} for station in self.benches],
            "badges": [{"badge": one.badge, "person": one.name} for one in people if one.role == "supervisor"],
            "commands": [
                {"text": one.text, "en": one.en, "zh": one.zh} for one in COMMAND_CODES if one.where == "bench"
            ],
        }

    def _item(self, sku: str, barcode: str, pieces: int) -> dict[str, object]:
        title = self.world.goods[sku].title if sku else "Something else"
        return {"sku": sku, "title": title, "barcode": barcode, "pieces": pieces}

    # ---- tasks ----

    def _pace(self, number: int, speed: float) -> Pace:
        pace = Pace(speed, self._temper.seed * 1_000 + number)
        self._paces.append(pace)
        return pace

    def _spawn(self, who: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work, name=who))

    async def _stand_in(self, zone: str) -> None:
        remote = ModulesRemote(self._warehouse.dir.modules_socket(zone))
        hand = ZoneHand(node_of(zone), remote, self.sight, self.world)
        hand.on_full_box = self.lane.arrived
        hand.on_batch = self._brought.ring
        self._remotes.append(remote)
        self.zones[zone] = hand
        await hand.look()

    async def _stand_at_wall(self, cubbies: Sequence[str]) -> None:
        remote = ModulesRemote(self._warehouse.dir.modules_socket(WALL))
        scanner = ScannerOnPty(self._warehouse.dir.scanner_port(node_of(WALL)))
        self._remotes.append(remote)
        self._scanners.append(scanner)
        self.sorter = Sorter(remote, scanner, {back_of(cubby): cubby for cubby in cubbies})
        await self.sorter.look()

    async def _carry(self, api: SiteApi) -> None:
        """The carrier takes what has left the benches, now and then."""
        while True:
            await asyncio.sleep(self._temper.carrier_every_s)
            with contextlib.suppress(ApiRefused, sqlite3.OperationalError):  # comes again
                labels = await asyncio.to_thread(labels_with_status, self._warehouse.dir.database, ("released",))
                if labels:
                    await api.hand_over(sorted(labels)[:LABELS_MAX])
