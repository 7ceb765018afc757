"""A sorter at a put-to-light wall: scans what lies in the batch tote, puts where it lights, takes out what is done."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Final

from sim.modules.remote import ModulesRemote
from sim.scanner import ScannerOnPty

LIGHT_S_MAX: Final = 1.0  # a scan that lights nothing for so long: the item is tried again later
PRESS_AGAIN_S: Final = 2.0  # a light that stays on after a press gets another
PUT, DONE, ASIDE = "blue", "green", "red"


class Sorter:
    """One person, one wall. `backs` maps a module on the pack side to its cubby; other modules are the cubbies'.

    `inside` counts pieces by cubby and barcode; `taken_out` lists what each emptied cubby held.
    """

    def __init__(self, remote: ModulesRemote, scanner: ScannerOnPty, backs: dict[str, str]) -> None:
        self._remote, self._scanner, self._backs = remote, scanner, backs
        self._faces: dict[str, tuple[str, int]] = {}
        self._changed = asyncio.Event()
        self.inside: dict[str, Counter[str]] = {}
        self.taken_out: list[tuple[str, Counter[str]]] = []

    async def look(self) -> None:
        """See what is lit, and every change from now on. Raises TimeoutError without modules."""
        await self._remote.connect(self._face_changed)

    @property
    def done(self) -> list[str]:
        """Cubbies that say that their order is to be taken out."""
        return [self._backs.get(place, place) for place in self._done()]

    async def put(self, barcode: str, light_s_max: float) -> str:
        """Scan one piece and put it where it lights: the cubby, or "" if none lights within `light_s_max` seconds."""
        await self._scanner.scan(barcode)
        if not await self._until(lambda: bool(self._lit()), light_s_max):
            await self._scanner.scan("PL:ASIDE")
            await self._until(lambda: not self._lit(), light_s_max)
            return ""
        cubby = self._lit()[0]
        self.inside.setdefault(cubby, Counter())[barcode] += 1
        await self._press_until_dark(cubby)
        return cubby

    async def sort(self, barcodes: Iterable[str], wait_s_max: float) -> list[str]:
        """Put single pieces into cubbies until none is left; those that found none within `wait_s_max` seconds."""
        tote = deque(barcodes)
        due = time.monotonic() + wait_s_max
        while tote and time.monotonic() < due:
            barcode = tote.popleft()
            if not await self.put(barcode, LIGHT_S_MAX):
                tote.append(barcode)
        return list(tote)

    async def take_out(self, wait_s_max: float) -> bool:
        """Take out the next order that a cubby says is done; False if none does within `wait_s_max` seconds."""
        if not await self._until(lambda: bool(self._done()), wait_s_max):
            return False
        await self.take_out_of(self.done[0])
        return True

    async def take_out_of(self, cubby: str) -> None:
        """Take the order out of a cubby that says it is done."""
        place = next(place for place in self._done() if self._backs.get(place, place) == cubby)
        await self._press_until_dark(place, hold=place == cubby)
        self.taken_out.append((cubby, self.inside.pop(cubby, Counter())))

    async def touch(self, place: str, *, hold: bool) -> bool:
        """A visitor presses the module at `place`; False where there is none."""
        if place not in self._remote.showing:
            return False
        await (self._remote.hold(place) if hold else self._remote.press(place))
        return True

    async def _press_until_dark(self, place: str, *, hold: bool = False) -> None:
        before = self._faces[place]
        while self._faces.get(place) == before:
            await (self._remote.hold(place) if hold else self._remote.press(place))
            await self._until(lambda: self._faces.get(place) != before, PRESS_AGAIN_S)

    def _lit(self) -> list[str]:
        return sorted(place for place, (colour, _) in self._faces.items() if colour == PUT)

    def _done(self) -> list[str]:
        return sorted(place for place, (colour, _) in self._faces.items() if colour in (DONE, ASIDE))

    def _face_changed(self, place: str, colour: str, pieces: int) -> None:
        if colour == "off":
            self._faces.pop(place, None)
        else:
            self._faces[place] = (colour, pieces)
        self._changed.set()

    async def _until(self, true: Callable[[], bool], wait_s_max: float) -> bool:
        """True as soon as `true()`, False if that takes longer than `wait_s_max` seconds."""
        try:
            async with asyncio.timeout(wait_s_max):
                while not true():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True
