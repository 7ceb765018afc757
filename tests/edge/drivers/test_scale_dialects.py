"""Replies of real scales, as their manuals print them, and what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.bench_ports import NotWeighed, Weighed
from edge.drivers.scale_dialect import Dialect
from edge.drivers.scale_hid import is_scale, read_report
from edge.drivers.scale_nci import NCI
from edge.drivers.scale_sics import SICS
from edge.drivers.scale_toledo import TOLEDO
from edge.drivers.serial_frame import Parity, framed, unframed

# dialect, reply as it is on the wire, meaning, where from
REPLIES = [
    (SICS, b"S S     100.00 g\r\n", Weighed(100.0), "MT-SICS, command S, its example"),
    (SICS, b"S S      1.250 kg\r\n", Weighed(1250.0), "the same in kilograms"),
    (SICS, b"S S       2.50 lb\r\n", Weighed(1134.0), "unit set to pounds; 2.5 × 453.59237"),
    (SICS, b"S D      99.87 g\r\n", "moving", "command SI: dynamic value"),
    (SICS, b"S I\r\n", "moving", "command not executable: busy, or not at rest in time"),
    (SICS, b"S +\r\n", "over", "overload range"),
    (SICS, b"S -\r\n", "under", "underload range"),
    (SICS, b"S S      -3.00 g\r\n", "under", "less than nothing is no weight of a parcel"),
    (SICS, b"S S Error 10b\r\n", "fault", "weight response with an error of the module"),
    (SICS, b"ES\r\n", "fault", "syntax error"),
    (SICS, b"ET\r\n", "garbled", "transmission error"),
    (SICS, b"EL\r\n", "fault", "logical error"),
    (SICS, b"S S     1O0.00 g\r\n", "garbled", "a letter among the digits"),
    (SICS, b"S S     100.00 pcs\r\n", "garbled", "counting mode"),
    (SICS, b'I4 A "B021002593"\r\n', None, "said by itself after it was switched on"),
    (TOLEDO, b"\x0202.345\r", Weighed(2345.0), "PS60: STX weight CR, kilograms"),
    (TOLEDO, b"\x02000.00\r", Weighed(0.0), "8213 with nothing on it"),
    (TOLEDO, b"\x02?a\r", "moving", "bit 0"),
    (TOLEDO, b"\x02?b\r", "over", "bit 1"),
    (TOLEDO, b"\x02?d\r", "under", "bit 2"),
    (TOLEDO, b"\x02?h\r", "not_zeroed", "bit 3"),
    (TOLEDO, b"\x02?c\r", "over", "bits 0 and 1: what is too much also moves"),
    (TOLEDO, b"\x02?p\r", "fault", "bit 4 alone explains nothing"),
    (TOLEDO, b"\x02?\x01\r", "garbled", "bits 5 and 6 are always 1"),
    (TOLEDO, b"02.345\r", "garbled", "without its beginning"),
    (TOLEDO, b"\x02??\r", "garbled", "status 3F has bit 6 off"),
    (NCI, b"\n  1.250kg\r\n00\r\x03", Weighed(1250.0), "SCP-01, command W"),
    (NCI, b"\n  0.55lb\r\n00\r\x03", Weighed(249.5), "display in pounds"),
    (NCI, b"\n 1250 g \r\n00\r\x03", Weighed(1250.0), "3700LP: grams with blanks around"),
    (NCI, b"\n  1.250kg\r\n10\r\x03", "moving", "first byte, bit 0"),
    (NCI, b"\n  0.000kg\r\n20\r\x03", Weighed(0.0), "first byte, bit 1: at zero"),
    (NCI, b"\n______kg\r\n01\r\x03", "under", "second byte, bit 0, and lower bars"),
    (NCI, b"\n^^^^^^kg\r\n02\r\x03", "over", "second byte, bit 1, and upper bars"),
    (NCI, b"\n^^^^^^kg\r\n00\r\x03", "over", "upper bars alone"),
    (NCI, b"\n------kg\r\n00\r\x03", "not_zeroed", "middle bars: zeroing error"),
    (NCI, b"\n  1.250kg\r\n40\r\x03", "fault", "first byte, bit 2: memory"),
    (NCI, b"\n  1.250kg\r\n08\r\x03", "fault", "second byte, bit 3: calibration"),
    (NCI, b"\n  1.250kg\r\n0p0\r\x03", Weighed(1250.0), "a third byte follows where bit 6 says so"),
    (NCI, b"\n?\r\x03", "fault", "unknown command"),
    (NCI, b"\n  1.250\r\n00\r\x03", "garbled", "no unit"),
    (NCI, b"\n  1.250kg\r\n\x01\x01\r\x03", "garbled", "bits 4 and 5 are always 1"),
]


@pytest.mark.parametrize(("dialect", "reply", "meaning", "where"), REPLIES, ids=lambda value: str(value)[:40])
def test_a_reply_means_what_its_manual_says(
    dialect: Dialect, reply: bytes, meaning: Weighed | str | None, where: str
) -> None:
    assert reply.endswith(dialect.end)
    answer = dialect.read(reply.removesuffix(dialect.end), "kg")
    assert (answer.why if isinstance(answer, NotWeighed) else answer) == meaning


@pytest.mark.parametrize(
    ("dialect", "reply", "done"),
    [
        (SICS, b"Z A\r\n", True),
        (SICS, b"Z I\r\n", False),
        (SICS, b"Z +\r\n", False),
        (SICS, b"ES\r\n", False),
        (TOLEDO, b"\x02?p\r", True),
        (TOLEDO, b"\x02?q\r", False),
        (NCI, b"\n20\r\x03", True),
        (NCI, b"\n10\r\x03", False),
        (NCI, b"\n?\r\x03", False),
    ],
)
def test_zeroing_is_done_only_when_the_scale_says_so(dialect: Dialect, reply: bytes, done: bool) -> None:
    answer = dialect.read_zero(reply.removesuffix(dialect.end))
    assert (answer == "done") is done
    assert answer is not None


# report, meaning, where from
REPORTS = [
    ("03040200f401", Weighed(500.0), "stable, grams, exponent 0"),
    ("03040bff3419", Weighed(18291.1), "645.2 ounces, a Dymo M25's published example"),
    ("030403fde204", Weighed(1250.0), "kilograms, exponent -3"),
    ("03040cfe0a00", Weighed(45.4), "0.10 pounds"),
    ("030402011400", Weighed(200.0), "exponent +1"),
    ("03020b000000", Weighed(0.0), "stable at zero"),
    ("03030200f401", "moving", "status 3"),
    ("03050200f401", "under", "status 5"),
    ("030602000000", "over", "status 6"),
    ("030102000000", "fault", "status 1"),
    ("030702000000", "fault", "status 7: calibrate"),
    ("030802000000", "not_zeroed", "status 8: re-zero"),
    ("03090200f401", "garbled", "no such status"),
    ("03040500f401", "garbled", "no unit we know"),
    ("030402400100", "garbled", "an exponent no scale has"),
    ("04040200f401", None, "another report"),
    ("03040200f4", None, "cut short"),
    ("03040200f40103040200f401", None, "two glued together"),
]


@pytest.mark.parametrize(("report", "meaning", "where"), REPORTS)
def test_a_hid_report_means_what_the_usage_tables_say(report: str, meaning: Weighed | str | None, where: str) -> None:
    answer = read_report(bytes.fromhex(report))
    assert (answer.why if isinstance(answer, NotWeighed) else answer) == meaning


@pytest.mark.parametrize(
    ("descriptor", "scale"),
    [
        ("058d0920a10185030920c0", True),
        ("068d000920a101c0", True),
        ("05010906a101058d0920c0", False),  # a keyboard with something of a scale inside
        ("a101058dc0", False),
        ("", False),
        ("05", False),
    ],
)
def test_a_scale_is_known_by_its_usage_page(descriptor: str, scale: bool) -> None:
    assert is_scale(bytes.fromhex(descriptor)) is scale


@given(st.binary(max_size=80))
def test_whatever_comes_is_read_without_an_error(raw: bytes) -> None:
    for dialect in (SICS, TOLEDO, NCI):
        dialect.read(raw, "g")
        dialect.read_zero(raw)
    read_report(raw)
    is_scale(raw)


@pytest.mark.parametrize("parity", ["even", "odd"])
@given(st.binary(max_size=20))
def test_parity_made_in_software_is_read_back_and_one_flipped_bit_is_seen(parity: Parity, raw: bytes) -> None:
    seven = bytes(byte & 0x7F for byte in raw)
    sent = framed(raw, parity)
    assert unframed(sent, parity) == seven
    if sent:
        assert unframed(bytes([sent[0] ^ 0x10]) + sent[1:], parity) is None


def test_parity_bits_are_those_of_a_port_set_to_seven_bits() -> None:
    assert framed(b"W", "even") == b"\xd7"  # W is 0x57: five ones
    assert framed(b"W", "odd") == b"W"
