"""What the wire itself allows: arithmetic from bytes, baud rate and the silences the Modbus specification asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BITS_PER_CHARACTER: Final = 10  # 8N1
SILENCE_CHARACTERS: Final = 3.5
SILENCE_MS_FAST: Final = 1.75  # fixed above 19200 baud
POLL_REQUEST_BYTES: Final = 8  # unit, function, address, count, CRC
REPLY_HEAD_BYTES: Final = 5  # unit, function, length, CRC
WRITE_READ_HEAD_BYTES: Final = 13  # unit, function, two addresses, two counts, length, CRC
REGISTER_BYTES: Final = 2


@dataclass(frozen=True)
class Line:
    """An RS-485 line with one lit module on it. `counters` and `face`: registers of one poll (half a one: eight bits)
    and of one face."""

    baud: int
    turnaround_ms: float
    counters: float = 2
    face: int = 3

    def bytes_ms(self, count: float) -> float:
        """Time on the wire of `count` bytes."""
        return count * BITS_PER_CHARACTER * 1000 / self.baud

    @property
    def silence_ms(self) -> float:
        """Before a frame, and before a device may take a frame as ended."""
        return SILENCE_MS_FAST if self.baud > 19200 else self.bytes_ms(1) * SILENCE_CHARACTERS

    @property
    def reply_ms(self) -> float:
        """A poll's reply."""
        return self.bytes_ms(REPLY_HEAD_BYTES + REGISTER_BYTES * self.counters)

    @property
    def cycle_ms(self) -> float:
        """From one poll to the next, as fast as the specification allows."""
        asked = self.bytes_ms(POLL_REQUEST_BYTES) + self.silence_ms + self.turnaround_ms
        return asked + self.reply_ms + self.silence_ms


def press_to_known_ms(line: Line) -> float:
    """Mean time from a press at a random moment until the last byte that tells of it has arrived."""
    return line.cycle_ms / 2 + line.reply_ms


def press_to_seen_ms(line: Line, polled: int) -> float:
    """Mean time from a press at a random moment to its telling reply, with so many modules polled in turn."""
    return (polled + 1) / 2 * line.cycle_ms


def command_to_lit_ms(line: Line) -> float:
    """Mean time from a command at a random moment on a busy line until the module has taken its frame."""
    return line.cycle_ms / 2 + line.bytes_ms(WRITE_READ_HEAD_BYTES + REGISTER_BYTES * line.face) + line.silence_ms


def press_to_dark_ms(line: Line) -> float:
    """Mean time from a press at a random moment until the module has taken the frame that darkens it."""
    write = line.bytes_ms(WRITE_READ_HEAD_BYTES + REGISTER_BYTES * line.face)
    return press_to_known_ms(line) + line.silence_ms + write + line.silence_ms
