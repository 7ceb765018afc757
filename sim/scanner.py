"""A serial barcode scanner without hardware: a pty behind a symlink, that can be unplugged and plugged in again."""

from __future__ import annotations

import asyncio
import os
import pty
import time
import tty
from pathlib import Path
from typing import Final

ROOM_S_MAX: Final = 5.0  # nobody has read a full buffer for so long: the reader is gone


class ScannerOnPty:
    """Sends what is scanned, followed by `suffix`, to whoever has `link` open."""

    def __init__(self, link: Path, suffix: str = "\r") -> None:
        self.link, self._suffix = link, suffix
        self._ends: tuple[int, int] | None = None  # ours, the reader's (kept open, so that a reader may come and go)
        self.plug()

    @property
    def plugged(self) -> bool:
        """Whether the device is there."""
        return self._ends is not None

    async def scan(self, text: str) -> None:
        """Pull the trigger over a code that says `text`. Without the device nothing happens."""
        await self.send(text.encode() + self._suffix.encode())

    async def send(self, raw: bytes) -> None:
        """These bytes, as they are. Waits while the reader's buffer is full; raises TimeoutError if it stays so."""
        deadline = time.monotonic() + ROOM_S_MAX
        while raw and self._ends is not None:
            try:
                raw = raw[os.write(self._ends[0], raw[:1024]) :]
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.link}: nobody reads what is scanned") from None
            await asyncio.sleep(0 if raw == b"" else 0.001)

    def plug(self) -> None:
        """The device appears."""
        if self._ends is not None:
            return
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        self._ends = (ours, theirs)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(theirs))

    def unplug(self) -> None:
        """The device vanishes, as a USB one does."""
        if self._ends is None:
            return
        self.link.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = None

    def close(self) -> None:
        """As unplug. Twice is harmless."""
        self.unplug()
