"""What the serial scales have in common: a question, how a reply ends, units, and a number that is one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from edge.drivers.bench_ports import NotWeighed, Weighed

ScaleUnit = Literal["g", "kg", "oz", "lb"]
GRAMS: Final[dict[str, float]] = {"g": 1.0, "kg": 1000.0, "oz": 28.349523125, "lb": 453.59237, "t": 1_000_000.0}
GRAMS_MAX: Final = 1_000_000.0  # a tonne: more is no bench scale but a misread reply
REPLY_BYTES_MAX: Final = 64  # the longest reply here has 24
DETAIL_MAX: Final = 40
_NUMBER: Final = re.compile(r"[+-]? *(\d{1,8}(\.\d{0,6})?|\.\d{1,6})")


@dataclass(frozen=True)
class Dialect:
    """How one family of scales is spoken to. `read` gets a reply without its `end`; None: not a reply to the question.

    `cancel` is sent when no reply came. `unit` is what replies that name no unit mean.
    """

    ask: bytes
    zero: bytes
    end: bytes
    read: Callable[[bytes, ScaleUnit], Weighed | NotWeighed | None]
    read_zero: Callable[[bytes], NotWeighed | Literal["done"] | None]
    cancel: bytes = b""


def weighed(number: str, unit: str) -> Weighed | NotWeighed:
    """A weight from its text; a refusal if it is none, in an unknown unit, or below zero."""
    factor = GRAMS.get(unit.strip().lower())
    if factor is None or _NUMBER.fullmatch(number.strip()) is None:
        return garbled(f"{number}{unit}".encode("ascii", "replace"))
    grams = round(float(number.replace(" ", "")) * factor, 1)
    if grams > GRAMS_MAX:
        return garbled(number.encode("ascii", "replace"))
    return NotWeighed("under", number.strip()) if grams < 0 else Weighed(grams + 0.0)


def garbled(reply: bytes) -> NotWeighed:
    """The reply makes no sense; shown as far as it can be."""
    return NotWeighed("garbled", reply.decode("ascii", "backslashreplace")[:DETAIL_MAX])
