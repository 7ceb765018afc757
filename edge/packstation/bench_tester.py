"""Looks at the parts of a bench for its self-test; every finding is told as an event, and nothing is decided here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from edge.clock import Clock
from edge.drivers.bench_ports import NotWeighed, Scale
from edge.packstation import shift_events as shift
from edge.packstation.bench_parts import LAMP_TURNS
from edge.packstation.devices import BenchDevices
from edge.packstation.slip import slip
from edge.profile_station import StationProfile
from wire.shift_deeds import BenchPart, PartResult
from wire.uplink import Lamp

LAMP_TURN_S: Final = 1.0  # long enough to be seen, four of them
SCALE_EMPTY_G_MAX: Final = 20.0  # more lies on it than dust: it must be taken off before zero means anything
SCALE_ZERO_G_MAX: Final = 5.0  # one step of a bench scale of 15 kg
CLOCK_OFF_S_MAX: Final = 2.0  # from central's, the way included; a cut-off time is kept in minutes

Tell = Callable[[shift.ShiftEvent], None]


class BenchTester:
    """One self-test at a time. `on_lamp`: what the lamp shows meanwhile, None: what it should."""

    def __init__(
        self,
        profile: StationProfile,
        clock: Clock,
        devices: BenchDevices,
        *,
        tell: Tell,
        ask_guard: Callable[[], bool],
        on_lamp: Callable[[Lamp | None], None],
    ) -> None:
        self._profile, self._clock, self._devices = profile, clock, devices
        self._tell, self._ask_guard, self._on_lamp = tell, ask_guard, on_lamp
        self._central_utc_ns: asyncio.Future[int] | None = None

    def heard(self, utc_ns: int) -> None:
        """Central answered that it has begun, at its own time `utc_ns`."""
        if self._central_utc_ns is not None and not self._central_utc_ns.done():
            self._central_utc_ns.set_result(utc_ns)

    async def perform(self, effect: shift.ShiftEffect) -> None:
        """Look at what needs no paper, or print what was found."""
        match effect:
            case shift.RunSelfTest(parts):
                await self._look(parts)
            case shift.PrintSlip():
                await self._print_slip(effect)

    async def _look(self, parts: tuple[BenchPart, ...]) -> None:
        """Look at those of `parts` that need no scan and no paper; four seconds and a weighing."""
        self._central_utc_ns = asyncio.get_running_loop().create_future()
        if not self._ask_guard():
            self._found("gate", "guard_away")  # else what the guard says is told as it comes
        async with asyncio.TaskGroup() as looks:
            looks.create_task(self._cycle_lamp())
            looks.create_task(self._ask_central(self._central_utc_ns))
            if self._devices.scale is not None and "scale" in parts:
                looks.create_task(self._zero_scale(self._devices.scale))

    async def _print_slip(self, due: shift.PrintSlip) -> None:
        """Print what was found; that it could be printed is the printer's own result."""
        printer, described, station = self._devices.printer, self._profile.devices.printer, self._profile.name
        if printer is None or described is None:
            return
        language = described.languages[0]
        at = datetime.fromtimestamp(self._clock.utc_ns() / 1e9).astimezone().isoformat(" ", "minutes")
        body = slip(language, station, due.packer, due.results, at)
        outcome = await printer.print_label(body, language, f"self-test {station}")
        self._found("printer", "" if outcome.result == "accepted" else (outcome.why or outcome.result))

    async def _cycle_lamp(self) -> None:
        try:
            for lamp in LAMP_TURNS:
                self._on_lamp(lamp)
                await asyncio.sleep(LAMP_TURN_S)
        finally:
            self._on_lamp(None)
        self._tell(shift.LampCycled())

    async def _ask_central(self, heard: asyncio.Future[int]) -> None:
        """Central's answer is its own part of the test; here its silence, and the clock."""
        try:
            async with asyncio.timeout(self._profile.answer_wait_ms / 1000):
                central_utc_ns = await heard
        except TimeoutError:
            self._found("central", "no_answer")
            self._found("clock", "unsynced" if self._clock.trust() == "unsynced" else "")
            return
        off_s = abs(self._clock.utc_ns() - central_utc_ns) / 1e9
        self._found("clock", "off" if off_s > CLOCK_OFF_S_MAX else "")

    async def _zero_scale(self, scale: Scale) -> None:
        self._found("scale", await _not_zero(scale))

    def _found(self, part: BenchPart, why: str) -> None:
        self._tell(shift.PartTested(PartResult(part=part, ok=not why, why=why)))


async def _not_zero(scale: Scale) -> str:
    """Why the empty scale does not say nothing, "" if it does."""
    first = await scale.stable_grams()
    if isinstance(first, NotWeighed):
        if first.why not in ("under", "not_zeroed"):
            return first.why
    elif abs(first.grams) > SCALE_EMPTY_G_MAX:
        return "not_empty"
    zeroed = await scale.zero()
    after = zeroed if zeroed is not None else await scale.stable_grams()
    if isinstance(after, NotWeighed):
        return after.why
    return "" if abs(after.grams) <= SCALE_ZERO_G_MAX else "not_zeroed"
