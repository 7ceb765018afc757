"""The rule the system exists for: do label, items and system record belong together?

Read aloud: *a label loads its order if the order is fully picked, at no other bench, and nobody stopped it. An item is
accepted if its barcode has one owner, it belongs to the order, it is not one too many, and its serial number is new or
its lot is known, good, and the first to go. A keyed count is accepted where the SKU allows it, if it is neither less
than was scanned nor more than was asked. The parcel is complete when every count equals what was asked.* Everything
else holds. Nothing here reads a clock or a database; the words are in verdicts.py, the rules' names in rule_names.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from central.rules.verdicts import (
    Accept,
    Block,
    Complete,
    CountVerdict,
    Item,
    ItemVerdict,
    Known,
    LabelVerdict,
    Load,
    Meaning,
    OrderNow,
    ProofVerdict,
    Proven,
    Refuse,
    Seen,
    Want,
)
from wire.phrases import Refusal
from wire.uplink import ItemCount

__all__ = [
    "Accept",
    "Block",
    "Complete",
    "CountVerdict",
    "Item",
    "ItemVerdict",
    "Known",
    "LabelVerdict",
    "Load",
    "Meaning",
    "OrderNow",
    "ProofVerdict",
    "Proven",
    "Refuse",
    "Seen",
    "Want",
]

_LABEL_OF_STATUS: Final[Mapping[str, LabelVerdict]] = {
    "imported": Refuse(Refusal.NOT_PICKED),
    "allocated": Refuse(Refusal.NOT_PICKED),
    "waved": Refuse(Refusal.NOT_PICKED),
    "picking": Refuse(Refusal.NOT_PICKED),
    "picked": Load(),
    "at_bench": Load(),  # at this bench again: start over
    "verified": Block(Refusal.RELEASE_UNKNOWN),  # a grant is out and nobody said what became of it
    "released": Block(Refusal.ALREADY_SHIPPED),
    "handed_over": Block(Refusal.ALREADY_SHIPPED),
    "exception": Refuse(Refusal.IN_EXCEPTION),
    "cancelled": Block(Refusal.ORDER_CANCELLED),
}

OF_HOLD: Final[Mapping[str, Refusal]] = {
    "on_hold": Refusal.ORDER_ON_HOLD,
    "frozen": Refusal.ORDER_FROZEN,
    "risk_control": Refusal.RISK_CONTROL,
    "address_changed": Refusal.ADDRESS_CHANGED,
    "other_warehouse": Refusal.OTHER_WAREHOUSE,
}
_PASSING: Final = frozenset({"on_hold", "frozen", "risk_control"})  # they end by themselves; the rest need a person
_STOPPABLE: Final = frozenset({"picked", "at_bench"})
FOR_EVER: Final = 10**9  # the last good day of what does not expire


def judge_label(order: OrderNow | None, station: str) -> LabelVerdict:
    """May the parcel with this label be begun at `station`?"""
    if order is None:
        return Refuse(Refusal.UNKNOWN_LABEL)
    if order.status == "at_bench" and order.station != station:
        return Refuse(Refusal.AT_OTHER_STATION, order.station)
    if order.hold and order.status in _STOPPABLE:
        reason = OF_HOLD[order.hold]
        return Refuse(reason) if order.hold in _PASSING and order.status == "picked" else Block(reason)
    return _LABEL_OF_STATUS[order.status]


def judge_item(order: OrderNow, station: str, items: tuple[ItemCount, ...], item: Item) -> ItemVerdict:
    """Does the scanned item belong in this parcel now? `items` are the counts before it."""
    stopped = judge_standing(order, station)
    if stopped is not None:
        return stopped
    if len(item.owners) != 1:
        return Block(Refusal.BARCODE_AMBIGUOUS, _names(item.owners)) if item.owners else Block(Refusal.UNKNOWN_BARCODE)
    meaning = item.owners[0]
    wanted = wanted_of(items, meaning.sku)
    if wanted is None:
        return Block(Refusal.WRONG_ITEM, meaning.sku)
    if wanted.packed_pieces + meaning.pieces > wanted.asked_pieces:
        return Block(Refusal.TOO_MANY, meaning.sku)
    lacking = judge_detail(meaning, item.seen, item.known) if meaning.tracking else None
    return lacking or _counted_up(items, wanted, wanted.packed_pieces + meaning.pieces, meaning)


def judge_detail(meaning: Meaning, seen: Seen, known: Known) -> Want | Refuse | Block | None:
    """Why the item does not count as it is: its serial number or lot is to be scanned, or is not right. None: it is."""
    if meaning.tracking == "serial":
        return _judge_serial(meaning, seen, known)
    return _judge_lot(meaning, seen, known)


def _judge_serial(meaning: Meaning, seen: Seen, known: Known) -> Want | Refuse | Block | None:
    if meaning.pieces != 1:
        return Refuse(Refusal.ONE_BY_ONE, meaning.sku)
    if not seen.serial:
        return Want(meaning.sku, "serial")
    return Block(Refusal.SERIAL_KNOWN, known.serial_in) if known.serial_in else None


def _judge_lot(meaning: Meaning, seen: Seen, known: Known) -> Want | Block | None:
    if not seen.lot:
        return Want(meaning.sku, "lot")
    if known.keeps_lots and not known.lot_kept:
        return Block(Refusal.LOT_UNKNOWN, seen.lot)
    day = good_until(seen, known)
    if not day:
        return Block(Refusal.LOT_UNKNOWN, seen.lot) if meaning.tracking == "lot_expiry" else None
    if day < known.today:
        return Block(Refusal.LOT_EXPIRED, seen.lot)
    goes_first = not known.first_day or day <= known.first_day + known.tolerance_days
    return None if meaning.tracking == "lot" or goes_first else Block(Refusal.LOT_NOT_FIRST, known.first_lot)


def good_until(seen: Seen, known: Known) -> int:
    """The lot's last good day, of print and record the earlier; FOR_EVER if it does not expire, 0: nobody knows."""
    said = [day for day in (seen.expiry_day, known.expiry_day) if day]
    return min(said) if said else FOR_EVER if known.lot_kept else 0


def judge_count(
    order: OrderNow, station: str, items: tuple[ItemCount, ...], last: Meaning | None, pieces: int
) -> CountVerdict:
    """May the packer say that `pieces` in all of the SKU accepted last are in the box? `last` None: there is none."""
    stopped = judge_standing(order, station)
    if stopped is not None:
        return stopped
    wanted = wanted_of(items, last.sku) if last is not None else None
    if last is None or wanted is None or not wanted.packed_pieces or not may_count(last):
        return Refuse(Refusal.COUNT_NOT_ALLOWED)
    if pieces < wanted.packed_pieces:
        return Refuse(Refusal.COUNT_TOO_LOW, last.sku)
    if pieces > wanted.asked_pieces:
        return Block(Refusal.TOO_MANY, last.sku)
    return _counted_up(items, wanted, pieces, last)


def may_count(meaning: Meaning) -> bool:
    """A count may be keyed where the site allows it for the SKU, and no piece has something of its own to capture."""
    return meaning.key_count and not meaning.tracking


def judge_standing(order: OrderNow, station: str) -> Refuse | Block | None:
    """Why packing may not go on, whatever was scanned; None: it may."""
    if order.status == "cancelled":
        return Block(Refusal.ORDER_CANCELLED)
    if order.status != "at_bench" or order.station != station:
        return Refuse(Refusal.NOT_THIS_PARCEL)
    return Block(OF_HOLD[order.hold]) if order.hold else None


def judge_proof(order: OrderNow, station: str, wanted: str, shown: str, owner: str) -> ProofVerdict:
    """Is the label `shown` on the box the one `wanted`? `owner`: the order whose label it is, "" if it is nobody's."""
    stopped = judge_standing(order, station)
    if stopped is not None:
        return stopped
    if shown == wanted:
        return Proven()
    return Block(Refusal.WRONG_LABEL, owner) if owner else Refuse(Refusal.NOT_A_LABEL)


def completed(items: tuple[ItemCount, ...]) -> tuple[ItemCount, ...]:
    """`items` with every count as it was asked: what a second person and the scale must vouch for."""
    return tuple(replace(item, packed_pieces=item.asked_pieces) for item in items)


def is_complete(items: tuple[ItemCount, ...]) -> bool:
    """True if there is something to pack and every count equals what was asked."""
    return bool(items) and all(item.packed_pieces == item.asked_pieces for item in items)


def wanted_of(items: tuple[ItemCount, ...], sku: str) -> ItemCount | None:
    """What the parcel wants of a SKU; None: nothing."""
    for item in items:
        if item.sku == sku:
            return item
    return None


def _counted_up(items: tuple[ItemCount, ...], wanted: ItemCount, pieces: int, meaning: Meaning) -> Accept | Complete:
    """`items` with `pieces` in all of `wanted`."""
    more = replace(wanted, packed_pieces=pieces)
    after = tuple(more if item is wanted else item for item in items)
    return Complete(after) if is_complete(after) else Accept(meaning.sku, after, may_count(meaning))


def _names(owners: Sequence[Meaning]) -> str:
    return ", ".join(owner.sku for owner in owners)[:64]
