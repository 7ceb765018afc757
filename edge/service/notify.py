"""Telling systemd how the node is: ready, alive, stopping. Without systemd nothing is said.

Alive means that every owner of a wire shows progress and the event loop runs; one hung owner and the feeding ends.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable, Mapping
from typing import Final

from edge.log import get_log

SILENCE_S_MAX: Final = 10.0  # the longest an owner may be busy with one thing: opening a dead gateway takes 2 s
FEED_S: Final = 5.0  # when the unit names no watchdog time

_log = get_log("edge.watchdog")


def notify(message: str) -> bool:
    """Send `message` to the service manager; False when there is none."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to_systemd:
        try:
            to_systemd.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)
        except OSError as error:
            _log.warning("notify_failed", why=error)
            return False
    return True


def feed_every_s(watchdog_usec: str) -> float:
    """A third of the time systemd allows, from the text of WATCHDOG_USEC."""
    return int(watchdog_usec) / 3e6 if watchdog_usec.isdigit() and int(watchdog_usec) else FEED_S


def late_owners(progress_ns: Mapping[str, int], now_ns: int, silence_s_max: float = SILENCE_S_MAX) -> list[str]:
    """Owners whose last sign of life (CLOCK_MONOTONIC) is too old."""
    return [owner for owner, at_ns in progress_ns.items() if now_ns - at_ns > silence_s_max * 1e9]


async def feed_watchdog(progress_ns: Callable[[], Mapping[str, int]], silence_s_max: float = SILENCE_S_MAX) -> None:
    """Feed systemd's watchdog for as long as no owner is silent for longer than `silence_s_max`. Runs forever."""
    every_s = feed_every_s(os.environ.get("WATCHDOG_USEC", ""))
    was_late: list[str] = []
    while True:
        late = late_owners(progress_ns(), time.monotonic_ns(), silence_s_max)
        if not late:
            notify("WATCHDOG=1")
        elif late != was_late:
            _log.error("owners_hang", owners=",".join(late))
        was_late = late
        await asyncio.sleep(every_s)
