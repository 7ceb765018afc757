"""Hands in a pick zone: they see the modules' faces, take pieces from the shelf and press."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sim.batches import is_batch
from sim.modules.remote import ModulesRemote
from sim.people.sight import Bell, Sight
from sim.world import World

PRESS_AGAIN_S = 2.0  # a light that stays on after a press gets another
TROUBLE = "red"  # a blinking red face: the node cannot take presses now


class Taker(Protocol):
    """Takes pieces for an order: the world itself, or somebody who errs now and then."""

    def take(self, location_id: str, pieces: int, order_no: str) -> None:
        """Take `pieces` from the location into the order's box."""


@dataclass(frozen=True)
class Relit:
    """A light that came on again for a pick whose light had gone out after a press (seconds, time.monotonic)."""

    order_no: str
    location_id: str
    pressed_s: float
    dark_s: float


class ZoneHand:
    """One zone's modules and its screen, as the people there see and touch them."""

    def __init__(self, node: str, remote: ModulesRemote, sight: Sight, world: World) -> None:
        self.bell: Bell = sight.bell(node)  # rings when a face or the screen changed
        self.presses = 0
        self.on_full_box: Callable[[str], None] = lambda _: None
        self.on_batch: Callable[[], None] = lambda: None  # a batch tote was brought to the wall
        self._node, self._remote, self._sight, self._world = node, remote, sight, world
        self._faces: dict[str, tuple[str, int]] = {}  # lit modules: colour and pieces
        self._tote = ("", "")
        self._taken: dict[str, float] = {}  # location → when it was last pressed for the tote on the screen
        self._unseen: dict[
            str, tuple[str, int, float]
        ] = {}  # pressed, still lit: order (or batch tote), pieces and when
        self._dark: dict[tuple[str, str], Relit] = {}  # by order and location
        self.relit: list[Relit] = []

    async def look(self) -> None:
        """See what is lit at the beginning, and every change from now on. Raises TimeoutError without modules."""
        await self._remote.connect(self._face_changed)

    def next_lit(self) -> str | None:
        """The first location to walk to for the tote on the screen, or None. One that ignored a press comes again."""
        lit = self._lit()
        fresh = [location for location in lit if location not in self._taken]
        if fresh:
            return min(fresh)
        overdue = time.monotonic() - PRESS_AGAIN_S
        return min((location for location in lit if self._taken[location] < overdue), default=None)

    async def pick(self, location_id: str, taker: Taker) -> bool:
        """Take what the face asks for the tote on the screen and press. False if it is not lit for it any more."""
        if location_id not in self._lit():
            return False
        tote_id, order_no = self._tote
        pieces = self._faces[location_id][1]
        if is_batch(tote_id):
            if location_id not in self._taken:
                self._world.take_for_wall(location_id, pieces, tote_id)
                self._unseen[location_id] = (tote_id, pieces, time.monotonic())
        elif location_id not in self._taken and order_no in self._world.boxes:
            if not self._world.has_confirmed(location_id, order_no):
                taker.take(location_id, pieces, order_no)
            self._unseen[location_id] = (order_no, pieces, time.monotonic())
        if (order_no, location_id) in self._dark:
            self.relit.append(self._dark[order_no, location_id])
        self._taken[location_id] = time.monotonic()
        self.presses += 1
        await self._remote.press(location_id)
        return True

    async def press(self, location_id: str) -> None:
        """A visitor presses: a pick if the light is on, otherwise just a press."""
        if not await self.pick(location_id, self._world):
            await self._remote.press(location_id)

    async def hold(self, location_id: str) -> None:
        """Press long: nothing found here."""
        self._taken[location_id] = time.monotonic()
        await self._remote.hold(location_id)

    def _face_changed(self, location_id: str, colour: str, pieces: int) -> None:
        """A module shows something else now. A pressed one that went dark, or shows the next tote's, is confirmed."""
        changed = self._faces.get(location_id) != (colour, pieces)
        if colour == "off":
            self._faces.pop(location_id, None)
        else:
            self._faces[location_id] = (colour, pieces)
        if changed and colour != TROUBLE:
            self._confirmed(location_id)
        self.bell.ring()

    def _lit(self) -> list[str]:
        """Locations whose light and screen agree that they are wanted for the tote on the screen."""
        zone = self._sight.zone(self._node)
        if zone is None:
            return []
        shown = (zone.tote_id, "" if is_batch(zone.tote_id) else zone.order_no)
        if self._tote != shown and (zone.tote_id or is_batch(self._tote[0])):
            self._next_tote(shown)
        if not zone.tote_id:
            return []
        faces = self._faces
        return [
            module.location_id
            for module in zone.modules
            if module.state == "lit"
            and module.colour != TROUBLE  # steady: a look-alike of what is wanted, and not it
            and faces.get(module.location_id) == (module.colour, module.pieces)
        ]

    def _next_tote(self, shown: tuple[str, str]) -> None:
        """The screen shows another: the tote before is done, and its lights are out."""
        before, self._tote = self._tote[0], shown
        self._taken.clear()
        for location_id in tuple(self._unseen):
            self._confirmed(location_id)
        if is_batch(before):
            self._world.batches.bring(before)
            self.on_batch()

    def _confirmed(self, location_id: str) -> None:
        order_no, pieces, pressed_s = self._unseen.pop(location_id, ("", 0, 0.0))
        if not order_no:
            return
        if is_batch(order_no):  # several orders may want of one place: it may light again at once
            self._world.batches.confirmed[order_no, location_id] += 1
            self._taken.pop(location_id, None)
            return
        self._dark[order_no, location_id] = Relit(order_no, location_id, pressed_s, time.monotonic())
        if self._world.confirm(location_id, pieces, order_no):
            self.on_full_box(order_no)
