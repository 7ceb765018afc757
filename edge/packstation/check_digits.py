"""Check digits of the numbers that stand on labels and goods. Pure."""

from __future__ import annotations

from typing import Final

_S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)  # UPU S10-12, of the eight digits of the serial number
GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})


def s10_check_digit(eight_digits: str) -> str:
    """The ninth digit of a UPU S10 number."""
    total = sum(int(digit) * weight for digit, weight in zip(eight_digits, _S10_WEIGHTS, strict=True))
    return str({10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11))


def mod10(digits: str) -> bool:
    """Whether GS1's check digit is right: weights 3, 1, 3 … from the right, the check digit itself not counted."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def is_digits(text: str) -> bool:
    """Whether `text` is of the ten ASCII digits only, and not empty."""
    return text.isascii() and text.isdigit()


def is_gtin(text: str) -> bool:
    """Whether `text` has the length and the check digit of a GTIN-8, -12, -13 or -14."""
    return len(text) in GTIN_LENGTHS and is_digits(text) and mod10(text)


def upc_a_of_e(eight_digits: str) -> str:
    """The twelve digits that a UPC-E of eight stands for, or "": GS1 General Specifications, zero suppression."""
    if len(eight_digits) != 8 or not is_digits(eight_digits) or eight_digits[0] not in "01":
        return ""
    system, body, kind, check = eight_digits[0], eight_digits[1:6], eight_digits[6], eight_digits[7]
    match kind:
        case "0" | "1" | "2":
            number = f"{body[:2]}{kind}0000{body[2:]}"
        case "3":
            number = f"{body[:3]}00000{body[3:]}"
        case "4":
            number = f"{body[:4]}00000{body[4]}"
        case _:
            number = f"{body}0000{kind}"
    whole = system + number + check
    return whole if mod10(whole) else ""
