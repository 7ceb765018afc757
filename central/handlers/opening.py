"""What a parcel begins with: the text that was scanned, by the bench's way of packing, and the order it means."""

from __future__ import annotations

from dataclasses import dataclass

from central.handlers.site import Turn
from central.rules.match import Meaning, Refuse
from central.rules.steps import OpenedBy
from central.store import openings, orders, stock
from wire.deeds import LabelScanned
from wire.phrases import Refusal


@dataclass(frozen=True)
class Opening:
    """The order meant, and by what; `item`: it was scanned as the parcel's first item."""

    order: orders.OrderRow
    by: OpenedBy
    item: Meaning | None = None


def opening_of(turn: Turn, deed: LabelScanned) -> Opening | Refuse:
    """A shipping label always begins its own order; else what the way of packing begins with."""
    labelled = orders.order_of_label(turn.database, deed.label)
    if labelled is not None:
        return Opening(labelled, "label")
    match deed.way:
        case "order_first":
            return _found(turn, openings.orders_of_tote(turn.database, deed.label), "tote")
        case "wall":
            return _found(turn, openings.orders_in_cubby(turn.database, deed.label), "cubby")
        case "item_first":
            return _of_item(turn, deed.label)


def _found(turn: Turn, order_nos: list[str], by: OpenedBy) -> Opening | Refuse:
    """Exactly one order; two cubbies of one name are nobody's."""
    if len(order_nos) != 1:
        return Refuse(Refusal.UNKNOWN_LABEL, ", ".join(order_nos[:2]))
    order = orders.order(turn.database, order_nos[0])
    return Opening(order, by) if order is not None else Refuse(Refusal.UNKNOWN_LABEL)


def _of_item(turn: Turn, barcode: str) -> Opening | Refuse:
    """The most urgent picked order of a single piece of this SKU."""
    meaning = stock.meaning(turn.database, barcode)
    if meaning is None:
        return Refuse(Refusal.UNKNOWN_BARCODE)
    if meaning.pieces != 1:
        return Refuse(Refusal.NO_ORDER_WAITS, meaning.sku)
    found = openings.single_item_order(turn.database, meaning.sku)
    order = orders.order(turn.database, found) if found else None
    return Opening(order, "item", meaning) if order is not None else Refuse(Refusal.NO_ORDER_WAITS, meaning.sku)
