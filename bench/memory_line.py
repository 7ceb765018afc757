"""A line without a wire: frames go straight to the simulated units, some of them spoiled on the way."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Final

from edge.drivers.errors import DeviceSilent, ReplyDamaged, WireGarbled
from edge.drivers.modbus_pdu import Damaged, NotTheReply, Refusal, Request, Words, check_rtu
from sim.modules.bank import Bank
from sim.modules.slave import is_sound, reply_to, with_crc

BITS_FLIPPED_MAX: Final = 3
REQUESTS_SHARE: Final = 0.5
REST_S: Final = 0.00015
CURE: Final = "Nothing: this line is spoiled on purpose"


class MemoryLine:
    """A `bus_link.BusLink`. A share of `spoiled` of the exchanges is damaged, cut, late or from elsewhere.

    Half of them on the way to the unit, which then is silent, and half on the way back.
    """

    tells_replies_apart = False
    reply_delay_s = 0.0

    def __init__(self, banks: Mapping[int, Bank], spoiled: float, seed: int) -> None:
        self._banks, self._spoiled, self._random = banks, spoiled, random.Random(seed)
        self._late = b""  # a reply that comes when nobody waits for it any more
        self.exchanges = 0

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to close."""

    def wait_for_gap(self) -> None:
        """A short rest, so that a back-off is not a thousand exchanges long."""
        time.sleep(REST_S)

    def exchange(self, request: Request, reply_wait_s: float) -> Words | Refusal:  # noqa: ARG002 - silence is known at once
        """One request and its reply. Raises DeviceSilent, WireGarbled or ReplyDamaged."""
        self.exchanges += 1
        heard = self._over_the_wire(request.rtu, self._spoiled * REQUESTS_SHARE)
        reply, self._late = self._late, b""
        if not reply and is_sound(heard) and heard[0] in self._banks:
            reply = with_crc(heard[:1] + reply_to(self._banks[heard[0]], heard[1:-2]))
            reply = self._over_the_wire(reply, self._spoiled * (1 - REQUESTS_SHARE))
        reply = reply[: request.reply_rtu_bytes]
        if not reply:
            raise DeviceSilent(f"unit {request.unit}", "no answer", CURE)
        try:
            return check_rtu(request, reply)
        except NotTheReply as error:
            kind = ReplyDamaged if isinstance(error, Damaged) else WireGarbled
            raise kind("memory line", str(error), CURE) from error

    def _over_the_wire(self, frame: bytes, spoiled: float) -> bytes:
        """The frame as it arrives; empty when it does not, or not in time."""
        if self._random.random() >= spoiled:
            return frame
        match self._random.randrange(6):
            case 0:
                return frame[: self._random.randrange(len(frame))]
            case 1:
                return self._random.randbytes(3) + frame
            case 2:
                self._late = frame
                return b""
            case 3:
                return with_crc(bytes([frame[0] % 247 + 1]) + frame[1:-2])
        return self._flipped(frame)

    def _flipped(self, frame: bytes) -> bytes:
        spoiled = int.from_bytes(frame, "big")
        for _ in range(self._random.randint(1, BITS_FLIPPED_MAX)):
            spoiled ^= 1 << self._random.randrange(8 * len(frame))
        return spoiled.to_bytes(len(frame), "big")
