"""A cable between two serial lines: what one says the other hears."""

from __future__ import annotations

import os
import select
import termios
import threading
import tty
from pathlib import Path
from typing import Final, Self

LOOK_S: Final = 0.2  # how soon the end of the cable is noticed
PORTION: Final = 4096


class Cable:
    """Joins two ports while the context lasts, byte by byte, whatever their speeds."""

    def __init__(self, one: Path, other: Path) -> None:
        self._ends = [os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK) for port in (one, other)]
        for end in self._ends:
            tty.setraw(end)
            settings = termios.tcgetattr(end)
            settings[2] |= termios.CLOCAL
            termios.tcsetattr(end, termios.TCSANOW, settings)
            termios.tcflush(end, termios.TCIOFLUSH)
        self._pulled = threading.Event()
        self._carrier = threading.Thread(target=self._carry, name=f"cable-{other.name}")

    def __enter__(self) -> Self:
        self._carrier.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._pulled.set()
        self._carrier.join()
        for end in self._ends:
            os.close(end)

    def _carry(self) -> None:
        there = dict(zip(self._ends, reversed(self._ends), strict=True))
        while not self._pulled.is_set():
            for end in select.select(self._ends, [], [], LOOK_S)[0]:
                _write_all(there[end], os.read(end, PORTION))


def _write_all(end: int, data: bytes) -> None:
    while data:
        if select.select([], [end], [], LOOK_S)[1]:
            data = data[os.write(end, data) :]
