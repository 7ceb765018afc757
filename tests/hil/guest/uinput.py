"""Virtual keyboards through uinput: any name and vendor, any key at any moment, gone when closed."""

from __future__ import annotations

import fcntl
import os
import struct
from pathlib import Path
from typing import Final, Self

from tests.hil.guest.keys import KEYS, LEFT_SHIFT
from tests.hil.guest.ports import wait_for

EV_SYN, EV_KEY, EV_MSC = 0, 1, 4
MSC_SCAN: Final = 4
BUS_USB: Final = 3
KEYS_MAX: Final = 249  # KEY_MICMUTE, the last key of an ordinary keyboard, and one
# linux/uinput.h, as the numbers its macros make
_UI_DEV_CREATE, _UI_DEV_DESTROY, _UI_DEV_SETUP = 0x5501, 0x5502, 0x405C5503
_UI_SET_EVBIT, _UI_SET_KEYBIT, _UI_SET_MSCBIT, _UI_SET_PHYS = 0x40045564, 0x40045565, 0x40045568, 0x4008556C
_UI_GET_SYSNAME_64: Final = 0x8040552C


class UinputKeyboard:
    """A keyboard that is plugged in while the context lasts; `path` is its /dev/input/eventN."""

    def __init__(self, name: str, *, vendor: int = 0x05E0, product: int = 0x1200, phys: str = "hil/uinput0") -> None:
        self._handle = os.open("/dev/uinput", os.O_WRONLY)
        for event in (EV_KEY, EV_MSC):
            fcntl.ioctl(self._handle, _UI_SET_EVBIT, event)
        for key in range(1, KEYS_MAX):
            fcntl.ioctl(self._handle, _UI_SET_KEYBIT, key)
        fcntl.ioctl(self._handle, _UI_SET_MSCBIT, MSC_SCAN)
        fcntl.ioctl(self._handle, _UI_SET_PHYS, phys.encode() + b"\0")
        identity = struct.pack("4H80sI", BUS_USB, vendor, product, 1, name.encode(), 0)
        fcntl.ioctl(self._handle, _UI_DEV_SETUP, identity)
        fcntl.ioctl(self._handle, _UI_DEV_CREATE)
        sysname = fcntl.ioctl(self._handle, _UI_GET_SYSNAME_64, bytes(64)).rstrip(b"\0").decode()
        self.path = wait_for(lambda: _event_of(sysname), f"event node of {name}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Unplug it. Twice is harmless."""
        if self._handle >= 0:
            fcntl.ioctl(self._handle, _UI_DEV_DESTROY)
            os.close(self._handle)
            self._handle = -1

    def send(self, *events: tuple[int, int]) -> None:
        """Key events (code, value: 1 down, 0 up, 2 repeat), each in a report of its own."""
        for code, value in events:
            os.write(self._handle, _event(EV_KEY, code, value) + _event(EV_SYN, 0, 0))

    def type(self, text: str, *, enter: bool = True) -> None:
        """Type `text` as a US keyboard does, at once."""
        for char in text + ("\n" if enter else ""):
            key = KEYS[char]
            press = ((key.code, 1), (key.code, 0))
            self.send(*(((LEFT_SHIFT, 1), *press, (LEFT_SHIFT, 0)) if key.shift else press))


def _event(kind: int, code: int, value: int) -> bytes:
    return struct.pack("qqHHi", 0, 0, kind, code, value)


def _event_of(sysname: str) -> Path | None:
    for node in Path("/sys/devices/virtual/input", sysname).glob("event*"):
        if (path := Path("/dev/input", node.name)).exists():
            return path
    return None
