"""A label printer on raw TCP, usually port 9100. Where it answers ~HS, paper and head are known."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from edge.drivers.bench_ports import DeviceState, PrintLanguage, PrintOutcome
from edge.drivers.device_watch import PRESENT
from edge.drivers.zpl_status import ANSWER_BYTES_MAX, ASK, DROP_ALL, ZplStatus, read_status

CONNECT_S: Final = 2.0
STATUS_S: Final = 1.5  # a printer that does not answer by then does not
STATUS_EVERY_S: Final = 0.2
AGREE: Final = 2  # the first "nothing waits" may be older than our label
PART_BYTES: Final = 65_536


class PrinterLost(Exception):
    """The connection to the printer ended."""


@dataclass(frozen=True)
class TcpPrinter:
    """`asks_status`: the printer answers ~HS. `print_s`: how long a label may take, sent and printed."""

    host: str
    port: int = 9100
    asks_status: bool = True
    print_s: float = 15.0

    async def look(self) -> DeviceState:
        """Is it there, and ready?"""
        try:
            async with self._connection() as line:
                status = await line.status() if self.asks_status else None
        except (OSError, PrinterLost, TimeoutError) as error:
            return DeviceState("absent", str(error) or "no answer")
        if not self.asks_status:
            return PRESENT
        if status is None:
            return DeviceState("refused", "no answer to ~HS: look at paper, ribbon and head")
        return DeviceState("refused", status.trouble) if status.trouble else PRESENT

    async def print(self, label: bytes, language: PrintLanguage, _name: str) -> PrintOutcome:
        """See bench_ports.LabelPrinter."""
        sent = False
        try:
            async with self._connection() as line:
                if language == "zpl" and self.asks_status and (no := _not_ready(await line.status())):
                    return no
                sent = True
                return await self._send(line, label, language)
        except (OSError, PrinterLost, TimeoutError) as error:
            detail = str(error) or "it took too long"
            return PrintOutcome("unknown", "lost", detail) if sent else PrintOutcome("failed", "absent", detail)

    async def _send(self, line: _Line, label: bytes, language: PrintLanguage) -> PrintOutcome:
        async with asyncio.timeout(self.print_s):
            await line.send(label)
            if language == "zpl" and self.asks_status:
                return await _printed(line)
            await line.finish()
        return PrintOutcome("accepted")

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[_Line]:
        async with asyncio.timeout(CONNECT_S):
            reader, writer = await asyncio.open_connection(self.host, self.port, limit=PART_BYTES)
        try:
            yield _Line(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_S):
                    await writer.wait_closed()


class _Line:
    """One connection to the printer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, data: bytes) -> None:
        for place in range(0, len(data), PART_BYTES):
            self._writer.write(data[place : place + PART_BYTES])
            await self._writer.drain()

    async def status(self) -> ZplStatus | None:
        """Ask, and read its answer. None: it does not answer. Raises PrinterLost, OSError."""
        self._writer.write(ASK)
        try:
            async with asyncio.timeout(STATUS_S):
                return await self._status()
        except TimeoutError:
            return None

    async def _status(self) -> ZplStatus:
        answer = b""
        while (status := read_status(answer)) is None:
            part = await self._reader.read(ANSWER_BYTES_MAX)
            if not part:
                raise PrinterLost("it closed the connection")
            answer = (answer + part)[-ANSWER_BYTES_MAX:]
        return status

    async def finish(self) -> None:
        """Nothing more comes; wait until the printer has read all and closes, or is silent."""
        self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STATUS_S):
                while await self._reader.read(ANSWER_BYTES_MAX):
                    pass


def _not_ready(status: ZplStatus | None) -> PrintOutcome | None:
    if status is None:
        return PrintOutcome("failed", "no_word", "no answer to ~HS: look at paper, ribbon and head")
    return PrintOutcome("failed", status.trouble) if status.trouble else None


async def _printed(line: _Line) -> PrintOutcome:
    """Watch it until the label is out. What could not be printed now must not come out later, unasked."""
    agreeing = 0
    while agreeing < AGREE:
        status = await line.status()
        if status is None:
            return PrintOutcome("unknown", "no_word", "it answered before and not after: paper, ribbon or head?")
        if status.waiting and status.trouble:
            await line.send(DROP_ALL)
            return PrintOutcome("unknown", status.trouble)
        agreeing = 0 if status.waiting else agreeing + 1
        await asyncio.sleep(STATUS_EVERY_S if status.waiting else 0)
    return PrintOutcome("accepted", confirmed=True)
