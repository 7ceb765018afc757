"""A wire between client and broker that can be cut in mid-packet or go deaf without a word."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from wire.mqtt import BrokerAddress

CHUNK = 4096


class Proxy:
    """Forwards to `target`. `cut_after`: bytes toward the broker after which the next connection is cut, once."""

    def __init__(self, target: BrokerAddress) -> None:
        self.deaf = False
        self.cut_after: list[int] = []
        self.connections = 0
        self._target = target
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> BrokerAddress:
        return BrokerAddress("127.0.0.1", self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        budget = self.cut_after.pop(0) if self.cut_after else -1
        writers = [writer]
        copies: list[asyncio.Task[None]] = []
        try:
            up_reader, up_writer = await asyncio.open_connection(self._target.host, self._target.port)
            writers.append(up_writer)
            both = (self._copy(reader, up_writer, budget), self._copy(up_reader, writer, -1))
            copies += [asyncio.create_task(copy) for copy in both]
            await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for copy_task in copies:
                copy_task.cancel()
            await asyncio.gather(*copies, return_exceptions=True)
            for one in writers:
                one.transport.abort()
            self._tasks.discard(task)

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, budget: int) -> None:
        """Until either end is gone or `budget` bytes went through (-1: no end)."""
        with contextlib.suppress(OSError):
            while data := await source.read(CHUNK):
                if self.deaf:
                    continue
                sink.write(data if budget < 0 else data[:budget])
                await sink.drain()
                budget = budget if budget < 0 else max(0, budget - len(data))
                if budget == 0:
                    return
