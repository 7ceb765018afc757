"""A barcode scanner on a serial port (RS-232 or USB-CDC): keeps it open and hands over what is scanned."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

import serial

from edge.drivers.ports import OnPresence, OnScan
from edge.drivers.scanner_text import Framing, ScanAssembler
from edge.log import get_log

IDLE_S: Final = 0.15  # a scanner sends one code without pauses longer than this
READ_BYTES_MAX: Final = 4096
PAUSE_S_FIRST, PAUSE_S_MAX = 0.1, 1.0  # between attempts to open
log = get_log("edge.scanner")


class _Profile(Protocol):
    """A scanner as a node profile describes it."""

    @property
    def port(self) -> str: ...
    @property
    def baud(self) -> int: ...
    @property
    def suffix(self) -> str: ...


@dataclass(frozen=True)
class SerialSettings:
    """`port` is a device path; `idle_s` how long silence must last to end or tear a scan."""

    port: str
    baud: int = 9600
    framing: Framing = field(default_factory=Framing)
    idle_s: float = IDLE_S

    @staticmethod
    def of(profile: _Profile) -> SerialSettings:
        """The settings a profile means."""
        return SerialSettings(str(profile.port), profile.baud, Framing(profile.suffix.encode()))


class SerialScanner:
    """Implements ports.Scanner. Reads on the loop, no thread; a port that is not there is tried again and again.

    `on_present(False)` comes once per outage, the first within a moment of `start`; a half scan dies with its port.
    """

    def __init__(
        self, settings: SerialSettings, on_scan: OnScan, on_present: OnPresence, mono_ns: Callable[[], int]
    ) -> None:
        self._settings, self._on_scan, self._on_present, self._mono_ns = settings, on_scan, on_present, mono_ns
        self._loop: asyncio.AbstractEventLoop | None = None
        self._port: serial.Serial | None = None
        self._present: bool | None = None
        self._later: asyncio.TimerHandle | None = None  # the next attempt to open, or the end of a silence
        self._pause_s = PAUSE_S_FIRST
        self._bytes = ScanAssembler(settings.framing)

    def start(self) -> None:
        """Open and keep reopening."""
        self._loop = asyncio.get_running_loop()
        self._open()

    async def aclose(self) -> None:
        """Stop. Twice is harmless."""
        self._let_go()
        self._loop = None

    def _open(self) -> None:
        settings = self._settings
        try:
            self._port = serial.Serial(settings.port, settings.baud, timeout=0, exclusive=True)
        except (OSError, serial.SerialException, ValueError) as error:
            self._tell(False, str(error))
            self._after(self._pause_s, self._open)
            self._pause_s = min(2 * self._pause_s, PAUSE_S_MAX)
            return
        self._pause_s = PAUSE_S_FIRST
        if self._loop is not None:
            self._loop.add_reader(self._port.fileno(), self._readable)
        self._tell(True, "")

    def _readable(self) -> None:
        if self._port is None:
            return
        try:
            chunk = os.read(self._port.fileno(), READ_BYTES_MAX)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(str(error))
            return
        if not chunk:  # readable and empty: hung up
            self._lose("hung up")
            return
        for scan in self._bytes.feed(chunk, self._mono_ns()):
            self._on_scan(scan)
        if self._bytes.pending:
            self._after(self._settings.idle_s, self._silent)

    def _silent(self) -> None:
        for scan in self._bytes.fall_silent(self._mono_ns()):
            self._on_scan(scan)

    def _lose(self, why: str) -> None:
        self._let_go()
        self._tell(False, why)
        self._after(self._pause_s, self._open)

    def _let_go(self) -> None:
        self._bytes.forget()
        if self._later is not None:
            self._later.cancel()
        port, self._port = self._port, None
        if port is not None:
            if self._loop is not None:
                self._loop.remove_reader(port.fileno())
            port.close()

    def _after(self, wait_s: float, then: Callable[[], None]) -> None:
        if self._later is not None:
            self._later.cancel()
        if self._loop is not None:
            self._later = self._loop.call_later(wait_s, then)

    def _tell(self, present: bool, why: str) -> None:
        if present == self._present:
            return
        self._present = present
        if present:
            log.info("scanner_there", port=self._settings.port)
        else:
            log.warning("scanner_lost", port=self._settings.port, why=why)
        self._on_present(present)
