"""Keeps the board true: what the nodes show, what the record says, what hands can do; only while somebody looks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from central.api.board import UPDATE_S_MIN, Board
from central.api.hands import Bench, Hands
from central.api.problems import Problem
from central.link.watch import NodeSeen, Watch
from central.settings import Settings
from central.store.reads import Reads, StoreAway
from central.store.reads_rows import Overview, PlanRow
from central.web.bench_views import BenchView, HandsView, WaitingParcel, hands_view
from central.web.views import FloorView, ZoneHead, faces, floor_view, record_parts, zone_head
from central.web.zone_views import LinesView, WallView, lines_view, wall_view, whole_plan
from wire.uplink import Live, StationLive

log = logging.getLogger("central.api.picture")

RECORD_S_MIN: Final = 0.5  # the record is read at most twice a second
RECORD_S_MAX: Final = 5.0  # and looked at now and then without a hint: bars move with time
NOTHING: Final = Overview({}, (), (), 0, ())
PLAN_S: Final = 5.0  # how soon a new location appears
HANDS_S: Final = 0.7
BOXES_MAX: Final = 2_000  # parcels remembered
FRESH_S: Final = 0.3  # a page asked for within this time sees the same picture


@dataclass
class Picture:
    """The one owner of the board."""

    settings: Settings
    board: Board
    reads: Reads
    watch: Watch
    hands: Hands | None
    clients: int = 0
    _somebody: asyncio.Event = field(default_factory=asyncio.Event)
    _lives: dict[str, Live] = field(default_factory=dict)
    _done_s: dict[str, float] = field(default_factory=dict)
    _committed: int = -1
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)  # a page asked for and the loop take turns
    _bench: Bench = field(default_factory=Bench)
    _boxes: dict[str, WaitingParcel] = field(default_factory=dict)  # by label; a parcel in work has left the list

    async def run_lives(self) -> None:
        """For ever while a client looks: show what the nodes show, at most once every UPDATE_S_MIN."""
        while True:
            await self._somebody.wait()
            seen = self.watch.version
            self.renew_lives()
            await asyncio.sleep(UPDATE_S_MIN)
            await _changed(self.watch, seen, RECORD_S_MIN)

    async def run_record(self) -> None:
        """For ever while a client looks: show the record, soon after a hint or every RECORD_S_MAX."""
        while True:
            await self._somebody.wait()
            await self.renew_record()
            await asyncio.sleep(RECORD_S_MIN)

    async def run_hands(self) -> None:
        """For ever while a client looks: show what lies ready on the simulated floor."""
        while True:
            await self._somebody.wait()
            await self.renew_hands()
            await asyncio.sleep(HANDS_S)

    def came(self) -> None:
        """A client looks."""
        self.clients += 1
        self._somebody.set()

    def went(self) -> None:
        """A client left; without any the board rests."""
        self.clients -= 1
        if self.clients == 0:
            self._somebody.clear()

    async def fresh(self) -> None:
        """Make sure the board is not older than FRESH_S before a page is drawn from it."""
        if self._due("fresh", FRESH_S):
            await asyncio.gather(self.renew_record(), self.renew_hands())
            self.renew_lives()

    def renew_lives(self) -> None:
        """Show what the nodes show now."""
        self._show_nodes(self.watch.nodes())
        self.board.put("contact", self.watch.in_contact)
        self.board.commit()

    async def renew_record(self) -> None:
        """Show what the record says now."""
        async with self._reading:
            try:
                await self._read_plan()
                await self._read_overview()
                self.board.put("record", value=True)
            except StoreAway:
                self._show_no_record()
            self.board.commit()

    async def renew_hands(self) -> None:
        """Show what hands can do now."""
        if self.hands is None:
            return
        try:
            people, self._bench = await asyncio.gather(self.hands.people(), self.hands.bench())
        except Problem as problem:
            log.debug("hands away why=%s", problem)
            people, self._bench = None, Bench()
        self.board.put("people", people)
        self._show_bench()
        self.board.commit()

    async def _read_plan(self) -> None:
        if self._due("plan", PLAN_S):
            rows = await asyncio.to_thread(self.reads.plan)
            self.board.put("floor", self._drawing(rows))

    async def _read_overview(self) -> None:
        hinted = self.watch.committed != self._committed
        if self._due("record", RECORD_S_MIN / 2 if hinted else RECORD_S_MAX):
            self._committed = self.watch.committed
            record = await asyncio.to_thread(self.reads.overview)
            for key, value in record_parts(record, time.time()).items():
                self.board.put(key, value)

    def _show_no_record(self) -> None:
        """The record is away: say so; parts that were never read stand empty."""
        self._done_s.pop("plan", None)
        self.board.put("record", value=False)
        for key, view in record_parts(NOTHING, time.time()).items():
            if self.board.get(key) is None:
                self.board.put(key, view)
        if self.board.get("floor") is None:
            self.board.put("floor", self._drawing(()))

    def _drawing(self, rows: Sequence[PlanRow]) -> FloorView:
        walls = {wall.zone: wall.cubbies for wall in self.settings.wall}
        return floor_view(whole_plan(rows, walls), self.settings.node_of_zone, self.hands is not None)

    def _show_nodes(self, nodes: Mapping[str, NodeSeen]) -> None:
        for node in self.settings.node:
            seen = nodes.get(node.name) or NodeSeen(node.name)
            self.board.put(f"node:{node.name}", [seen.presence, heard_utc_s(seen)])
            if seen.live is None and node.station:
                self.board.put(f"bench:{node.station}", BenchView(node.station, node.name, None))
            if seen.live is None and node.zone:
                self._show_no_zone(node.zone, node.name)
            if seen.live is not None and self._lives.get(node.name) is not seen.live:
                self._lives[node.name] = seen.live
                self._show_live(seen.live)

    def _show_no_zone(self, zone: str, node: str) -> None:
        self.board.put(f"zone:{zone}", ZoneHead(zone, node))
        self.board.put(f"lines:{zone}", LinesView(zone))
        if any(wall.zone == zone for wall in self.settings.wall):
            self.board.put(f"wall:{zone}", WallView(zone))

    def _show_live(self, live: Live) -> None:
        if live.zone is not None:
            self.board.put(f"zone:{live.zone.zone}", zone_head(live.node, live.zone))
            self.board.put(f"faces:{live.zone.zone}", faces(live.zone))
            self.board.put(f"lines:{live.zone.zone}", lines_view(live.zone))
            if live.zone.wall is not None:
                self.board.put(f"wall:{live.zone.zone}", wall_view(live.zone))
        if live.station is not None:
            self._show_station(live.node, live.station)

    def _show_station(self, node: str, live: StationLive) -> None:
        box = self._boxes.get(live.label)
        codes = {item.sku: item.barcode for item in box.items} if box else {}
        self.board.put(
            f"bench:{live.station}", BenchView(live.station, node, live, codes, self.settings.packing.override_reasons)
        )

    def _show_bench(self) -> None:
        parcels = {station.station: station.parcels for station in self._bench.stations}
        self._remember([parcel for waiting in parcels.values() for parcel in waiting])
        commands, badges = self._bench.commands, self._bench.badge_buttons()
        for station, node in self.settings.node_of_station.items():
            live = self._station_live(station)
            before: HandsView = self.board.get(f"hands:{station}") or HandsView(station)
            on_bench = self._boxes.get(live.label) if live and live.order_no else None
            view = hands_view(before, parcels.get(station, ()), on_bench, commands, badges)
            self.board.put(f"hands:{station}", view)
            if live is not None:
                self._show_station(node, live)

    def _remember(self, parcels: Sequence[WaitingParcel]) -> None:
        for parcel in parcels:
            self._boxes.pop(parcel.label, None)
            self._boxes[parcel.label] = parcel
        for label in list(self._boxes)[: max(0, len(self._boxes) - BOXES_MAX)]:
            del self._boxes[label]

    def _station_live(self, station: str) -> StationLive | None:
        live = self._lives.get(self.settings.node_of_station.get(station, ""))
        return live.station if live else None

    def _due(self, what: str, every_s: float) -> bool:
        now_s = time.monotonic()
        if now_s - self._done_s.get(what, -every_s) < every_s:
            return False
        self._done_s[what] = now_s
        return True


def heard_utc_s(seen: NodeSeen) -> int:
    """When the node was last heard, in whole seconds of UTC; 0: never."""
    if not seen.heard_mono_ns:
        return 0
    return round(time.time() - (time.monotonic_ns() - seen.heard_mono_ns) / 1e9)


async def _changed(watch: Watch, after: int, wait_s_max: float) -> None:
    try:
        async with asyncio.timeout(wait_s_max):
            await watch.changed(after)
    except TimeoutError:
        return
