"""All simulated modules of one zone: its lines, its units, and every hand movement by location."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from edge.drivers.light_bus import models_of_units
from edge.drivers.module_model import MODELS_DIR, load_model
from edge.profile import BusProfile, ModulePlace, ZoneProfile
from sim.modules.bank import Bank, OnShowing, Showing
from sim.modules.faults import Faults
from sim.modules.rtu_line import RtuLine
from sim.modules.tcp_line import TcpLine

FAULT_REPLIES_MAX: Final = 100_000


class RackConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The [zone] table of a node profile, and where to listen for hands. `seed` makes the noise repeatable."""

    control_socket: Annotated[str, Meta(min_length=1, max_length=100, description="a short path in quotes")]
    zone: ZoneProfile
    models_dir: str = ""
    seed: int = 1


class Rack:
    """Runs every bus of the zone. `on_showing` is called on the loop whenever a module shows something else."""

    def __init__(self, config: RackConfig, on_showing: OnShowing) -> None:
        models = Path(config.models_dir) if config.models_dir else MODELS_DIR
        self._on_showing = on_showing
        self._loop: asyncio.AbstractEventLoop | None = None
        self._where: dict[str, tuple[Bank, int]] = {}
        self._buttons: dict[str, tuple[Bank, int]] = {}  # where they are not on their lamp's unit
        self.lines: dict[str, RtuLine | TcpLine] = {}
        for number, bus in enumerate(config.zone.buses):
            self.lines[bus.name] = self._make_line(bus, config.zone.modules, models, config.seed + number)

    async def start(self) -> None:
        """Plug all lines in."""
        self._loop = asyncio.get_running_loop()
        for line in self.lines.values():
            await _switch(line, on=True)

    async def stop(self) -> None:
        """Pull all plugs."""
        for line in self.lines.values():
            await _switch(line, on=False)

    async def switch_bus(self, bus: str, *, on: bool) -> None:
        """Plug a whole bus in or pull it. Raises KeyError."""
        await _switch(self.lines[bus], on=on)

    def press(self, location: str, *, held: bool = False, key: str = "") -> int:
        """A finger on the button or on the `key` beside it; returns when (CLOCK_MONOTONIC, ns). Raises KeyError."""
        bank, index = self._buttons.get(location) or self._where[location]
        return bank.press(index, held=held, key=key)

    def jam(self, location: str, *, jammed: bool) -> None:
        """The button stays down (levels only), or comes up. Raises KeyError."""
        bank, index = self._buttons.get(location) or self._where[location]
        bank.jam(index, jammed=jammed)

    def is_down(self, location: str) -> bool:
        """A finger is on the button just now. Raises KeyError."""
        bank, index = self._buttons.get(location) or self._where[location]
        return bank.is_down(index)

    def light(self, location: str, colour: str, pieces: int) -> None:
        """Make the module show something without its bus, as if written before. Raises KeyError."""
        bank, index = self._where[location]
        bank.light(index, colour, pieces)

    def plug(self, location: str, *, on: bool) -> None:
        """Plug the unit that carries `location` in, or pull it. Raises KeyError."""
        bank, _ = self._where[location]
        if on and not bank.plugged:
            bank.power_cycle()
        bank.plugged = on

    def plug_button(self, location: str, *, on: bool) -> None:
        """Plug in or pull the unit that carries the button of `location`, apart from its lamp. Raises KeyError."""
        bank, _ = self._buttons[location]
        bank.plugged = on

    def power_cycle(self, location: str) -> None:
        """The unit that carries `location` restarts. Raises KeyError."""
        self._where[location][0].power_cycle()

    def break_lamp(self, location: str, *, broken: bool) -> None:
        """Its lamp stays off, or works again. Raises KeyError."""
        bank, index = self._where[location]
        bank.break_lamp(index, broken=broken)

    def spoil(self, kind: str, count: int, bus: str = "", **numbers: int) -> None:
        """Spoil the next `count` replies of `bus` (all when ""); see Faults. Raises KeyError."""
        lines = [self.lines[bus]] if bus else list(self.lines.values())
        for line in lines:
            line.faults.late_ms = numbers.get("ms", line.faults.late_ms)
            line.faults.refuse_code = numbers.get("code", line.faults.refuse_code)
            if kind == "noise_percent":
                line.faults.noise_percent = min(count, 100)
            elif kind == "mute" and isinstance(line, TcpLine):
                line.mute = bool(count)
            else:
                line.faults.set(kind, min(count, FAULT_REPLIES_MAX))

    def showing(self) -> list[Showing]:
        """What every module shows now."""
        for bank in {id(bank): bank for bank, _ in self._where.values()}.values():
            bank.look()
        return [bank.showing[index] for bank, index in self._where.values()]

    def stats(self) -> dict[str, dict[str, int]]:
        """What each line counted."""
        return {name: _counts_of(line) for name, line in self.lines.items()}

    def _make_line(self, bus: BusProfile, places: Sequence[ModulePlace], models: Path, seed: int) -> RtuLine | TcpLine:
        usual, others = load_model(bus.profile, models), models_of_units(bus.name, places)
        banks: dict[int, Bank] = {}
        for unit, here in _by_unit(bus.name, places).items():
            model = load_model(others[unit], models) if unit in others else usual
            locations = {index: location for location, index, _ in here}
            banks[unit] = bank = Bank(model, locations, self._changed, unit)
            self._where |= {location: (bank, index) for location, index, lamp in here if lamp}
            self._buttons |= {location: (bank, index) for location, index, lamp in here if not lamp}
        link, faults = usual.file.link, Faults(seed=seed)
        turnaround_s = link.turnaround_us / 1e6
        if bus.kind == "rtu":
            bits = 10 + (link.parity != "none") + (link.stop_bits - 1)
            port, baud, brisk = Path(bus.port), bus.baud or link.baud, bus.gap == "characters"
            return RtuLine(port, baud, turnaround_s, banks, faults, bits=bits, real_characters=brisk)
        return TcpLine(bus.host, bus.tcp_port, turnaround_s, banks, faults)

    def _changed(self, showing: Showing) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._on_showing, showing)


def _by_unit(bus: str, places: Sequence[ModulePlace]) -> dict[int, list[tuple[str, int, bool]]]:
    """Units of `bus`: what hangs there, as location, index, and whether it is the lamp (or only the button)."""
    units: dict[int, list[tuple[str, int, bool]]] = {}
    for place in places:
        if place.bus == bus:
            units.setdefault(place.unit, []).append((place.location, place.index, True))
        if (button := place.button) is not None and (button.bus or place.bus) == bus:
            units.setdefault(button.unit, []).append((place.location, button.index, False))
    return units


async def _switch(line: RtuLine | TcpLine, *, on: bool) -> None:
    if isinstance(line, TcpLine):
        await (line.start() if on else line.stop())
    else:
        await asyncio.to_thread(line.start if on else line.stop)


def _counts_of(line: RtuLine | TcpLine) -> dict[str, int]:
    if isinstance(line, TcpLine):
        return {"requests": line.requests, "port": line.port}
    counts = line.counts
    return {
        "requests": counts.requests,
        "sound": counts.sound,
        "gap_broken": counts.gap_broken,
        "collisions": counts.collisions,
    }
