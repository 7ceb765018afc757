"""How a bench's lines get into the outbox, and what becomes of those that do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from edge.link.errors import OutboxBroken, OutboxFull
from edge.link.outbox import Outbox
from edge.log import get_log
from edge.packstation import events as ev
from wire.deeds import ParcelReleased

UNWRITTEN_MAX: Final = 100  # releases that wait for room in the outbox; there is at most one every few seconds
log = get_log("edge.station")


class Recorder:
    """A scan that cannot be written did not happen (`tell` says so); a release that cannot be is tried until it is."""

    def __init__(self, outbox: Outbox, tell: Callable[[ev.StorageFull], None]) -> None:
        self._outbox, self._tell = outbox, tell
        self._unwritten: dict[str, ev.Record] = {}

    async def write(self, record: ev.Record) -> bool:
        """True once it is on the disk."""
        try:
            await self._outbox.record(record.deed, record.intent)
        except OutboxFull as full:
            log.warning("storage_full", intent=record.intent, why=full)
            self._tell(ev.StorageFull(record.scan_id))
        except OutboxBroken as broken:
            log.warning("storage_broken", intent=record.intent, why=broken)  # perhaps written: the deadline decides
        else:
            self._unwritten.pop(record.intent, None)
            return True
        if isinstance(record.deed, ParcelReleased) and len(self._unwritten) < UNWRITTEN_MAX:
            self._unwritten[record.intent] = record
        return False

    async def try_again(self) -> None:
        """Releases that could not be written."""
        for record in tuple(self._unwritten.values()):
            await self.write(record)
