"""The reports of a USB HID scale (usage page 0x8D), as the HID Point of Sale tables give them. Pure."""

from __future__ import annotations

from typing import Final

from edge.drivers.bench_ports import NotWeighed, Weighed, WhyNotWeighed
from edge.drivers.scale_dialect import weighed

DATA_REPORT: Final = 3
DATA_BYTES: Final = 6
ZERO_REPORT: Final = bytes((2, 1))  # control report, "enforced zero return"
SCALE_PAGE: Final = 0x8D
_AT_ZERO, _STABLE = 2, 4
_NO: Final[dict[int, tuple[WhyNotWeighed, str]]] = {
    1: ("fault", "it reports a fault"),
    3: ("moving", ""),
    5: ("under", ""),
    6: ("over", ""),
    7: ("fault", "it wants to be calibrated"),
    8: ("not_zeroed", ""),
}
_UNITS: Final = {2: "g", 3: "kg", 11: "oz", 12: "lb"}
EXPONENT_MAX: Final = 6  # beyond that no bench scale reads


def read_report(report: bytes) -> Weighed | NotWeighed | None:
    """What one input report says; None: it is not about a weight."""
    if len(report) != DATA_BYTES or report[0] != DATA_REPORT:
        return None
    status, unit, exponent = report[1], report[2], int.from_bytes(report[3:4], "little", signed=True)
    if status in _NO:
        why, detail = _NO[status]
        return NotWeighed(why, detail)
    if status == _AT_ZERO:
        return Weighed(0.0)
    name = _UNITS.get(unit)
    if status != _STABLE or name is None or abs(exponent) > EXPONENT_MAX:
        return NotWeighed("garbled", report.hex())
    raw = int.from_bytes(report[4:6], "little")
    digits = max(0, -exponent)
    return weighed(f"{raw * 10.0**exponent:.{digits}f}", name)


def is_scale(descriptor: bytes) -> bool:
    """Does this HID report descriptor open with the page of weighing devices?

    Items before the first collection are looked at: a global item "usage page" of one or two bytes.
    """
    place = 0
    while place < len(descriptor):
        head = descriptor[place]
        size = (0, 1, 2, 4)[head & 3]
        value = int.from_bytes(descriptor[place + 1 : place + 1 + size], "little")
        if head & 0xFC == 0x04:
            return value == SCALE_PAGE
        if head & 0xFC == 0xA0:
            return False
        place += 1 + size
    return False
