"""Which bench may pack which order while central is away: each order one bench, once and for all. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

RENEW_SHARE: Final = 4  # a manifest is issued anew when a quarter of its life is left


def deal(orders: Sequence[str], held: Mapping[str, int], at_most: int) -> dict[str, str]:
    """Bench of each of `orders`, most urgent first, to the bench that holds least; `held`: how many each has."""
    counts = Counter(dict(held))
    dealt: dict[str, str] = {}
    for order_no in orders:
        station = min(sorted(held), key=lambda name: counts[name], default="")
        if not station or counts[station] >= at_most:
            break
        counts[station] += 1
        dealt[order_no] = station
    return dealt


def must_renew(issued_utc_s: int, expires_utc_s: int, now_utc_s: int) -> bool:
    """True once less than a quarter of its life is left."""
    return (expires_utc_s - now_utc_s) * RENEW_SHARE < expires_utc_s - issued_utc_s
