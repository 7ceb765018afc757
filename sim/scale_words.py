"""How simulated scales answer, family by family. Written from the manuals, not from the drivers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Family = Literal["sics", "toledo", "nci"]
POUND_GRAMS: Final = 453.59237


@dataclass
class Pan:
    """What a scale knows: what lies on it (grams), and what is wrong with it."""

    grams: float = 0.0
    zero_grams: float = 0.0
    grams_max: float = 30_000.0
    moving: bool = False
    zero_lost: bool = False

    @property
    def net(self) -> float:
        """What it would show, grams."""
        return self.grams - self.zero_grams

    @property
    def over(self) -> bool:
        """More lies on it than it can bear."""
        return self.grams > self.grams_max

    def can_zero(self) -> bool:
        """Zeroes itself where that is allowed."""
        if self.moving or self.over:
            return False
        self.zero_grams, self.zero_lost = self.grams, False
        return True


def sics(pan: Pan, command: bytes) -> bytes:
    """MT-SICS level 0; lines. A balance in motion answers S once it gave up waiting: at once, here."""
    match command.rstrip(b"\r\n"):
        case b"S":
            return _sics_weight(pan) + b"\r\n"
        case b"Z":
            word = b"A" if pan.can_zero() else b"+" if pan.over else b"I"
            return b"Z " + word + b"\r\n"
        case b"@":
            return b'I4 A "B021002593"\r\n'
    return b"ES\r\n"


def _sics_weight(pan: Pan) -> bytes:
    if pan.over:
        return b"S +"
    if pan.zero_lost:
        return b"EL"
    if pan.moving:
        return b"S I"
    return b"S -" if pan.net < 0 else f"S S {pan.net:10.1f} g".encode()


def toledo(pan: Pan, command: bytes) -> bytes:
    """PS60 and 8217 set to kilograms: five digits, three of them behind the point."""
    if command == b"Z":
        pan.can_zero()
    elif command == b"W" and _toledo_status(pan) & 0b1111 == 0:
        return f"\x02{pan.net / 1000:06.3f}\r".encode()
    elif command not in (b"W", b"Z"):
        return b""
    return b"\x02?" + bytes([_toledo_status(pan)]) + b"\r"


def _toledo_status(pan: Pan) -> int:
    flags = (pan.moving, pan.over, pan.net < 0, pan.zero_lost, pan.net == 0)
    return 0b0110_0000 | sum(flag << bit for bit, flag in enumerate(flags))


def nci(pan: Pan, command: bytes) -> bytes:
    """SCP-01 set to pounds, display of six places."""
    first = 0b0011_0000 | pan.moving | (pan.net == 0) << 1
    second = 0b0011_0000 | (pan.net < 0) | pan.over << 1
    status = b"\n" + bytes([first, second]) + b"\r\x03"
    match command.rstrip(b"\r"):
        case b"W":
            bars = b"^^^^^^" if pan.over else b"______" if pan.net < 0 else b"------" if pan.zero_lost else b""
            return b"\n" + (bars or f"{pan.net / POUND_GRAMS:6.3f}".encode()) + b"lb\r" + status
        case b"S":
            return status
        case b"Z":
            pan.can_zero()
            return b"\n" + bytes([0b0011_0000 | pan.moving | (pan.net == 0) << 1, second]) + b"\r\x03"
    return b"\n?\r\x03"


FAMILIES: Final = {"sics": (sics, b"\n"), "toledo": (toledo, b""), "nci": (nci, b"\r")}
