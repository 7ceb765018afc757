"""Owner of one pack station: feeds the machine what happens and performs its effects; decides nothing."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Coroutine
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, assert_never

from edge.clock import Clock
from edge.drivers.ports import Presence, Scan
from edge.drivers.scanners import make_scanner, named
from edge.link.outbox import Outbox
from edge.log import get_log
from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.bench_parts import empty
from edge.packstation.bench_tester import BenchTester
from edge.packstation.devices import BenchDevices
from edge.packstation.gate import Gate, events_of, gate_of
from edge.packstation.guard import messages as guard
from edge.packstation.labels import printed
from edge.packstation.looks import look
from edge.packstation.machine import advance
from edge.packstation.patience import Patience
from edge.packstation.picture import Surroundings, picture
from edge.packstation.presses import Presses, Touch
from edge.packstation.recording import Recorder
from edge.packstation.rules import State
from edge.packstation.scans import QuietWindow, event_of
from edge.packstation.standin import StandIn, trusted_utc_s
from edge.profile_station import StationProfile
from wire.answers import AnyAnswer, SelfTestHeard
from wire.deeds import AlarmCleared, AlarmRaised
from wire.downlink import BenchPressed
from wire.manifest import SignedManifest
from wire.shift_deeds import ShiftTested
from wire.uplink import Lamp, StationLive, ZoneLive

FAULT_EVERY_NS: Final = 10_000_000_000  # the same fault is written down once in ten seconds
RETRY_S: Final = 1.0
DETAIL_MAX: Final = 200  # of an alarm, wire.ids.Sentence
NOTEWORTHY: Final = frozenset({State.BLOCKED, State.UNANSWERED, State.GATE_FAULT, State.RELEASED})
log = get_log("edge.station")


class Screen(Protocol):
    """What the station needs of the link."""

    def show_live(self, zone: ZoneLive | None, station: StationLive | None) -> None:
        """Show this picture; never blocks."""


class PackStation:
    """One bench. Callbacks come in on the loop that runs `run`."""

    def __init__(
        self,
        profile: StationProfile,
        node: str,
        outbox: Outbox,
        link: Screen,
        clock: Clock,
        *,
        state_dir: Path,
    ) -> None:
        self._profile, self._node, self._outbox, self._link, self._clock = profile, node, outbox, link, clock
        self._labels = [re.compile(pattern) for pattern in profile.labels]
        self._away: dict[str, str] = {}  # scanners that are not there, and why
        self.progress_ns = time.monotonic_ns()  # last sign of life
        self._token = secrets.token_hex(4)
        self._quiet = QuietWindow(profile.quiet_window_ms)
        self.devices = BenchDevices(profile.devices, state_dir, self._devices_changed)
        self._standin = StandIn(profile.name, partial(trusted_utc_s, clock))
        self._used_ns = clock.mono_ns()  # when a person last did something here
        self._gate = Gate(profile.guard_socket, self._guard_said, self._guard_away, self._standin.shown_for)
        self._station = empty(profile, self.devices.present)
        self._presses = Presses(profile.name)
        self._around = Surroundings()
        self._tester = BenchTester(
            profile,
            clock,
            self.devices,
            tell=self._happened,
            ask_guard=lambda: self._gate.ask(guard.AskStatus()),
            on_lamp=self._test_lamp,
        )
        self._group: asyncio.TaskGroup | None = None
        self._patience = Patience(profile.answer_wait_ms / 1000, self._overdue)
        self._alarmed: str | None = None  # the fault that is raised, "": none, None: not known yet
        self._recorder = Recorder(outbox, self._happened)

    async def run(self) -> None:
        """Work until cancelled. Begins anew, with nothing on the table, however the last run ended."""
        self._station = empty(self._profile, self.devices.present)
        self._around = replace(self._around, gate="away")
        scanners = [
            make_scanner(one, self._scanned, partial(self._scanner_present, name), self._clock.mono_ns)
            for name, one in named(self._profile.scanners, self._profile.name)
        ]
        try:
            async with asyncio.TaskGroup() as self._group:
                self._group.create_task(self._gate.run())
                self._group.create_task(self._retry_forever())
                for scanner in scanners:
                    scanner.start()
                self.devices.start()
                self._show()
        finally:
            self._group = None
            self._patience.wait(None)
            for scanner in scanners:
                await scanner.aclose()
            await self.devices.aclose()

    def pressed(self, press: BenchPressed) -> None:
        """A touch of the bench's page, from central: as if its command barcode had been scanned here."""
        event = self._presses.event_of(press, self._station, self._clock.mono_ns(), secrets.token_hex(10))
        if event is None:
            return
        if isinstance(event, Touch):
            self._around = replace(self._around, last_scan_id=event.deed.scan_id)
            self._perform(ev.Record(event.deed, f"press:{event.deed.scan_id}"))
        self._used_ns = self._clock.mono_ns()
        self._happened(event.event if isinstance(event, Touch) else event)

    def answered(self, answer: AnyAnswer) -> None:
        """An answer of central's."""
        if isinstance(answer, SelfTestHeard):
            self._tester.heard(answer.utc_ns)
        self._standin.silent = False
        self._happened(answer)

    def manifests(self, manifests: tuple[SignedManifest, ...]) -> None:
        """What may be packed while central is away."""
        self._standin.manifests = manifests

    def contact(self, up: bool) -> None:
        """Central answers again, or no longer."""
        self._standin.contact, self._standin.silent = up, False
        log.info("station_contact", station=self._profile.name, up=up)

    @property
    def live(self) -> StationLive:
        """The station as it is now."""
        return picture(self._station, self._around)

    # ---- what happens ----

    def _scanned(self, scan: Scan) -> None:
        if self._quiet.repeats(scan):
            self._around = replace(self._around, ignored_repeats=self._around.ignored_repeats + 1)
            self._happened(ev.RepeatShown())
            return
        scan_id = secrets.token_hex(10)
        self._used_ns = scan.mono_ns
        self._around = replace(self._around, last_scan_id=scan_id)
        self._happened(event_of(scan, scan_id, self._labels, self._profile.name))

    def _scanner_present(self, name: str, presence: Presence) -> None:
        if presence.there == (name not in self._away):
            return
        if presence.there:
            del self._away[name]
        else:
            self._away[name] = presence.why
        self._around = replace(self._around, scanner_ok=not self._away)
        deed = (
            AlarmCleared(alarm="scanner_lost", subject=name)
            if presence.there
            else AlarmRaised(alarm="scanner_lost", subject=name, detail=presence.why[:DETAIL_MAX])
        )
        self._perform(ev.Record(deed, f"alarm:{self._node}:{secrets.token_hex(8)}"))
        self._show()

    def _guard_said(self, word: guard.AnyWord) -> None:
        self._around = replace(self._around, gate=gate_of(word) or self._around.gate)
        if isinstance(word, guard.ReleaseDone):
            self._patience.lease_s = word.lease_ms / 1000
        if isinstance(word, guard.BadRequest):
            log.error("guard_did_not_understand", why=word.why)
        if isinstance(word, guard.GateTold | guard.StatusTold):
            self._gate_alarm({"fault": word.fault or "fault", "holding": ""}.get(word.gate))
        for event in events_of(word, self._mark(getattr(word, "fault", "") + getattr(word, "interlock", ""))):
            self._happened(event)
        self._show()

    def _guard_away(self) -> None:
        self._around = replace(self._around, gate="away")
        self._gate_alarm("guard_away")
        self._happened(ev.GateFailed("guard_away", self._mark("guard_away")))

    def _gate_alarm(self, fault: str | None) -> None:
        """Raised with each new fault, cleared when everything holds; at the first word also for the run before us."""
        if fault is None or fault == self._alarmed:
            return
        self._alarmed = fault
        alarm = AlarmRaised if fault else AlarmCleared
        deed = alarm(alarm="interlock_fault", subject=self._profile.name, **({"detail": fault} if fault else {}))
        self._perform(ev.Record(deed, f"alarm:{self._node}:{secrets.token_hex(8)}"))

    def _mark(self, fault: str) -> str:
        """Names a fault's record: the outbox keeps the first of each."""
        return f"{self._token}:{fault[:24]}:{self._clock.mono_ns() // FAULT_EVERY_NS}"

    def _happened(self, event: ev.Event) -> None:
        if self._group is None:
            return  # between two runs nothing is on the table
        before = self._station
        step = advance(before, event)
        self._station = step.station
        for effect in step.effects:
            self._perform(effect)
        if step.station.state is not before.state and step.station.state in NOTEWORTHY:
            now = step.station
            log.info("station", station=now.name, state=now.state, say=now.say, order=now.order_no, ticket=now.ticket)
        self._show()

    def _devices_changed(self) -> None:
        self._around = replace(self._around, devices=self.devices.live)
        self._station = replace(self._station, present=self.devices.present)
        self._show()

    def _test_lamp(self, lamp: Lamp | None) -> None:
        self._around = replace(self._around, test_lamp=lamp)
        self._show()

    def _show(self) -> None:
        self.devices.tell(self._station.say, self._around.last_scan_id)
        self._link.show_live(None, self.live)

    # ---- what is done about it ----

    def _perform(self, effect: ev.Effect) -> None:
        match effect:
            case ev.Record():
                self._start_writing(effect)
            case ev.AskChallenge() | ev.AskRelease() | ev.AskHold() | ev.AskStatus():
                instead = self._gate.perform(effect)
                if instead is not None:
                    self._soon(instead)
            case ev.AskWeight() | ev.AskPhoto():
                self._spawn(self._tell(look(self.devices, effect)))
            case ev.Await():
                self._patience.wait(effect)
            case ev.Print():
                self._spawn(self._tell(printed(self.devices.printer, effect)))
            case shift.RunSelfTest() | shift.PrintSlip():
                self._spawn(self._tester.perform(effect))
            case _:
                assert_never(effect)

    async def _tell(self, work: Awaitable[ev.Event]) -> None:
        self._happened(await work)

    def _soon(self, event: ev.Event) -> None:
        asyncio.get_running_loop().call_soon(self._happened, event)

    def _overdue(self, event: ev.Overdue) -> None:
        self._standin.silent |= self._station.state.startswith("checking_")  # a question to central
        self._happened(event)

    def _start_writing(self, record: ev.Record) -> None:
        if isinstance(record.deed, ShiftTested):
            self._around = replace(self._around, tested_utc_ns=self._clock.utc_ns())
        self._spawn(self._write(record))

    async def _write(self, record: ev.Record) -> None:
        """Into the journal for central; or answered here, while central is away."""
        if not self._standin.takes(record.deed):
            await self._recorder.write(record)
            return
        answer = await self._standin.serve(record, self._recorder.write)
        if answer is not None:
            self._happened(answer)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None:
            work.close()
        else:
            self._group.create_task(work)

    async def _retry_forever(self) -> None:
        while True:
            self.progress_ns = time.monotonic_ns()
            await asyncio.sleep(RETRY_S)
            self._sign_out_idle()
            await self._recorder.try_again()

    def _sign_out_idle(self) -> None:
        idle_ns = self._profile.sign_out_idle_s * 1_000_000_000
        if idle_ns and self._station.packer and self._clock.mono_ns() - self._used_ns > idle_ns:
            self._happened(shift.IdleOver())
