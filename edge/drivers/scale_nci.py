"""NCI, also called SCP-01: LF weight unit CR LF status CR ETX, as the Weigh-Tronix and NCI manuals give it. Pure."""

from __future__ import annotations

import re
from typing import Final, Literal

from edge.drivers.bench_ports import NotWeighed, Weighed, WhyNotWeighed
from edge.drivers.scale_dialect import Dialect, ScaleUnit, garbled, weighed

ALWAYS: Final = 0b0011_0000  # bits 4 and 5 of each status byte
STATUS_BYTES_MAX: Final = 4
# (status byte, bit): why; first the one that explains the others.
_NO: Final[tuple[tuple[int, int, WhyNotWeighed], ...]] = (
    (0, 0b0100, "fault"),
    (0, 0b1000, "fault"),
    (1, 0b0100, "fault"),
    (1, 0b1000, "fault"),
    (1, 0b0010, "over"),
    (0, 0b0001, "moving"),
    (1, 0b0001, "under"),
    (2, 0b1000, "not_zeroed"),
)
# Instead of digits: the display's upper, lower and middle bars.
_BARS: Final[dict[str, WhyNotWeighed]] = {"^": "over", "_": "under", "-": "not_zeroed"}
_WEIGHT: Final = re.compile(r"([-+ 0-9.]*[0-9.])\s*(kg|g|lb|oz)\s*", re.IGNORECASE)


def _read(reply: bytes, _unit: ScaleUnit) -> Weighed | NotWeighed | None:
    lines = _lines(reply)
    match lines:
        case [b"?"]:
            return NotWeighed("fault", "it does not know the command")
        case [weight, status]:
            return _refusal(status) or _weight(weight.decode("ascii", "replace"))
        case [status]:
            return _refusal(status) or garbled(reply)
    return garbled(reply)


def _read_zero(reply: bytes) -> NotWeighed | Literal["done"] | None:
    lines = _lines(reply)
    if len(lines) != 1:
        return None
    return NotWeighed("fault", "it does not know the command") if lines[0] == b"?" else _refusal(lines[0]) or "done"


def _weight(text: str) -> Weighed | NotWeighed:
    bars = {char for char in text if not (char.isalpha() or char.isspace())}
    if len(bars) == 1 and (why := _BARS.get(bars.pop())):
        return NotWeighed(why, "")
    found = _WEIGHT.fullmatch(text)
    return weighed(found[1], found[2]) if found else garbled(text.encode("ascii", "replace"))


def _refusal(status: bytes) -> NotWeighed | None:
    """What the status bytes say against a weight, if anything."""
    if not 2 <= len(status) <= STATUS_BYTES_MAX or any(byte & ALWAYS != ALWAYS for byte in status):
        return garbled(status)
    said = (why for place, bit, why in _NO if place < len(status) and status[place] & bit)
    return next((NotWeighed(why, f"status {status.hex()}") for why in said), None)


def _lines(reply: bytes) -> list[bytes]:
    """The parts between LF and CR, from the last reply that begins whole."""
    return [part.removesuffix(b"\r") for part in reply.split(b"\n") if part.removesuffix(b"\r")]


NCI: Final = Dialect(ask=b"W\r", zero=b"Z\r", end=b"\x03", read=_read, read_zero=_read_zero)
