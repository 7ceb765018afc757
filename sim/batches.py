"""What truly lies at a put-to-light wall: in batch totes on their way, on its table, and in its cubbies. Pure."""

from __future__ import annotations

from collections import Counter, deque

from sim.goods import Goods, Unit


class Batches:
    """Pieces of several orders together. Single pieces only: a closed pack cannot be parted over cubbies."""

    def __init__(self) -> None:
        self.totes: dict[str, list[Unit]] = {}
        self.confirmed: Counter[tuple[str, str]] = Counter()  # picks whose light went out, by tote and location
        self.table: deque[Unit] = deque()  # emptied out of batch totes, next first
        self.cubbies: dict[str, list[Unit]] = {}
        self.sorted: list[str] = []  # orders taken out complete, in order

    def take(self, goods: Goods, pieces: int, tote_id: str) -> None:
        """Put `pieces` into the batch tote."""
        self.totes.setdefault(tote_id, []).extend([goods.units[-1]] * pieces)

    def bring(self, tote_id: str) -> None:
        """The tote is at the wall; what lies in it goes onto the table."""
        self.table.extend(self.totes.pop(tote_id, []))

    def put(self, unit: Unit, cubby: str) -> None:
        """One piece into a cubby."""
        self.cubbies.setdefault(cubby, []).append(unit)

    def take_out(self, cubby: str, order_no: str) -> list[Unit]:
        """Empty the cubby of this order."""
        self.sorted.append(order_no)
        return self.cubbies.pop(cubby, [])


def is_batch(tote_id: str) -> bool:
    """The name on a batch tote is wave/zone/number."""
    return tote_id.count("/") == 2
