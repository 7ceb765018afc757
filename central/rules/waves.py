"""Which orders are released together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

OPEN_STATUSES: Final = ("waved", "picking")  # an order in these keeps its wave open
_NO_CUT_OFF: Final = 2**62


@dataclass(frozen=True)
class Waiting:
    """An allocated order and its cut-off (0: none)."""

    order_no: str
    cut_off_utc_s: int


@dataclass(frozen=True)
class WavePlan:
    """Orders in working order, and the earliest cut-off among them (0: none)."""

    orders: tuple[str, ...]
    cut_off_utc_s: int


def plan_wave(waiting: Iterable[Waiting], orders_max: int, cut_off_before_utc_s: int = 0) -> WavePlan:
    """Up to `orders_max` orders, earliest cut-off first; with `cut_off_before_utc_s`, only those due before it."""
    due = sorted(
        (order for order in waiting if not cut_off_before_utc_s or _cut_off(order) < cut_off_before_utc_s),
        key=lambda order: (_cut_off(order), order.order_no),
    )[:orders_max]
    cut_offs = [order.cut_off_utc_s for order in due if order.cut_off_utc_s]
    return WavePlan(tuple(order.order_no for order in due), min(cut_offs, default=0))


def _cut_off(order: Waiting) -> int:
    return order.cut_off_utc_s or _NO_CUT_OFF
