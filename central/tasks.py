"""The supervisor of central's tasks: one that dies is logged and started again with back-off."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

log = logging.getLogger("central.tasks")

WAIT_S_FIRST: Final = 0.2
WAIT_S_MAX: Final = 30.0
STEADY_S: Final = 60.0  # a task that ran this long starts over with the first wait

Work = Callable[[], Awaitable[None]]


def next_wait_s(wait_s: float, ran_s: float) -> float:
    """The pause before the next start, doubled after each quick death."""
    return WAIT_S_FIRST if ran_s >= STEADY_S else min(wait_s * 2, WAIT_S_MAX)


async def keep_running(name: str, work: Work) -> None:
    """Run `work` for ever: whatever ends it, it starts again. Only cancelling stops it."""
    wait_s = WAIT_S_FIRST / 2
    while True:
        began_s = time.monotonic()
        try:
            await work()
            log.error("task ended task=%s", name)
        except Exception:
            log.exception("task failed task=%s", name)
        wait_s = next_wait_s(wait_s, time.monotonic() - began_s)
        await asyncio.sleep(wait_s)


async def keep_all(works: Mapping[str, Work], stop: asyncio.Event) -> None:
    """Keep every one of `works` running until `stop` is set; then cancel them all and wait for them."""
    tasks = [asyncio.create_task(keep_running(name, work), name=name) for name, work in works.items()]
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def told_to_stop() -> Iterator[asyncio.Event]:
    """An event that SIGTERM and Ctrl-C set, as long as the block runs."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
