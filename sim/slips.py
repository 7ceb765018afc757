"""What goes wrong with one parcel in fifty: fifteen kinds of slips, dealt to orders from a seed. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sim.goods import Goods, Unit, take
from sim.orders import ShopOrder
from sim.world import FOREIGN

WRONG_ITEM, LOOK_ALIKE, TOO_MANY, MISSING = "wrong_item", "look_alike", "one_too_many", "one_missing"
FOREIGN_ITEM, SWAPPED = "not_in_catalogue", "parcels_swapped"
CANCELLED, ON_HOLD, SECOND_LABEL = "cancelled_meanwhile", "on_hold", "second_label"
WRONG_LABEL, LABEL_DAMAGED, UNREADABLE, DAMAGED = "wrong_label", "label_damaged", "unreadable_barcode", "damaged_item"
DIRTY, DOUBLE = "dirty_scan", "double_scan"
KINDS: Final = (
    *(WRONG_ITEM, LOOK_ALIKE, TOO_MANY, MISSING, FOREIGN_ITEM, SWAPPED, CANCELLED, ON_HOLD, SECOND_LABEL),
    *(WRONG_LABEL, LABEL_DAMAGED, UNREADABLE, DAMAGED, DIRTY, DOUBLE),
)
PASSING: Final[Mapping[str, str]] = {  # the right parcel leaves after all, once the screen has said this
    ON_HOLD: "order_on_hold",
    DIRTY: "dirty_scan",
    DOUBLE: "repeat_ignored",
    SECOND_LABEL: "already_shipped",
}


@dataclass(frozen=True)
class Slip:
    """One slip at the parcel of an order; `other`: the second order that it needs."""

    kind: str
    order_no: str
    other: str = ""


def deal(orders: Sequence[ShopOrder], share: float, seed: int) -> dict[str, Slip]:
    """Slips for `share` of the orders (0 to 1), all kinds alike, by order; a swap is at both of its orders."""
    dice = random.Random(seed)
    free = list(orders)
    dice.shuffle(free)
    slips: dict[str, Slip] = {}
    for number in range(round(len(orders) * share)):
        kind = KINDS[number % len(KINDS)]
        order = _first(free, _fits(kind))
        if order is None:
            continue
        free.remove(order)
        other = _first(free, _differs_from(order)) if kind in (SWAPPED, WRONG_LABEL) else None
        slips[order.order_no] = Slip(kind, order.order_no, other.order_no if other else "")
        if kind == SWAPPED and other is not None:
            free.remove(other)
            slips[other.order_no] = Slip(kind, other.order_no, order.order_no)
    return slips


def units_of(order: ShopOrder, slip: Slip | None, goods: Mapping[str, Goods]) -> list[Unit]:
    """What lies in the order's box."""
    right = [unit for sku, pieces in order.lines for unit in take(goods[sku], pieces)]
    single = goods[right[-1].sku].units[-1]
    match slip.kind if slip else "":
        case "wrong_item":
            return [*right[:-1], _stranger(order, goods, far=True)]
        case "look_alike":
            return [*right[:-1], _stranger(order, goods, far=False)]
        case "one_too_many":
            return [*right, single]
        case "one_missing":
            return right[:-1]
        case "not_in_catalogue":
            return [*right, FOREIGN]
    return right


def _stranger(order: ShopOrder, goods: Mapping[str, Goods], *, far: bool) -> Unit:
    """A piece the order does not want: one whose barcode is next to a wanted one's, or half a catalogue away."""
    skus, wanted = list(goods), {sku for sku, _ in order.lines}
    here = skus.index(order.lines[-1][0])
    steps = range(len(skus) // 2 if far else 1, 2 * len(skus))
    there = next(skus[(here + step) % len(skus)] for step in steps if skus[(here + step) % len(skus)] not in wanted)
    return goods[there].units[-1]


def _first(free: Sequence[ShopOrder], fits: Callable[[ShopOrder], bool]) -> ShopOrder | None:
    return next((order for order in free if fits(order)), None)


def _fits(kind: str) -> Callable[[ShopOrder], bool]:
    if kind == DOUBLE:  # the second of two pulls must not count as the second piece
        return lambda order: len(order.lines) > 1 and order.lines[0][1] == 1
    if kind in (DIRTY, CANCELLED):
        return lambda order: len(order.lines) > 1
    return lambda _: True


def _differs_from(one: ShopOrder) -> Callable[[ShopOrder], bool]:
    return lambda other: dict(other.lines) != dict(one.lines)
