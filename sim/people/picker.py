"""A picker: walks to the lights of one zone, takes what they ask, presses; slips now and then."""

from __future__ import annotations

import asyncio

from sim.mistakes import Mistakes
from sim.people.pace import Pace
from sim.people.zonehand import PRESS_AGAIN_S, ZoneHand

WALK_S, TAKE_S = 0.9, 0.7  # a practised picker in a zone of a few bays


async def pick_forever(hand: ZoneHand, mistakes: Mistakes, pace: Pace, may_work: asyncio.Event) -> None:
    """Work while `may_work` is set: always the first light of the tote on the screen."""
    while True:
        await may_work.wait()
        rung = hand.bell.rung
        location_id = hand.next_lit()
        if location_id is None:
            await hand.bell.heard(rung, PRESS_AGAIN_S)
            continue
        await pace.spend(WALK_S)
        await pace.spend(TAKE_S)
        await hand.pick(location_id, mistakes)
