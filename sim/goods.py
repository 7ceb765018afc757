"""Goods with barcodes: every SKU gets an EAN-13 for the single piece and one for each pack it is sold in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PACKS = (1440, 576, 288, 144, 96, 48, 24, 12, 6, 3)  # pieces; keeps any line of 2,880 within 7 scans
IN_STORE_PREFIX = "20"  # GS1 leaves 20..29 to the shop itself: never anybody's real article


@dataclass(frozen=True)
class Unit:
    """One thing a hand takes and a scanner reads: a piece, or a closed pack of `pieces`."""

    sku: str
    barcode: str
    pieces: int


@dataclass(frozen=True)
class Goods:
    """A SKU and the units it comes in, largest first; the last is the single piece."""

    sku: str
    title: str
    units: tuple[Unit, ...]


def check_digit(twelve: str) -> str:
    """The 13th digit of an EAN-13 (weights 1, 3, 1, 3 ... from the left)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return str(-total % 10)


def ean13(number: int) -> str:
    """The shop's own EAN-13 number `number`, with a valid check digit."""
    twelve = f"{IN_STORE_PREFIX}{number:010d}"
    return twelve + check_digit(twelve)


def goods_of(titles: Mapping[str, str], largest_lines: Mapping[str, int]) -> tuple[Goods, ...]:
    """Every SKU of `titles`, with the packs that fit into its largest line (`largest_lines`, pieces)."""
    goods = []
    for number, (sku, title) in enumerate(titles.items()):
        sizes = [size for size in PACKS if size <= largest_lines.get(sku, 1)] + [1]
        units = tuple(Unit(sku, ean13(number * 100 + place), size) for place, size in enumerate(reversed(sizes)))
        goods.append(Goods(sku, title, units[::-1]))
    return tuple(goods)


def largest_lines(orders: Iterable[Iterable[tuple[str, int]]]) -> dict[str, int]:
    """The most pieces any one order wants of each SKU."""
    largest: Counter[str] = Counter()
    for lines in orders:
        for sku, pieces in lines:
            largest[sku] = max(largest[sku], pieces)
    return dict(largest)


def take(goods: Goods, pieces: int) -> tuple[Unit, ...]:
    """The fewest units, large packs first, that make exactly `pieces`."""
    taken: list[Unit] = []
    left = pieces
    for unit in goods.units:
        taken.extend([unit] * (left // unit.pieces))
        left %= unit.pieces
    return tuple(taken)
