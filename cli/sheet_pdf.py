"""Draws labels with Code 128 barcodes on A4 pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT_FILE: Final = Path(__file__).parent / "fonts" / "sheet.ttf"
LATIN, CHINESE = "Helvetica", "sheet"
MARGIN: Final = 12 * mm
COLUMN: Final = (A4[0] - 2 * MARGIN) / 2
ROW: Final = 30 * mm
HEADING: Final = 11 * mm
BAR: Final = 0.33 * mm  # a module; narrow enough for a column, wide enough for any scanner at 30 cm
BARS_HEIGHT: Final = 13 * mm
QUIET: Final = 10  # modules of white on either side


@dataclass(frozen=True)
class Label:
    """One barcode with its words. `shown` is printed below it instead of the text."""

    text: str
    en: str
    zh: str
    shown: str = ""


@dataclass(frozen=True)
class Group:
    """Labels under one heading, in English and Chinese."""

    heading: tuple[str, str]
    labels: tuple[Label, ...]


class _Sheet:
    """Pages filled from the top; `y` is where the next row begins."""

    def __init__(self, title: tuple[str, str], file: Path) -> None:
        pdfmetrics.registerFont(TTFont(CHINESE, str(FONT_FILE)))
        self.canvas = Canvas(str(file), pagesize=A4, invariant=True)
        self.canvas.setTitle(title[0])
        self.pages, self.title, self.y = 1, title, 0.0
        self._head()

    def heading(self, words: tuple[str, str], height: float) -> None:
        """A heading, on a page that has room for `height` below it."""
        self.room(HEADING + height)
        self._bilingual(MARGIN, self.y - 6 * mm, words, 12)
        self.y -= HEADING

    def room(self, height: float) -> None:
        """Begin a page if this one has not that much left."""
        if self.y - height < MARGIN:
            self.canvas.showPage()
            self.pages += 1
            self._head()

    def label(self, label: Label, x: float) -> None:
        """One barcode with its words above and its text below."""
        self._bilingual(x, self.y - 4 * mm, (label.en, label.zh), 9)
        bars = _bars(label.text, 2 * COLUMN if _is_wide(label) else COLUMN)
        bars.drawOn(self.canvas, x + QUIET * BAR, self.y - 6 * mm - BARS_HEIGHT)
        self.canvas.setFont(LATIN, 7)
        self.canvas.drawString(x + QUIET * BAR, self.y - 9 * mm - BARS_HEIGHT, label.shown or label.text)

    def _head(self) -> None:
        self.y = A4[1] - MARGIN
        self._bilingual(MARGIN, self.y - 5 * mm, self.title, 14)
        self.y -= 9 * mm

    def _bilingual(self, x: float, y: float, words: tuple[str, str], size: int) -> None:
        for text in words:
            x = self._mixed(x, y, text, size) + 3 * mm

    def _mixed(self, x: float, y: float, text: str, size: int) -> float:
        """Each character in the font that has it; returns where the text ends."""
        for char in text:
            font = LATIN if char <= "\u00ff" else CHINESE
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, y, char)
            x += pdfmetrics.stringWidth(char, font, size)
        return x


def _bars(text: str, width: float) -> Code128:
    """The barcode, narrower than usual where it would not fit with the white it needs."""
    usual = Code128(text, barWidth=BAR, barHeight=BARS_HEIGHT, quiet=False)
    fits = width / (usual.width / BAR + 2 * QUIET)
    return usual if fits >= BAR else Code128(text, barWidth=fits, barHeight=BARS_HEIGHT, quiet=False)


def _is_wide(label: Label) -> bool:
    """Whether the barcode needs both columns."""
    return bool(_bars(label.text, 2 * COLUMN).width + 2 * QUIET * BAR > COLUMN)


def draw(title: tuple[str, str], groups: Sequence[Group], file: Path) -> int:
    """Write the PDF; the number of its pages. Raises OSError."""
    sheet = _Sheet(title, file)
    for group in groups:
        sheet.heading(group.heading, ROW)
        column = 0
        for label in group.labels:
            if column == 1 and _is_wide(label):
                column, sheet.y = 0, sheet.y - ROW
            if column == 0:
                sheet.room(ROW)
            sheet.label(label, MARGIN + column * COLUMN)
            column = 0 if _is_wide(label) else 1 - column
            sheet.y -= ROW if column == 0 else 0
        sheet.y -= ROW if column == 1 else 0
    sheet.canvas.save()
    return sheet.pages
