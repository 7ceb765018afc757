"""The physical truth of a simulated floor: what lies where, which label is on which box, what really left.

Pure: no clock, no wire. It never asks picklight anything, so it can judge what picklight let go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sim.batches import Batches
from sim.goods import Goods, Unit, take
from sim.layout import Place
from sim.orders import ShopOrder

FOREIGN = Unit("", "4006381333931", 1)  # a stationer's marker: a valid EAN-13 that is in no catalogue of ours


@dataclass
class Box:
    """The box an order is picked into: its label, what lies in it and how many pieces were confirmed for it."""

    order_no: str
    label: str
    units: list[Unit] = field(default_factory=list)
    confirmed: dict[str, int] = field(default_factory=dict)  # pieces by location


@dataclass(frozen=True)
class Wrong:
    """A parcel that left and was not what its label says: pieces by SKU."""

    label: str
    asked: dict[str, int]
    inside: dict[str, int]


class World:
    """Shelves, boxes and parcels. Methods are things hands do; none of them can fail for picklight's reasons."""

    def __init__(self, goods: Iterable[Goods], places: Sequence[Place]) -> None:
        self.goods = {one.sku: one for one in goods}
        self.places = {place.location_id: place for place in places}
        self.stock = {place.location_id: place.pieces for place in places}
        self._row = [place.location_id for place in places]
        self._row_index = {location: number for number, location in enumerate(self._row)}
        self.orders: dict[str, ShopOrder] = {}
        self.order_of_label: dict[str, str] = {}
        self.boxes: dict[str, Box] = {}
        self.lane: dict[str, None] = {}  # order numbers of boxes waiting at the benches, oldest first
        self.aside: dict[str, None] = {}  # order numbers of boxes on the supervisor's shelf
        self.parcels: dict[str, list[Unit]] = {}  # by label: what the packer has put into the parcel
        self.left: dict[str, None] = {}  # labels of parcels that passed a gate
        self.wrong: list[Wrong] = []
        self.batches = Batches()

    def expect(self, orders: Iterable[ShopOrder]) -> None:
        """Put a fresh labelled box on the floor for each of `orders`."""
        for order in orders:
            self.orders[order.order_no] = order
            self.order_of_label[order.label] = order.order_no
            self.boxes[order.order_no] = Box(order.order_no, order.label)

    def take(self, location_id: str, pieces: int, order_no: str) -> None:
        """Take `pieces` from `location_id` and put them into the order's box."""
        place = self.places[location_id]
        self.stock[location_id] -= pieces
        self.boxes[order_no].units.extend(take(self.goods[place.sku], pieces))

    def take_for_wall(self, location_id: str, pieces: int, tote_id: str) -> None:
        """Take `pieces` from `location_id` and put them into the batch tote."""
        self.stock[location_id] -= pieces
        self.batches.take(self.goods[self.places[location_id].sku], pieces, tote_id)

    def leave_wall(self, cubby: str, order_no: str) -> None:
        """Put what lies in the cubby into the order's box, which goes to the benches."""
        self.boxes[order_no].units.extend(self.batches.take_out(cubby, order_no))
        self.lane[order_no] = None

    def drop_in(self, unit: Unit, order_no: str) -> None:
        """Put a thing that came from nowhere into the order's box."""
        self.boxes[order_no].units.append(unit)

    def neighbour(self, location_id: str) -> str:
        """The location a hasty hand takes from instead: the next on the shelf of the same zone, else the one before."""
        here = self._row_index[location_id]
        for there in (here + 1, here - 1):
            if 0 <= there < len(self._row) and self.places[self._row[there]].zone == self.places[location_id].zone:
                return self._row[there]
        return location_id

    def has_confirmed(self, location_id: str, order_no: str) -> bool:
        """Did the light of this pick go out after a press before? Then its pieces are in the box."""
        return location_id in self.boxes[order_no].confirmed

    def confirm(self, location_id: str, pieces: int, order_no: str) -> bool:
        """The light of a pressed pick went out; True once the order's last did, and its box goes to the benches.

        The same location again changes nothing: a restarted node may show a light once more.
        """
        confirmed = self.boxes[order_no].confirmed
        if location_id in confirmed:
            return False
        confirmed[location_id] = pieces
        if sum(confirmed.values()) < sum(pieces for _, pieces in self.orders[order_no].lines):
            return False
        self.lane[order_no] = None
        return True

    def fetch(self, order_no: str) -> Box:
        """Take this box from the lane to a table."""
        self.lane.pop(order_no, None)
        return self.boxes[order_no]

    def swap_labels(self, one: str, other: str) -> None:
        """Stick the labels of these two orders' boxes onto each other's."""
        first, second = self.boxes[one], self.boxes[other]
        first.label, second.label = second.label, first.label

    def put_right(self, order_no: str) -> None:
        """Somebody checked the box against the order: its own label, and in it what the customer wanted."""
        order, box = self.orders[order_no], self.boxes[order_no]
        for other in self.boxes.values():
            if other.label == order.label:  # labels were swapped: that box gets its own back, too
                other.label = self.orders[other.order_no].label
        box.label = order.label
        box.units = [unit for sku, pieces in order.lines for unit in take(self.goods[sku], pieces)]

    def set_aside(self, box: Box) -> None:
        """The box goes to the supervisor's shelf."""
        self.aside[box.order_no] = None

    def decided(self, may_pack: Collection[str], ticketed: Collection[str]) -> list[str]:
        """Boxes that leave the shelf: `may_pack` are labels of orders that wait for a bench, maybe again.

        Those of `ticketed` orders were looked into; others stood on the shelf as they were.
        """
        for box in [self.boxes[order_no] for order_no in self.aside]:
            meant = self.order_of_label.get(box.label, "")
            if box.label in may_pack and meant in ticketed:
                self.put_right(meant)
        back = [one for one in self.aside if self.boxes[one].label == self.orders[one].label in may_pack]
        for order_no in back:
            del self.aside[order_no]
        return back

    def leave(self, label: str) -> bool:
        """The parcel with `label` passed a gate. True if what is inside is what the customer wanted."""
        self.left[label] = None
        order = self.orders[self.order_of_label[label]]
        asked, inside = dict(order.lines), pieces_by_sku(self.parcels.get(label, ()))
        if asked != inside:
            self.wrong.append(Wrong(label, asked, inside))
        return asked == inside


def pieces_by_sku(units: Iterable[Unit]) -> dict[str, int]:
    """Pieces of each SKU; things of no SKU count under ''."""
    total: Counter[str] = Counter()
    for unit in units:
        total[unit.sku] += unit.pieces
    return dict(total)
