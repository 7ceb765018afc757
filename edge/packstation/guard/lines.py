"""gpiozero's lgpio pins without their traps: the guard's real lines. Importing this file needs a folder, see `gpio.py`.

What lgpio and gpiozero do, and what is done about it (measured by tests/hil/test_guard_lines.py):
- gpiozero takes a line as a floating input first and then as an output at low level, whatever level was asked for: an
  active-low output releases for a moment. `SteadyPin` claims it once, at the holding level, with that level's pull.
- gpiozero lets a closed line float. `SteadyPin` frees it as it is: the Pi's own pull stays on after the process.
- lgpio says "GPIO busy" and not who is. `_claimed` asks the kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import lgpio
from gpiozero.exc import PinUnknownPi
from gpiozero.pins.lgpio import LGPIOFactory, LGPIOPin
from gpiozero.pins.local import LocalPiPin

from edge.packstation.guard.errors import GpioGone, LineTaken

PROC: Final = Path("/proc")


class SteadyPin(LGPIOPin):  # type: ignore[misc]
    """A line that never stands at a level nobody asked for."""

    def __init__(self, factory: Any, info: Any) -> None:
        LocalPiPin.__init__(self, factory, info)  # not LGPIOPin's, which would take the line as a floating input
        self._pwm = self._bounce = self._callback = None
        self._edges = lgpio.BOTH_EDGES

    def output_with_state(self, state: bool) -> None:
        """Claim the line as an output that stands at `state` from its first instant. Raises LineTaken."""
        pull = lgpio.SET_PULL_UP if state else lgpio.SET_PULL_DOWN
        self._claimed(lambda: lgpio.gpio_claim_output(self.factory._handle, self._number, int(state), pull))

    def input_with_pull(self, pull: str) -> None:
        """Claim the line as an input, pulled from its first instant. Raises LineTaken."""
        flags = {"up": lgpio.SET_PULL_UP, "down": lgpio.SET_PULL_DOWN}[pull]
        self._claimed(lambda: lgpio.gpio_claim_input(self.factory._handle, self._number, flags))

    def close(self) -> None:
        """Let go of the line as it stands."""
        self.when_changed = None
        if self.factory._handle is not None:
            lgpio.gpio_free(self.factory._handle, self._number)

    def _claimed(self, claim: Callable[[], object]) -> None:
        try:
            claim()
        except lgpio.error as error:
            owner = _consumer(self.factory._handle, self._number)
            raise LineTaken(_taken(self._number, owner, str(error))) from error


def make() -> LGPIOFactory:
    """The board's own lines. Raises GpioGone."""
    try:
        factory = LGPIOFactory()
    except (lgpio.error, PinUnknownPi) as error:
        cure = "Is this a Pi, and is the guard's user in the group gpio?"
        raise GpioGone(f"the GPIO chip cannot be opened: {str(error).strip(chr(39))}. {cure}") from error
    factory.pin_class = SteadyPin
    return factory


def _consumer(handle: int, line: int) -> str:
    """The name under which the kernel knows the line's owner; "" if it has none."""
    try:
        return str(lgpio.gpio_get_line_info(handle, line)[4])
    except lgpio.error:
        return ""


def _taken(line: int, owner: str, why: str) -> str:
    if not owner:
        return f"GPIO line {line} cannot be had: {why.strip(chr(39))}. Check its number"
    among = ", ".join(holders()) or "not visible to this user"
    return f"GPIO line {line} is taken by {owner!r}; processes that hold lines: {among}. Stop it, or use another line"


def holders() -> list[str]:
    """Processes that hold any GPIO line, as far as this user may look: `name (pid 123)`."""
    found = set()
    for link in PROC.glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) != "anon_inode:gpio-line":
                continue
            name = (link.parents[1] / "comm").read_text().strip()
        except OSError:
            continue  # gone, or another user's
        found.add(f"{name} (pid {link.parents[1].name})")
    return sorted(found)
