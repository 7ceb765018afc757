"""Every kind of scanner in use, and the hand that scans with it; nothing of the kernel's below but a pty or a pipe."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from edge.drivers.ports import Presence, Scan
from edge.drivers.scanner_evdev import EvdevSettings, EvdevSource
from edge.drivers.scanner_hidpos import HidposSettings, HidposSource
from edge.drivers.scanner_keys import KeyRules
from edge.drivers.scanner_layouts import LAYOUTS
from edge.drivers.scanner_owner import ScannerOwner, Source
from edge.drivers.scanner_serial import SerialSource
from edge.drivers.scanner_text import Framing
from sim.hid_scanners import DESCRIPTOR, ScannerThatReports, ScannerThatTypes, reports_of
from sim.keyboard import USUAL, Habits, keys_of
from sim.scanner import ScannerOnPty

WAIT_S_MAX = 10.0
IDLE_S = 0.4


class Hand(Protocol):
    """A person with a scanner of some kind."""

    garbage: str  # what a scan that holds no text is called

    async def scan(self, text: str) -> None: ...
    async def part(self, text: str) -> None:
        """The begin of a scan, or more of it, and no end."""

    async def garble(self) -> None:
        """A whole scan with something in it that is no text."""

    def plug(self) -> None: ...
    def unplug(self) -> None: ...
    def close(self) -> None: ...


class SerialHand(ScannerOnPty):
    garbage = "not_text"

    async def part(self, text: str) -> None:
        await self.send(text.encode())

    async def garble(self) -> None:
        await self.send(b"59012\xff\xfe34123457\r")


class TypingHand(ScannerThatTypes):
    garbage = "unknown_key"

    async def part(self, text: str) -> None:
        await self.press(keys_of(text, self.layout, Habits(self.habits.alt_codes, ends=None)))

    async def garble(self) -> None:
        await self.part("59012")
        await self.press([(240, 1), (240, 0)])  # KEY_UNKNOWN
        await self.scan("34123457")


class ReportingHand(ScannerThatReports):
    garbage = "not_text"

    async def part(self, text: str) -> None:
        report = bytearray(reports_of(text.encode())[0])
        report[-1] = 1
        await self.send(bytes(report))

    async def garble(self) -> None:
        await self.send(b"".join(reports_of(b"59012\xff\xfe34123457")))


@dataclass(frozen=True)
class Kind:
    """One implementation: how its device is made, and how it is read."""

    name: str
    hand: Callable[[Path], Hand]
    source: Callable[[Path], Source]


def _typing(name: str, layout: str, habits: Habits = USUAL) -> Kind:
    rules = KeyRules(LAYOUTS[layout])
    return Kind(
        f"evdev-{name}",
        lambda link: TypingHand(link, LAYOUTS[layout], habits),
        lambda link: EvdevSource(EvdevSettings(port=str(link), rules=rules, grab=False)),
    )


KINDS = (
    Kind("serial", SerialHand, lambda link: SerialSource(str(link), Framing())),
    _typing("us", "us"),
    _typing("de", "de"),
    _typing("fr", "fr"),
    _typing("alt-codes", "us", Habits(alt_codes=True)),
    Kind("hidpos", ReportingHand, lambda link: HidposSource(HidposSettings(str(link), descriptor=DESCRIPTOR))),
)


class Rig:
    """A scanner in use and the hand that scans with it."""

    def __init__(self, folder: Path, kind: Kind, source: Source | None = None, idle_s: float = IDLE_S) -> None:
        self.link, self.kind, self._idle_s = folder / "scanner", kind, idle_s
        self.hand = kind.hand(self.link)
        self.scans: asyncio.Queue[Scan] = asyncio.Queue()
        self.presence: asyncio.Queue[Presence] = asyncio.Queue()
        self.scanner = self.owner(source or kind.source(self.link), self.presence)

    def owner(self, source: Source, presence: asyncio.Queue[Presence]) -> ScannerOwner:
        """Somebody who reads it."""
        return ScannerOwner(source, self.scans.put_nowait, presence.put_nowait, time.monotonic_ns, idle_s=self._idle_s)

    async def begin(self) -> None:
        self.scanner.start()
        assert await self.present()

    async def next(self) -> Scan:
        return await asyncio.wait_for(self.scans.get(), WAIT_S_MAX)

    async def present(self) -> bool:
        return (await asyncio.wait_for(self.presence.get(), WAIT_S_MAX)).there

    async def end(self) -> None:
        await self.scanner.aclose()
        self.hand.close()
