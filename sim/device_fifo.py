"""A device node without hardware that hands out records: a named pipe that can be unplugged and plugged in again."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Final

ROOM_S_MAX: Final = 5.0  # nobody has read a full pipe for so long: the reader is gone


class DeviceFifo:
    """Records go to whoever has `link` open; as with a device, unplugging it ends the reader's file."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._end: int | None = None
        self.plug()

    @property
    def plugged(self) -> bool:
        """Whether the device is there."""
        return self._end is not None

    async def send(self, raw: bytes) -> None:
        """These bytes, as they are. Waits while the pipe is full; raises TimeoutError if it stays so."""
        deadline = time.monotonic() + ROOM_S_MAX
        while raw and self._end is not None:
            try:
                raw = raw[os.write(self._end, raw[:4096]) :]
                deadline = time.monotonic() + ROOM_S_MAX
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.link}: nobody reads what is scanned") from None
            await asyncio.sleep(0 if raw == b"" else 0.001)

    def plug(self) -> None:
        """The device appears."""
        if self._end is not None:
            return
        self.link.unlink(missing_ok=True)
        os.mkfifo(self.link)
        self._end = os.open(self.link, os.O_RDWR | os.O_NONBLOCK)  # also reading, so that readers may come and go

    def unplug(self) -> None:
        """The device vanishes, as a USB one does."""
        if self._end is None:
            return
        self.link.unlink(missing_ok=True)
        os.close(self._end)
        self._end = None

    def close(self) -> None:
        """As unplug. Twice is harmless."""
        self.unplug()
