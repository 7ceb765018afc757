"""Mistakes people make while picking: drawn from a seed, made in the world, followed until a ticket catches them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sim.world import FOREIGN, World

WRONG_ITEM, TOO_MANY, MISSING = "wrong_item", "one_too_many", "one_missing"
SWAPPED, UNKNOWN = "labels_swapped", "unknown_barcode"
KINDS: Final[dict[str, int]] = {WRONG_ITEM: 8, TOO_MANY: 4, MISSING: 4, SWAPPED: 2, UNKNOWN: 2}  # how often, by weight


@dataclass(frozen=True)
class Mistake:
    """One mistake and the orders whose parcels it spoils."""

    kind: str
    orders: tuple[str, ...]


class Mistakes:
    """Draws and makes mistakes: at most one per order, so that each must be caught for its own sake.

    `rate` is per picked line; a mistake due in an order that already has one is made in the next order without.
    `first`: kinds to make before any draw, at the first lines picked.
    """

    def __init__(self, world: World, *, rate: float, seed: int, first: tuple[str, ...] = ()) -> None:
        self._world = world
        self._rate = rate
        self._dice = random.Random(seed)
        self._due: list[str] = list(first)
        self._spoiled: set[str] = set()
        self._swap: list[str] = []
        self.made: list[Mistake] = []

    def take(self, location_id: str, pieces: int, order_no: str) -> None:
        """Take `pieces` for the order as a person does: nearly always right."""
        if self._dice.random() < self._rate:
            self._due.append(self._dice.choices(list(KINDS), list(KINDS.values()))[0])
        if not self._due or order_no in self._spoiled:
            self._world.take(location_id, pieces, order_no)
            return
        self._slip(self._due.pop(0), location_id, pieces, order_no)

    def at_the_lane(self, order_no: str) -> None:
        """A full box reached the benches; if labels are due to be swapped and two boxes fit, they are."""
        if not self._swap or order_no in self._spoiled:
            return
        for other in self._swap:
            waiting = other in self._world.lane and order_no in self._world.lane
            if other != order_no and waiting and self._differ(other, order_no):
                self._world.swap_labels(other, order_no)
                self._swap.remove(other)
                self._spoiled.add(order_no)
                self.made.append(Mistake(SWAPPED, (other, order_no)))
                return

    def wants_company(self, order_no: str) -> bool:
        """True while this full box should wait a moment for another one to swap labels with."""
        return order_no in self._swap

    def give_up_swap(self, order_no: str) -> None:
        """No second box came: the box keeps its label and no mistake was made."""
        if order_no in self._swap:
            self._swap.remove(order_no)

    def caught(self, ticketed: Iterable[str]) -> tuple[Mistake, ...]:
        """Those mistakes whose every spoiled order is in `ticketed`, the orders with a ticket."""
        orders = set(ticketed)
        return tuple(mistake for mistake in self.made if orders.issuperset(mistake.orders))

    def by_kind(self) -> dict[str, int]:
        """How many of each kind were made."""
        return dict(Counter(mistake.kind for mistake in self.made))

    def _slip(self, kind: str, location_id: str, pieces: int, order_no: str) -> None:
        world = self._world
        self._spoiled.add(order_no)
        there = world.neighbour(location_id)
        if kind == WRONG_ITEM and there != location_id:
            world.take(there, pieces, order_no)
        elif kind == MISSING:
            if pieces > 1:
                world.take(location_id, pieces - 1, order_no)
        elif kind == SWAPPED:
            world.take(location_id, pieces, order_no)
            self._swap.append(order_no)
            return
        elif kind == UNKNOWN:
            world.take(location_id, pieces, order_no)
            world.drop_in(FOREIGN, order_no)
        else:
            kind = TOO_MANY
            world.take(location_id, pieces + 1, order_no)
        self.made.append(Mistake(kind, (order_no,)))

    def _differ(self, one: str, other: str) -> bool:
        return dict(self._world.orders[one].lines) != dict(self._world.orders[other].lines)
