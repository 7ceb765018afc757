"""A scale on a serial port: keeps it open, asks in its dialect, takes only what came after the question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import serial

from edge.drivers.bench_ports import DeviceState, NotWeighed, OnDevice, Weighed
from edge.drivers.device_watch import PRESENT, DeviceWatch
from edge.drivers.open_file import Opened, OpenFile
from edge.drivers.scale_dialect import REPLY_BYTES_MAX, Dialect, ScaleUnit
from edge.drivers.scale_nci import NCI
from edge.drivers.scale_sics import SICS
from edge.drivers.scale_toledo import TOLEDO
from edge.drivers.serial_frame import Parity, framed, unframed
from edge.drivers.weighing import REPLY_S, SETTLE_S, Weighing

DIALECTS: Final = {"sics": SICS, "toledo": TOLEDO, "nci": NCI}
REPLIES_MAX: Final = 16  # one is asked for; a scale may say something of its own first
CURE: Final = "Add this user to the group dialout"
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class ScaleSettings:
    """`port` is a device path; `unit` is what replies without a unit mean; `settle_s` how long a weighing may take."""

    port: str
    dialect: Dialect
    baud: int = 9600
    parity: Parity = "none"
    unit: ScaleUnit = "kg"
    settle_s: float = SETTLE_S


class SerialScale:
    """Implements bench_ports.Scale. A scale that does not answer is told to be absent though its port is there."""

    def __init__(self, settings: ScaleSettings, on_device: OnDevice) -> None:
        self._settings = settings
        self._watch = DeviceWatch("scale", on_device)
        self._file = OpenFile(self._open, self._came, self._watch, CURE)
        self._weighing = Weighing(self._ask_once, settings.settle_s)
        self._held = bytearray()
        self._replies: asyncio.Queue[bytes] | None = None

    def start(self) -> None:
        """Open and keep reopening."""
        self._file.start()

    async def stable_grams(self) -> Weighed | NotWeighed:
        """See bench_ports.Scale."""
        return await self._weighing.result()

    async def zero(self) -> NotWeighed | None:
        """See bench_ports.Scale."""
        dialect = self._settings.dialect
        answer = await self._exchange(dialect.zero, dialect.read_zero, REPLY_S)
        return answer if isinstance(answer, NotWeighed) else None

    async def aclose(self) -> None:
        """Let go of it. Twice is harmless."""
        self._file.stop()
        await self._weighing.aclose()

    def _open(self) -> Opened:
        port = serial.Serial(self._settings.port, self._settings.baud, timeout=0, exclusive=True)
        return Opened(port.fileno(), port.close)

    async def _ask_once(self, wait_s: float) -> Weighed | NotWeighed:
        dialect, unit = self._settings.dialect, self._settings.unit
        # A scale that says so by itself when it is at rest may take all the time there is.
        waits_s = wait_s if dialect.cancel else min(wait_s, REPLY_S)
        answer = await self._exchange(dialect.ask, lambda reply: dialect.read(reply, unit), waits_s)
        if isinstance(answer, NotWeighed) and answer.why == "no_answer" and dialect.cancel:
            self._file.write(framed(dialect.cancel, self._settings.parity))
        return answer

    async def _exchange(
        self, question: bytes, read: Callable[[bytes], Answer | NotWeighed | None], wait_s: float
    ) -> Answer | NotWeighed:
        """Ask, and wait for the reply that `read` can make something of."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + wait_s
        self._file.drain()
        self._held.clear()
        if not self._file.write(framed(question, self._settings.parity)):
            return NotWeighed("absent", self._watch.state.why if self._watch.state else "")
        self._replies = asyncio.Queue(REPLIES_MAX)
        try:
            async with asyncio.timeout_at(until_s):
                return await self._answer(self._replies, read)
        except TimeoutError:
            return self._unanswered()
        finally:
            self._replies = None

    async def _answer(
        self, replies: asyncio.Queue[bytes], read: Callable[[bytes], Answer | NotWeighed | None]
    ) -> Answer | NotWeighed:
        while True:
            bare = unframed(await replies.get(), self._settings.parity)
            self._watch.tell(PRESENT)
            if bare is None:
                return NotWeighed("garbled", "wrong parity")
            if (answer := read(bare)) is not None:
                return answer

    def _unanswered(self) -> NotWeighed:
        if not self._file.is_open:
            return NotWeighed("absent", self._watch.state.why if self._watch.state else "")
        self._watch.tell(DeviceState("absent", "it does not answer. Check cable, power, speed and protocol"))
        return NotWeighed("no_answer")

    def _came(self, chunk: bytes) -> None:
        """Gather replies; what nobody asked for is dropped."""
        if self._replies is None:
            return
        self._held += chunk
        end = framed(self._settings.dialect.end, self._settings.parity)
        while (place := self._held.find(end)) >= 0:
            if not self._replies.full():
                self._replies.put_nowait(bytes(self._held[:place]))
            del self._held[: place + len(end)]
        del self._held[:-REPLY_BYTES_MAX]
