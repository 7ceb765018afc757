"""A pack station as the person at it sees it: one screen, one scanner."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from sim.people.sight import Bell, Sight
from sim.scanner import ScannerOnPty
from wire.phrases import GATE_FAULTS
from wire.uplink import StationLive

PASSING: Final = frozenset({"checking_label", "checking_item", "releasing", "wait_for_check"})  # not yet an answer
ASIDE_DONE: Final = "set_aside_done"
READY: Final = frozenset({"scan_label", ASIDE_DONE})
FORGOT: Final = frozenset({"scan_label", "nothing_to_declare", *GATE_FAULTS})
PACKING: Final = frozenset({"scan_items", "next_item", "override_done"})
AGAIN: Final = frozenset({"no_answer", "gate_refused", "not_this_parcel", "scan_label_first"})  # label once more
BLANK: Final = StationLive(station="none", state="unseen", say="gate_fault", lamp="red", gate="away", scanner_ok=False)
LOOK_S_MAX = 3.0  # a person who sees nothing happen for so long acts again


class Bench:
    """One bench. Whoever scans holds `hands` while a parcel is on the table."""

    def __init__(self, station: str, node: str, scanner: ScannerOnPty, sight: Sight) -> None:
        self.station = station
        self.hands = asyncio.Lock()
        self.scans = 0
        self._node, self._scanner, self._sight = node, scanner, sight

    @property
    def bell(self) -> Bell:
        """Rings when the screen changes."""
        return self._sight.bell(self._node)

    @property
    def screen(self) -> StationLive:
        """What it shows now."""
        return self._sight.station(self._node) or BLANK

    async def pull(self, text: str) -> None:
        """Pull the trigger and look away."""
        self.scans += 1
        await self._scanner.scan(text)

    async def scan(self, text: str) -> StationLive:
        """Pull the trigger and look until the screen has answered (or LOOK_S_MAX has passed)."""
        before, bell = self.screen, self._sight.bell(self._node)
        deadline = time.monotonic() + LOOK_S_MAX
        rung = bell.rung
        await self.pull(text)
        while (left_s := deadline - time.monotonic()) > 0:
            if not await bell.heard(rung, left_s):
                break
            rung = bell.rung
            if answered(before, self.screen):
                return self.screen
        return self.screen

    async def shows(self, words: frozenset[str], wait_s: float) -> bool:
        """Look until the screen says one of `words`; False if it does not within `wait_s`."""
        bell, deadline = self._sight.bell(self._node), time.monotonic() + wait_s
        while self.screen.say not in words:
            left_s = deadline - time.monotonic()
            if left_s <= 0 or not await bell.heard(bell.rung, left_s):
                return self.screen.say in words
        return True


def answered(before: StationLive, now: StationLive) -> bool:
    """True once the screen shows something new that is not just 'checking'."""
    if now.say in PASSING:
        return False
    news = (now.last_scan_id, now.say, now.items, now.ticket, now.ignored_repeats, now.state)
    return news != (before.last_scan_id, before.say, before.items, before.ticket, before.ignored_repeats, before.state)


def left_the_gate(screen: StationLive) -> bool:
    """True while the screen says that the parcel may be sent."""
    return screen.say == "send_it" or screen.gate == "released"
