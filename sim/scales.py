"""Bench scales without hardware, on ptys: three serial families, and one that reports as a HID scale does."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Final

from edge.drivers.serial_frame import Parity, framed, unframed
from sim.pty_port import PtyPort
from sim.scale_words import FAMILIES, Family, Pan

REPORT_EVERY_S: Final = 0.05
HELD_MAX: Final = 64  # bytes of a command that never ends


class ScaleOnPty:
    """A serial scale behind `link`. `pan` is what lies on it; `silent` and `spoiled` are faults of the line."""

    def __init__(self, link: Path, family: Family, parity: Parity = "none") -> None:
        self.pan = Pan()
        self.silent = self.spoiled = False
        self.asked = 0
        self._answer, self._end = FAMILIES[family]
        self._parity: Parity = parity
        self._held = b""
        self._port = PtyPort(link)
        self._port.listen(self._heard)

    def plug(self) -> None:
        """The device appears."""
        self._port.plug()

    def unplug(self) -> None:
        """The device vanishes."""
        self._port.unplug()

    def close(self) -> None:
        """As unplug. Twice is harmless."""
        self.unplug()

    def say(self, raw: bytes) -> None:
        """Send these bytes as they are, asked or not."""
        with contextlib.suppress(BlockingIOError):
            self._port.write(raw)

    def _heard(self, raw: bytes) -> None:
        self._held += unframed(raw, self._parity) or b""
        for command in self._commands():
            self.asked += 1
            reply = self._answer(self.pan, command)
            if not self.silent:
                self.say(bytes(255 - byte for byte in reply) if self.spoiled else framed(reply, self._parity))

    def _commands(self) -> list[bytes]:
        if not self._end:
            commands, self._held = [bytes([byte]) for byte in self._held], b""
            return commands
        *commands, self._held = self._held.split(self._end)
        self._held = self._held[-HELD_MAX:]
        return commands


class HidScaleOnPty:
    """Sends six-byte reports behind `link`, ten a second and more, as a USB scale does; grams, whole."""

    def __init__(self, link: Path) -> None:
        self.pan = Pan(grams_max=5_000.0)
        self.silent = self.spoiled = False
        self._port = PtyPort(link)
        self._port.listen(self._heard)
        self._task = asyncio.get_running_loop().create_task(self._report())

    def plug(self) -> None:
        """The device appears."""
        self._port.plug()

    def unplug(self) -> None:
        """The device vanishes."""
        self._port.unplug()

    async def aclose(self) -> None:
        """Stop reporting, unplug."""
        self._task.cancel()
        await asyncio.wait([self._task])
        self.unplug()

    def report(self) -> bytes:
        """What it reports now."""
        pan = self.pan
        raw = round(abs(pan.net))
        wrong = (pan.over, 6), (pan.zero_lost, 8), (pan.moving, 3), (pan.net < 0, 5), (raw == 0, 2)
        status = next((code for flag, code in wrong if flag), 4)
        return bytes((3, 99 if self.spoiled else status, 2, 0, *min(raw, 0xFFFF).to_bytes(2, "little")))

    async def _report(self) -> None:
        while True:
            if not self.silent:
                with contextlib.suppress(BlockingIOError):
                    self._port.write(self.report())
            await asyncio.sleep(REPORT_EVERY_S)

    def _heard(self, raw: bytes) -> None:
        if raw == bytes((2, 1)):
            self.pan.can_zero()
