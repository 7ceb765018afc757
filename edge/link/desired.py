"""Keeps the desired state: on disk before it is used, the newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from edge.link.errors import OutboxBroken
from edge.link.outbox import Outbox
from wire.downlink import Desired

AGAIN_S: Final = 1.0  # between attempts while the disk fails


class DesiredKeeper:
    """`on_desired` is called with each document that is not older than the one kept, once it is on disk."""

    def __init__(
        self,
        outbox: Outbox,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        on_desired: Callable[[Desired], None],
    ) -> None:
        self._outbox, self._spawn, self._on_desired = outbox, spawn, on_desired
        self._newest: Desired | None = None
        self._acks: list[Callable[[], None]] = []
        self._busy = False

    def heard(self, desired: Desired, ack: Callable[[], None]) -> None:
        """Central wants `desired`; `ack` is called once it is kept or known to be old."""
        self._acks.append(ack)
        if self._newest is None or desired.version >= self._newest.version:
            self._newest = desired
        if not self._busy:
            self._busy = True
            self._spawn(self._keep_all())

    async def _keep_all(self) -> None:
        try:
            while self._newest is not None:
                desired, acks = self._newest, self._acks
                self._newest, self._acks = None, []
                if await self._is_kept(desired):
                    self._on_desired(desired)
                for ack in acks:
                    ack()
        finally:
            self._busy = False

    async def _is_kept(self, desired: Desired) -> bool:
        """Store it if it is newer; False if it is old news."""
        while True:
            kept = self._outbox.stored_desired()
            if kept is not None and desired.version <= kept.version:
                return desired.version == kept.version
            try:
                await self._outbox.keep_desired(desired)
            except OutboxBroken:
                await asyncio.sleep(AGAIN_S)  # not used before it is on disk; the outbox opens its store again
            else:
                return True
