"""When two printed codes mean the same item. Pure."""

from __future__ import annotations

from typing import Final

from wire.downlink import Pick

_GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
_LONGEST: Final = 14


def is_item(code: str, pick: Pick) -> bool:
    """True if `code`, as read, stands on the item of `pick`: a barcode of it in any length of GTIN, or its SKU."""
    if code == pick.sku or code in pick.barcodes:
        return True
    gtin = as_gtin(code)
    return bool(gtin) and any(as_gtin(barcode) == gtin for barcode in pick.barcodes)


def as_gtin(code: str) -> str:
    """The 14 digits of a GTIN-8, -12, -13 or -14; "" for anything else, or a wrong check digit."""
    if len(code) not in _GTIN_LENGTHS or not (code.isascii() and code.isdigit()):
        return ""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(code)))
    return "" if total % 10 else code.zfill(_LONGEST)
