"""Hears the verdicts that central sends to a bench."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from wire.codec import decode_down
from wire.downlink import Ack
from wire.mqtt import Incoming

VERDICT_S_MAX: Final = 5.0


class Verdicts:
    """Hears the answers central gives to the bench."""

    def __init__(self) -> None:
        self.heard_s = 0.0
        self._bell = asyncio.Event()

    def hear(self, incoming: Incoming) -> None:
        """An acknowledgement with an answer counts."""
        heard_s = time.perf_counter()
        message = decode_down(incoming.payload)
        if isinstance(message, Ack) and message.answers:
            self.heard_s = heard_s
            self._bell.set()

    async def after(self, moment_s: float) -> float:
        """When the first verdict after `moment_s` came. Raises TimeoutError."""
        async with asyncio.timeout(VERDICT_S_MAX):
            while self.heard_s < moment_s:
                self._bell.clear()
                await self._bell.wait()
        return self.heard_s
