"""Toledo PS60, 8213 and the 8217 family: one letter asks, STX weight CR or STX ? status CR answers. Pure.

No unit is sent: it is what the scale is set to, and the profile must say the same.
"""

from __future__ import annotations

from typing import Final, Literal

from edge.drivers.bench_ports import NotWeighed, Weighed, WhyNotWeighed
from edge.drivers.scale_dialect import Dialect, ScaleUnit, garbled, weighed

STX: Final = b"\x02"
ALWAYS: Final = 0b0110_0000  # bits 5 and 6
# Bits of the status, first the one that explains the others.
_NO: Final[tuple[tuple[int, WhyNotWeighed], ...]] = (
    (0b0000_0010, "over"),
    (0b0000_0001, "moving"),
    (0b0000_0100, "under"),
    (0b0000_1000, "not_zeroed"),
)


def _read(reply: bytes, unit: ScaleUnit) -> Weighed | NotWeighed | None:
    head, stx, body = reply.rpartition(STX)
    del head  # what came before the start of this reply is the end of another
    if not stx:
        return garbled(reply)
    if body.startswith(b"?"):
        return _refusal(body) or NotWeighed("fault", f"no weight, status {body[1:].hex()}")
    return weighed(body.decode("ascii", "replace"), unit)


def _read_zero(reply: bytes) -> NotWeighed | Literal["done"] | None:
    _head, stx, body = reply.rpartition(STX)
    if not stx or not body.startswith(b"?"):
        return None
    return _refusal(body) or "done"


def _refusal(body: bytes) -> NotWeighed | None:
    """What a status says against a weight, if anything."""
    if len(body) != 2 or body[1] & ALWAYS != ALWAYS:
        return garbled(body)
    return next((NotWeighed(why, f"status {body[1]:02x}") for bit, why in _NO if body[1] & bit), None)


TOLEDO: Final = Dialect(ask=b"W", zero=b"Z", end=b"\r", read=_read, read_zero=_read_zero)
