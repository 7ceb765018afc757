"""A reply is taken only for the request it answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.modbus_pdu import (
    READ,
    WRITE,
    WRITE_READ,
    NotTheReply,
    Refusal,
    Request,
    Words,
    check_rtu,
    with_crc,
)

READ_TWO = Request(unit=0x11, function=READ, address=0x6B, count=2)
WRITE_TWO = Request(unit=0x11, function=WRITE, write_address=1, words=(10, 258))


@pytest.mark.parametrize(
    ("request_", "frame"),
    [
        # Modbus application protocol V1.1b3, sections 6.3, 6.12 and 6.17 (unit address and checksum added)
        (Request(0x11, READ, 0x6B, 3), "11 03 00 6b 00 03 76 87"),
        (WRITE_TWO, "11 10 00 01 00 02 04 00 0a 01 02 c6 f0"),
        (Request(1, WRITE_READ, 3, 6, 14, (255, 255, 255)), "01 17 00 03 00 06 00 0e 00 03 06 00 ff 00 ff 00 ff 54 6f"),
    ],
)
def test_requests_are_those_of_the_specification(request_: Request, frame: str) -> None:
    assert request_.rtu[:-2] == bytes.fromhex(frame)[:-2]
    assert with_crc(request_.rtu[:-2]) == request_.rtu


def test_the_checksum_is_the_one_every_modbus_device_uses() -> None:
    assert with_crc(bytes.fromhex("11 03 00 6b 00 03")) == bytes.fromhex("11 03 00 6b 00 03 76 87")


def test_a_good_reply_is_its_words() -> None:
    reply = with_crc(bytes.fromhex("11 03 04 02 2b 00 01"))

    assert check_rtu(READ_TWO, reply) == Words(0x6B, (0x22B, 1))


def test_a_refusal_says_why() -> None:
    refused = check_rtu(READ_TWO, with_crc(bytes.fromhex("11 83 02")))

    assert isinstance(refused, Refusal)
    assert refused.text == "exception 2 (register address not known)"


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (with_crc(bytes.fromhex("12 03 04 02 2b 00 01")), "unit 18 answered for unit 17"),
        (with_crc(bytes.fromhex("11 04 04 02 2b 00 01")), "function 4 answered function 3"),
        (with_crc(bytes.fromhex("11 03 02 02 2b")), "2 bytes came where 4 were asked"),
        (with_crc(bytes.fromhex("11 03 04 02 2b 00 01"))[:-1], "checksum wrong"),
        (with_crc(bytes.fromhex("11 03 04 02 2b 00 01")) + b"\x00", "5 bytes came where 4 were asked"),
        (b"\x11\x03", "half a frame"),
        (READ_TWO.rtu, "own request heard"),
        (READ_TWO.rtu + with_crc(bytes.fromhex("11 03 04 02 2b 00 01")), "own request heard"),
    ],
)
def test_whatever_is_not_the_reply_is_refused_with_the_reason(frame: bytes, why: str) -> None:
    with pytest.raises(NotTheReply, match=why):
        check_rtu(READ_TWO, frame)


def test_the_acknowledgement_of_another_write_is_refused() -> None:
    with pytest.raises(NotTheReply, match="another write"):
        check_rtu(WRITE_TWO, with_crc(bytes.fromhex("11 10 00 05 00 02")))


@given(st.binary(max_size=64), st.booleans())
def test_any_other_bytes_are_refused_and_never_crash(noise: bytes, checksummed: bool) -> None:
    frame = with_crc(noise) if checksummed else noise
    try:
        reply = check_rtu(READ_TWO, frame)
    except NotTheReply:
        return
    assert frame[0] == READ_TWO.unit
    assert isinstance(reply, Refusal) or len(reply.values) == READ_TWO.count
