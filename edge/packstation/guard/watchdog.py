"""Two watches over the guard's loop: systemd's, fed only while the loop runs, and a dead-man thread of our own."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

LOOK_S: Final = 0.02  # while released
IDLE_LOOK_S: Final = 0.5
LATE_S: Final = 0.1  # the loop ends a lease itself; this much later the thread does


class Notifier:
    """systemd's notification socket, if there is one. `interval_s`: how often it wants to hear (0: never)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        microseconds = environment.get("WATCHDOG_USEC", "0")
        self.interval_s = int(microseconds) / 3e6 if address and microseconds.isdigit() else 0.0

    def say(self, state: str) -> None:
        """Send `state`, such as READY=1; never blocks, and a deaf systemd is no reason to stop."""
        if not self._address:
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out,
        ):
            out.setblocking(False)
            out.sendto(state.encode(), self._address)


class DeadMan:
    """Lets the output fall when the loop does not: it missed the lease's end, or stopped beating while released.

    A stall that keeps Python itself from running stops this thread too; that is what systemd's watchdog is for.
    """

    def __init__(self, hold: Callable[[], None], on_stall: Callable[[], None], stall_s_max: float) -> None:
        self._hold, self._on_stall, self._stall_s_max = hold, on_stall, stall_s_max
        self._released_until = 0.0  # 0: holding
        self._beaten = self._looked = time.monotonic()
        self._wake, self._turn, self._ended = threading.Event(), threading.Lock(), False
        self._thread = threading.Thread(target=self._watch, name="dead-man", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End the watch."""
        self._ended = True
        self._wake.set()
        self._thread.join()

    def beat(self) -> None:
        """The loop is alive."""
        self._beaten = time.monotonic()

    def release(self, lease_s: float, drive: Callable[[], None]) -> None:
        """Drive the output, watched from the same instant, for at most `lease_s`."""
        with self._turn:
            self.beat()
            self._released_until = self._beaten + lease_s
            self._wake.set()
            drive()

    def held(self) -> None:
        """The loop has let the output fall."""
        with self._turn:
            self._released_until = 0.0
            self._wake.clear()

    @property
    def is_watching(self) -> bool:
        """Whether the thread itself is alive."""
        return time.monotonic() - self._looked < 4 * IDLE_LOOK_S

    def _watch(self) -> None:
        while not self._ended:
            self._wake.wait(IDLE_LOOK_S)
            self._looked = now = time.monotonic()
            if self._wake.is_set() and not self._ended:
                self._look(now)
                time.sleep(LOOK_S)

    def _look(self, now: float) -> None:
        with self._turn:
            until = self._released_until
            if not until or (now <= until + LATE_S and now - self._beaten <= self._stall_s_max):
                return
            self._hold()
            self._released_until = 0.0
            self._wake.clear()
        self._on_stall()
