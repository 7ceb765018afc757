"""What a ZPL printer answers to ~HS: three lines between STX and ETX, as Zebra's ZPL II guide gives them. Pure.

Many printers do not answer at all while paper or ribbon is out or the head is open: no answer is trouble, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from edge.drivers.bench_ports import WhyNotPrinted

ASK: Final = b"~HS"
DROP_ALL: Final = b"~JA"  # what waits in the printer is forgotten
ANSWER_BYTES_MAX: Final = 512
_LINES: Final = re.compile(rb"\x02([^\x02\x03]*)\x03")


@dataclass(frozen=True)
class ZplStatus:
    """Flags of the printer; `waiting`: labels it has and has not printed yet."""

    paper_out: bool
    paused: bool
    buffer_full: bool
    head_open: bool
    ribbon_out: bool
    waiting: int

    @property
    def trouble(self) -> WhyNotPrinted | None:
        """What keeps it from printing; first what a person must mend."""
        found: tuple[tuple[bool, WhyNotPrinted], ...] = (
            (self.head_open, "head_open"),
            (self.paper_out, "paper_out"),
            (self.ribbon_out, "ribbon_out"),
            (self.paused, "paused"),
            (self.buffer_full, "busy"),
        )
        return next((why for flag, why in found if flag), None)


def read_status(answer: bytes) -> ZplStatus | None:
    """The last whole status in `answer`; None: there is none (yet), or it is none."""
    lines = [line.decode("ascii", "replace").split(",") for line in _LINES.findall(answer)]
    if len(lines) < 3 or len(lines[-3]) < 12 or len(lines[-2]) < 11:
        return None
    first, second = lines[-3], lines[-2]
    numbers = (first[4], second[8])
    if not all(number.strip().isdecimal() for number in numbers):
        return None
    return ZplStatus(
        paper_out=_flag(first[1]),
        paused=_flag(first[2]),
        buffer_full=_flag(first[5]),
        head_open=_flag(second[2]),
        ribbon_out=_flag(second[3]),
        waiting=sum(int(number) for number in numbers) + _flag(first[7]),
    )


def _flag(text: str) -> bool:
    return text.strip() == "1"
