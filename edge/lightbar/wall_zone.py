"""A put-to-light wall alive: its buses and its disk on one side, the pure machine on the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final, assert_never

from edge.clock import Clock
from edge.drivers.light_bus import ModbusLightBus, make_bus
from edge.drivers.module_model import MODELS_DIR
from edge.drivers.ports import BusDown, BusUp, LightReport, ModuleBack, ModuleLost, NotLit, Pressed, Shown
from edge.lightbar.events import CentralHeard, LineFound, LineLost, NoticeRead, StoreLooked
from edge.lightbar.health import bus_health
from edge.lightbar.state import ClearAlarm, RaiseAlarm, ShowFace
from edge.lightbar.wall import advance_wall
from edge.lightbar.wall_picture import wall_picture
from edge.lightbar.wall_state import (
    NotWritten,
    RecordEmptied,
    RecordPut,
    Scanned,
    WallArrived,
    WallEffect,
    WallEvent,
    WallState,
    Written,
    empty_intent,
    put_intent,
)
from edge.link.errors import OutboxBroken, OutboxError, OutboxFull
from edge.link.outbox import Outbox
from edge.log import get_log
from edge.profile import ZoneProfile
from wire.deeds import AlarmCleared, AlarmRaised, AnyDeed, CubbyEmptied, PutConfirmed
from wire.downlink import Desired
from wire.ids import LocationId
from wire.uplink import ZoneLive

LOOK_S: Final = 1.0  # how often the disk is looked at and the picture of the buses renewed
NOTICE_LOOKS: Final = 5  # a notice stands for so many looks
ALARMS_WAITING_MAX: Final = 256  # alarms not yet on the disk; more are only logged

_log = get_log("edge.wall")


class WallZone:
    """Runs one wall. `tell` is given the picture after every change, and at least once a second."""

    def __init__(
        self,
        profile: ZoneProfile,
        node: str,
        outbox: Outbox,
        clock: Clock,
        tell: Callable[[ZoneLive], None],
        *,
        models: Path = MODELS_DIR,
    ) -> None:
        self._profile, self._node, self._outbox, self._clock = profile, node, outbox, clock
        self._tell, self._models = tell, models
        self._buses: dict[str, ModbusLightBus] = {}
        self._bus_of = {place.location: place.bus for place in profile.modules}
        self._state = empty_wall(profile)
        self._group: asyncio.TaskGroup | None = None
        self._alarms: asyncio.Queue[RaiseAlarm | ClearAlarm] = asyncio.Queue(ALARMS_WAITING_MAX)
        self._alarm_number = 0
        self._heard = False

    async def run(self) -> None:
        """Work until cancelled; then the lights are put out. May be run again: it begins with what is on the disk."""
        self._state = empty_wall(self._profile)
        stored = self._outbox.stored_desired()
        places, models = self._profile.modules, self._models
        buses = [make_bus(bus, places, self._reported, models) for bus in self._profile.buses]
        self._buses = {bus.name: bus for bus in buses}
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                for bus in buses:
                    bus.start()
                group.create_task(self._record_alarms())
                if stored is not None:
                    self._work(stored)
                self.contact(up=self._heard)
                await self._look_round()
        finally:
            self._group = None
            await asyncio.gather(*(bus.aclose() for bus in buses))

    def desired(self, desired: Desired) -> None:
        """Central says what should be true."""
        self.contact(up=True)
        self._work(desired)

    def contact(self, *, up: bool) -> None:
        """Central greeted us, or is gone; work goes on either way."""
        if up:
            self._heard = True
            self._happened(CentralHeard())

    def scanned(self, code: str) -> None:
        """A person scanned an item or a command barcode."""
        self._happened(Scanned(code))

    def progress_ns(self) -> dict[str, int]:
        """When each bus owner last showed life (CLOCK_MONOTONIC)."""
        return {f"bus {name}": bus.progress_ns for name, bus in self._buses.items()}

    def _work(self, desired: Desired) -> None:
        self._happened(WallArrived(desired.version, desired.wall, self._outbox.done_picks()))

    def _reported(self, report: LightReport) -> None:
        match report:
            case BusDown(bus, why):
                here = frozenset(location for location, name in self._bus_of.items() if name == bus)
                self._happened(LineLost(bus, here, why))
            case BusUp(bus):
                self._happened(LineFound(bus))
            case Pressed() | Shown() | NotLit() | ModuleLost() | ModuleBack():
                self._happened(report)

    def _happened(self, event: WallEvent) -> None:
        if self._group is None:
            return  # between two runs; the next begins with what is on the disk
        step = advance_wall(self._state, event)
        changed, self._state = step.state != self._state, step.state
        for effect in step.effects:
            self._perform(effect, self._group)
        if changed:
            self._show()

    def _perform(self, effect: WallEffect, group: asyncio.TaskGroup) -> None:
        match effect:
            case ShowFace(location, face):
                if location in self._bus_of:
                    self._buses[self._bus_of[location]].want(LocationId(location), face)
                else:
                    lost = ModuleLost(LocationId(location), "no module here. Add it to the node's profile")
                    asyncio.get_running_loop().call_soon(self._happened, lost)
            case RecordPut() | RecordEmptied():
                group.create_task(self._record(effect))
            case RaiseAlarm() | ClearAlarm():
                _log.warning(type(effect).__name__, alarm=effect.alarm, subject=effect.subject)
                if not self._alarms.full():
                    self._alarms.put_nowait(effect)
            case _:
                assert_never(effect)

    async def _record(self, effect: RecordPut | RecordEmptied) -> None:
        deed, intent = _deed_of(self._profile.id, effect)
        try:
            await self._outbox.record(deed, intent, done_picks=[intent])
        except (OutboxFull, OutboxBroken) as error:
            _log.error("put_not_recorded", intent=intent, why=error)
            self._happened(NotWritten(intent, "storage_full" if isinstance(error, OutboxFull) else "storage_broken"))
        else:
            self._happened(Written(intent))

    async def _record_alarms(self) -> None:
        while True:
            effect = await self._alarms.get()
            self._alarm_number += 1
            stamp = f"{self._clock.mono_ns():x}{self._alarm_number % 16:x}"
            try:
                intent = f"alarm:{self._node}:{self._clock.boot_id[:8]}:{stamp}"[:64]
                await self._outbox.record(_alarm_of(effect), intent)
            except OutboxError as error:
                _log.error("alarm_not_recorded", alarm=effect.alarm, subject=effect.subject, why=error)

    async def _look_round(self) -> None:
        looks, notice = 0, ""
        while all(bus.works for bus in self._buses.values()):
            self._happened(StoreLooked("storage_full" if "outbox_full" in self._outbox.alarms else ""))
            looks = looks + 1 if self._state.notice and self._state.notice == notice else 0
            notice = self._state.notice
            if looks >= NOTICE_LOOKS:
                self._happened(NoticeRead())
            self._show()
            await asyncio.sleep(LOOK_S)
        raise RuntimeError("the owner thread of a light bus ended; its traceback is above")

    def _show(self) -> None:
        self._tell(wall_picture(self._state, [bus_health(name, bus.counters()) for name, bus in self._buses.items()]))


def empty_wall(profile: ZoneProfile) -> WallState:
    """A wall that knows its modules and nothing else."""
    backs = {place.cubby: place.location for place in profile.modules if place.role == "pack_side"}
    fronts = frozenset(place.location for place in profile.modules if place.role == "pick")
    return WallState(profile.id, fronts, backs)


def _deed_of(zone: str, effect: RecordPut | RecordEmptied) -> tuple[AnyDeed, str]:
    if isinstance(effect, RecordEmptied):
        emptied = CubbyEmptied(zone=zone, cubby=effect.cubby, order_no=effect.order_no)
        return emptied, empty_intent(effect.order_no)
    put = effect.put
    confirmed = PutConfirmed(
        zone=zone,
        cubby=put.cubby,
        order_no=put.order_no,
        line_id=put.line_id,
        sku=put.sku,
        put_pieces=put.pieces,
        total_pieces=put.total,
    )
    return confirmed, put_intent(put.line_id, put.total)


def _alarm_of(effect: RaiseAlarm | ClearAlarm) -> AnyDeed:
    if isinstance(effect, RaiseAlarm):
        return AlarmRaised(alarm=effect.alarm, subject=effect.subject, detail=effect.detail[:200])
    return AlarmCleared(alarm=effect.alarm, subject=effect.subject)
