"""What a Modbus device answers: request PDU in, reply PDU out; written from the specification, not from the driver."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from pymodbus.framer.rtu import FramerRTU

from sim.modules.bank import DONE, ILLEGAL_FUNCTION, ILLEGAL_VALUE, Bank

COIL_ON = 0xFF00


def reply_to(bank: Bank, pdu: bytes) -> bytes:
    """The reply of a unit with these cells: functions 1 to 6, 15, 16 and 23; anything else is refused by code."""
    function = pdu[0] if pdu else 0
    if not bank.knows(function):
        return _refuse(function, ILLEGAL_FUNCTION)
    try:
        match function:
            case 1 | 2 | 3 | 4:
                return _read(bank, function, *struct.unpack(">HH", pdu[1:]))
            case 5 | 6:
                address, word = struct.unpack(">HH", pdu[1:])
                value = 1 if function == 5 and word == COIL_ON else word
                return _done(function, bank.write(function, address, [value])) or pdu
            case 15 | 16:
                address, count = struct.unpack(">HH", pdu[1:5])
                return _write(bank, function, address, count, pdu[5:]) or pdu[:5]
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
    if not 1 <= count <= (2000 if function in (1, 2) else 125):
        return _refuse(function, ILLEGAL_VALUE)
    words = bank.read(function, address, count)
    if isinstance(words, int):
        return _refuse(function, words)
    if function in (1, 2):
        return bytes([function, -(-count // 8)]) + _packed(words)
    return struct.pack(f">BB{count}H", function, 2 * count, *words)


def _packed(bits: Sequence[int]) -> bytes:
    number = sum((bit & 1) << index for index, bit in enumerate(bits))
    return number.to_bytes(-(-len(bits) // 8), "little")


def _write(bank: Bank, function: int, address: int, count: int, data: bytes) -> bytes | None:
    """None when done; the refusal when not."""
    size = -(-count // 8) if function == 15 else 2 * count
    if not 1 <= count <= (1968 if function == 15 else 123) or data[0] != size or len(data) != 1 + size:
        return _refuse(function, ILLEGAL_VALUE)
    if function == 15:
        words: Sequence[int] = [data[1 + at // 8] >> at % 8 & 1 for at in range(count)]
    else:
        words = struct.unpack(f">{count}H", data[1:])
    return _done(function, bank.write(function, address, words))


def _done(function: int, code: int) -> bytes | None:
    return None if code == DONE else _refuse(function, code)


def _refuse(function: int, code: int) -> bytes:
    return bytes([function | 0x80, code])
