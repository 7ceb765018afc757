"""Gates that can be believed, on gpiozero's mock pins: they follow their outputs, parcels pass, they fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from gpiozero.pins.mock import MockFactory, MockPin

from edge.packstation.guard.config import GuardConfig, Interlock, Level, MockProfile

BEAM_BROKEN_S: Final = 0.02  # a parcel of 20 cm at 10 m/s is quicker than any belt


class WatchedPin(MockPin):  # type: ignore[misc]
    """A mock pin that tells when its output level is set."""

    on_level: Callable[[bool], None] | None = None

    def _set_state(self, value: float) -> None:
        super()._set_state(value)
        if self.on_level is not None:
            self.on_level(bool(value))


class Moving:
    """One interlock behind mock pins. It lives on its own timer, as a gate does, not on our loop."""

    def __init__(self, factory: MockFactory, one: Interlock, mock: MockProfile, on_open: Callable[[], None]) -> None:
        self._one, self._move_s, self._on_open = one, mock.move_ms / 1000, on_open
        fails = mock.fault_at in {"", one.name}
        self._stuck, self._welded = (fails and mock.fault == fault for fault in ("stuck", "welded"))
        self._sense: Any = None if one.sense_line is None else factory.pin(one.sense_line)
        self._released: Any = None if one.released_line is None else factory.pin(one.released_line)
        self._moving: threading.Timer | None = None
        self._turn = threading.Lock()
        self._output_on = False
        output: Any = factory.pin(one.line)
        output.on_level = self._driven

    def settle(self) -> None:
        """It holds, and its contacts say so."""
        _drive(self._sense, True, self._one.sense_active)
        _drive(self._released, False, self._one.released_active)

    def open(self) -> None:
        """It is open, and its contacts say so."""
        _drive(self._sense, False, self._one.sense_active)
        _drive(self._released, True, self._one.released_active)

    def contradict(self) -> None:
        """Both contacts say yes."""
        _drive(self._released, True, self._one.released_active)

    def _driven(self, level: bool) -> None:
        on = level == (self._one.active == "high")
        with self._turn:
            if on == self._output_on or self._stuck or (self._welded and not on):
                return
            self._output_on = on
            if self._moving is not None:
                self._moving.cancel()
            self._moving = _later(self._move_s, self._opened if on else self.settle)

    def _opened(self) -> None:
        self.open()
        self._on_open()


class MockGate:
    """All interlocks behind the mock pins of `factory`, the beam behind the first, and the fault of the profile."""

    def __init__(self, factory: MockFactory, config: GuardConfig) -> None:
        self._mock, self._config = config.mock, config
        self._beam: Any = None if config.passed_line is None else factory.pin(config.passed_line)
        self._estop: Any = None if config.estop_line is None else factory.pin(config.estop_line)
        first = config.interlock[0].name
        self._moving = {
            one.name: Moving(factory, one, config.mock, self._parcel_goes if one.name == first else _nothing)
            for one in config.interlock
        }
        self._failing = self._moving[config.mock.fault_at or first]

    def settle(self) -> None:
        """Everything at rest; from now on the fault that comes once may come."""
        for one in self._moving.values():
            one.settle()
        _drive(self._estop, True, self._config.estop_active)
        if self._mock.fault in {"forced", "contradicting", "e_stop"}:
            _later(self._mock.fault_after_ms / 1000, self._fail)

    def _fail(self) -> None:
        match self._mock.fault:
            case "forced":
                self._failing.open()
            case "contradicting":
                self._failing.contradict()
            case "e_stop":
                _drive(self._estop, False, self._config.estop_active)
        if self._mock.fault_lasts_ms:
            _later(self._mock.fault_lasts_ms / 1000, self._mend)

    def _mend(self) -> None:
        self._failing.settle()
        _drive(self._estop, True, self._config.estop_active)

    def _parcel_goes(self) -> None:
        if self._beam is not None and self._mock.pass_after_ms:
            _later(self._mock.pass_after_ms / 1000, self._parcel_arrives)

    def _parcel_arrives(self) -> None:
        self._beam.drive_high()
        _later(BEAM_BROKEN_S, self._beam.drive_low)


def make_factory() -> MockFactory:
    """Mock pins whose levels can be watched."""
    return MockFactory(pin_class=WatchedPin)


def _drive(pin: Any, active: bool, level: Level) -> None:
    if pin is None:
        return
    if active == (level == "high"):
        pin.drive_high()
    else:
        pin.drive_low()


def _later(wait_s: float, then: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(wait_s, then)
    timer.daemon = True
    timer.start()
    return timer


def _nothing() -> None:
    """No beam behind this one."""
