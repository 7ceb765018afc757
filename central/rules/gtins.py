"""One GTIN has several lengths: 8, 12, 13 and 14 digits that differ in leading zeros only. Pure."""

from __future__ import annotations

from typing import Final

_LENGTHS: Final = (8, 12, 13, 14)


def spellings(barcode: str) -> tuple[str, ...]:
    """`barcode` first, then the same GTIN in its other lengths; at most four. A text that can be none: itself alone."""
    if len(barcode) not in _LENGTHS or not (barcode.isascii() and barcode.isdigit() and _checks(barcode)):
        return (barcode,)
    bare = barcode.lstrip("0")
    return (barcode, *(bare.zfill(size) for size in _LENGTHS if size != len(barcode) and size >= len(bare)))


def one_form(barcode: str) -> str:
    """The same text for every spelling of a GTIN."""
    return max(spellings(barcode), key=len)


def _checks(digits: str) -> bool:
    """GS1's check digit is right; leading zeros change nothing about it."""
    return (sum(map(int, digits[-1::-2])) + 3 * sum(map(int, digits[-2::-2]))) % 10 == 0
