"""A device file that is kept open on the loop: opened again and again, read without a thread, lost when it hangs up."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edge.drivers.bench_ports import DeviceState
from edge.drivers.device_watch import PRESENT, DeviceWatch, unusable

READ_BYTES_MAX: Final = 4096
DRAINS_MAX: Final = 256  # a kernel keeps no more for us
PAUSE_S_FIRST, PAUSE_S_MAX = 0.1, 1.0  # between attempts to open


@dataclass(frozen=True)
class Opened:
    """An open device and how to close it."""

    fd: int
    close: Callable[[], None]


class OpenFile:
    """Keeps what `open_it` opens. `open_it` raises OSError, or ValueError for a device that is there and is wrong."""

    def __init__(
        self, open_it: Callable[[], Opened], on_bytes: Callable[[bytes], None], watch: DeviceWatch, cure: str
    ) -> None:
        self._open_it, self._on_bytes, self._watch, self._cure = open_it, on_bytes, watch, cure
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opened: Opened | None = None
        self._later: asyncio.TimerHandle | None = None
        self._pause_s = PAUSE_S_FIRST

    @property
    def is_open(self) -> bool:
        """Whether the device is there to be spoken to."""
        return self._opened is not None

    def start(self) -> None:
        """Open and keep reopening."""
        self._loop = asyncio.get_running_loop()
        self._open()

    def stop(self) -> None:
        """Let go of it. Twice is harmless."""
        self._let_go()
        self._loop = None

    def write(self, data: bytes) -> bool:
        """Send `data`. False: the device is not there, or took none of it."""
        if self._opened is None:
            return False
        try:
            return os.write(self._opened.fd, data) == len(data)
        except BlockingIOError:
            return False
        except OSError as error:
            self._lose(error.strerror or str(error))
            return False

    def drain(self) -> None:
        """Throw away what has come and was not read."""
        for _ in range(DRAINS_MAX):
            if self._opened is None or not select.select([self._opened.fd], [], [], 0)[0]:
                return
            self._read_once(lambda _chunk: None)

    def _open(self) -> None:
        self._later = None
        try:
            self._opened = self._open_it()
        except (OSError, ValueError) as error:
            wrong = isinstance(error, ValueError)
            self._watch.tell(DeviceState("refused", str(error)) if wrong else unusable(_os_error(error), self._cure))
            self._again()
            return
        self._pause_s = PAUSE_S_FIRST
        if self._loop is not None:
            self._loop.add_reader(self._opened.fd, self._readable)
        self._watch.tell(PRESENT)

    def _readable(self) -> None:
        self._read_once(self._on_bytes)

    def _read_once(self, then: Callable[[bytes], None]) -> None:
        """Hand one chunk to `then`. The device is readable: empty then means hung up."""
        if self._opened is None:
            return
        try:
            chunk = os.read(self._opened.fd, READ_BYTES_MAX)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(error.strerror or str(error))
            return
        if chunk:
            then(chunk)
        else:
            self._lose("unplugged")

    def _lose(self, why: str) -> None:
        self._let_go()
        self._watch.tell(DeviceState("absent", why))
        self._again()

    def _again(self) -> None:
        if self._loop is not None:
            self._later = self._loop.call_later(self._pause_s, self._open)
            self._pause_s = min(2 * self._pause_s, PAUSE_S_MAX)

    def _let_go(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        opened, self._opened = self._opened, None
        if opened is not None:
            if self._loop is not None:
                self._loop.remove_reader(opened.fd)
            with contextlib.suppress(OSError):  # an unplugged adapter cannot be closed any better
                opened.close()


def _os_error(error: OSError | ValueError) -> OSError:
    return error if isinstance(error, OSError) else OSError(str(error))
