"""A serial port without hardware: a pty behind a symlink, that can be unplugged and plugged in again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Final

READ_BYTES_MAX: Final = 4096


class PtyPort:
    """The device's end. What arrives goes to `on_bytes`, on the loop that `listen` was called on."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._ends: tuple[int, int] | None = None  # ours, the reader's (kept open, so that a reader may come and go)
        self._on_bytes: Callable[[bytes], None] | None = None
        self.plug()

    @property
    def plugged(self) -> bool:
        """Whether the device is there."""
        return self._ends is not None

    def listen(self, on_bytes: Callable[[bytes], None]) -> None:
        """Hand over what arrives from now on."""
        self._on_bytes = on_bytes
        if self._ends is not None:
            asyncio.get_running_loop().add_reader(self._ends[0], self._readable)

    def write(self, raw: bytes) -> int:
        """Send; how many bytes were taken. Without the device none are missed; raises BlockingIOError when full."""
        return os.write(self._ends[0], raw) if self._ends is not None else len(raw)

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
        if self._on_bytes is not None:
            self.listen(self._on_bytes)

    def unplug(self) -> None:
        """The device vanishes, as a USB one does."""
        if self._ends is None:
            return
        self.link.unlink(missing_ok=True)
        if self._on_bytes is not None:
            asyncio.get_running_loop().remove_reader(self._ends[0])
        for end in self._ends:
            os.close(end)
        self._ends = None

    def _readable(self) -> None:
        if self._ends is None or self._on_bytes is None:
            return
        with contextlib.suppress(BlockingIOError):
            self._on_bytes(os.read(self._ends[0], READ_BYTES_MAX))
