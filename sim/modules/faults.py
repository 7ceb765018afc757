"""Faults of a simulated line, switchable while it runs: each spoils so many of the next replies."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sim.modules.slave import with_crc

KINDS: Final = ("garble", "late", "wrong_unit", "half", "glued", "noise", "refuse", "lost")


@dataclass
class Faults:
    """Replies still to be spoiled, by kind; `noise_percent` of all other replies get a flipped bit, seeded."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    late_ms: int = 80
    refuse_code: int = 4
    noise_percent: int = 0
    seed: int = 1

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def set(self, kind: str, count: int) -> None:
        """Spoil the next `count` replies this way. Raises KeyError for a kind that is not in KINDS."""
        if kind not in self.counts:
            raise KeyError(kind)
        self.counts[kind] = count

    def spoil(self, frame: bytes) -> tuple[float, bytes]:
        """What goes over an RTU line instead of the reply `frame`, and how many seconds too late."""
        kind = self.next_kind()
        delay_s = self.late_ms / 1000 if kind == "late" else 0.0
        spoiler = _SPOILERS.get(kind)
        if kind == "refuse":
            return 0.0, with_crc(bytes([frame[0], frame[1] | 0x80, self.refuse_code]))
        if kind == "garble":
            return 0.0, self._flipped(frame)
        return delay_s, spoiler(frame) if spoiler else frame

    def next_kind(self) -> str:
        """The kind that spoils the next reply, or ""; counts it down."""
        for kind, left in self.counts.items():
            if left > 0:
                self.counts[kind] = left - 1
                return kind
        return "garble" if self.noise_percent and self._random.random() * 100 < self.noise_percent else ""

    def _flipped(self, frame: bytes) -> bytes:
        at = self._random.randrange(len(frame))
        return frame[:at] + bytes([frame[at] ^ (1 << self._random.randrange(8))]) + frame[at + 1 :]


_SPOILERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "wrong_unit": lambda frame: with_crc(bytes([frame[0] % 247 + 1]) + frame[1:-2]),
    "half": lambda frame: frame[: len(frame) // 2],
    "glued": lambda frame: frame + frame,
    "noise": lambda frame: b"\xff\x00\x55" + frame,
    "lost": lambda _: b"",
}
