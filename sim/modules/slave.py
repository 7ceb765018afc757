"""What a Modbus device answers: request PDU in, reply PDU out; written from the specification, not from the driver."""

from __future__ import annotations

import struct

from pymodbus.framer.rtu import FramerRTU

from sim.modules.bank import Bank

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3


def reply_to(bank: Bank, pdu: bytes) -> bytes:
    """The reply of a unit with these registers: functions 3, 4, 6, 16 and 23; anything else is refused by code."""
    function = pdu[0] if pdu else 0
    try:
        match function:
            case 3 | 4:
                return _read(bank, function, *struct.unpack(">HH", pdu[1:]))
            case 6:
                address, word = struct.unpack(">HH", pdu[1:])
                return pdu if bank.write(address, [word]) else _refuse(function, ILLEGAL_ADDRESS)
            case 16:
                address, count = struct.unpack(">HH", pdu[1:5])
                done = _write(bank, function, address, count, pdu[5:])
                return done or pdu[:5]
            case 23:
                read_at, read_count, write_at, write_count = struct.unpack(">HHHH", pdu[1:9])
                done = _write(bank, function, write_at, write_count, pdu[9:])
                return done or _read(bank, function, read_at, read_count)
    except (struct.error, IndexError):
        return _refuse(function, ILLEGAL_VALUE)
    return _refuse(function, ILLEGAL_FUNCTION)


def with_crc(frame: bytes) -> bytes:
    """`frame` and its checksum."""
    return frame + FramerRTU.compute_CRC(frame).to_bytes(2, "big")


def is_sound(frame: bytes) -> bool:
    """True for a frame whose checksum agrees."""
    return len(frame) >= 4 and with_crc(frame[:-2]) == frame


def _read(bank: Bank, function: int, address: int, count: int) -> bytes:
    if not 1 <= count <= 125:
        return _refuse(function, ILLEGAL_VALUE)
    words = bank.read(address, count)
    if words is None:
        return _refuse(function, ILLEGAL_ADDRESS)
    return struct.pack(f">BB{count}H", function, 2 * count, *words)


def _write(bank: Bank, function: int, address: int, count: int, data: bytes) -> bytes | None:
    """None when done; the refusal when not."""
    if not 1 <= count <= 123 or data[0] != 2 * count or len(data) != 1 + 2 * count:
        return _refuse(function, ILLEGAL_VALUE)
    written = bank.write(address, struct.unpack(f">{count}H", data[1:]))
    return None if written else _refuse(function, ILLEGAL_ADDRESS)


def _refuse(function: int, code: int) -> bytes:
    return bytes([function | 0x80, code])
