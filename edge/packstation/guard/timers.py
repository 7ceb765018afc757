"""Named deadlines on the loop: arming one anew replaces it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Timers:
    """Each name has one deadline at most."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._armed: dict[str, asyncio.TimerHandle] = {}

    def arm(self, name: str, wait_ms: int, then: Callable[[], None]) -> None:
        """Call `then` in `wait_ms`, unless disarmed."""
        self.disarm(name)
        self._armed[name] = self._loop.call_later(wait_ms / 1000, then)

    def disarm(self, *names: str) -> None:
        """Forget these, if they are armed or have been."""
        for name in names:
            armed = self._armed.pop(name, None)
            if armed is not None:
                armed.cancel()

    def disarm_all(self) -> None:
        """Forget everything."""
        self.disarm(*self._armed)

    def __contains__(self, name: str) -> bool:
        """Whether `name` was armed and not disarmed since, even if its time has come."""
        return name in self._armed
