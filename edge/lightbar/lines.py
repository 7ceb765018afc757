"""The light buses of a zone: made, asked for faces, and heard as one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from edge.clock import Clock
from edge.drivers.light_bus import OnReport
from edge.drivers.ports import (
    DARK,
    BusDown,
    BusUp,
    ButtonFreed,
    ButtonStuck,
    Face,
    KeyPressed,
    LightBus,
    LightReport,
    ModuleBack,
    ModuleLost,
    NotLit,
    Pressed,
    Shown,
)
from edge.lightbar.events import LineFound, LineLost
from edge.lightbar.health import bus_health
from edge.lightbar.quiet import QuietTimes
from edge.profile import BusProfile, ModulePlace, ZoneProfile
from wire.ids import LocationId
from wire.uplink import BusHealth

LineReport = (
    LineLost | LineFound | Pressed | KeyPressed | ButtonStuck | ButtonFreed | Shown | NotLit | ModuleLost | ModuleBack
)


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


class Lines:
    """The buses of `profile`. `heard` gets what they report, on the loop; a bounced press reaches it once."""

    def __init__(
        self, profile: ZoneProfile, clock: Clock, models: Path, make: MakeBus, heard: Callable[[LineReport], None]
    ) -> None:
        self._profile, self._clock, self._models, self._make, self._heard = profile, clock, models, make, heard
        self._buses: dict[str, OwnedBus] = {}
        self._bus_of = {place.location: place.bus for place in profile.modules}
        self._fingers = QuietTimes(profile.bounce_ms * 1_000_000)
        self.undecided: frozenset[str] = frozenset()  # locations that may still be lit from before; see `decide`

    def start(self, may_be_lit: Collection[str]) -> None:
        """Make and start the buses. What may be lit from before stays as it is until `decide`. Raises TomlWrong."""
        self.undecided = frozenset(may_be_lit) & self._bus_of.keys()
        places, models = self._profile.modules, self._models
        buses = [
            self._make(bus, places, self._reported, models, undecided=self.undecided) for bus in self._profile.buses
        ]
        self._buses = {bus.name: bus for bus in buses}
        for bus in buses:
            bus.start()

    async def aclose(self) -> None:
        """Put every light out and let go of the ports."""
        await asyncio.gather(*(bus.aclose() for bus in self._buses.values()))

    def want(self, location: str, face: Face) -> None:
        """Have the module at `location` show `face`; where there is none, that is heard a moment later."""
        if location in self._bus_of:
            self._buses[self._bus_of[location]].want(LocationId(location), face)
        else:
            lost = ModuleLost(LocationId(location), "no module here. Add it to the node's profile")
            asyncio.get_running_loop().call_soon(self._heard, lost)

    def decide(self, lit: Collection[str] | None) -> None:
        """Once it is known what should be `lit`, everything else that may be goes dark."""
        if lit is None:
            return
        undecided, self.undecided = self.undecided, frozenset()
        for location in undecided.difference(lit):
            self.want(location, DARK)

    @property
    def work(self) -> bool:
        """False once an owner has ended."""
        return all(bus.works for bus in self._buses.values())

    def progress_ns(self) -> dict[str, int]:
        """When each bus owner last showed life (CLOCK_MONOTONIC)."""
        return {f"bus {name}": bus.progress_ns for name, bus in self._buses.items()}

    def health(self) -> list[BusHealth]:
        """The counters of each bus."""
        return [bus_health(name, bus.counters(), self._profile.modules) for name, bus in self._buses.items()]

    def _reported(self, report: LightReport) -> None:
        match report:
            case BusDown(bus, why):
                here = frozenset(location for location, name in self._bus_of.items() if name == bus)
                self._heard(LineLost(bus, here, why))
            case BusUp(bus):
                self._heard(LineFound(bus))
            case Pressed(location) if self._fingers.repeats(location, self._clock.mono_ns()):
                pass  # one finger seen twice
            case _:
                self._heard(report)
