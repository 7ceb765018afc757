"""Reports of a HID-POS scanner (usage page 0x8C) to scans: exact bytes, the AIM identifier before them. Pure.

The report's shape is read from the device's own descriptor: a length (usage 0x01003B), three characters of AIM
identifier (0xFB to 0xFD), data (0xFE), and a flag that more follows (0xFF); HID Point of Sale Usage Tables 1.02.
"""

from __future__ import annotations

from typing import Final

from edge.drivers.errors import DeviceRefused
from edge.drivers.hid_report import Cell, input_cells, numbered, value_at
from edge.drivers.ports import Scan
from edge.drivers.scanner_text import Framing, ScanAssembler

BYTE_COUNT: Final = 0x01003B
AIM: Final = (0x8C00FB, 0x8C00FC, 0x8C00FD)
DATA, MORE = 0x8C00FE, 0x8C00FF
_END: Final = b"\n\x03\x04\n"  # what no code holds ends a scan within the assembler


class ReportScans:
    """Implements scanner_owner.Decoder. Raises DeviceRefused if `descriptor` is no HID-POS scanner's."""

    def __init__(self, place: str, descriptor: bytes) -> None:
        cells = input_cells(descriptor)
        self._data = [cell for cell in cells if cell.usage == DATA and cell.bits == 8]
        if not self._data:
            cure = 'Set the scanner to HID-POS, or use kind = "evdev"'
            raise DeviceRefused(place, "its reports hold no barcode data (usage page 0x8C)", cure)
        self._report = self._data[0].report
        self._aim = [cell for cell in cells if cell.usage in AIM and cell.report == self._report]
        self._count = self._cell(cells, BYTE_COUNT)
        self._more = self._cell(cells, MORE)
        self._numbered = numbered(descriptor)
        ends = [(cell.at_bit + cell.bits + 7) // 8 for cell in cells if cell.report == self._report]
        self._size = max(ends) + self._numbered
        self._scan = ScanAssembler(Framing(_END))
        self._begun = False

    @property
    def pending(self) -> bool:
        """Whether more was announced and has not come."""
        return self._begun or self._scan.pending

    def feed(self, chunk: bytes, mono_ns: int) -> list[Scan]:
        """The scans that are whole after the reports in `chunk`, which was read at `mono_ns`; the kernel gives one."""
        if self._numbered and chunk[:1] != bytes([self._report]):
            return []
        reports = [chunk[at : at + self._size] for at in range(0, len(chunk), self._size)]
        return [scan for report in reports for scan in self._report_came(report[self._numbered :], mono_ns)]

    def _report_came(self, report: bytes, mono_ns: int) -> list[Scan]:
        aim = bytes(value_at(report, cell) for cell in self._aim)
        data = bytes(value_at(report, cell) for cell in self._data)
        length = value_at(report, self._count) if self._count else len(data.rstrip(b"\0"))
        if length > len(data):
            self._scan.spoil("bad_report")
        text = data[:length] if self._begun else aim.strip(b"\0 ") + data[:length]
        self._begun = bool(self._more and value_at(report, self._more))
        return self._scan.feed(text if self._begun else text + _END, mono_ns)

    def fall_silent(self, mono_ns: int) -> list[Scan]:
        """The rest of a scan did not come."""
        self._begun = False
        return self._scan.fall_silent(mono_ns)

    def _cell(self, cells: tuple[Cell, ...], usage: int) -> Cell | None:
        return next((cell for cell in cells if cell.usage == usage and cell.report == self._report), None)
