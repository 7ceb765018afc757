"""Touches of a bench's page: which of them count here, and as what. Pure, but for its memory.

A touch stands for one of the command barcodes and never for a badge, a label or an item: those are scanned, so that
somebody who looks at the page from elsewhere can neither pack nor decide.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from edge.drivers.ports import Scan
from edge.packstation import events as ev
from edge.packstation import shift_events as shift
from edge.packstation.commands import may_be_touched
from edge.packstation.rules import Station
from edge.packstation.scans import event_of
from wire.downlink import BenchPressed
from wire.shift_deeds import ScreenPressed

PRESS_NS_MIN: Final = 150_000_000  # a gloved finger that trembles; no hand means two touches within it
KNOWN_MAX: Final = 64  # touches remembered, so that one that arrives twice counts once


@dataclass(frozen=True)
class Touch:
    """A touch that counts: what is written down first, and what it then is to the station."""

    deed: ScreenPressed
    event: ev.Event


class Presses:
    """Judges touches of the page of one station."""

    def __init__(self, station: str) -> None:
        self._station = station
        self._known: deque[str] = deque(maxlen=KNOWN_MAX)
        self._last_ns = -PRESS_NS_MIN

    def event_of(self, press: BenchPressed, now: Station, mono_ns: int, scan_id: str) -> Touch | ev.Event | None:
        """What the touch is; None: nothing (for another bench, seen before, too fast, no command of the page)."""
        fresh = press.press_id not in self._known and mono_ns - self._last_ns >= PRESS_NS_MIN
        if press.station != self._station or not fresh or not may_be_touched(press.text):
            return None
        self._known.append(press.press_id)
        self._last_ns = mono_ns
        if press.order_no != now.order_no:
            return shift.OldTouchShown()
        deed = ScreenPressed(station=now.name, scan_id=scan_id, text=press.text, packer=now.packer)
        return Touch(deed, event_of(Scan(press.text, mono_ns), scan_id, (), now.name))
