"""A whole bench: real guard process, real outbox, scanner on a pty; central is a script of the test's."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from edge.clock import Clock
from edge.link.outbox import Outbox
from edge.packstation.runner import PackStation
from edge.profile_scanner import ScannerProfile
from edge.profile_station import StationProfile
from sim.scanner import ScannerOnPty
from tests.edge.packstation.guard_process import GuardProcess
from wire.answers import AnyAnswer, ItemAccepted, OrderLoaded, SelfTestHeard, SignedIn, Verified
from wire.codec import decode_record
from wire.deeds import AnyDeed, ItemScanned, LabelScanned, ParcelReleased
from wire.grant import SignedGrant
from wire.shift_deeds import PackerSignedIn, SelfTestBegun
from wire.uplink import ItemCount, Record, StationLive, ZoneLive

WAIT_S_MAX = 15.0
LABEL, ITEM = "LP00000000000001", "5901234123457"


class Central:
    """Answers as a careful central would: an order of two pieces, verified when both were scanned."""

    def __init__(self, guard: GuardProcess) -> None:
        self._guard, self._challenge, self._packed, self.silent = guard, "", 0, False
        self.clock_off_ns = 0
        self.changed: dict[str, str] = {}  # in the grant
        self.granted: set[str] = set()

    def items(self) -> tuple[ItemCount, ...]:
        return (ItemCount(sku="MUG-RED", title="Red mug", asked_pieces=2, packed_pieces=self._packed),)

    def grant(self) -> SignedGrant:
        fields = {"order_no": "O-1", "label": LABEL, "challenge": self._challenge, **self.changed}
        grant_id = f"grant-{self._challenge[:8]}"
        self.granted.add(grant_id)
        return self._guard.signed(fields.pop("challenge"), grant_id, None, {"station": "bench-1", **fields})

    def answer(self, deed: AnyDeed) -> AnyAnswer | None:
        """Its judgement, or None where it has none or keeps silent."""
        match deed:
            case _ if self.silent:
                return None
            case PackerSignedIn():
                return SignedIn(scan_id=deed.scan_id, person="Li Na", badge=deed.badge)
            case SelfTestBegun():
                return SelfTestHeard(scan_id=deed.scan_id, utc_ns=time.time_ns() - self.clock_off_ns)
            case LabelScanned():
                self._challenge, self._packed = deed.challenge, 0
                return OrderLoaded(scan_id=deed.scan_id, order_no="O-1", label=LABEL, items=self.items())
            case ItemScanned():
                self._packed += 1
                if self._packed < 2:
                    return ItemAccepted(scan_id=deed.scan_id, sku="MUG-RED", items=self.items())
                return Verified(scan_id=deed.scan_id, items=self.items(), grant=self.grant())
        return None


class Bench:
    """The station under test, its screen, and what it wrote down."""

    def __init__(
        self,
        folder: Path,
        guard: GuardProcess,
        rows_max: int,
        quiet_window_ms: int,
        answer_wait_ms: int,
        *,
        clock: Clock,
        **more: Any,
    ) -> None:
        self.guard, self.central = guard, Central(guard)
        self.screens: list[StationLive] = []
        self._news = asyncio.Event()
        self.scanner = ScannerOnPty(folder / "scanner")
        self.outbox = Outbox(folder / "outbox.db", production=False, clock=Clock(), rows_max=rows_max)
        self.outbox.on_change.append(self._written)
        self._read_through = 0
        self._reading: set[asyncio.Task[None]] = set()
        profile = StationProfile(
            name="bench-1",
            guard_socket=guard.socket,
            scanners=(ScannerProfile(kind="serial", port=str(self.scanner.link)),),
            answer_wait_ms=answer_wait_ms,
            quiet_window_ms=quiet_window_ms,
            **more,
        )
        self.lines: list[Record] = []
        self.station = PackStation(profile, "bench-1", self.outbox, self, clock, state_dir=folder)

    def show_live(self, zone: ZoneLive | None, station: StationLive | None) -> None:  # noqa: ARG002 (the link's)
        if station is not None:
            self.screens.append(station)
            self._news.set()

    def _written(self) -> None:
        if self.outbox.standing.last_seq <= self._read_through:
            return  # what changed was our reading
        reading = asyncio.get_running_loop().create_task(self._read())
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)

    async def _read(self) -> None:
        rows = await self.outbox.read(self._read_through, 100)
        for row in rows:
            if row.seq <= self._read_through:
                continue
            self._read_through = row.seq
            line = decode_record(row.record)
            self.lines.append(line)
            answer = self.central.answer(line.deed)
            if answer is not None:
                self.station.answered(answer)
        self._news.set()

    @property
    def screen(self) -> StationLive:
        return self.screens[-1]

    @property
    def released(self) -> list[AnyDeed]:
        """Parcels of this bench's life (the guard may tell of one before it)."""
        own = self.central.granted
        return [
            deed for deed in self.deeds(ParcelReleased) if isinstance(deed, ParcelReleased) and deed.grant_id in own
        ]

    def deeds(self, *kinds: type[AnyDeed]) -> list[AnyDeed]:
        return [line.deed for line in self.lines if isinstance(line.deed, kinds)]

    async def until(self, seen: Callable[[], Any]) -> Any:
        """Wait until `seen()` is true; returns it."""
        deadline = time.monotonic() + WAIT_S_MAX
        while not (result := seen()):
            self._news.clear()
            left_s = deadline - time.monotonic()
            assert left_s > 0, (self.screen, self.lines[-5:], self.guard.log()[-2000:])
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), left_s)
        return result

    async def says(self, say: str) -> StationLive:
        await self.until(lambda: self.screens and self.screen.say == say)
        return self.screen

    async def shows_in_turn(self, *says: str) -> None:
        """The screen says these, one after the other, with anything between."""
        place = 0
        for say in says:
            place = await self.until(partial(self._next, say, place))

    def _next(self, say: str, place: int) -> int:
        return next((n + 1 for n in range(place, len(self.screens)) if self.screens[n].say == say), 0)

    async def load(self) -> None:
        await self.says("scan_label")
        await self.scanner.scan(LABEL)
        await self.says("scan_items")

    async def pack(self) -> None:
        """Both mugs; the second one makes it complete."""
        await self.scanner.scan(ITEM)
        await self.says("next_item")
        await self.scanner.scan(ITEM)


@asynccontextmanager
async def bench(
    folder: Path,
    guard: GuardProcess,
    *,
    rows_max: int = 10_000,
    quiet_window_ms: int = 0,
    answer_wait_ms: int = 10_000,
    clock: Clock | None = None,
    **more: Any,
) -> AsyncIterator[Bench]:
    """A bench at work; `more` of its profile."""
    one = Bench(folder, guard, rows_max, quiet_window_ms, answer_wait_ms, clock=clock or Clock(), **more)
    work = asyncio.create_task(one.station.run())
    try:
        yield one
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        await asyncio.gather(*one._reading)
        one.outbox.close()
        one.scanner.close()
