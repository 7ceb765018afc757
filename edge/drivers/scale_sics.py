"""MT-SICS: question and reply are lines of words, as Mettler-Toledo's manuals (level 0) give them. Pure."""

from __future__ import annotations

from typing import Final, Literal

from edge.drivers.bench_ports import NotWeighed, Weighed, WhyNotWeighed
from edge.drivers.scale_dialect import Dialect, ScaleUnit, garbled, weighed

# "S I": busy with something else, or not at rest within the balance's own time.
_NO: Final[dict[str, WhyNotWeighed]] = {"I": "moving", "D": "moving", "+": "over", "-": "under"}
_ERRORS: Final[dict[str, NotWeighed]] = {
    "ES": NotWeighed("fault", "ES: it does not know the command"),
    "ET": NotWeighed("garbled", "ET: it could not read the command"),
    "EL": NotWeighed("fault", "EL: it cannot do that now"),
}


def _read(reply: bytes, _unit: ScaleUnit) -> Weighed | NotWeighed | None:
    words = _words(reply)
    match words:
        case [error] if error in _ERRORS:
            return _ERRORS[error]
        case ["S", "S", "Error", *rest]:
            return NotWeighed("fault", " ".join(["Error", *rest])[:40])
        case ["S", "S", number, unit]:
            return weighed(number, unit)
        case ["S", no, *_] if no in _NO:
            return NotWeighed(_NO[no], "")
        case ["S", *_]:
            return garbled(reply)
    return None  # such as what a balance says of itself after it was switched on


def _read_zero(reply: bytes) -> NotWeighed | Literal["done"] | None:
    match _words(reply):
        case [error] if error in _ERRORS:
            return _ERRORS[error]
        case ["Z", "A"]:
            return "done"
        case ["Z", no] if no in _NO:
            return NotWeighed(_NO[no], "")
    return None


def _words(reply: bytes) -> list[str]:
    return reply.decode("ascii", "replace").split()


SICS: Final = Dialect(ask=b"S\r\n", zero=b"Z\r\n", end=b"\n", read=_read, read_zero=_read_zero, cancel=b"@\r\n")
