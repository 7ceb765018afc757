"""Barcode scanners that type (evdev) or report (HID-POS), without hardware: the records that their drivers give."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from edge.drivers.scanner_keys import EV_KEY, EV_SYN, RECORD, SYN_DROPPED, SYN_REPORT
from edge.drivers.scanner_layouts import LAYOUTS, Layout
from sim.device_fifo import DeviceFifo
from sim.keyboard import Habits, Key, keys_of

# Report 2 of a HID-POS scanner, 64 bytes: length, AIM identifier, 56 bytes of data, two of the maker's, one flag.
DESCRIPTOR: Final = bytes.fromhex(
    "058c0902a1010912a102850215002 6ff00750895010501093b8102 950 3058c09fb09fc09fd8102"
    " 953809fe820201 95020666ff09048102 058c09ff2501 7501 9501 8102 7507 8103 c0c0".replace(" ", "")
)
HABITS: Final = Habits()
DATA_BYTES: Final = 56
REPORT_BYTES: Final = 64


class ScannerThatTypes(DeviceFifo):
    """Types what is scanned. `layout` and `habits` are its own settings, whatever the node believes."""

    def __init__(self, link: Path, layout: Layout = LAYOUTS["us"], habits: Habits = HABITS) -> None:
        self.layout, self.habits = layout, habits
        super().__init__(link)

    async def scan(self, text: str) -> None:
        """Pull the trigger over a code that says `text`."""
        await self.press(keys_of(text, self.layout, self.habits))

    async def press(self, keys: Iterable[Key]) -> None:
        """These keys."""
        await self.send(b"".join(record(EV_KEY, code, value) + record(EV_SYN, SYN_REPORT) for code, value in keys))

    async def drop(self) -> None:
        """The kernel's queue was full, and what was in it is gone."""
        await self.send(record(EV_SYN, SYN_DROPPED) + record(EV_SYN, SYN_REPORT))


class ScannerThatReports(DeviceFifo):
    """Reports what is scanned, with an AIM identifier where the scanner is set to give one."""

    async def scan(self, text: str) -> None:
        """Pull the trigger over a code that says `text`; an AIM identifier at its begin goes where it belongs."""
        raw = text.encode()
        aim = raw[:3] if raw[:1] == b"]" else b""
        await self.send(b"".join(reports_of(raw.removeprefix(aim), aim)))


def record(kind: int, code: int, value: int = 0) -> bytes:
    """One struct input_event, now."""
    micros = time.monotonic_ns() // 1000
    return RECORD.pack(micros // 1_000_000, micros % 1_000_000, kind, code, value)


def reports_of(data: bytes, aim: bytes = b"") -> list[bytes]:
    """The reports that carry `data`; all but the last say that more follows."""
    parts = [data[at : at + DATA_BYTES] for at in range(0, len(data), DATA_BYTES)] or [b""]
    return [
        bytes([2, len(part)]) + aim.ljust(3, b"\0") + part.ljust(DATA_BYTES, b"\0") + bytes([0, 0, number < len(parts)])
        for number, part in enumerate(parts, 1)
    ]
