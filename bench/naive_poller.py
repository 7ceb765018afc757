"""The reference: pymodbus' asyncio client asking one module after the other, with the legal silence added."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pymodbus import ModbusException
from pymodbus.client import AsyncModbusSerialClient

COUNTERS: Final = 2
REPLY_S_MAX: Final = 0.2
SEEN_S_MAX: Final = 20.0


@dataclass
class NaivePoller:
    """Reads `units` in turn for ever, `gap_s` after each reply. `asked` counts, `seen` tells when a counter moved."""

    port: Path
    baud: int
    units: Sequence[int]
    gap_s: float
    asked: int = 0
    seen: dict[int, float] = field(default_factory=dict)
    last: dict[int, list[int]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False

    @asynccontextmanager
    async def polling(self) -> AsyncIterator[None]:
        """At work inside."""
        client = AsyncModbusSerialClient(str(self.port), baudrate=self.baud, timeout=REPLY_S_MAX, retries=1)
        await client.connect()
        task = asyncio.create_task(self._poll(client))
        try:
            yield
        finally:
            self._stopping = True  # this client answers a cancellation with an error of its own
            await task
            self._stopping = False
            client.close()

    async def _poll(self, client: AsyncModbusSerialClient) -> None:
        turns = itertools.cycle(self.units)
        while not self._stopping:
            unit = next(turns)
            await asyncio.sleep(self.gap_s)
            with contextlib.suppress(ModbusException):
                reply = await client.read_holding_registers(0, count=COUNTERS, device_id=unit)
                if not reply.isError():
                    self._heard(unit, list(reply.registers))

    def _heard(self, unit: int, counters: list[int]) -> None:
        self.asked += 1
        if counters != self.last.setdefault(unit, counters):
            self.last[unit] = counters
            self.seen[unit] = time.monotonic()
        self._news.set()

    async def knows_all(self) -> None:
        """Wait until every counter was read once, so that it can be seen to move. Raises TimeoutError."""
        async with asyncio.timeout(SEEN_S_MAX):
            while len(self.last) < len(self.units):
                self._news.clear()
                await self._news.wait()

    async def saw(self, unit: int) -> float:
        """When a counter of `unit` moved (seconds, time.monotonic); waits for it. Raises TimeoutError."""
        async with asyncio.timeout(SEEN_S_MAX):
            while unit not in self.seen:
                self._news.clear()
                await self._news.wait()
        return self.seen[unit]
