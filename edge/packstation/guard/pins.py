"""The guard's GPIO lines, through gpiozero: the output that releases, the contact that proves holding, beam and lamps.

Wiring the guard relies on (an external pull-down on the output is not optional):
- output active = release. Undriven, floating or unpowered it must hold: lgpio leaves lines floating when the process
  ends and may blip them when they are set up, so a 10 kΩ pull-down and a driver stage that is off when undriven decide.
- contact active = the gate provably holds. A cut wire therefore reads as "not holding" and is a fault.
- beam active = broken by a parcel; the parcel has passed when it is free again.
This is process safety for goods, not a safety function for people.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gpiozero import DigitalInputDevice, DigitalOutputDevice

from edge.packstation.guard.config import GuardConfig


@dataclass(frozen=True)
class Watchers:
    """Called from whatever thread sees the edge: the contact (True: holding), and a parcel that has passed."""

    sense: Callable[[bool], None]
    passed: Callable[[], None]


class Pins:
    """Owner of the lines. `factory` None: gpiozero's default, the real pins."""

    def __init__(self, config: GuardConfig, factory: Any | None, watchers: Watchers) -> None:
        bounce_s = 0.005 if factory is None else None
        self._driving = threading.Lock()
        self._output = DigitalOutputDevice(config.gate_line, initial_value=False, pin_factory=factory)
        self._sense = DigitalInputDevice(config.sense_line, pull_up=False, bounce_time=bounce_s, pin_factory=factory)
        self._green = _lamp(config.green_line, factory)
        self._red = _lamp(config.red_line, factory)
        self._beam = _beam(config.passed_line, bounce_s, factory)
        self._watchers = watchers

    def watch(self) -> None:
        """Begin to report edges. The contact's level now is in `holding`."""
        self._sense.when_activated = lambda: self._watchers.sense(True)
        self._sense.when_deactivated = lambda: self._watchers.sense(False)
        if self._beam is not None:
            self._beam.when_deactivated = self._watchers.passed

    @property
    def holding(self) -> bool:
        """Whether the contact proves that the gate holds."""
        return bool(self._sense.is_active)

    def release(self) -> None:
        """Drive the output to release."""
        with self._driving:
            self._output.on()

    def hold(self) -> None:
        """Let the output fall. May be called from any thread."""
        with self._driving:
            self._output.off()

    def show(self, *, released: bool) -> None:
        """Green while released, red otherwise."""
        for lamp, lit in ((self._green, released), (self._red, not released)):
            if lamp is not None:
                lamp.value = lit

    def close(self) -> None:
        """Hold, darken, and let go of the lines. Twice is harmless."""
        if not self._output.closed:
            self.hold()
        for device in (self._beam, self._sense, self._green, self._red, self._output):
            if device is not None:
                device.close()


def _lamp(line: int | None, factory: Any | None) -> Any | None:
    return None if line is None else DigitalOutputDevice(line, initial_value=False, pin_factory=factory)


def _beam(line: int | None, bounce_s: float | None, factory: Any | None) -> Any | None:
    if line is None:
        return None
    return DigitalInputDevice(line, pull_up=False, bounce_time=bounce_s, pin_factory=factory)
