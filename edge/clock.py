"""The node's clocks: wall time and how far to believe it, and the time since boot that never jumps."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path
from typing import Final

from wire.clock import ClockTrust

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_TIMEX_BYTES: Final = 512  # struct timex has 208 bytes on 64-bit Linux; the kernel writes no more than that
_TIME_ERROR: Final = 5  # adjtimex(2): the clock is not synchronised

_libc: Final = ctypes.CDLL(None, use_errno=True)


class Clock:
    """The real clocks of this machine."""

    def __init__(self) -> None:
        self.boot_id = _BOOT_ID.read_text(encoding="ascii").strip()
        self._was_synced = False

    def utc_ns(self) -> int:
        """Wall time, nanoseconds since 1970. May be wrong, may jump: see `trust`."""
        return time.time_ns()

    def mono_ns(self) -> int:
        """CLOCK_BOOTTIME: nanoseconds since boot, suspended time included. Never jumps."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)

    def trust(self) -> ClockTrust:
        """Is wall time disciplined now, was it since this process began, or never?"""
        if _kernel_says_synced():
            self._was_synced = True
            return "synced"
        return "holdover" if self._was_synced else "unsynced"


class ManualClock(Clock):
    """Clocks that stand still until told: for tests and simulators."""

    def __init__(self, utc_ns: int = 1_750_000_000_000_000_000, mono_ns: int = 1_000_000_000) -> None:
        super().__init__()
        self.boot_id = "boot-1"
        self.utc, self.mono = utc_ns, mono_ns
        self.trusted: ClockTrust = "synced"

    def utc_ns(self) -> int:
        """The wall time it was set to."""
        return self.utc

    def mono_ns(self) -> int:
        """The time since boot it was set to."""
        return self.mono

    def trust(self) -> ClockTrust:
        """What it was set to."""
        return self.trusted

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass on both clocks."""
        self.utc += int(seconds * 1e9)
        self.mono += int(seconds * 1e9)

    def reboot(self) -> None:
        """A new boot: the time since boot starts again."""
        self.boot_id = f"boot-{int(self.boot_id.removeprefix('boot-')) + 1}"
        self.mono = 1_000_000_000


def _kernel_says_synced() -> bool:
    question = ctypes.create_string_buffer(_TIMEX_BYTES)  # modes 0: only asks
    return 0 <= int(_libc.adjtimex(question)) < _TIME_ERROR
