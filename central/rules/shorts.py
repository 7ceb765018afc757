"""What a short or a late pick does to the count of a place.

After a short pick nobody knows what is in the place, so it is trusted for no more than what is already promised from
it: on hand becomes what other orders have reserved there, the rest is written off until someone counts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stock:
    """Pieces in a place, and those of them promised to orders."""

    on_hand: int
    reserved: int


@dataclass(frozen=True)
class Correction:
    """`stock` afterwards; `adjusted` is what the count moved beyond the pieces taken (negative: written off)."""

    stock: Stock
    adjusted: int


def after_short(stock: Stock, asked: int, found: int) -> Correction:
    """A pick of `asked` pieces found only `found` of them and took those."""
    reserved = max(stock.reserved - asked, 0)
    left = stock.on_hand - found
    return Correction(Stock(reserved, reserved), reserved - left)


def after_count(stock: Stock, counted: int) -> Correction:
    """Somebody looked and counted; what is promised from the place stays promised, so it never falls below that."""
    on_hand = max(counted, stock.reserved)
    return Correction(Stock(on_hand, stock.reserved), on_hand - stock.on_hand)


def after_late_pick(stock: Stock, taken: int) -> Correction:
    """`taken` pieces left the place after their pick was cancelled: free stock pays, promised stock is not touched."""
    paid = min(taken, stock.on_hand - stock.reserved)
    return Correction(Stock(stock.on_hand - paid, stock.reserved), taken - paid)
