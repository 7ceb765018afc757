"""Report descriptors and HID-POS reports: the device says where its data is, and is not trusted blindly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.errors import DeviceRefused
from edge.drivers.hid_report import Cell, input_cells, numbered, value_at
from edge.drivers.scanner_reports import MORE, ReportScans
from sim.hid_scanners import DESCRIPTOR, reports_of

KEYBOARD = bytes.fromhex(
    "05010906a101050719e029e71500250175019508810295017508810395057501050819012905"
    "910295017503910395067508150025650507190029658100c0"
)


def test_a_scanners_descriptor_says_where_length_aim_data_and_more_are() -> None:
    cells = input_cells(DESCRIPTOR)

    assert numbered(DESCRIPTOR)
    assert cells[0] == Cell(2, 0x01003B, 0, 8)
    assert [cell.usage & 0xFF for cell in cells[1:4]] == [0xFB, 0xFC, 0xFD]
    assert [cell.at_bit // 8 for cell in cells if cell.usage == 0x8C00FE] == list(range(4, 60))
    assert cells[-1] == Cell(2, MORE, 496, 1)


def test_a_keyboards_descriptor_has_modifiers_a_gap_and_six_keys() -> None:
    cells = input_cells(KEYBOARD)

    assert [cell.usage for cell in cells[:8]] == [0x0700E0 + index for index in range(8)]
    assert [cell.at_bit for cell in cells[8:]] == [16, 24, 32, 40, 48, 56]


def test_a_value_may_stand_at_any_bit() -> None:
    assert value_at(b"\x00\xf0\x0f", Cell(0, 1, 12, 8)) == 0xFF
    assert value_at(b"\x01", Cell(0, 1, 8, 8)) == 0


@given(st.binary(max_size=300))
def test_no_descriptor_breaks_the_reader(descriptor: bytes) -> None:
    for cell in input_cells(descriptor)[:100]:
        value_at(b"\xff" * 8, cell)


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n\x03\x04", exclude_categories=["Cs"]), min_size=1)
)
def test_exactly_what_was_scanned_comes_out_however_many_reports_it_takes(text: str) -> None:
    if len(text) > 256 or len(text.encode()) > 256:
        return
    held = ReportScans("scanner", DESCRIPTOR)
    scans = [scan for report in reports_of(text.encode(), b"]d2") for scan in held.feed(report, 5)]

    assert [(scan.text, scan.dirty, scan.mono_ns) for scan in scans] == [(f"]d2{text}", "", 5)]


def test_a_scanner_that_names_no_symbology_gives_the_text_alone() -> None:
    assert [scan.text for scan in ReportScans("s", DESCRIPTOR).feed(reports_of(b"ABC")[0], 1)] == ["ABC"]


def test_a_length_beyond_the_data_is_dirty() -> None:
    report = bytearray(reports_of(b"ABC")[0])
    report[1] = 200

    assert [scan.dirty for scan in ReportScans("s", DESCRIPTOR).feed(bytes(report), 1)] == ["bad_report"]


def test_a_report_of_another_number_is_not_a_scan() -> None:
    assert ReportScans("s", DESCRIPTOR).feed(b"\x07" + bytes(63), 1) == []


def test_a_keyboard_is_refused_and_told_what_to_use_instead() -> None:
    with pytest.raises(DeviceRefused, match=r'no barcode data.*or use kind = "evdev"'):
        ReportScans("usb-1", KEYBOARD)
