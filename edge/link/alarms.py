"""The link's and the outbox's own troubles, told to central through the journal when they begin and when they end."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from edge.clock import Clock
from edge.link.errors import OutboxError
from edge.link.outbox import Outbox
from wire.deeds import AlarmCleared, AlarmRaised

Spawn = Callable[[Coroutine[Any, Any, None]], None]


class AlarmBook:
    """Compares what is wrong with what was told."""

    def __init__(self, outbox: Outbox, node: str, clock: Clock) -> None:
        self._outbox = outbox
        self._noted: dict[str, str] = {}
        self._told: set[str] = set()
        self._intents = f"alarm:{node}:{clock.boot_id[:8]}:{outbox.standing.starts}"
        self._number = 0

    def note(self, alarm: str, detail: str) -> None:
        """Something that stays wrong until the node starts again."""
        self._noted.setdefault(alarm, detail)

    def update(self, spawn: Spawn) -> None:
        """Have every difference recorded."""
        wrong = self._outbox.alarms | self._noted
        for alarm in wrong.keys() - self._told:
            self._told.add(alarm)
            spawn(self._tell(AlarmRaised(alarm=alarm, detail=wrong[alarm][:200])))
        for alarm in self._told - wrong.keys():
            self._told.discard(alarm)
            spawn(self._tell(AlarmCleared(alarm=alarm)))

    async def _tell(self, deed: AlarmRaised | AlarmCleared) -> None:
        self._number += 1
        try:
            await self._outbox.record(deed, f"{self._intents}:{self._number}")
        except OutboxError:
            if isinstance(deed, AlarmRaised):
                self._told.discard(deed.alarm)  # tried again with the next update
