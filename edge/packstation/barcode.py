"""What a scanned text is: a label, an item, a command, something else, or nothing that can be trusted. Pure.

Order of looking, most certain first:
1. anything with control characters, too long or empty is dirty (GS, 0x1D, is the separator of GS1 and allowed there);
2. `PL:…` is a command barcode of ours;
3. an AIM prefix (`]C1`, `]E0`, …) says which symbology was read: GS1 ones must parse, EAN/UPC ones must check;
4. label patterns of the site, then UPU S10 (13 characters with a check digit), then Cainiao's `LP`/`CN` numbers;
   Cainiao's are not S10 although they look like it: no country, no check digit (docs/glossary);
5. an SSCC is a label (a logistic unit), a GTIN with a right check digit an item;
6. all else is a plain text: a house label or a SKU, whichever the bench is waiting for. Central judges it.
An order number of 8, 12, 13 or 14 digits passes as a GTIN once in ten; sites with such labels give a label pattern.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from edge.packstation.gs1 import GS1Message, ParseConfig, ParseError, parse
from wire.deeds import Problem
from wire.ids import SCAN_MAX, TEXT_MAX

GS: Final = "\x1d"


@dataclass(frozen=True)
class LabelText:
    """A shipping label's number. `scheme` says how it was known."""

    label: str
    scheme: Literal["s10", "cainiao", "sscc", "site"]


@dataclass(frozen=True)
class ItemText:
    """An item's barcode as the catalogue knows it: the GTIN's digits."""

    barcode: str


@dataclass(frozen=True)
class PlainText:
    """A label or an item; the text alone does not say."""

    text: str


@dataclass(frozen=True)
class AsideCommand:
    """`PL:ASIDE`."""


@dataclass(frozen=True)
class ProblemCommand:
    """`PL:MISSING` and its like."""

    problem: Problem


@dataclass(frozen=True)
class BadgeCommand:
    """`PL:BADGE:<code>`."""

    badge: str


@dataclass(frozen=True)
class ReasonCommand:
    """`PL:REASON:<word>`."""

    reason: str


@dataclass(frozen=True)
class UnknownCommand:
    """`PL:` and something we do not know."""

    text: str


@dataclass(frozen=True)
class DirtyText:
    """Not what anybody printed, or not all of it."""

    why: str


KnownCommand = AsideCommand | ProblemCommand | BadgeCommand | ReasonCommand
Meaning = LabelText | ItemText | PlainText | KnownCommand | UnknownCommand | DirtyText

PROBLEMS: Final[dict[str, Problem]] = {
    "MISSING": "missing_item",
    "UNREADABLE": "unreadable_barcode",
    "DAMAGED": "damaged_item",
    "LABEL-DAMAGED": "label_damaged",
    "WRONG-ITEM": "wrong_item_found",
}
_CODE: Final = re.compile(rf"[\x21-\x7e]{{1,{TEXT_MAX}}}")
_AIM: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_AIM_GS1: Final = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
_AIM_GTIN: Final = frozenset({"]E0", "]E1", "]E2", "]E3", "]E4", "]I1"})
_S10: Final = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
_S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)  # UPU S10-12, of the eight digits of the serial number
_CAINIAO: Final = re.compile(r"LP[0-9]{12,16}|CN[0-9]{12,15}")
_GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
_CONFIG: Final = ParseConfig(separator_chars=[GS])


def read(text: str, labels: Sequence[re.Pattern[str]] = ()) -> Meaning:
    """The meaning of `text`. `labels` are the site's own label patterns; they must match all of a text."""
    trouble = _dirt(text)
    if trouble:
        return DirtyText(trouble)
    text = text.strip(" ")
    if text[:3].upper() == "PL:":
        return _command(text[3:])
    if _AIM.match(text):
        return _with_prefix(text[:3], text[3:], labels)
    return _label(text, labels) or _gs1_or_gtin(text)


def s10_check_digit(eight_digits: str) -> str:
    """The ninth digit of a UPU S10 number."""
    total = sum(int(digit) * weight for digit, weight in zip(eight_digits, _S10_WEIGHTS, strict=True))
    return str({10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11))


def _dirt(text: str) -> str:
    if not text.strip(" "):
        return "empty"
    if len(text) > SCAN_MAX:
        return "too_long"
    if any(not character.isprintable() and character != GS for character in text):
        return "control_character"
    return ""


def _command(words: str) -> Meaning:
    verb, colon, code = words.partition(":")
    match verb, bool(colon), bool(_CODE.fullmatch(code)):
        case "ASIDE", False, _:
            return AsideCommand()
        case "BADGE", True, True:
            return BadgeCommand(code)
        case "REASON", True, True:
            return ReasonCommand(code)
        case _ if words in PROBLEMS:
            return ProblemCommand(PROBLEMS[words])
    return UnknownCommand(words[:TEXT_MAX])


def _with_prefix(prefix: str, text: str, labels: Sequence[re.Pattern[str]]) -> Meaning:
    if not text.strip(" "):
        return DirtyText("empty")
    if prefix in _AIM_GS1:
        return _gs1(prefix + text) or DirtyText("gs1_unreadable")
    if prefix in _AIM_GTIN:
        return ItemText(text) if _is_gtin(text) else DirtyText("gtin_check_digit")
    if GS in text:
        return DirtyText("control_character")
    return _label(text, labels) or PlainText(text)  # the symbology says it is no GTIN


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
        return (_gs1(text) if text[:2].isascii() and text[:2].isdigit() else None) or DirtyText("gs1_unreadable")
    if _is_gtin(text):
        return ItemText(text)
    if text.startswith(("00", "01")) and text[:16].isascii() and text[:16].isdigit():
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
        return LabelText(sscc, "sscc") if _mod10(sscc) else None
    if not gtin or not _mod10(gtin):
        return None
    return ItemText(gtin.removeprefix("0"))  # 13 digits where the 14th only says "single piece"


def _element(message: GS1Message, ai: str) -> str:
    found = message.element_strings.get(ai=ai)
    return "" if found is None else str(found.value)


def _is_gtin(text: str) -> bool:
    return len(text) in _GTIN_LENGTHS and text.isascii() and text.isdigit() and _mod10(text)


def _mod10(digits: str) -> bool:
    """GS1's check digit: weights 3, 1, 3 … from the right, the check digit itself not counted."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0
