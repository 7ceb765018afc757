"""What a short or a late pick does to the count of a place.

Who reports a place short has taken everything that was in it: nothing is left, and nothing can be promised from it
until someone counts. What was promised to other orders must be found elsewhere.
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


def after_short(stock: Stock, found: int, in_hand: int = 0) -> Correction:
    """A pick found only `found` pieces and took those; no promise stands, but of `in_hand` pieces taken with them."""
    return Correction(Stock(in_hand, in_hand), in_hand + found - stock.on_hand)


def after_count(stock: Stock, counted: int) -> Correction:
    """Somebody looked and counted; what is promised from the place stays promised, so it never falls below that."""
    on_hand = max(counted, stock.reserved)
    return Correction(Stock(on_hand, stock.reserved), on_hand - stock.on_hand)


def after_late_pick(stock: Stock, taken: int) -> Correction:
    """`taken` pieces left the place after their pick was cancelled: free stock pays, promised stock is not touched."""
    paid = min(taken, stock.on_hand - stock.reserved)
    return Correction(Stock(stock.on_hand - paid, stock.reserved), taken - paid)
