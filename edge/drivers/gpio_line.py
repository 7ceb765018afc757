"""One GPIO output through the kernel's character device (GPIO v2 calls of linux/gpio.h); no library, no thread.

gpiozero stays with the guard, which is a process of its own: here it would cost 5 MB for one line.
"""

from __future__ import annotations

import fcntl
import os
import struct
from typing import Final

CONSUMER: Final = b"picklight buzzer"
GET_LINE: Final = 0xC250B407  # _IOWR(0xB4, 0x07, struct gpio_v2_line_request), 592 bytes
SET_VALUES: Final = 0xC010B40F  # _IOWR(0xB4, 0x0F, struct gpio_v2_line_values)
ACTIVE_LOW, OUTPUT = 1 << 1, 1 << 3
# offsets[64], consumer[32], config (flags, num_attrs, padding[5], attrs[10]), num_lines, event buffer, padding[5], fd
_REQUEST: Final = struct.Struct("=64I32sQI5I240sII5Ii")
_VALUES: Final = struct.Struct("=QQ")


class GpioLine:
    """Line `line` of `chip`, as an output that is off when taken and when let go."""

    def __init__(self, chip: str, line: int, *, active_low: bool = False) -> None:
        self._chip, self._line = chip, line
        self._flags = OUTPUT | (ACTIVE_LOW if active_low else 0)
        self._fd = -1

    def open(self) -> None:
        """Take the line. Raises OSError."""
        offsets = [self._line, *[0] * 63]
        request = _REQUEST.pack(*offsets, CONSUMER, self._flags, 0, *[0] * 5, bytes(240), 1, 0, *[0] * 5, -1)
        chip = os.open(self._chip, os.O_RDWR | os.O_CLOEXEC)
        try:
            answer = fcntl.ioctl(chip, GET_LINE, request)
        finally:
            os.close(chip)
        self._fd = _REQUEST.unpack(answer)[-1]

    def set(self, *, on: bool) -> None:
        """Switch. Raises OSError."""
        fcntl.ioctl(self._fd, SET_VALUES, _VALUES.pack(int(on), 1))

    def close(self) -> None:
        """Let go of it. Twice is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class FileLine:
    """Any output that the kernel shows as a file which takes 0 and 1, such as /sys/class/leds/buzzer/brightness."""

    def __init__(self, path: str) -> None:
        self._path, self._fd = path, -1

    def open(self) -> None:
        """Take it. Raises OSError."""
        self._fd = os.open(self._path, os.O_WRONLY | os.O_CLOEXEC)

    def set(self, *, on: bool) -> None:
        """Switch. Raises OSError."""
        os.write(self._fd, b"1\n" if on else b"0\n")

    def close(self) -> None:
        """Let go of it. Twice is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
