"""A pick zone alive: its buses and its disk on one side, the pure machine on the other."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol, assert_never

from edge.clock import Clock
from edge.drivers.light_bus import OnReport, make_bus
from edge.drivers.module_model import MODELS_DIR
from edge.drivers.ports import DARK, BusDown, BusUp, LightBus, LightReport, ModuleLost, Pressed
from edge.lightbar.deeds import check_deed, induction_deed, pick_deed, undo_deed
from edge.lightbar.events import (
    CalmLooked,
    CentralHeard,
    Event,
    LineFound,
    LineLost,
    NoticeRead,
    NotRecorded,
    NotUndone,
    Recorded,
    StoreLooked,
    Undone,
    UndoOver,
    WorkArrived,
)
from edge.lightbar.faces import wanted_faces
from edge.lightbar.health import bus_health
from edge.lightbar.machine import advance
from edge.lightbar.picture import picture
from edge.lightbar.quiet import QuietTimes
from edge.lightbar.recorder import Recorder
from edge.lightbar.scans import event_of
from edge.lightbar.state import (
    ClearAlarm,
    Effect,
    Lamp,
    RaiseAlarm,
    RecordCheck,
    RecordInduction,
    RecordPick,
    RecordUndo,
    ShowFace,
    ZoneRules,
    ZoneState,
)
from edge.link.outbox import Outbox
from edge.profile import BusProfile, ModulePlace, ZoneProfile
from wire.downlink import Desired
from wire.ids import LocationId
from wire.uplink import ZoneLive

LOOK_S: Final = 1.0  # how often the disk is looked at and the picture of the buses renewed
NOTICE_LOOKS: Final = 5  # a notice about ignored presses stands for so many looks
CALM_LOOKS: Final = 10  # after so many looks, buttons that kept quiet work again
TRIGGER_NS: Final = 700_000_000  # the same text again within this is one trigger read twice


class OwnedBus(LightBus, Protocol):
    """A light bus whose owner can be watched."""

    name: str
    progress_ns: int  # CLOCK_MONOTONIC of its last sign of life

    @property
    def works(self) -> bool:
        """False once its owner has ended, which before `aclose` only a bug makes it."""


class MakeBus(Protocol):
    """Makes the bus of a profile with the modules that hang on it."""

    def __call__(
        self,
        profile: BusProfile,
        places: Sequence[ModulePlace],
        on_report: OnReport,
        models: Path,
        *,
        undecided: Collection[str],
    ) -> OwnedBus:
        """The bus, not yet started."""


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
        buses: MakeBus = make_bus,
    ) -> None:
        self._profile, self._node, self._outbox, self._clock = profile, node, outbox, clock
        self._tell, self._models, self._make = tell, models, buses
        self._buses: dict[str, OwnedBus] = {}
        self._bus_of = {place.location: place.bus for place in profile.modules}
        self._rules = rules_of(profile)
        self._state = ZoneState(profile.id, self._rules)
        self._group: asyncio.TaskGroup | None = None
        self._recorder = Recorder(node, outbox, clock)
        self._fingers = QuietTimes(profile.bounce_ms * 1_000_000)
        self._triggers = QuietTimes(TRIGGER_NS)
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
                group.create_task(self._recorder.record_alarms())
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
        if not self._triggers.repeats(text, self._clock.mono_ns()):
            self._happened(event_of(text))

    def progress_ns(self) -> dict[str, int]:
        """When each bus owner last showed life (CLOCK_MONOTONIC)."""
        return {f"bus {name}": bus.progress_ns for name, bus in self._buses.items()}

    def _make_bus(self, bus: BusProfile) -> OwnedBus:
        places, models = self._profile.modules, self._models
        return self._make(bus, places, self._reported, models, undecided=self._undecided)

    def _open_locations(self, stored: Desired | None) -> frozenset[str]:
        """Where a light may still be on for a pick that is not done: it must not go out only because we start."""
        done, totes = self._outbox.done_picks(), stored.zone.totes if stored and stored.zone else ()
        open_picks = (pick for tote in totes for pick in tote.picks if pick.pick_id not in done)
        return frozenset(pick.location_id for pick in open_picks if pick.location_id in self._bus_of)

    def _decide(self) -> None:
        """Once it is known what should be lit, everything else goes dark."""
        if self._undecided and (self._state.trusted or self._state.current):
            for location in self._undecided - wanted_faces(self._state).keys():
                self._buses[self._bus_of[location]].want(LocationId(location), DARK)
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
            case Pressed(location, times, held):
                if not self._fingers.repeats(location, self._clock.mono_ns()):
                    self._happened(Pressed(location, times, held))
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
                    self._buses[self._bus_of[location]].want(LocationId(location), face)
                else:
                    lost = ModuleLost(LocationId(location), "no module here. Add it to the node's profile")
                    asyncio.get_running_loop().call_soon(self._happened, lost)
            case RecordPick() | RecordCheck():
                group.create_task(self._record(effect))
            case RecordUndo():
                group.create_task(self._record_undo(effect))
            case RecordInduction(tote):  # who picks is good to know; picking does not wait for it
                intent = f"induct:{secrets.token_hex(10)}"
                group.create_task(self._recorder.keep(induction_deed(self._profile.id, tote), intent))
            case RaiseAlarm() | ClearAlarm():
                self._recorder.tell(effect)
            case _:
                assert_never(effect)

    async def _record(self, effect: RecordPick | RecordCheck) -> None:
        pick_id, zone = effect.pick.pick_id, self._profile.id
        if isinstance(effect, RecordPick):
            store = await self._recorder.keep(pick_deed(zone, effect), f"pick:{pick_id}", done_picks=[pick_id])
        else:
            store = await self._recorder.keep(check_deed(zone, effect), f"zero:{pick_id}")
        self._happened(NotRecorded(pick_id, store) if store else Recorded(pick_id))
        asyncio.get_running_loop().call_later(self._profile.undo_s, self._happened, UndoOver(pick_id))

    async def _record_undo(self, effect: RecordUndo) -> None:
        pick_id = effect.pick.pick_id
        store = await self._recorder.keep(undo_deed(self._profile.id, effect), f"undo:{pick_id}")
        self._happened(NotUndone(pick_id, store) if store else Undone(pick_id))

    async def _look_round(self) -> None:
        looks, calm = 0, 0
        while all(bus.works for bus in self._buses.values()):
            full = "outbox_full" in self._outbox.alarms
            self._happened(StoreLooked("storage_full" if full else ""))
            looks = looks + 1 if self._state.ignored_presses or self._state.said else 0
            if looks >= NOTICE_LOOKS:
                self._happened(NoticeRead())
            calm = (calm + 1) % CALM_LOOKS
            if not calm:
                self._happened(CalmLooked())
            self._show()
            await asyncio.sleep(LOOK_S)
        raise RuntimeError("the owner thread of a light bus ended; its traceback is above")

    def _show(self) -> None:
        self._tell(picture(self._state, [bus_health(name, bus.counters()) for name, bus in self._buses.items()]))


def rules_of(profile: ZoneProfile) -> ZoneRules:
    """The rules in a profile."""
    mode = "discrete" if profile.mode == "wall" else profile.mode  # a wall has a runner of its own
    return ZoneRules(
        mode=mode,
        totes_max=profile.totes_max,
        induct=profile.induct,
        lamps=tuple(_lamps(profile)),
        count_shorts=profile.short == "count",
        zero_check=profile.zero_check,
        scan_first=profile.scan_first,
        places=frozenset(place.location for place in profile.modules if place.role == "pick"),
    )


def _lamps(profile: ZoneProfile) -> Iterator[Lamp]:
    for place in profile.modules:
        match place.role:
            case "bay" | "zone" as role:
                yield Lamp(place.location, role, place.covers)
