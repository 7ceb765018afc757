"""A parcel is weighed: ask for it with what it should weigh, and judge what the scale said."""

from __future__ import annotations

from dataclasses import replace

from central.handlers.site import Turn
from central.rules.match import completed
from central.rules.weight import Expected, expected, is_right
from central.store import stock, weights
from central.store.packing import Packing
from wire.answers import WeighWanted


def expected_of(turn: Turn, work: Packing) -> Expected | None:
    """What the parcel should weigh now."""
    known = weights.learned(turn.database, weights.contents_key(work.items))
    return expected(weights.goods(turn.database, work.items), known, turn.site.settings.weight)


def can_tell_by_weight(turn: Turn, work: Packing) -> bool:
    """True if one piece is lacking, the box will be weighed, and it is known what it should weigh with that piece.

    No weight says which serial number or lot a piece has.
    """
    lacking = [item for item in work.items if item.packed_pieces < item.asked_pieces]
    if len(lacking) != 1 or lacking[0].asked_pieces - lacking[0].packed_pieces != 1:
        return False
    meaning = stock.meaning_of_sku(turn.database, lacking[0].sku)
    if not work.weighs or work.grams >= 0 or meaning is None or meaning.tracking:
        return False
    return expected_of(turn, replace(work, items=completed(work.items))) is not None


def weigh_wanted(turn: Turn, scan_id: str, work: Packing) -> WeighWanted:
    """Ask the bench to weigh it."""
    should = expected_of(turn, work)
    return WeighWanted(
        scan_id=scan_id,
        order_no=work.order_no,
        label=work.label,
        items=work.items,
        expected_g=should.grams if should else 0,
        tolerance_g=should.tolerance_g if should else 0,
    )


def is_weight_right(turn: Turn, work: Packing, grams: int) -> tuple[bool, str]:
    """Whether the scale agrees, and how it stands in words of grams. What agrees is learned."""
    should = expected_of(turn, work)
    if not is_right(should, grams):
        wanted = f"{should.grams} ± {should.tolerance_g} g" if should else ""
        return False, f"{grams} g, not {wanted}"
    key = weights.contents_key(work.items)
    weights.keep_learned(turn.database, key, weights.learned(turn.database, key).plus(grams))
    return True, f"{grams} g"
