"""Which places nearby hold the same in another colour or size, so that a hand may slip. Pure.

Two SKUs look alike if their styles in the catalogue are the same. Where one of them has no style: if their titles, or
their codes, are the same but for words that say a colour or a size (`central/rules/variants.py`). A style of `-`
means: like no other.

Two places are neighbours if they are in one bay on the same level or the one above or below, or on the same level of
two bays that stand side by side. Bays stand in the order of their names, as in the drawing. Stock does not matter: a
count may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final, NamedTuple

from central.rules.variants import code_without_variant, title_without_variant

ALONE: Final = "-"  # the style of a SKU that looks like no other


class Shelved(NamedTuple):
    """A place of a zone and what lies there."""

    location_id: str
    bay: str
    level: int
    sku: str
    title: str
    style: str


@dataclass(frozen=True)
class Looks:
    """What a SKU is compared by."""

    sku: str
    style: str
    title: tuple[str, ...]
    code: tuple[str, ...]

    @property
    def keys(self) -> Iterator[tuple[str, ...]]:
        """Two that look alike have one of these in common."""
        yield from (("style", self.style),) if self.style else ()
        yield from (("title", *self.title),) if self.title else ()
        yield from (("code", *self.code),) if self.code else ()


def looks_of(sku: str, title: str, style: str) -> Looks:
    """The looks of a SKU of the catalogue."""
    return Looks(sku, style.casefold(), title_without_variant(title), code_without_variant(sku))


def alike(one: Looks, other: Looks) -> bool:
    """True if a hand could take one for the other."""
    if one.sku == other.sku or ALONE in (one.style, other.style):
        return False
    if one.style and other.style:
        return one.style == other.style
    same_title = bool(one.title) and one.title == other.title
    return same_title or (bool(one.code) and one.code == other.code)


def look_alikes(places: Sequence[Shelved], limit: int) -> dict[str, tuple[str, ...]]:
    """For each place of one zone that has any: its look-alikes nearby, the nearest first, at most `limit`."""
    looks = {place.sku: looks_of(place.sku, place.title, place.style) for place in places}
    cells: dict[tuple[tuple[str, ...], str, int], list[Shelved]] = {}
    for place in places:
        for key in looks[place.sku].keys:
            cells.setdefault((key, place.bay, place.level), []).append(place)
    beside = _beside(places)
    found: dict[str, tuple[str, ...]] = {}
    for place in places:
        near = (other for other in _near(place, looks[place.sku], cells, beside) if _differs(place, other, looks))
        names = tuple(islice(dict.fromkeys(other.location_id for other in near), limit))
        if names:
            found[place.location_id] = names
    return found


def _differs(place: Shelved, other: Shelved, looks: Mapping[str, Looks]) -> bool:
    return alike(looks[place.sku], looks[other.sku])


def _near(
    place: Shelved,
    looks: Looks,
    cells: Mapping[tuple[tuple[str, ...], str, int], Sequence[Shelved]],
    beside: Mapping[str, Sequence[str]],
) -> Iterator[Shelved]:
    """Neighbours that share a key: on the same shelf, then above and below, then in the bays beside."""
    level = place.level
    here = [(place.bay, level), (place.bay, level + 1), (place.bay, level - 1)]
    for bay, at in [*here, *((bay, level) for bay in beside.get(place.bay, ()))]:
        for key in looks.keys:
            yield from cells.get((key, bay, at), ())


def _beside(places: Sequence[Shelved]) -> dict[str, list[str]]:
    """The bays that stand beside each bay."""
    beside: dict[str, list[str]] = {}
    for one, other in pairwise(sorted({place.bay for place in places})):
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    return beside
