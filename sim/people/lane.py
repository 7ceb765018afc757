"""The lane of full boxes between the zones and the benches."""

from __future__ import annotations

import time

from sim.mistakes import Mistakes
from sim.people.sight import Bell
from sim.world import Box, World

COMPANY_S_MAX = 10.0  # a box whose label is to be swapped waits so long for a second one


class Lane:
    """Hands full boxes to packers, oldest first; lets labels be swapped while two boxes stand side by side."""

    def __init__(self, world: World, mistakes: Mistakes) -> None:
        self._world, self._mistakes = world, mistakes
        self._bell = Bell()
        self._since: dict[str, float] = {}

    def arrived(self, order_no: str) -> None:
        """A full box was pushed onto the lane."""
        self._since.setdefault(order_no, time.monotonic())
        self._mistakes.at_the_lane(order_no)
        self._bell.ring()

    def put_back(self, box: Box) -> None:
        """Not now: to the end of the lane."""
        self._world.lane[box.order_no] = None
        self._bell.ring()

    def gone(self, label: str) -> Box | None:
        """Somebody else took the box with this label from the lane and dealt with it."""
        box = next((box for box in self.boxes() if box.label == label), None)
        return None if box is None else self._world.fetch(box.order_no)

    def boxes(self) -> list[Box]:
        """The boxes that wait."""
        return [self._world.boxes[order_no] for order_no in self._world.lane]

    async def next_box(self) -> Box:
        """The first box that is free to go; waits for one."""
        while True:
            for order_no in list(self._world.lane):
                if not self._waits_for_company(order_no):
                    return self._world.fetch(order_no)
            await self._bell.heard(self._bell.rung, 1.0)

    def _waits_for_company(self, order_no: str) -> bool:
        if not self._mistakes.wants_company(order_no):
            return False
        if time.monotonic() - self._since.get(order_no, 0.0) < COMPANY_S_MAX:
            return True
        self._mistakes.give_up_swap(order_no)
        return False
