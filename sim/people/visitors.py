"""What visitors do at a bench through the page changes the floor too: the box they packed is no longer in the lane."""

from __future__ import annotations

from typing import Final

from sim.people.bench import ASIDE_DONE, Bench, left_the_gate
from sim.people.lane import Lane
from sim.world import World

LOOK_S_MAX: Final = 5.0


async def clear_after_visitors(bench: Bench, world: World, lane: Lane) -> None:
    """Watch the bench for ever; a box that still stands in the lane was packed by a visitor."""
    label = ""
    while True:
        rung = bench.bell.rung
        screen = bench.screen
        label = screen.label or label
        if not bench.hands.locked():
            if left_the_gate(screen):
                lane.gone(label)
            elif screen.say == ASIDE_DONE and (box := lane.gone(label)) is not None:
                world.set_aside(box)
        if screen.say in ("scan_label", ASIDE_DONE):
            label = ""
        await bench.bell.heard(rung, LOOK_S_MAX)
