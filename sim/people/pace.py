"""How long a person takes: seeded, human, and scaled; or no time at all."""

from __future__ import annotations

import asyncio
import math
import random

SPREAD = 0.25  # sigma of the log-normal: most actions lie within ±25 % of the usual time
PAUSE_S_MAX = 30.0


class Pace:
    """`speed` 1 is a practised person, 10 ten times as fast, 0 takes no pauses at all."""

    def __init__(self, speed: float, seed: int) -> None:
        self.speed = speed
        self._dice = random.Random(seed)

    async def spend(self, usual_s: float) -> None:
        """Pass the time an action of `usual_s` seconds takes this person now."""
        await asyncio.sleep(self.time_s(usual_s))

    def time_s(self, usual_s: float) -> float:
        """The seconds `spend` will take."""
        if self.speed <= 0:
            return 0.0
        return min(usual_s / self.speed * math.exp(self._dice.gauss(0, SPREAD)), PAUSE_S_MAX)
