"""Opens a barcode scanner that types (USB HID keyboard): grabbed, so that no key reaches anybody else.

Four requests to the kernel and 24-byte records are all that is needed of evdev; docs/decisions says why no library.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import time
from dataclasses import dataclass, field
from typing import Final

from edge.drivers.device_files import open_alone, taken
from edge.drivers.errors import DeviceGone
from edge.drivers.hid_devices import find
from edge.drivers.scanner_keys import KeyRules, KeyScans
from edge.drivers.scanner_owner import Opened
from edge.drivers.scanner_text import Framing

EVIOCGRAB: Final = 0x40044590  # linux/input.h: nobody else gets this device's events
EVIOCSCLOCKID: Final = 0x400445A0  # times of events on CLOCK_MONOTONIC
EVIOCGLED: Final = 0x80084519  # eight bytes of lamps
LED_CAPSL: Final = 1


@dataclass(frozen=True)
class EvdevSettings:
    """Which scanner and what it is set to. `port`: a USB socket, or a path below /dev; `serial`: its serial number.

    `grab` False is for a keyboard that is no kernel device (the simulator's).
    """

    port: str = ""
    serial: str = ""
    rules: KeyRules = field(default_factory=KeyRules)
    framing: Framing = field(default_factory=Framing)
    grab: bool = True


class EvdevSource:
    """Implements scanner_owner.Source."""

    def __init__(self, settings: EvdevSettings) -> None:
        self._settings = settings
        self.place = settings.port or f"serial {settings.serial}"

    def open(self) -> Opened:
        """The keyboard, grabbed. Raises DeviceGone."""
        settings = self._settings
        by_path = settings.port.startswith("/dev/") or not settings.grab
        path = settings.port if by_path else find("input", settings.port, settings.serial).path
        fd = open_alone(self.place, path, os.O_RDONLY)
        try:
            if settings.grab:
                fcntl.ioctl(fd, EVIOCSCLOCKID, struct.pack("@i", time.CLOCK_MONOTONIC))
                fcntl.ioctl(fd, EVIOCGRAB, 1)
        except OSError as error:
            os.close(fd)
            if isinstance(error, BlockingIOError) or error.errno == 16:  # EBUSY: grabbed by somebody else
                raise taken(self.place, path) from error
            raise DeviceGone(self.place, f"{path} is no keyboard: {error.strerror}", "Correct the profile") from error
        decoder = KeyScans(settings.rules, settings.framing, lambda: _caps_led(fd))
        return Opened(fd, decoder, lambda: _close(fd))


def _caps_led(fd: int) -> bool:
    """Whether the keyboard's CapsLock lamp is on; one without a lamp has none."""
    lamps = bytearray(8)
    with contextlib.suppress(OSError):
        fcntl.ioctl(fd, EVIOCGLED, lamps)
    return bool(lamps[0] >> LED_CAPSL & 1)


def _close(fd: int) -> None:
    with contextlib.suppress(OSError):
        os.close(fd)  # an unplugged device is let go with an error
