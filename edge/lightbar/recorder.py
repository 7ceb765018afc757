"""How a zone gets its deeds onto the disk: at once and answered, or as alarms, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from edge.clock import Clock
from edge.lightbar.deeds import alarm_deed
from edge.lightbar.state import ClearAlarm, RaiseAlarm
from edge.link.errors import OutboxBroken, OutboxError, OutboxFull
from edge.link.outbox import Outbox
from edge.log import get_log
from wire.deeds import AnyDeed

ALARMS_WAITING_MAX: Final = 256  # alarms not yet on the disk; more are only logged

_log = get_log("edge.zone")


class Recorder:
    """Puts deeds of the zone of `node` into `outbox`."""

    def __init__(self, node: str, outbox: Outbox, clock: Clock) -> None:
        self._node, self._outbox, self._clock = node, outbox, clock
        self._alarms: asyncio.Queue[RaiseAlarm | ClearAlarm] = asyncio.Queue(ALARMS_WAITING_MAX)
        self._number = 0

    async def keep(self, deed: AnyDeed, intent: str, *, done_picks: Sequence[str] = ()) -> str:
        """ "" once the deed is on the disk; else why it is not: "storage_full" or "storage_broken"."""
        kept = await self.keep_line(deed, intent, done_picks=done_picks)
        return kept if isinstance(kept, str) else ""

    async def keep_line(self, deed: AnyDeed, intent: str, *, done_picks: Sequence[str] = ()) -> int | str:
        """The number of the deed's line in the journal, or why there is none."""
        try:
            return await self._outbox.record(deed, intent, done_picks=done_picks)
        except OutboxFull as error:
            _log.error("not_recorded", intent=intent, why=error)
            return "storage_full"
        except OutboxBroken as error:
            _log.error("not_recorded", intent=intent, why=error)
            return "storage_broken"

    def tell(self, alarm: RaiseAlarm | ClearAlarm) -> None:
        """Have it recorded when its turn comes; never blocks."""
        _log.warning(type(alarm).__name__, alarm=alarm.alarm, subject=alarm.subject)
        if not self._alarms.full():
            self._alarms.put_nowait(alarm)

    async def record_alarms(self) -> None:
        """Record what was told, until cancelled."""
        while True:
            alarm = await self._alarms.get()
            self._number += 1
            when = f"{self._clock.boot_id[:8]}:{self._clock.mono_ns():x}{self._number % 16:x}"
            try:
                await self._outbox.record(alarm_deed(alarm), f"alarm:{self._node}:{when}"[:64])
            except OutboxError as error:
                _log.error("alarm_not_recorded", alarm=alarm.alarm, subject=alarm.subject, why=error)
