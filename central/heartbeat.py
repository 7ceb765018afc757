"""A child's sign of life to the process that keeps it running: one byte through a pipe, whenever it made progress."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn, Self

VARIABLE: Final = "PICKLIGHT_HEARTBEAT_FD"
BEAT_S: Final = 1.0  # how often a child looks whether it makes progress
READ_BYTES_MAX: Final = 4096


class Heart:
    """The listening end. `with Heart() as heart`: give `heart.pulse` to the child, then ask `silent_s`."""

    def __init__(self) -> None:
        self._ear, self.pulse = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._heard_s = time.monotonic()
        self.beats = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hand_over()
        os.close(self._ear)

    def hand_over(self) -> None:
        """The child has its end now; let go of ours."""
        if self.pulse >= 0:
            os.close(self.pulse)
            self.pulse = -1

    def silent_s(self) -> float:
        """How long nothing was heard, seconds; from the start on as long as it has never been heard."""
        with suppress(BlockingIOError):
            if beats := len(os.read(self._ear, READ_BYTES_MAX)):
                self.beats += beats
                self._heard_s = time.monotonic()
        return time.monotonic() - self._heard_s


def beat() -> None:
    """Tell whoever keeps us running that we made progress; nothing where nobody listens."""
    number = os.environ.get(VARIABLE, "")
    if number.isascii() and number.isdigit():
        with suppress(OSError):  # full: it has enough to read; broken: it is gone, and so are we soon
            os.write(int(number), b".")


async def keep_beating(moves: Callable[[], bool]) -> NoReturn:
    """Beat from this loop for as long as `moves()` says that work goes on."""
    while True:
        if moves():
            beat()
        await asyncio.sleep(BEAT_S)
