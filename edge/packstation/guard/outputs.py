"""Everything the guard drives and feels: all interlocks' lines, their leases and pulses, and the watches over them.

It performs what the machine decided and tells it what the contacts say; it decides nothing. Every way to leave an
output on is closed twice: the loop's own timer ends a lease, a thread does if the loop does not (`watchdog.py`), and
another process does if this one stands still (`warden.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Final

from edge.packstation.guard import events
from edge.packstation.guard.config import GuardConfig
from edge.packstation.guard.kinds import Whole, whole
from edge.packstation.guard.pins import BOUNCE_S, Pins, Watchers
from edge.packstation.guard.timers import Timers
from edge.packstation.guard.wardship import Wardship
from edge.packstation.guard.watchdog import DeadMan

STALL_S_MAX: Final = 1.0  # a loop that misses ten beats while released is not well


class Outputs:
    """Owner of the lines. `on_event` is called on the loop. Raises LineTaken, GpioGone."""

    def __init__(self, config: GuardConfig, factory: Any, on_event: Callable[[events.Event], None]) -> None:
        self._config, self._tell = config, on_event
        self._loop = asyncio.get_running_loop()
        self._timers = Timers(self._loop)
        real = config.pins == "gpio"
        watchers = Watchers(
            lambda: self._soon(self._look), lambda: self._soon(self._look_at_estop), lambda: self._soon(self._passed)
        )
        self._pins = Pins(config, factory, watchers, bounce_s=BOUNCE_S if real else None)
        lease_s = config.release_ms / 1000
        stall_s_max = min(lease_s, STALL_S_MAX)
        self._dead_man = DeadMan(self._pins.hold, lambda: self._soon(self._stalled), stall_s_max)
        self._wardship = Wardship(lease_s, stall_s_max) if real else None
        self._releasing = self._ended = False

    def start(self) -> None:
        """Hold, and begin to watch."""
        self._dead_man.start()
        if self._wardship is not None:
            self._wardship.start()
        self._pins.watch()
        self.hold()
        self._pins.show(released=False)
        if self._pins.stopped:
            self._look_at_estop()

    def stop(self) -> None:
        """Hold, and let go of everything. Nothing is told any more."""
        self._ended = True
        self._pins.hold()
        self._timers.disarm_all()
        self._dead_man.stop()
        self._pins.close()
        if self._wardship is not None:
            self._wardship.stop()

    def beat(self) -> bool:
        """The loop runs; whether both watches over it do. Ten times a second."""
        self._dead_man.beat()
        if self._wardship is None:
            return self._dead_man.is_watching
        if self._wardship.renew():
            if self._releasing:
                self._stalled()
            return self._dead_man.is_watching
        if self._releasing:
            self._wardship.beat()
        return self._dead_man.is_watching

    @property
    def holding(self) -> bool:
        """Whether every contact proves that it holds, whatever the outputs do."""
        return self._whole(releasing=False).says == "holding"

    def show(self, *, released: bool) -> None:
        """Green while released, red otherwise."""
        self._pins.show(released=released)

    def release(self) -> None:
        """Drive every leased output, watched from the same instant. Without a warden nothing is driven."""
        if self._wardship is not None and not self._wardship.watches:
            self._loop.call_soon(self._alive, self._stalled)
            return
        self._releasing = True
        self._timers.arm("lease", self._config.release_ms, self._lease_over)
        self._timers.arm("sense", self._config.sense_wait_ms, self._overdue)
        for one in self._config.interlock:
            if not one.pulsed and (one.lease_ms or self._config.lease_ms) < self._config.release_ms:
                self._drop_after(one.name, one.lease_ms or self._config.lease_ms)
        self._dead_man.release(self._config.release_ms / 1000, self._drive)
        if self._whole(releasing=True).says == "released":  # nothing to be proven: no edge will come
            self._loop.call_soon(self._alive, self._look)

    def pulse(self) -> None:
        """Give the pulses that waited until the release was proven."""
        for one in self._config.interlock if self._releasing else ():
            if one.pulsed:
                self._pins.release((one.name,))
                self._drop_after(one.name, one.pulse_ms)

    def hold(self) -> None:
        """Let everything fall, together."""
        self._releasing = False
        self._pins.hold()
        self._dead_man.held()
        if self._wardship is not None:
            self._wardship.held()
        self._timers.disarm("lease", *(f"drop:{one.name}" for one in self._config.interlock))
        self._timers.arm("sense", self._config.sense_wait_ms, self._overdue)
        if self.holding:  # no edge will come
            self._loop.call_soon(self._alive, self._look)

    def _drive(self) -> None:
        if self._wardship is not None:
            self._wardship.released()
        self._pins.release(one.name for one in self._config.interlock if not one.pulsed)

    def _drop_after(self, name: str, wait_ms: int) -> None:
        self._timers.arm(f"drop:{name}", wait_ms, lambda: self._pins.drop(name))

    # ---- what is felt ----

    def _whole(self, *, releasing: bool) -> Whole:
        return whole(self._pins.contacts(), releasing=releasing)

    def _look(self) -> None:
        now = self._whole(releasing=self._releasing)
        if now.says == "contradicting":
            if "contradiction" not in self._timers:
                self._timers.arm("contradiction", self._config.sense_wait_ms, self._contradicting)
            return
        self._timers.disarm("contradiction")
        self._tell(events.SenseHolding(now.where) if now.says == "holding" else events.SenseReleased(now.where))

    def _contradicting(self) -> None:
        self._tell(events.SenseFaulted(self._whole(releasing=self._releasing).where))

    def _overdue(self) -> None:
        """The contacts had their time. If they agree after all, an edge was lost."""
        now = self._whole(releasing=self._releasing)
        if now.says == ("released" if self._releasing else "holding"):
            self._look()
        elif now.says != "contradicting":  # that has its own time
            self._tell(events.SenseOverdue(now.where))

    def _look_at_estop(self) -> None:
        self._tell(events.EStopPressed() if self._pins.stopped else events.EStopFreed())

    def _passed(self) -> None:
        self._tell(events.ParcelPassed())

    def _lease_over(self) -> None:
        self._tell(events.LeaseOver())

    def _stalled(self) -> None:
        self._tell(events.Stalled())

    def _soon(self, then: Callable[[], None]) -> None:
        """From another thread; a loop that has ended no longer cares."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._alive, then)

    def _alive(self, then: Callable[[], None]) -> None:
        if not self._ended:
            then()
