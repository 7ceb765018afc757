"""As much of ZPL II as shipping labels need: bars, boxes and pictures; of text a line where it stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sim.label_printer.canvas import Canvas
from sim.label_printer.code128 import FNC1, bars

WIDE_DOTS, HIGH_DOTS = 812, 1218  # 10 × 15 cm at 203 dpi
_COMMAND: Final = re.compile(r"[\^~]([A-Z@][A-Z0-9@]?)([^^~]*)", re.DOTALL)
_FIELD_CODES: Final = {">8": FNC1, ">;": "", ">:": "", ">9": "", ">5": "", ">6": "", ">7": ""}
COPIES_MAX: Final = 20
# Known, and without an effect on what is drawn here.
SILENT: Final = frozenset("XA XZ PW LL FX CI CF LH MM PR MD LS PO FH FB".split())  # noqa: SIM905 reads better


@dataclass
class Printed:
    """One label as it came out: its picture, its texts, and commands that this printer does not know."""

    canvas: Canvas
    texts: list[str] = field(default_factory=list)
    barcodes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    copies: int = 1


@dataclass
class _Pen:
    x: int = 0
    y: int = 0
    module: int = 2
    bar_high: int = 10
    barcode: bool = False


def render(label: str) -> Printed:
    """Print one format, `^XA` to `^XZ`. Raises ValueError for a label that is too large."""
    commands = list(_commands(label))
    sizes = {name: _numbers(rest)[0] for name, rest in commands if name in ("PW", "LL") and _numbers(rest)}
    printed = Printed(Canvas(sizes.get("PW", WIDE_DOTS), sizes.get("LL", HIGH_DOTS)))
    pen = _Pen()
    for name, rest in commands:
        _obey(printed, pen, name, rest)
    return printed


def _obey(printed: Printed, pen: _Pen, name: str, rest: str) -> None:
    numbers = _numbers(rest)
    match name:
        case "FO" | "FT":
            pen.x, pen.y = (*numbers, 0, 0)[:2]
        case "BY":
            pen.module, pen.bar_high = numbers[0] or 2, _third(numbers) or pen.bar_high
        case "BC":
            pen.barcode, pen.bar_high = True, (*numbers, 0)[1] or pen.bar_high
        case "FD":
            _write(printed, pen, rest.strip("\r\n"))
        case "FS":
            pen.barcode = False
        case "GB":
            _frame(printed.canvas, pen, (*numbers, 1, 1, 1)[:3])
        case "GF":
            _picture(printed.canvas, pen, rest)
        case "PQ":
            printed.copies = min(max(numbers[0] if numbers else 1, 1), COPIES_MAX)
        case _ if name not in SILENT and not name.startswith("A"):
            printed.unknown.append(name)


def _write(printed: Printed, pen: _Pen, text: str) -> None:
    if not pen.barcode:
        printed.texts.append(text)
        printed.canvas.box(pen.x, pen.y + 18, 10 * len(text), 2)
        return
    for code, meaning in _FIELD_CODES.items():
        text = text.replace(code, meaning)
    printed.barcodes.append(text)
    printed.canvas.bars(pen.x, pen.y, bars(text), module=pen.module, high=pen.bar_high)


def _frame(canvas: Canvas, pen: _Pen, size: tuple[int, ...]) -> None:
    wide, high, thick = max(size[0], size[2]), max(size[1], size[2]), size[2]
    canvas.box(pen.x, pen.y, wide, thick)
    canvas.box(pen.x, pen.y + high - thick, wide, thick)
    canvas.box(pen.x, pen.y, thick, high)
    canvas.box(pen.x + wide - thick, pen.y, thick, high)


def _picture(canvas: Canvas, pen: _Pen, rest: str) -> None:
    """^GFA,bytes,bytes,bytes a row,hexadecimal."""
    kind, _, _, row_bytes, data = (*rest.split(",", 4), "", "", "", "", "")[:5]
    if kind == "A" and row_bytes.isdecimal() and int(row_bytes):
        raw = bytes.fromhex("".join(data.split()))
        canvas.bits(pen.x, pen.y, (raw[at : at + int(row_bytes)] for at in range(0, len(raw), int(row_bytes))))


def _commands(label: str) -> Iterator[tuple[str, str]]:
    for found in _COMMAND.finditer(label):
        name, rest = found[1], found[2]
        if name[0] == "A" and len(name) == 2 and name[1] not in "@0123456789ABCDEFGH":
            name, rest = "A", name[1] + rest
        yield name, rest


def _third(numbers: list[int]) -> int:
    return numbers[2] if len(numbers) > 2 else 0


def _numbers(rest: str) -> list[int]:
    return [int(part) if part.strip().lstrip("-").isdecimal() else 0 for part in rest.split(",")]
