"""What a scanned text is: a label, an item, a command, something else, or nothing that can be trusted. Pure.

Order of looking, most certain first:
1. anything with control characters, too long or empty is dirty (GS, 0x1D, is the separator of GS1 and allowed there);
2. `PL:…` is a command barcode of ours;
3. an AIM prefix (`]C1`, `]E0`, …) says which symbology was read: GS1 ones must parse, EAN/UPC ones must check;
4. label patterns of the site, then UPU S10 (13 characters with a check digit), then Cainiao's `LP`/`CN` numbers;
   Cainiao's are not S10 although they look like it: no country, no check digit (docs/glossary);
5. an SSCC is a label (a logistic unit), a GTIN with a right check digit an item;
6. all else is a plain text: a house label or a SKU, whichever the bench is waiting for. Central judges it.
What could be two of these is refused, and told what it could be: a text that is a label by a pattern of the site and a
GTIN as well, eight digits that are an EAN-8 and a UPC-E. An AIM prefix decides both. Without a pattern an order number
of 8, 12, 13 or 14 digits passes as a GTIN once in ten: sites with such labels give a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from edge.drivers.scanner_text import aim_of
from edge.packstation.check_digits import is_digits, is_gtin, mod10, s10_check_digit, upc_a_of_e
from edge.packstation.commands import KnownCommand, UnknownCommand, command_of
from edge.packstation.gs1 import GS1Message, ParseConfig, ParseError, parse
from wire.deeds import ScanDetail
from wire.ids import SCAN_MAX

GS: Final = "\x1d"


@dataclass(frozen=True)
class LabelText:
    """A shipping label's number. `scheme` says how it was known."""

    label: str
    scheme: Literal["s10", "cainiao", "sscc", "site"]


@dataclass(frozen=True)
class ItemText:
    """An item's barcode as the catalogue knows it: the GTIN's digits; `detail`: what more a GS1 text says of it."""

    barcode: str
    detail: ScanDetail | None = None


@dataclass(frozen=True)
class DetailText:
    """A GS1 text without a GTIN: only the serial number, lot or last good day of some item."""

    text: str
    detail: ScanDetail


@dataclass(frozen=True)
class PlainText:
    """A label or an item; the text alone does not say."""

    text: str


@dataclass(frozen=True)
class AmbiguousText:
    """Two things at once; the symbology would say which, and was not sent."""

    could_be: tuple[str, ...]


@dataclass(frozen=True)
class DirtyText:
    """Not what anybody printed, or not all of it."""

    why: str


Meaning = LabelText | ItemText | DetailText | PlainText | AmbiguousText | KnownCommand | UnknownCommand | DirtyText

_AIM_GS1: Final = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
_AIM_GTIN: Final = frozenset({"]E0", "]E1", "]E2", "]E3", "]E4", "]I1"})
_S10: Final = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
_CAINIAO: Final = re.compile(r"LP[0-9]{12,16}|CN[0-9]{12,15}")
_CONFIG: Final = ParseConfig(separator_chars=[GS])


def read(text: str, labels: Sequence[re.Pattern[str]] = ()) -> Meaning:
    """The meaning of `text`. `labels` are the site's own label patterns; they must match all of a text."""
    trouble = _dirt(text)
    if trouble:
        return DirtyText(trouble)
    text = text.strip(" ")
    if text[:3].upper() == "PL:":
        return command_of(text[3:])
    aim = aim_of(text)
    if aim:
        return _with_prefix(aim, text[len(aim) :], labels)
    return _without_prefix(text, labels)


def _dirt(text: str) -> str:
    if not text.strip(" "):
        return "empty"
    if len(text) > SCAN_MAX:
        return "too_long"
    if any(not character.isprintable() and character != GS for character in text):
        return "control_character"
    return ""


def _with_prefix(prefix: str, text: str, labels: Sequence[re.Pattern[str]]) -> Meaning:
    if not text.strip(" "):
        return DirtyText("empty")
    if text[:3].upper() == "PL:":
        return command_of(text[3:])
    if prefix in _AIM_GS1:
        return _gs1(prefix + text) or DirtyText("gs1_unreadable")
    if prefix in _AIM_GTIN:
        number = (upc_a_of_e(text) if prefix == "]E0" else "") or text  # ]E4 is EAN-8; ]E0 with eight digits UPC-E
        return ItemText(number) if is_gtin(number) else DirtyText("gtin_check_digit")
    if GS in text:
        return DirtyText("control_character")
    return _label(text, labels) or PlainText(text)  # the symbology says it is no GTIN


def _without_prefix(text: str, labels: Sequence[re.Pattern[str]]) -> Meaning:
    label = _label(text, labels)
    other = _gs1_or_gtin(text) if label is None or is_digits(text) else None
    if label is not None and isinstance(other, ItemText):
        return AmbiguousText(("label", "item"))
    return label or other or PlainText(text)


def _label(text: str, labels: Sequence[re.Pattern[str]]) -> Meaning | None:
    if any(pattern.fullmatch(text) for pattern in labels):
        return LabelText(text, "site")
    if _S10.fullmatch(text):
        good = s10_check_digit(text[2:10]) == text[10]
        return LabelText(text, "s10") if good else DirtyText("s10_check_digit")
    if _CAINIAO.fullmatch(text):
        return LabelText(text, "cainiao")
    return None


def _gs1_or_gtin(text: str) -> Meaning:
    """Without a prefix: only digits can be a GTIN, and an element string must begin as one of the two that matter."""
    if GS in text:
        text = text.removeprefix(GS)
        return (_gs1(text) if is_digits(text[:2]) else None) or DirtyText("gs1_unreadable")
    upc_a = upc_a_of_e(text)
    if upc_a and is_gtin(text):
        return AmbiguousText(("EAN-8", "UPC-E"))
    if upc_a or is_gtin(text):
        return ItemText(upc_a or text)
    if text.startswith(("00", "01")) and is_digits(text[:16]):
        return _gs1(text) or PlainText(text)
    return PlainText(text)


def _gs1(text: str) -> Meaning | None:
    """An element string's SSCC or GTIN; None if it cannot be read or has neither."""
    try:
        parsed = parse(text, config=_CONFIG)
    except ParseError:
        return None
    message = parsed.gs1_message
    if message is None:  # biip does not raise for what it cannot read; it returns nothing
        return None
    sscc, gtin = _element(message, "00"), _element(message, "01")
    if sscc:
        return LabelText(sscc, "sscc") if mod10(sscc) else None
    detail = _detail(message, text)
    if not gtin and detail is not None:
        return DetailText(text, detail)
    if not gtin or not mod10(gtin):
        return None
    return ItemText(gtin.removeprefix("0"), detail)  # 13 digits where the 14th only says "single piece"


def _detail(message: GS1Message, text: str) -> ScanDetail | None:
    """What is told of the single piece; None: nothing."""
    serial, lot = _element(message, "21"), _element(message, "10")
    day = _day(message, "17") or _day(message, "15")
    return ScanDetail(serial=serial, lot=lot, expires_on=day, raw=text) if serial or lot or day else None


def _day(message: GS1Message, ai: str) -> str:
    found = message.element_strings.get(ai=ai)
    return "" if found is None or found.date is None else found.date.isoformat()


def _element(message: GS1Message, ai: str) -> str:
    found = message.element_strings.get(ai=ai)
    return "" if found is None else str(found.value)
