"""The supervisor: each part of the node runs as one task, and comes back alone when it breaks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

PAUSE_S_FIRST: Final = 0.1  # before the first restart; doubles with each crash
PAUSE_S_MAX: Final = 10.0
CALM_S: Final = 30.0  # a part that lived this long starts again at PAUSE_S_FIRST

_log = logging.getLogger("edge.tasks")


class Supervisor:
    """Runs parts until cancelled. A part that raises or returns is started anew after a growing pause."""

    def __init__(self, *, pause_s_first: float = PAUSE_S_FIRST, pause_s_max: float = PAUSE_S_MAX) -> None:
        self._pause_s_first, self._pause_s_max = pause_s_first, pause_s_max
        self._parts: list[tuple[str, Callable[[], Awaitable[None]]]] = []
        self.restarts: dict[str, int] = {}

    def add(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Have `run()` awaited as the part `name`, from `run` on."""
        self._parts.append((name, run))
        self.restarts[name] = 0

    async def run(self) -> None:
        """Run all parts until cancelled; then every part has been cancelled and has ended."""
        async with asyncio.TaskGroup() as group:
            for name, part in self._parts:
                group.create_task(self._keep_running(name, part), name=name)

    async def _keep_running(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        pause_s = self._pause_s_first
        loop = asyncio.get_running_loop()
        while True:
            began_s = loop.time()
            try:
                await part()
                _log.warning("part_ended part=%s", name)
            except Exception:  # noqa: BLE001 the one place where a bug is caught; that part starts anew
                _log.exception("part_crashed part=%s restart_in_s=%.1f", name, pause_s)
            if loop.time() - began_s > CALM_S:
                pause_s = self._pause_s_first
            self.restarts[name] += 1
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, self._pause_s_max)
