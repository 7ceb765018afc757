"""The guard's GPIO lines, through gpiozero: outputs that release, contacts that prove, e-stop, beam and lamps.

Wiring the guard relies on (an external pull to the holding level on every output is not optional):
- output active = release. Undriven, floating or unpowered it must hold: lines float when the process ends, so a 10 kΩ
  resistor to the holding level and a driver stage that is off when undriven decide.
- contact active = it provably holds. A cut wire therefore reads as "not holding" and is a fault.
- e-stop active = not pressed. A cut wire reads as pressed.
- beam active = broken by a parcel; the parcel has passed when it is free again.
This is process safety for goods, not a safety function for people.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from gpiozero import DigitalInputDevice, DigitalOutputDevice

from edge.packstation.guard.config import GuardConfig, Interlock, Level
from edge.packstation.guard.kinds import Contact, read

BOUNCE_S: Final = 0.005


@dataclass(frozen=True)
class Watchers:
    """Called from whatever thread sees the edge: a contact or the e-stop has changed, a parcel has passed."""

    sense: Callable[[], None]
    estop: Callable[[], None]
    passed: Callable[[], None]


class Pins:
    """Owner of the lines. `factory`: where they are. Raises LineTaken, GpioGone."""

    def __init__(self, config: GuardConfig, factory: Any, watchers: Watchers, *, bounce_s: float | None) -> None:
        self._driving = threading.Lock()
        self._factory, self._bounce_s = factory, bounce_s
        self._interlocks = {one.name: one for one in config.interlock}
        self._outputs = {name: self._output(one.line, one.active) for name, one in self._interlocks.items()}
        self._senses = {name: self._contacts(one) for name, one in self._interlocks.items()}
        self._estop = self._input(config.estop_line, config.estop_active)
        self._beam = self._input(config.passed_line, "high")
        self._green, self._red = (self._lamp(line) for line in (config.green_line, config.red_line))
        self._on: frozenset[str] = frozenset()
        self._watchers = watchers

    def watch(self) -> None:
        """Begin to report edges. What the contacts say now is in `contacts`."""
        for sense in (one for pair in self._senses.values() for one in pair if one is not None):
            sense.when_activated = sense.when_deactivated = self._watchers.sense
        if self._estop is not None:
            self._estop.when_activated = self._estop.when_deactivated = self._watchers.estop
        if self._beam is not None:
            self._beam.when_deactivated = self._watchers.passed

    @property
    def stopped(self) -> bool:
        """Whether the e-stop is pressed, or its wire is cut."""
        return self._estop is not None and not self._estop.is_active

    def contacts(self) -> list[Contact]:
        """Every interlock as its contacts show it now."""
        return [
            Contact(name, read(*map(_active, self._senses[name])), driven=name in self._on, pulsed=one.pulsed)
            for name, one in self._interlocks.items()
        ]

    def release(self, names: Iterable[str]) -> None:
        """Drive these outputs to release."""
        with self._driving:
            for name in names:
                self._outputs[name].on()
                self._on |= {name}

    def drop(self, name: str) -> None:
        """Let one output fall."""
        with self._driving:
            self._outputs[name].off()
            self._on -= {name}

    def hold(self) -> None:
        """Let all outputs fall. May be called from any thread."""
        with self._driving:
            for output in self._outputs.values():
                output.off()
            self._on = frozenset()

    def show(self, *, released: bool) -> None:
        """Green while released, red otherwise."""
        for lamp, lit in ((self._green, released), (self._red, not released)):
            if lamp is not None:
                lamp.value = lit

    def close(self) -> None:
        """Hold, darken, and let go of the lines. Twice is harmless."""
        if not any(output.closed for output in self._outputs.values()):
            self.hold()
        senses = [one for pair in self._senses.values() for one in pair]
        for device in (self._beam, self._estop, *senses, self._green, self._red, *self._outputs.values()):
            if device is not None:
                device.close()

    def _output(self, line: int, active: Level) -> Any:
        high = active == "high"
        return DigitalOutputDevice(line, active_high=high, initial_value=False, pin_factory=self._factory)

    def _lamp(self, line: int | None) -> Any | None:
        return None if line is None else self._output(line, "high")

    def _contacts(self, one: Interlock) -> tuple[Any | None, Any | None]:
        sense = self._input(one.sense_line, one.sense_active)
        return sense, self._input(one.released_line, one.released_active)

    def _input(self, line: int | None, active: Level) -> Any | None:
        """Pulled to its inactive level, so that a cut wire reads as inactive."""
        if line is None:
            return None
        pull_up = active == "low"
        return DigitalInputDevice(line, pull_up=pull_up, bounce_time=self._bounce_s, pin_factory=self._factory)


def _active(device: Any | None) -> bool | None:
    return None if device is None else bool(device.is_active)
