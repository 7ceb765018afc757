"""Modbus requests as values and the check that a reply answers exactly one of them. Pure; pymodbus is the codec."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from pymodbus.framer.rtu import FramerRTU
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadWriteMultipleRegistersRequest,
    WriteMultipleRegistersRequest,
)

READ_COILS, READ_INPUTS, READ, READ_IN_REGISTERS = 1, 2, 3, 4
WRITE_COIL, WRITE_ONE, WRITE_COILS, WRITE, WRITE_READ = 5, 6, 15, 16, 23
BITS: Final = frozenset({READ_COILS, READ_INPUTS})  # replies carry bits, eight to the byte
ECHOES: Final = frozenset({WRITE_COIL, WRITE_ONE})  # the good reply is the request itself
ACKNOWLEDGED: Final = frozenset({WRITE_COIL, WRITE_ONE, WRITE_COILS, WRITE})  # replies carry nothing read
BROADCAST_UNIT: Final = 0
REFUSED_BIT: Final = 0x80
REFUSED_RTU_BYTES: Final = 5
REFUSALS: Final = {
    1: "function not known",
    2: "register address not known",
    3: "value not allowed",
    4: "device failure",
    5: "accepted, still working",
    6: "busy",
    7: "program function not known",
    8: "memory parity error",
    10: "gateway has no path",
    11: "gateway got no answer from the module",
}
GATEWAY_REFUSALS: Final = frozenset({10, 11})  # the gateway speaks for a module that does not


@dataclass(frozen=True)
class Request:
    """Read `count` cells at `address`, or write `words` at `write_address`, or write and then read.

    `words` are registers; bits (0 or 1) for function 15; one raw value for function 5, which need not be a boolean.
    """

    unit: int
    function: int
    address: int = 0
    count: int = 0
    write_address: int = 0
    words: tuple[int, ...] = ()

    @cached_property
    def rtu(self) -> bytes:
        """The request as it goes over an RTU line."""
        return with_crc(bytes([self.unit]) + pdu_of(self))

    @cached_property
    def reply_rtu_bytes(self) -> int:
        """Length of the good reply on an RTU line."""
        return 8 if self.function in ACKNOWLEDGED else 5 + self.data_bytes

    @property
    def data_bytes(self) -> int:
        """Bytes of what is read."""
        return -(-self.count // 8) if self.function in BITS else 2 * self.count


@dataclass(frozen=True)
class Words:
    """Registers or bits of the device from `address` on."""

    address: int
    values: tuple[int, ...]

    def at(self, address: int, count: int) -> tuple[int, ...]:
        """`count` of them from `address`; fewer where they were not read."""
        start = address - self.address
        return self.values[start : start + count] if start >= 0 else ()


@dataclass(frozen=True)
class Refusal:
    """The device answered with an exception code."""

    code: int

    @property
    def text(self) -> str:
        """What the code means."""
        return f"exception {self.code} ({REFUSALS.get(self.code, 'unknown code')})"


class NotTheReply(Exception):
    """Bytes that are not the reply to this request; the text says why."""


class Damaged(NotTheReply):
    """They are, by unit, function and length, but the checksum is wrong."""


@lru_cache(maxsize=1024)
def pdu_of(request: Request) -> bytes:
    """Function code and data."""
    match request.function:
        case 3:
            body = ReadHoldingRegistersRequest(address=request.address, count=request.count).encode()
        case 1 | 2 | 4:
            body = struct.pack(">HH", request.address, request.count)
        case 5 | 6:
            body = struct.pack(">HH", request.write_address, request.words[0])
        case 15:
            packed = sum(bit << index for index, bit in enumerate(request.words))
            count, size = len(request.words), -(-len(request.words) // 8)
            body = struct.pack(">HHB", request.write_address, count, size) + packed.to_bytes(size, "little")
        case 16:
            body = WriteMultipleRegistersRequest(address=request.write_address, registers=list(request.words)).encode()
        case _:
            body = ReadWriteMultipleRegistersRequest(
                read_address=request.address,
                read_count=request.count,
                write_address=request.write_address,
                write_registers=list(request.words),
            ).encode()
    return bytes([request.function]) + body


def with_crc(frame: bytes) -> bytes:
    """`frame` and its checksum."""
    return frame + FramerRTU.compute_CRC(frame).to_bytes(2, "big")


def check_rtu(request: Request, frame: bytes) -> Words | Refusal:
    """The content of `frame`, if it is the reply to `request`. Raises NotTheReply."""
    if request.function not in ECHOES and frame[: len(request.rtu)] == request.rtu:
        raise NotTheReply("own request heard: switch off the adapter's local echo")
    if len(frame) < REFUSED_RTU_BYTES:
        raise NotTheReply(f"half a frame ({len(frame)} bytes)")
    if with_crc(frame[:-2]) != frame:
        is_ours = frame[:2] == request.rtu[:2] and len(frame) == request.reply_rtu_bytes
        raise (Damaged if is_ours else NotTheReply)(f"checksum wrong ({len(frame)} bytes)")
    return check_pdu(request, frame[0], frame[1:-2])


def check_pdu(request: Request, unit: int, pdu: bytes) -> Words | Refusal:
    """The content of the reply `pdu` from `unit`, if it answers `request`. Raises NotTheReply."""
    if unit != request.unit:
        raise NotTheReply(f"unit {unit} answered for unit {request.unit}")
    if len(pdu) == 2 and pdu[0] == request.function | REFUSED_BIT:
        return Refusal(pdu[1])
    if not pdu or pdu[0] != request.function:
        raise NotTheReply(f"function {pdu[0] if pdu else 'none'} answered function {request.function}")
    if request.function in ACKNOWLEDGED:
        return _written(request, pdu)
    if len(pdu) != 2 + request.data_bytes or pdu[1] != request.data_bytes:
        raise NotTheReply(f"{len(pdu) - 2} bytes came where {request.data_bytes} were asked: a late or foreign reply")
    if request.function in BITS:
        return Words(request.address, tuple(pdu[2 + at // 8] >> at % 8 & 1 for at in range(request.count)))
    return Words(request.address, struct.unpack(f">{request.count}H", pdu[2:]))


def _written(request: Request, pdu: bytes) -> Words:
    told = request.words[0] if request.function in ECHOES else len(request.words)
    if pdu[1:] != struct.pack(">HH", request.write_address, told):
        raise NotTheReply("another write was acknowledged")
    return Words(0, ())
