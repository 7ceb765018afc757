"""A pick zone alive: its buses and its disk on one side, the pure machine on the other."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, assert_never

from edge.clock import Clock
from edge.drivers.light_bus import ModbusLightBus, make_bus
from edge.drivers.module_model import MODELS_DIR
from edge.drivers.ports import DARK, BusDown, BusUp, LightReport, ModuleLost
from edge.lightbar.deeds import alarm_deed, pick_deed
from edge.lightbar.faces import wanted_faces
from edge.lightbar.machine import advance
from edge.lightbar.picture import picture
from edge.lightbar.scans import event_of
from edge.lightbar.state import (
    Active,
    CentralHeard,
    ClearAlarm,
    Effect,
    Event,
    Lamp,
    LineFound,
    LineLost,
    NoticeRead,
    NotRecorded,
    RaiseAlarm,
    Recorded,
    RecordInduction,
    RecordPick,
    ShowFace,
    StoreLooked,
    WorkArrived,
    ZoneRules,
    ZoneState,
)
from edge.link.errors import OutboxBroken, OutboxError, OutboxFull
from edge.link.outbox import Outbox
from edge.log import get_log
from edge.profile import BusProfile, ZoneProfile
from wire.deeds import AnyDeed, ToteInducted
from wire.downlink import Desired
from wire.ids import LocationId
from wire.uplink import BusHealth, ZoneLive

LOOK_S: Final = 1.0  # how often the disk is looked at and the picture of the buses renewed
NOTICE_LOOKS: Final = 5  # a notice about ignored presses stands for so many looks
ALARMS_WAITING_MAX: Final = 256  # alarms not yet on the disk; more are only logged

_log = get_log("edge.zone")


class Zone:
    """Runs one zone. `tell` is given the picture after every change, and at least once a second."""

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
        self._rules = rules_of(profile)
        self._state = ZoneState(profile.id, self._rules)
        self._group: asyncio.TaskGroup | None = None
        self._alarms: asyncio.Queue[RaiseAlarm | ClearAlarm] = asyncio.Queue(ALARMS_WAITING_MAX)
        self._alarm_number = 0
        self._undecided: frozenset[str] = frozenset()  # may still be lit from before; see `_decide`
        self._heard = False

    async def run(self) -> None:
        """Work until cancelled; then the lights are put out. May be run again: it begins with what is on the disk."""
        self._state = ZoneState(self._profile.id, self._rules, trusted=self._heard)
        stored = self._outbox.stored_desired()
        self._undecided = self._open_locations(stored)
        buses = [self._make_bus(bus) for bus in self._profile.buses]
        self._buses = {bus.name: bus for bus in buses}
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                for bus in buses:
                    bus.start()
                group.create_task(self._record_alarms())
                if stored is not None:
                    self._work(stored)
                await self._look_round()
        finally:
            self._group = None
            await asyncio.gather(*(bus.aclose() for bus in buses))

    def desired(self, desired: Desired) -> None:
        """Central says what should be true."""
        self._heard = True
        self._happened(CentralHeard())
        self._work(desired)

    def contact(self, *, up: bool) -> None:
        """Central greeted us, or is gone; work goes on either way."""
        if up:
            self._heard = True
            self._happened(CentralHeard())

    def tote_scanned(self, text: str) -> None:
        """A person scanned a tote, or a command barcode."""
        self._happened(event_of(text))

    def progress_ns(self) -> dict[str, int]:
        """When each bus owner last showed life (CLOCK_MONOTONIC)."""
        return {f"bus {name}": bus.progress_ns for name, bus in self._buses.items()}

    def _make_bus(self, bus: BusProfile) -> ModbusLightBus:
        places, models = self._profile.modules, self._models
        return make_bus(bus, places, self._reported, models, undecided=self._undecided)

    def _open_locations(self, stored: Desired | None) -> frozenset[str]:
        """Where a light may still be on for a pick that is not done: it must not go out only because we start."""
        done, totes = self._outbox.done_picks(), stored.zone.totes if stored and stored.zone else ()
        open_picks = (pick for tote in totes for pick in tote.picks if pick.pick_id not in done)
        return frozenset(pick.location_id for pick in open_picks if pick.location_id in self._bus_of)

    def _decide(self) -> None:
        """Once it is known what should be lit, everything else goes dark."""
        if self._undecided and (self._state.trusted or self._state.current):
            for location in self._undecided - wanted_faces(self._state).keys():
                self._buses[self._bus_of[location]].want(location, DARK)
            self._undecided = frozenset()

    def _work(self, desired: Desired) -> None:
        totes = desired.zone.totes if desired.zone is not None else ()
        self._happened(WorkArrived(desired.version, totes, self._outbox.done_picks()))

    def _reported(self, report: LightReport) -> None:
        match report:
            case BusDown(bus, why):
                here = frozenset(location for location, name in self._bus_of.items() if name == bus)
                self._happened(LineLost(bus, here, why))
            case BusUp(bus):
                self._happened(LineFound(bus))
            case _:
                self._happened(report)

    def _happened(self, event: Event) -> None:
        if self._group is None:
            return  # between two runs; the next begins with what is on the disk
        step = advance(self._state, event)
        changed, self._state = step.state != self._state, step.state
        for effect in step.effects:
            self._perform(effect, self._group)
        self._decide()
        if changed:
            self._show()

    def _perform(self, effect: Effect, group: asyncio.TaskGroup) -> None:
        match effect:
            case ShowFace(location, face):
                if location in self._bus_of:
                    self._buses[self._bus_of[location]].want(location, face)
                else:
                    lost = ModuleLost(LocationId(location), "no module here. Add it to the node's profile")
                    asyncio.get_running_loop().call_soon(self._happened, lost)
            case RecordPick():
                group.create_task(self._record(effect))
            case RecordInduction():
                group.create_task(self._record_induction(effect.tote))
            case RaiseAlarm() | ClearAlarm():
                self._queue_alarm(effect)
            case _:
                assert_never(effect)

    def _queue_alarm(self, effect: RaiseAlarm | ClearAlarm) -> None:
        _log.warning(type(effect).__name__, alarm=effect.alarm, subject=effect.subject)
        if not self._alarms.full():
            self._alarms.put_nowait(effect)

    async def _record(self, effect: RecordPick) -> None:
        pick_id = effect.pick.pick_id
        deed = pick_deed(self._profile.id, effect)
        store = await self._kept(deed, f"pick:{pick_id}", done_picks=[pick_id])
        self._happened(NotRecorded(pick_id, store) if store else Recorded(pick_id))

    async def _record_induction(self, tote: Active) -> None:
        deed = ToteInducted(zone=self._profile.id, tote_id=tote.tote_id, colour=tote.colour, picker=tote.picker)
        await self._kept(deed, f"induct:{secrets.token_hex(10)}")  # picking does not wait for it

    async def _kept(self, deed: AnyDeed, intent: str, *, done_picks: Sequence[str] = ()) -> str:
        """ "" once the deed is on the disk; else why it is not."""
        try:
            await self._outbox.record(deed, intent, done_picks=done_picks)
        except OutboxFull as error:
            _log.error("not_recorded", intent=intent, why=error)
            return "storage_full"
        except OutboxBroken as error:
            _log.error("not_recorded", intent=intent, why=error)
            return "storage_broken"
        return ""

    async def _record_alarms(self) -> None:
        while True:
            effect = await self._alarms.get()
            self._alarm_number += 1
            intent = (
                f"alarm:{self._node}:{self._clock.boot_id[:8]}:{self._clock.mono_ns():x}{self._alarm_number % 16:x}"
            )
            try:
                await self._outbox.record(alarm_deed(effect), intent[:64])
            except OutboxError as error:
                _log.error("alarm_not_recorded", alarm=effect.alarm, subject=effect.subject, why=error)

    async def _look_round(self) -> None:
        looks = 0
        while all(bus.works for bus in self._buses.values()):
            full = "outbox_full" in self._outbox.alarms
            self._happened(StoreLooked("storage_full" if full else ""))
            looks = looks + 1 if self._state.ignored_presses or self._state.said else 0
            if looks >= NOTICE_LOOKS:
                self._happened(NoticeRead())
            self._show()
            await asyncio.sleep(LOOK_S)
        raise RuntimeError("the owner thread of a light bus ended; its traceback is above")

    def _show(self) -> None:
        self._tell(picture(self._state, [_health(name, bus) for name, bus in self._buses.items()]))


def rules_of(profile: ZoneProfile) -> ZoneRules:
    """The rules in a profile."""
    mode = "discrete" if profile.mode == "wall" else profile.mode  # a wall has a runner of its own
    return ZoneRules(mode=mode, totes_max=profile.totes_max, induct=profile.induct, lamps=tuple(_lamps(profile)))


def _lamps(profile: ZoneProfile) -> Iterator[Lamp]:
    for place in profile.modules:
        match place.role:
            case "bay" | "zone" as role:
                yield Lamp(place.location, role, place.covers)


def _health(name: str, bus: ModbusLightBus) -> BusHealth:
    counters = bus.counters()
    return BusHealth(
        bus=name,
        open=counters.open,
        transactions=counters.transactions,
        errors=counters.errors,
        quarantined=counters.quarantined,
    )
