"""Where in a HID device's reports a usage stands, from the report descriptor it gives of itself. Pure.

Main, global and local items of HID 1.11, section 6.2.2; long items and designators do not occur in the devices we read
and are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

DESCRIPTOR_BYTES_MAX: Final = 4096  # HID_MAX_DESCRIPTOR_SIZE of Linux
CELLS_MAX: Final = 4096  # of one field; a report has at most 16 kB
_CONSTANT: Final = 0x01
_INPUT, _PUSH, _POP = 0x80, 0xA4, 0xB4
_REPORT: Final = 0x84


@dataclass(frozen=True)
class Cell:
    """One value of an input report. `usage` is page and number (`0x8C00FE`); `at_bit` counts after the report id."""

    report: int
    usage: int
    at_bit: int
    bits: int


@dataclass
class _Globals:
    page: int = 0
    bits: int = 0
    report: int = 0
    count: int = 0


@dataclass
class _Locals:
    usages: list[int] = field(default_factory=list)
    least: int = 0


def input_cells(descriptor: bytes) -> tuple[Cell, ...]:
    """Every value of every input report, in order; padding is left out."""
    return tuple(_cells(descriptor[:DESCRIPTOR_BYTES_MAX]))


def numbered(descriptor: bytes) -> bool:
    """Whether each report begins with its number."""
    return any(tag == _REPORT for tag, _ in _items(descriptor[:DESCRIPTOR_BYTES_MAX]))


def value_at(report: bytes, cell: Cell) -> int:
    """The unsigned value of `cell` in a report without its number; bits beyond the report's end are 0."""
    whole = int.from_bytes(report[cell.at_bit // 8 : (cell.at_bit + cell.bits + 7) // 8], "little")
    return whole >> cell.at_bit % 8 & (1 << cell.bits) - 1


def _items(descriptor: bytes) -> Iterator[tuple[int, int]]:
    """Tag (with its size bits cleared) and value of each short item."""
    at = 0
    while at < len(descriptor):
        head = descriptor[at]
        size = (0, 1, 2, 4)[head & 3]
        if head == 0xFE:  # a long item
            at += 3 + (descriptor[at + 1] if at + 1 < len(descriptor) else 0)
            continue
        yield head & 0xFC, int.from_bytes(descriptor[at + 1 : at + 1 + size], "little")
        at += 1 + size


def _cells(descriptor: bytes) -> Iterator[Cell]:
    now, here, stack, ends = _Globals(), _Locals(), list[_Globals](), dict[int, int]()
    for tag, value in _items(descriptor):
        if tag == _PUSH:
            stack.append(_Globals(now.page, now.bits, now.report, now.count))
        elif tag == _POP and stack:
            now = stack.pop()
        elif tag == _INPUT:
            begin = ends.get(now.report, 0)
            ends[now.report] = begin + now.bits * min(now.count, CELLS_MAX)
            if not value & _CONSTANT:
                yield from _of_field(now, here, begin)
        _remember(now, here, tag, value)
        if tag & 0x0C == 0:  # a main item: local items end with it
            here = _Locals()


def _of_field(now: _Globals, here: _Locals, begin: int) -> Iterator[Cell]:
    """The last usage given stands for all cells that are left, as for the bytes of a text."""
    for index in range(min(now.count, CELLS_MAX)):
        usage = here.usages[min(index, len(here.usages) - 1)] if here.usages else now.page << 16
        yield Cell(now.report, usage, begin + index * now.bits, now.bits)


def _remember(now: _Globals, here: _Locals, tag: int, value: int) -> None:
    match tag:
        case 0x04:  # usage page
            now.page = value
        case 0x74:  # report size
            now.bits = value
        case 0x84:  # report id
            now.report = value
        case 0x94:  # report count
            now.count = value
        case 0x08:  # usage
            here.usages.append(_usage(now, value))
        case 0x18:  # usage minimum
            here.least = value
        case 0x28:  # usage maximum
            here.usages += [_usage(now, one) for one in range(here.least, min(value, here.least + CELLS_MAX) + 1)]


def _usage(now: _Globals, value: int) -> int:
    return value if value > 0xFFFF else now.page << 16 | value
