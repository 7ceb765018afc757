"""A zone alive, of any kind: its buses and its disk on one side, its pure machine on the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic

from edge.clock import Clock
from edge.drivers.light_bus import make_bus
from edge.drivers.module_model import MODELS_DIR
from edge.drivers.ports import Scan
from edge.lightbar.events import CalmLooked, CentralHeard, NoticeRead, StoreLooked
from edge.lightbar.lines import Lines, MakeBus
from edge.lightbar.recorder import Recorder
from edge.lightbar.state import ClearAlarm, RaiseAlarm, ShowFace
from edge.lightbar.work import AnyZoneEffect, AnyZoneEvent, Deed, Event, State, Work
from edge.link.outbox import Outbox
from edge.profile import ZoneProfile
from wire.downlink import Desired
from wire.uplink import ZoneLive

LOOK_S: Final = 1.0  # how often the disk is looked at and the picture of the buses renewed
NOTICE_LOOKS: Final = 5  # a notice stands for so many looks
CALM_LOOKS: Final = 10  # after so many looks, buttons that kept quiet work again


class Zone(Generic[State, Event, Deed]):
    """Runs one zone. `tell` is given the picture after every change, and at least once a second."""

    def __init__(
        self,
        work: Work[State, Event, Deed],
        profile: ZoneProfile,
        node: str,
        outbox: Outbox,
        clock: Clock,
        *,
        tell: Callable[[ZoneLive], None],
        models: Path = MODELS_DIR,
        buses: MakeBus = make_bus,
    ) -> None:
        self._work, self._outbox, self._tell = work, outbox, tell
        self._lines = Lines(profile, clock, models, buses, self._happened)
        self._recorder = Recorder(node, outbox, clock)
        self._state = work.begin(trusted=False)
        self._group: asyncio.TaskGroup | None = None
        self._heard = False

    async def run(self) -> None:
        """Work until cancelled; then the lights are put out. May be run again: it begins with what is on the disk."""
        self._state = self._work.begin(trusted=self._heard)
        before = await self._work.remembered(self._outbox)
        stored = self._outbox.stored_desired()
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._lines.start(self._work.may_be_lit(stored, self._outbox.done_picks()))
                group.create_task(self._recorder.record_alarms())
                if before is not None:
                    self._happened(before)
                if stored is not None:
                    self._arrived(stored)
                await self._look_round()
        finally:
            self._group = None
            await self._lines.aclose()

    def desired(self, desired: Desired) -> None:
        """Central says what should be true."""
        self.contact(up=True)
        self._arrived(desired)

    def contact(self, *, up: bool) -> None:
        """Central greeted us, or is gone; work goes on either way."""
        if up:
            self._heard = True
            self._happened(CentralHeard())

    def scanned(self, scan: Scan, scanner: str = "") -> None:
        """A person scanned something with one of the zone's scanners."""
        event = self._work.scanned(scan, scanner)
        if event is not None:
            self._happened(event)

    def progress_ns(self) -> dict[str, int]:
        """When each bus owner last showed life (CLOCK_MONOTONIC)."""
        return self._lines.progress_ns()

    def _arrived(self, desired: Desired) -> None:
        self._happened(self._work.arrived(desired, self._outbox.done_picks()))

    def _happened(self, event: Event | AnyZoneEvent) -> None:
        if self._group is None:
            return  # between two runs; the next begins with what is on the disk
        before = self._state
        self._state, effects = self._work.advance(before, event)
        for effect in effects:
            self._perform(effect, self._group)
        if self._lines.undecided:
            self._lines.decide(self._work.lit(self._state))
        if self._state != before:
            self._show()

    def _perform(self, effect: Deed | AnyZoneEffect, group: asyncio.TaskGroup) -> None:
        if isinstance(effect, ShowFace):
            self._lines.want(effect.location_id, effect.face)
        elif isinstance(effect, RaiseAlarm | ClearAlarm):
            self._recorder.tell(effect)
        else:
            group.create_task(self._keep(effect))

    async def _keep(self, deed: Deed) -> None:
        kept = await self._work.keep(deed, self._recorder)
        if kept.now is not None:
            self._happened(kept.now)
        if kept.later is not None:
            asyncio.get_running_loop().call_later(kept.later_s, self._happened, kept.later)

    async def _look_round(self) -> None:
        looks, calm, notice = 0, 0, ""
        while self._lines.work:
            self._happened(StoreLooked("storage_full" if "outbox_full" in self._outbox.alarms else ""))
            told = self._work.notice(self._state)
            looks = looks + 1 if told and told == notice else 0
            notice = told
            if looks >= NOTICE_LOOKS:
                self._happened(NoticeRead())
            calm = (calm + 1) % CALM_LOOKS
            if not calm:
                self._happened(CalmLooked())
            self._show()
            await asyncio.sleep(LOOK_S)
        raise RuntimeError("the owner thread of a light bus ended; its traceback is above")

    def _show(self) -> None:
        self._tell(self._work.picture(self._state, self._lines.health()))
