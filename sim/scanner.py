"""A serial barcode scanner without hardware."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

from sim.pty_port import PtyPort

ROOM_S_MAX: Final = 5.0  # nobody has read a full buffer for so long: the reader is gone


class ScannerOnPty:
    """Sends what is scanned, followed by `suffix`, to whoever has `link` open."""

    def __init__(self, link: Path, suffix: str = "\r") -> None:
        self.link, self._suffix = link, suffix
        self._port = PtyPort(link)

    @property
    def plugged(self) -> bool:
        """Whether the device is there."""
        return self._port.plugged

    async def scan(self, text: str) -> None:
        """Pull the trigger over a code that says `text`. Without the device nothing happens."""
        await self.send(text.encode() + self._suffix.encode())

    async def send(self, raw: bytes) -> None:
        """These bytes, as they are. Waits while the reader's buffer is full; raises TimeoutError if it stays so."""
        deadline = time.monotonic() + ROOM_S_MAX
        while raw and self._port.plugged:
            try:
                raw = raw[self._port.write(raw[:1024]) :]
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.link}: nobody reads what is scanned") from None
            await asyncio.sleep(0 if raw == b"" else 0.001)

    def plug(self) -> None:
        """The device appears."""
        self._port.plug()

    def unplug(self) -> None:
        """The device vanishes, as a USB one does."""
        self._port.unplug()

    def close(self) -> None:
        """As unplug. Twice is harmless."""
        self.unplug()
