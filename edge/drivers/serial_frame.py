"""Seven bits and parity, made and checked in software: a port set to 8N1 then speaks 7E1 and 7O1. Pure.

Both take ten bits a character on the wire. Ports and ptys without parity work too, and damage is seen.
"""

from __future__ import annotations

from typing import Final, Literal

Parity = Literal["none", "even", "odd"]
SEVEN: Final = 0x7F


def framed(data: bytes, parity: Parity) -> bytes:
    """`data` with its parity bits; unchanged for "none"."""
    if parity == "none":
        return data
    return bytes((byte & SEVEN) | (_parity_bit(byte, parity) << 7) for byte in data)


def unframed(data: bytes, parity: Parity) -> bytes | None:
    """`data` without its parity bits; None if one of them is wrong."""
    if parity == "none":
        return data
    bare = bytes(byte & SEVEN for byte in data)
    return bare if framed(bare, parity) == data else None


def _parity_bit(byte: int, parity: Parity) -> int:
    ones = (byte & SEVEN).bit_count()
    return ones % 2 if parity == "even" else 1 - ones % 2
