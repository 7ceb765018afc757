"""Keeps a scanner's device open, whatever its kind, and hands over what is scanned."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from edge.drivers.errors import DriverError
from edge.drivers.ports import OnPresence, OnScan, Presence, Scan
from edge.log import get_log

READ_BYTES_MAX: Final = 4096
PAUSE_S_FIRST, PAUSE_S_MAX = 0.1, 1.0  # between attempts to open
log = get_log("edge.scanner")


class Decoder(Protocol):
    """Bytes of one opened device to scans. Pure."""

    @property
    def pending(self) -> bool:
        """Whether a scan has begun and not ended."""

    def feed(self, chunk: bytes, mono_ns: int) -> list[Scan]:
        """The scans that are whole after `chunk`, which was read at `mono_ns`."""

    def fall_silent(self, mono_ns: int) -> list[Scan]:
        """Nothing came for a while: what is held is whole or torn."""


@dataclass(frozen=True)
class Opened:
    """A device that was opened: its descriptor, how to read it, how to let it go."""

    fd: int
    decoder: Decoder
    close: Callable[[], None]


class Source(Protocol):
    """Finds and opens one scanner's device, and nobody else's."""

    place: str  # for people: which scanner this is

    def open(self) -> Opened:
        """Open it for us alone. Raises DriverError: not there, not permitted, in use."""


class ScannerOwner:
    """Implements ports.Scanner. Reads on the loop, no thread; a device that is not there is tried again and again.

    `on_present` comes once per change, and with every new reason why it is away; a half scan dies with its device.
    `idle_s`: how long silence must last to end or tear a scan.
    """

    def __init__(
        self, source: Source, on_scan: OnScan, on_present: OnPresence, mono_ns: Callable[[], int], *, idle_s: float
    ) -> None:
        self._source, self._on_scan, self._on_present, self._mono_ns = source, on_scan, on_present, mono_ns
        self._idle_s = idle_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opened: Opened | None = None
        self._presence: Presence | None = None
        self._later: asyncio.TimerHandle | None = None  # the next attempt to open, or the end of a silence
        self._pause_s = PAUSE_S_FIRST

    def start(self) -> None:
        """Open and keep reopening."""
        self._loop = asyncio.get_running_loop()
        self._open()

    async def aclose(self) -> None:
        """Stop. Twice is harmless."""
        self._let_go()
        self._loop = None

    def _open(self) -> None:
        if self._loop is None:
            return
        try:
            self._opened = self._source.open()
        except DriverError as error:
            self._tell(Presence(there=False, why=str(error)))
            self._after(self._pause_s, self._open)
            self._pause_s = min(2 * self._pause_s, PAUSE_S_MAX)
            return
        self._pause_s = PAUSE_S_FIRST
        self._loop.add_reader(self._opened.fd, self._readable)
        self._tell(Presence(there=True))

    def _readable(self) -> None:
        if self._opened is None:
            return
        try:
            chunk = os.read(self._opened.fd, READ_BYTES_MAX)
        except BlockingIOError:
            return
        except OSError as error:  # ENODEV, EIO: the descriptor stays readable for ever, so it must go at once
            self._lose(error.strerror or str(error))
            return
        if not chunk:  # readable and empty: hung up
            self._lose("hung up")
            return
        self._hand_over(self._opened.decoder.feed(chunk, self._mono_ns()))
        if self._opened is not None and self._opened.decoder.pending:
            self._after(self._idle_s, self._silent)

    def _silent(self) -> None:
        if self._opened is not None:
            self._hand_over(self._opened.decoder.fall_silent(self._mono_ns()))

    def _hand_over(self, scans: list[Scan]) -> None:
        for scan in scans:
            self._on_scan(scan)

    def _lose(self, happened: str) -> None:
        self._let_go()
        self._tell(Presence(there=False, why=f"{self._source.place}: {happened}. Plug it in."))
        self._after(self._pause_s, self._open)

    def _let_go(self) -> None:
        if self._later is not None:
            self._later.cancel()
        opened, self._opened = self._opened, None
        if opened is not None:
            if self._loop is not None:
                self._loop.remove_reader(opened.fd)
            opened.close()

    def _after(self, wait_s: float, then: Callable[[], None]) -> None:
        if self._later is not None:
            self._later.cancel()
        if self._loop is not None:
            self._later = self._loop.call_later(wait_s, then)

    def _tell(self, presence: Presence) -> None:
        if presence == self._presence:
            return
        self._presence = presence
        if presence.there:
            log.info("scanner_there", scanner=self._source.place)
        else:
            log.warning("scanner_away", scanner=self._source.place, why=presence.why)
        self._on_present(presence)
