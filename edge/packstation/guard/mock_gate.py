"""A gate that can be believed, on gpiozero's mock pins: it follows the output's level after a while, parcels pass."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from gpiozero.pins.mock import MockFactory, MockPin

from edge.packstation.guard.config import GuardConfig

BEAM_BROKEN_S: Final = 0.02  # a parcel of 20 cm at 10 m/s is quicker than any belt


class WatchedPin(MockPin):  # type: ignore[misc]
    """A mock pin that tells when its output level is set."""

    on_level: Callable[[bool], None] | None = None

    def _set_state(self, value: float) -> None:
        super()._set_state(value)
        if self.on_level is not None:
            self.on_level(bool(value))


class MockGate:
    """The gate behind the mock pins of `factory`. It lives on its own timers, as a gate does, not on our loop."""

    def __init__(self, factory: MockFactory, config: GuardConfig) -> None:
        self._mock = config.mock
        self._sense: Any = factory.pin(config.sense_line)
        self._beam: Any = None if config.passed_line is None else factory.pin(config.passed_line)
        self._moving: threading.Timer | None = None
        self._turn = threading.Lock()
        self._output_on = False
        output: Any = factory.pin(config.gate_line)
        output.on_level = self._driven

    def settle(self) -> None:
        """The gate at rest: it holds, and the contact says so."""
        self._sense.drive_high()

    def _driven(self, on: bool) -> None:
        with self._turn:
            if on == self._output_on or self._mock.stuck:
                return
            self._output_on = on
            self._after(self._mock.move_ms / 1000, self._opened if on else self._sense.drive_high)

    def _opened(self) -> None:
        self._sense.drive_low()
        with self._turn:
            if self._output_on and self._beam is not None and self._mock.pass_after_ms:
                self._after(self._mock.pass_after_ms / 1000, self._parcel_arrives)

    def _parcel_arrives(self) -> None:
        self._beam.drive_high()
        with self._turn:
            self._after(BEAM_BROKEN_S, self._beam.drive_low)

    def _after(self, wait_s: float, then: Callable[[], None]) -> None:
        if self._moving is not None:
            self._moving.cancel()
        self._moving = threading.Timer(wait_s, then)
        self._moving.daemon = True
        self._moving.start()


def make_factory() -> MockFactory:
    """Mock pins whose levels can be watched."""
    return MockFactory(pin_class=WatchedPin)
