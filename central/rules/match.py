"""The rule the system exists for: do label, items and system record belong together?

Read aloud: *a label loads its order if the order is fully picked, at no other bench, and nobody stopped it. An item is
accepted if it belongs to the order and is not one too many. The parcel is complete when every count equals what was
asked.* Everything else holds. Nothing here reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from wire.phrases import Refusal
from wire.uplink import ItemCount


@dataclass(frozen=True)
class OrderNow:
    """The system record at this moment: where the order stands, which bench has it ("": none), and whether the platform
    stops it (`hold`, "": it does not)."""

    order_no: str
    status: str
    station: str = ""
    hold: str = ""


@dataclass(frozen=True)
class Meaning:
    """What a barcode means: its one owner, and how many pieces one scan counts."""

    sku: str
    pieces: int = 1


@dataclass(frozen=True)
class Load:
    """The label is good: pack this order here."""


@dataclass(frozen=True)
class Refuse:
    """Not this one; nothing changes."""

    reason: Refusal
    detail: str = ""


@dataclass(frozen=True)
class Block:
    """Hold the parcel and open a ticket."""

    reason: Refusal
    detail: str = ""


@dataclass(frozen=True)
class Proven:
    """The label on the box is this parcel's."""


@dataclass(frozen=True)
class Accept:
    """The item belongs here; more are to come."""

    sku: str
    items: tuple[ItemCount, ...]


@dataclass(frozen=True)
class Complete:
    """With this item every count is exact: release."""

    items: tuple[ItemCount, ...]


LabelVerdict = Load | Refuse | Block
ProofVerdict = Proven | Refuse | Block
ItemVerdict = Accept | Complete | Refuse | Block

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


def judge_item(order: OrderNow, station: str, items: tuple[ItemCount, ...], meaning: Meaning | None) -> ItemVerdict:
    """Does the scanned item belong in this parcel now? `items` are the counts before it."""
    stopped = judge_standing(order, station)
    if stopped is not None:
        return stopped
    if meaning is None:
        return Block(Refusal.UNKNOWN_BARCODE)
    wanted = next((item for item in items if item.sku == meaning.sku), None)
    if wanted is None:
        return Block(Refusal.WRONG_ITEM, meaning.sku)
    if wanted.packed_pieces + meaning.pieces > wanted.asked_pieces:
        return Block(Refusal.TOO_MANY, meaning.sku)
    after = counted(items, wanted, meaning.pieces)
    return Complete(after) if is_complete(after) else Accept(meaning.sku, after)


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


def with_first(items: tuple[ItemCount, ...], meaning: Meaning) -> tuple[ItemCount, ...]:
    """`items` of an order that was found by its one item, with that item counted."""
    wanted = next(item for item in items if item.sku == meaning.sku)
    return counted(items, wanted, meaning.pieces)


def completed(items: tuple[ItemCount, ...]) -> tuple[ItemCount, ...]:
    """`items` with every count as it was asked: what a second person and the scale must vouch for."""
    return tuple(replace(item, packed_pieces=item.asked_pieces) for item in items)


def is_complete(items: tuple[ItemCount, ...]) -> bool:
    """True if there is something to pack and every count equals what was asked."""
    return bool(items) and all(item.packed_pieces == item.asked_pieces for item in items)


def counted(items: tuple[ItemCount, ...], wanted: ItemCount, pieces: int) -> tuple[ItemCount, ...]:
    """`items` with `pieces` more of `wanted`."""
    more = replace(wanted, packed_pieces=wanted.packed_pieces + pieces)
    return tuple(more if item is wanted else item for item in items)
