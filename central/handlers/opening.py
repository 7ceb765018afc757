"""What a parcel begins with: the text that was scanned, by the bench's way of packing, and the order it means."""

from __future__ import annotations

from dataclasses import dataclass

from central.handlers.site import Turn
from central.rules.labels import judge_number
from central.rules.match import Block, Refuse
from central.rules.steps import OpenedBy
from central.store import labels, openings, orders, stock
from wire.deeds import LabelScanned
from wire.phrases import Refusal


@dataclass(frozen=True)
class Opening:
    """The order meant, by what, and the parcel's label. `stop`: why this label cannot be its parcel's."""

    order: orders.OrderRow
    by: OpenedBy
    label: str
    stop: Block | None = None


def opening_of(turn: Turn, deed: LabelScanned) -> Opening | Refuse:
    """A shipping label always begins its own order; else what the way of packing begins with."""
    labelled = orders.order_of_label(turn.database, deed.label)
    if labelled is not None:
        stands = judge_number(labels.standing(turn.database, deed.label))
        if isinstance(stands, Refuse):
            return stands
        return Opening(labelled, "label", deed.label, stop=stands)
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
    return _next_parcel(turn, order, by) if order is not None else Refuse(Refusal.UNKNOWN_LABEL)


def _of_item(turn: Turn, barcode: str) -> Opening | Refuse:
    """The most urgent picked order of a single piece of this SKU."""
    owners = stock.owners(turn.database, barcode)
    if len(owners) != 1:
        return Refuse(Refusal.BARCODE_AMBIGUOUS if owners else Refusal.UNKNOWN_BARCODE)
    meaning = owners[0]
    if meaning.pieces != 1:
        return Refuse(Refusal.NO_ORDER_WAITS, meaning.sku)
    found = openings.single_item_order(turn.database, meaning.sku)
    order = orders.order(turn.database, found) if found else None
    if order is None:
        return Refuse(Refusal.NO_ORDER_WAITS, meaning.sku)
    return _next_parcel(turn, order, "item")


def _next_parcel(turn: Turn, order: orders.OrderRow, by: OpenedBy) -> Opening | Refuse:
    """With the first of the order's labels that is on no parcel yet."""
    free = labels.free(turn.database, order.order_no)
    if not free and order.status in ("picked", "at_bench"):
        return Refuse(Refusal.NO_MORE_LABELS)
    return Opening(order, by, free[0] if free else order.label)
