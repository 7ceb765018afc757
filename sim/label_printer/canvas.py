"""A picture in black and white, and its PNG."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

WHITE, BLACK = 255, 0
DOTS_MAX: Final = 2400 * 4800  # a label of 20 × 40 cm at 300 dpi


class Canvas:
    """A label of `wide` × `high` dots; what is drawn beyond its edges is cut off. Raises ValueError if too large."""

    def __init__(self, wide: int, high: int) -> None:
        if wide < 1 or high < 1 or wide * high > DOTS_MAX:
            raise ValueError(f"a label of {wide} × {high} dots")
        self.wide, self.high = wide, high
        self.dots = bytearray([WHITE]) * (wide * high)

    def box(self, x: int, y: int, wide: int, high: int) -> None:
        """Blacken a rectangle."""
        left, right = max(0, x), min(self.wide, x + wide)
        if right <= left:
            return
        row = bytes([BLACK]) * (right - left)
        for line in range(max(0, y), min(self.high, y + high)):
            self.dots[line * self.wide + left : line * self.wide + right] = row

    def bars(self, x: int, y: int, widths: Iterable[int], *, module: int, high: int) -> None:
        """Bars and spaces in turn, a bar first."""
        for place, width in enumerate(widths):
            if place % 2 == 0:
                self.box(x, y, width * module, high)
            x += width * module

    def bits(self, x: int, y: int, rows: Iterable[bytes]) -> None:
        """A picture of one bit a dot, the highest bit left."""
        for line, row in enumerate(rows):
            dots = (8 * place + bit for place, byte in enumerate(row) for bit in range(8) if byte >> (7 - bit) & 1)
            for dot in dots:
                self.box(x + dot, y + line, 1, 1)

    def png(self) -> bytes:
        """The picture as a file."""
        lines = (self.dots[line * self.wide : (line + 1) * self.wide] for line in range(self.high))
        raw = b"".join(b"\x00" + bytes(line) for line in lines)
        head = struct.pack(">IIBBBBB", self.wide, self.high, 8, 0, 0, 0, 0)
        parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, data) for kind, data in parts)

    def save(self, path: Path) -> None:
        """Write the picture."""
        path.write_bytes(self.png())


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
