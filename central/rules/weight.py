"""Weight as a second witness: what a parcel should weigh, how far it may be off, and what was learned. Pure.

Until a set of goods was weighed often enough, a parcel should weigh what the catalogue says of its items and the
packing of the site, and may be off by the site's limit. After that the mean of what was weighed counts, and it may be
off by four standard deviations of it (Welford's running mean and sum of squares), never by more than the site's limit
and never by less than the scale's own doubt. Four: with normal scatter one right parcel in about 16,000 is held.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SIGMAS: Final = 4.0
DOUBT_G: Final = 5  # of a bench scale of 15 kg with divisions of 5 g


@dataclass(frozen=True)
class WeightRules:
    """The site's: grams of packing, the limit in grams or percent (the larger counts), samples before it is learned."""

    packing_g: int = 60
    limit_g: int = 30
    limit_percent: float = 3.0
    samples_min: int = 10


@dataclass(frozen=True)
class Learned:
    """Parcels of one set of goods that were found right: how many, their mean, the sum of squared deviations."""

    samples: int = 0
    mean_g: float = 0.0
    squares: float = 0.0

    def plus(self, grams: int) -> Learned:
        """With one more."""
        samples = self.samples + 1
        before = grams - self.mean_g
        mean_g = self.mean_g + before / samples
        return Learned(samples, mean_g, self.squares + before * (grams - mean_g))

    @property
    def deviation_g(self) -> float:
        """Standard deviation in grams; 0 below two samples."""
        return math.sqrt(self.squares / (self.samples - 1)) if self.samples > 1 else 0.0


@dataclass(frozen=True)
class Expected:
    """What a parcel should weigh, and how far it may be off, in grams."""

    grams: int
    tolerance_g: int


def expected(goods: Iterable[tuple[int, int]], learned: Learned, rules: WeightRules) -> Expected | None:
    """From (pieces, grams of one or 0: not known) of each SKU; None: neither the catalogue nor experience says."""
    if learned.samples >= rules.samples_min:
        limit = _limit(learned.mean_g, rules)
        own = math.ceil(SIGMAS * learned.deviation_g)
        return Expected(round(learned.mean_g), min(limit, max(DOUBT_G, own)))
    known = list(goods)
    if not known or any(grams <= 0 for _, grams in known):
        return None
    total = rules.packing_g + sum(pieces * grams for pieces, grams in known)
    return Expected(total, _limit(total, rules))


def is_right(wanted: Expected | None, grams: int) -> bool:
    """True if `grams` says nothing against the contents."""
    return wanted is None or abs(grams - wanted.grams) <= wanted.tolerance_g


def _limit(grams: float, rules: WeightRules) -> int:
    return max(rules.limit_g, math.floor(grams * rules.limit_percent / 100))
