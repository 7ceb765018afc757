"""HID devices of any kind through uhid: the test is the device, the kernel believes it was plugged in."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Final, Self

from tests.hil.guest.ports import wait_for

BUS_USB: Final = 3
# linux/uhid.h
_DESTROY, _OUTPUT, _CREATE2, _INPUT2 = 1, 6, 11, 12
_CREATE2_HEAD: Final = struct.Struct("=I128s64s64sHHIIII")
_EVENT_BYTES: Final = 4380  # the largest event
HIDRAW: Final = Path("/sys/class/hidraw")


class UhidDevice:
    """Plugged in while the context lasts; `path` is its /dev/hidrawN."""

    def __init__(self, name: str, descriptor: bytes, *, vendor: int, product: int, phys: str = "hil/uhid0") -> None:
        self._handle = os.open("/dev/uhid", os.O_RDWR | os.O_NONBLOCK)
        head = _CREATE2_HEAD.pack(
            _CREATE2, name.encode(), phys.encode(), b"", len(descriptor), BUS_USB, vendor, product, 1, 0
        )
        os.write(self._handle, head + descriptor)
        self.path = wait_for(lambda: self._node(name), f"hidraw node of {name}")

    def report(self, report: bytes) -> None:
        """Send an input report, its number first."""
        os.write(self._handle, struct.pack("=IH", _INPUT2, len(report)) + report)

    def outputs(self) -> list[bytes]:
        """Output reports that came since the last look."""
        found: list[bytes] = []
        while True:
            try:
                event = os.read(self._handle, _EVENT_BYTES)
            except BlockingIOError:
                return found
            if struct.unpack_from("=I", event)[0] == _OUTPUT:
                (size,) = struct.unpack_from("=H", event, 4 + 4096)
                found.append(event[4 : 4 + size])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Unplug it. Twice is harmless."""
        if self._handle >= 0:
            os.write(self._handle, struct.pack("=I", _DESTROY))
            os.close(self._handle)
            self._handle = -1

    @staticmethod
    def _node(name: str) -> Path | None:
        for entry in HIDRAW.iterdir() if HIDRAW.exists() else ():
            if f"HID_NAME={name}\n" in (entry / "device/uevent").read_text() and (Path("/dev") / entry.name).exists():
                return Path("/dev") / entry.name
        return None
