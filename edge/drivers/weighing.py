"""One weighing at a time: ask, wait, ask again while it moves, and give up in time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from edge.drivers.bench_ports import NotWeighed, Weighed

SETTLE_S: Final = 4.0  # a parcel put down by hand is at rest well before
REPLY_S: Final = 0.6  # 24 characters at 1200 baud take 0.2 s
AGAIN_S: Final = 0.1
WORTH_ASKING_AGAIN: Final = frozenset({"moving", "no_answer", "garbled"})


class Weighing:
    """Shares one weighing among all who ask while it goes on. `ask_once(wait_s)` is one question to the scale."""

    def __init__(self, ask_once: Callable[[float], Awaitable[Weighed | NotWeighed]], settle_s: float) -> None:
        self._ask_once, self._settle_s = ask_once, settle_s
        self._task: asyncio.Task[Weighed | NotWeighed] | None = None

    async def result(self) -> Weighed | NotWeighed:
        """A stable weight asked for now, or why there is none after `settle_s`."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._weigh())
        task = self._task
        await asyncio.wait([task])  # whoever stops waiting does not stop the others' weighing
        return NotWeighed("absent", "closed") if task.cancelled() else task.result()

    async def aclose(self) -> None:
        """Stop weighing; who waits is told that the scale is absent."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _weigh(self) -> Weighed | NotWeighed:
        until_s = asyncio.get_running_loop().time() + self._settle_s
        while True:
            left_s = until_s - asyncio.get_running_loop().time()
            answer = await self._ask_once(max(left_s, AGAIN_S))
            if isinstance(answer, Weighed) or answer.why not in WORTH_ASKING_AGAIN:
                return answer
            if asyncio.get_running_loop().time() + AGAIN_S >= until_s:
                return answer
            await asyncio.sleep(AGAIN_S)
