"""A simulated RS-485 line: units on a pty, bytes paced at the baud rate, and a judge of the master's manners."""

from __future__ import annotations

import os
import select
import threading
import time
import tty
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from sim.modules.bank import Bank
from sim.modules.faults import Faults
from sim.modules.slave import is_sound, reply_to, with_crc

BITS_PER_CHARACTER: Final = 10  # 8N1
FIFO_BYTES: Final = 8  # an adapter hands received bytes over in portions of this size
TICK_S: Final = 0.1  # how soon `stop` is noticed
SENDING_MAX: Final = 64  # replies waiting to go out; more are dropped like a jabbering device's


@dataclass
class LineCounts:
    """What the line saw: requests, sound ones, requests that broke the silence, and bytes that met other bytes."""

    requests: int = 0
    sound: int = 0
    gap_broken: int = 0
    collisions: int = 0


class RtuLine:
    """Serves `banks` (by unit) on a pty whose name is linked at `link`. Thread-owned between start and stop.

    For measuring, `awake_s` of the wait for each portion are waited awake, because a sleeper wakes up late.
    """

    awake_s: ClassVar[float] = 0.0

    def __init__(
        self,
        link: Path,
        baud: int,
        turnaround_s: float,
        banks: Mapping[int, Bank],
        faults: Faults,
        *,
        bits: int = BITS_PER_CHARACTER,
        real_characters: bool = False,
    ) -> None:
        self._link, self._banks, self.faults = link, banks, faults
        self._character_s = bits / baud
        self._gap_s = 3.5 * self._character_s if baud <= 19200 or real_characters else 0.00175
        self._turnaround_s = turnaround_s
        self.counts = LineCounts()
        self._frame = b""
        self._frame_end_s = 0.0  # when the last byte heard has fully arrived
        self._free_s = 0.0  # when the last byte of anybody has passed
        self._silent_s = 0.0  # the same, at the earliest: a request may have waited to be read, and nobody is blamed
        self._looked_s = 0.0  # when nothing had been heard yet
        self._sending: list[tuple[float, bytes]] = []
        self._running = False
        self._thread: threading.Thread | None = None
        self._master = self._slave = -1

    @property
    def path(self) -> Path:
        """The name of the serial port."""
        return self._link

    def start(self) -> None:
        """Plug the line in. Twice is harmless."""
        if self._running:
            return
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(self._slave))
        self._frame, self._free_s, self._silent_s, self._running = b"", 0.0, 0.0, True
        self._sending.clear()
        self._thread = threading.Thread(target=self._serve, name=f"line-{self._link.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Pull the plug: whoever has the port open sees it hang up. Twice is harmless."""
        if not self._running or self._thread is None:
            return
        self._running = False
        self._thread.join()
        self._link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)

    def _serve(self) -> None:
        while self._running:
            self._looked_s = now_s = time.monotonic()
            if select.select([self._master], [], [], max(self._next_s(now_s) - now_s, 0))[0]:
                self._hear(os.read(self._master, 1024), time.monotonic())
            elif self._frame and time.monotonic() >= self._frame_end_s + self._gap_s:
                self._frame_complete()
            elif self._sending and time.monotonic() >= self._sending[0][0]:
                self._send(*self._sending.pop(0))

    def _next_s(self, now_s: float) -> float:
        next_s = now_s + TICK_S
        if self._frame:
            next_s = min(next_s, self._frame_end_s + self._gap_s)
        return min(next_s, self._sending[0][0]) if self._sending else next_s

    def _hear(self, data: bytes, now_s: float) -> None:
        if not self._frame:
            self.counts.requests += 1
            self.counts.gap_broken += now_s < self._silent_s + self._gap_s
        elif is_sound(self._frame) and self._frame_end_s < now_s < self._silent_s + self._gap_s:
            self.counts.gap_broken += 1  # a second request before the first was known to have ended
        self._frame = (self._frame + data)[-512:]
        self._frame_end_s = max(self._frame_end_s, now_s) + len(data) * self._character_s
        self._free_s = self._frame_end_s
        self._silent_s = max(self._silent_s, self._looked_s) + len(data) * self._character_s

    def _frame_complete(self) -> None:
        frame, self._frame = self._frame, b""
        if not is_sound(frame):
            return
        self.counts.sound += 1
        if frame[0] == 0:
            self._broadcast(frame)
            return
        bank = bank_of(self._banks, frame[0])
        if bank is None or not bank.plugged or len(self._sending) >= SENDING_MAX:
            return
        self._queue(with_crc(bytes([frame[0]]) + reply_to(bank, frame[1:-2])))

    def _broadcast(self, frame: bytes) -> None:
        """Who takes broadcasts does as told; boards that even answer do so all at once."""
        hearing = [bank for bank in self._banks.values() if bank.plugged and bank.model.file.link.broadcast != "none"]
        replies = [(bank, reply_to(bank, frame[1:-2])) for bank in hearing]
        loud = [with_crc(bytes([bank.unit]) + reply) for bank, reply in replies if _answers_all(bank)]
        if len(loud) > 1:
            loud = [bytes(byte ^ 0x5A for byte in loud[0])]  # they talk over each other
        for reply in loud:
            self._queue(reply)

    def _queue(self, reply: bytes) -> None:
        late_s, reply = self.faults.spoil(reply)
        self._sending.append((self._frame_end_s + self._gap_s + self._turnaround_s + late_s, reply))
        self._sending.sort()

    def _send(self, begin_s: float, reply: bytes) -> None:
        """Hand the bytes over when the wire would have; waking up late makes no later bytes late."""
        if self._frame and self._frame_end_s > time.monotonic():
            self._collide()
            reply = bytes(byte ^ 0x5A for byte in reply)
        begin_s = max(begin_s, self._free_s)
        for start in range(0, len(reply), FIFO_BYTES):
            portion = reply[start : start + FIFO_BYTES]
            self._wait_until(begin_s + (start + len(portion)) * self._character_s)
            if select.select([self._master], [], [], 0)[0]:
                os.read(self._master, 1024)
                self._collide()
                portion = bytes(byte ^ 0x5A for byte in portion)
            self._silent_s = self._free_s = (
                time.monotonic()
            )  # before the write: whoever hears these bytes hears them later
            os.write(self._master, portion)

    def _wait_until(self, due_s: float) -> None:
        time.sleep(max(due_s - self.awake_s - time.monotonic(), 0))
        while time.monotonic() < due_s:
            pass

    def _collide(self) -> None:
        self.counts.collisions += 1
        self._frame = b""


def bank_of(banks: Mapping[int, Bank], unit: int) -> Bank | None:
    """The bank that listens to `unit` now: it may have been given another address than it hung there with."""
    found = banks.get(unit)
    if found is not None and found.unit == unit:
        return found
    return next((bank for bank in banks.values() if bank.unit == unit), None)


def _answers_all(bank: Bank) -> bool:
    return bank.model.file.link.broadcast == "answers"
