"""One look at the scale for a box: its weight, or why there is none yet."""

from __future__ import annotations

import asyncio
import secrets
from typing import Final

from edge.drivers.bench_ports import NotWeighed, Scale
from edge.packstation.events import BoxNotWeighed, BoxWeighed

EMPTY_G_MAX: Final = 5.0  # below this nothing lies on it
AGAIN_S: Final = 0.3  # between two looks


async def weigh_box(scale: Scale | None, verification: str) -> BoxWeighed | BoxNotWeighed:
    """Ask the scale once. After a refusal it takes a moment, so that asking again for ever costs next to nothing."""
    said = await scale.stable_grams() if scale is not None else NotWeighed("absent")
    if isinstance(said, NotWeighed):
        await asyncio.sleep(AGAIN_S)
        return BoxNotWeighed(said.why, verification)
    if said.grams < EMPTY_G_MAX:
        await asyncio.sleep(AGAIN_S)
        return BoxNotWeighed("empty", verification)
    return BoxWeighed(secrets.token_hex(10), round(said.grams), verification)
