"""A Modbus RTU line on a serial port; the only file of the light bus that imports pyserial."""

from __future__ import annotations

import contextlib
import os
import select
import termios
import time
from typing import Final

import serial

from edge.drivers.errors import DeviceGone, DeviceSilent, ReplyDamaged, WireGarbled
from edge.drivers.modbus_pdu import (
    ACKNOWLEDGED,
    BROADCAST_UNIT,
    REFUSED_BIT,
    REFUSED_RTU_BYTES,
    Damaged,
    NotTheReply,
    Refusal,
    Request,
    Words,
    check_rtu,
)

BITS_PER_CHARACTER: Final = 10  # 8N1; a parity bit or a second stop bit makes it 11
PARITIES: Final = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}
GAP_CHARACTERS: Final = 3.5  # the specification's silence before a frame, up to 19200 baud
GAP_S_FAST: Final = 0.00175  # and its fixed value above
SLACK_S: Final = 0.02  # adapters hand bytes over late (FTDI: up to 16 ms)
SETTLE_GAPS: Final = 3.0  # after rubbish the line must be silent for this many gaps
SETTLE_S_MAX: Final = 0.5  # a line that babbles on is used anyway: each reply is checked
BROADCAST_REST_S: Final = 0.1  # after a broadcast, which nobody should answer, units are busy for so long
FRAME_BYTES_MAX: Final = 256
ANSWERS_MAX: Final = 1024
LEAD_S_MAX: Final = 0.0002  # the end of a silence is awaited awake for so long at most; see `RtuLink.wait_for_gap`
LEAD_S_WANTED: Final = 0.0
LEAD_STEPS: Final = 16  # the lead follows what it should have been in steps of a sixteenth


def gap_s(baud: int, bits: int = BITS_PER_CHARACTER) -> float:
    """Silence before a frame, seconds, as the specification wants it at `baud` with characters of `bits`."""
    return GAP_S_FAST if baud > 19200 else GAP_CHARACTERS * bits / baud


class RtuLink:
    """A line at `port`; `extra_gap_s` is what its modules want beyond the silence before a frame.

    That is the specification's, or 3.5 `real_characters`, which are shorter above 19200 baud and which not all like.
    """

    tells_replies_apart = False

    def __init__(
        self,
        port: str,
        baud: int,
        extra_gap_s: float = 0.0,
        parity: str = "none",
        stop_bits: int = 1,
        *,
        real_characters: bool = False,
    ) -> None:
        self._path, self._baud, self._parity, self._stop_bits = port, baud, parity, stop_bits
        bits = BITS_PER_CHARACTER + (parity != "none") + (stop_bits - 1)
        self._character_s = bits / baud
        self._gap_s = (GAP_CHARACTERS * bits / baud if real_characters else gap_s(baud, bits)) + extra_gap_s
        self._quiet_since_s = 0.0  # monotonic; when the last byte in either direction had passed
        self._serial: serial.Serial | None = None
        self._fd = -1
        self._watched: list[int] = []
        self._lead_s, self._slept = 0.0, False
        self.reply_delay_s = 0.0
        self._poll = select.poll()
        self._answers: dict[bytes, tuple[bytes, Words | Refusal]] = {}  # the last good reply to each request
        self.strays = 0  # times that bytes came while nobody was asked

    def open(self) -> None:
        """Open the port for us alone. Raises DeviceGone."""
        try:
            parity, stop = PARITIES[self._parity], self._stop_bits
            self._serial = serial.Serial(
                self._path, self._baud, parity=parity, stopbits=stop, timeout=0, exclusive=True
            )
            self._ask_for_low_latency(self._serial)
            self._serial.reset_input_buffer()
            self._fd = self._serial.fileno()
            self._watched = [self._fd]
            self._poll = select.poll()
            self._poll.register(self._fd, select.POLLIN)
        except (OSError, termios.error, ValueError) as error:  # serial.SerialException is an OSError
            self.close()
            raise self._gone(error) from error
        self._quiet_since_s = time.monotonic()

    @staticmethod
    def _ask_for_low_latency(port: serial.Serial) -> None:
        """Many drivers then hand bytes over at once. A pty and some adapters know no such flag; nothing is lost."""
        with contextlib.suppress(OSError, ValueError):
            port.set_low_latency_mode(low_latency_settings=True)

    def close(self) -> None:
        """Let go of the port. Twice is harmless."""
        if self._serial is not None:
            port, self._serial, self._fd, self._watched = self._serial, None, -1, []
            try:
                port.close()
            except OSError:
                return  # an unplugged adapter cannot be closed any better

    def wait_for_gap(self) -> None:
        """Sleep until just before the silence before a frame has passed; bytes that break it are thrown away.

        How much before is learned from what waking up and choosing a frame have taken lately, so that the frame is
        ready when the silence ends; `exchange` waits for that moment itself. Raises DeviceGone.
        """
        left_s = self._quiet_since_s + self._gap_s - self._lead_s - time.monotonic()
        self._slept = left_s > 0
        try:
            if select.select(self._opened(), (), (), left_s if self._slept else 0)[0]:  # such as a late reply:
                self.strays += 1  # it must not head the next one
                self._settle(self._fd)
                time.sleep(self._gap_s)
        except (OSError, termios.error) as error:
            raise self._gone(error) from error

    def exchange(self, request: Request, reply_wait_s: float) -> Words | Refusal:
        """One request and its reply. Raises DeviceSilent, WireGarbled or DeviceGone."""
        frame = request.rtu
        try:
            self._await_silence()
            os.write(self._opened()[0], frame)
            sent_s = time.monotonic() + len(frame) * self._character_s  # read after: who is held up there is not early
            self._quiet_since_s = sent_s
            if request.unit == BROADCAST_UNIT:
                self._quiet_since_s += BROADCAST_REST_S
                return Words(0, ())
            reply = self._read_frame(request, sent_s, reply_wait_s)
            if not reply:
                who = f"unit {request.unit} on {self._path}"
                raise DeviceSilent(who, "no answer", "Check its cable, its power and the line's terminators")
            return self._checked(request, reply)
        except (OSError, termios.error) as error:
            raise self._gone(error) from error

    def _await_silence(self) -> None:
        """Until the silence before a frame is over, awake; what is left of it is at most what `wait_for_gap` left."""
        due_s = self._quiet_since_s + self._gap_s
        early_s = due_s - time.monotonic()
        if self._slept and early_s > -LEAD_S_MAX:
            self._slept = False
            lead_s = self._lead_s + (LEAD_S_WANTED - early_s) / LEAD_STEPS
            self._lead_s = min(max(lead_s, 0.0), LEAD_S_MAX)
        if early_s > LEAD_S_MAX:  # nobody waited for the gap
            time.sleep(early_s)
        while time.monotonic() < due_s:
            pass

    def _checked(self, request: Request, reply: bytes) -> Words | Refusal:
        known = self._answers.get(request.rtu)
        if known is not None and known[0] == reply:
            return known[1]
        try:
            answer = check_rtu(request, reply)
        except NotTheReply as error:
            self._settle(self._fd)
            kind = ReplyDamaged if isinstance(error, Damaged) else WireGarbled
            cure = "Check terminators, shield, and that no two modules share a unit address"
            raise kind(f"light bus {self._path}", str(error), cure) from error
        if len(self._answers) >= ANSWERS_MAX:
            self._answers.clear()
        if request.function not in ACKNOWLEDGED:
            self._answers[request.rtu] = reply, answer
        return answer

    def _read_frame(self, request: Request, sent_s: float, reply_wait_s: float) -> bytes:
        """Bytes up to the length of the reply, or what came until it should have been complete."""
        frame, wanted = b"", request.reply_rtu_bytes
        left_s = sent_s + reply_wait_s - time.monotonic()
        while self._poll.poll(left_s * 1000 if left_s > 0 else 0):  # who was held up still takes what has come
            part = os.read(self._fd, FRAME_BYTES_MAX)
            if not part:
                raise OSError("end of file")
            self._quiet_since_s = time.monotonic()
            if not frame:
                self.reply_delay_s = self._quiet_since_s - sent_s
            frame += part
            if len(frame) > 1 and frame[1] & REFUSED_BIT:
                wanted = REFUSED_RTU_BYTES
            if len(frame) >= wanted:
                break
            left_s = (wanted - len(frame)) * self._character_s + SLACK_S
        return frame

    def _settle(self, fd: int) -> None:
        """Throw away what comes until the line is silent."""
        silence_s = max(SETTLE_GAPS * self._gap_s, SLACK_S / 2)
        until_s = time.monotonic() + SETTLE_S_MAX
        while time.monotonic() < until_s and select.select([fd], [], [], silence_s)[0]:
            if not os.read(fd, FRAME_BYTES_MAX):
                raise OSError("end of file")
        self._quiet_since_s = time.monotonic()

    def _opened(self) -> list[int]:
        if not self._watched:
            raise OSError("the port is not open")
        return self._watched

    def _gone(self, error: BaseException) -> DeviceGone:
        return DeviceGone(f"light bus {self._path}", f"port lost ({error})", "Plug the adapter in, check its name")
