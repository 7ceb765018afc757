"""The simulated label printer itself: a port, a queue, paper, a head, and what came out."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sim.label_printer.canvas import Canvas
from sim.label_printer.zpl import render

READ_BYTES: Final = 65_536
HELD_MAX: Final = 4_000_000
QUEUE_MAX: Final = 100
IDLE_S: Final = 0.01
DOTS_PER_INCH: Final = 203


@dataclass
class PrinterState:
    """Faults may be set at any time. `mute_in_trouble`: as many printers do, it then answers nothing."""

    paper_out: bool = False
    head_open: bool = False
    ribbon_out: bool = False
    paused: bool = False
    knows_status: bool = True
    mute_in_trouble: bool = False
    print_s: float = 0.05
    hang_up_after_bytes: int = 0  # 0: never
    labels_left: int = -1  # on the roll; -1: many
    waiting: list[bytes] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        """It cannot print now."""
        return self.paper_out or self.head_open or self.ribbon_out or self.paused


class LabelPrinterSim:
    """Prints into `folder`, one picture a label. `start` before use; `port` is known then."""

    def __init__(self, folder: Path) -> None:
        self.state = PrinterState()
        self.pictures: list[Path] = []
        self.port = 0
        self._folder = folder
        self._server: asyncio.Server | None = None
        self._printing: asyncio.Task[None] | None = None
        self._talking: set[asyncio.StreamWriter] = set()

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; a `port` of before may be given again."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, limit=READ_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]
        self._printing = asyncio.get_running_loop().create_task(self._print_forever())

    async def aclose(self) -> None:
        """Switched off: connections end, what waits is forgotten."""
        if self._server is not None:
            self._server.close()
            for writer in tuple(self._talking):
                writer.transport.abort()
            await self._server.wait_closed()
        if self._printing is not None:
            self._printing.cancel()
            await asyncio.wait([self._printing])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._talking.add(writer)
        try:
            with contextlib.suppress(ConnectionError):
                await self._listen(reader, writer)
        finally:
            self._talking.discard(writer)
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held, came = b"", 0
        while part := await reader.read(READ_BYTES):
            came += len(part)
            if 0 < self.state.hang_up_after_bytes < came:
                _cut(writer)
                return
            held = self._take((held + part)[-HELD_MAX:], writer)
        if b"%PDF-" in held:
            self._queue(held)

    def _take(self, held: bytes, writer: asyncio.StreamWriter) -> bytes:
        """Obey what is whole; what is not is kept. Commands with a tilde count at once, wherever they stand."""
        if b"%PDF-" in held:
            return held
        while b"~HS" in held:
            held = held.replace(b"~HS", b"", 1)
            if self.state.knows_status and not (self.state.mute_in_trouble and self.state.stopped):
                writer.write(self._status(partial=b"^XA" in held and b"^XZ" not in held))
        if b"~JA" in held:
            held = b""
            self.state.waiting.clear()
        while (begin := held.find(b"^XA")) >= 0 and (end := held.find(b"^XZ", begin)) >= 0:
            self._queue(held[begin : end + 3])
            held = held[end + 3 :]
        return held

    def _queue(self, label: bytes) -> None:
        if len(self.state.waiting) < QUEUE_MAX:
            self.state.waiting.append(label)

    def _status(self, *, partial: bool) -> bytes:
        state = self.state
        first = f"030,{state.paper_out:d},{state.paused:d},1218,{len(state.waiting):03d},0,0,{partial:d},000,0,0,0"
        second = f"000,0,{state.head_open:d},{state.ribbon_out:d},0,2,4,0,00000000,1,000"
        return b"".join(b"\x02" + line.encode() + b"\x03\r\n" for line in (first, second, "1234,0"))

    async def _print_forever(self) -> None:
        while True:
            await asyncio.sleep(IDLE_S)
            if self.state.waiting and not self.state.stopped:
                await self._print_next(self.state.waiting[0])

    async def _print_next(self, label: bytes) -> None:
        if self.state.labels_left == 0:
            self.state.paper_out = True
            return
        await asyncio.sleep(self.state.print_s)
        if self.state.waiting[:1] == [label]:  # it was not dropped meanwhile
            self.state.labels_left -= self.state.labels_left > 0
            await self._print(label)
            del self.state.waiting[:1]

    async def _print(self, label: bytes) -> None:
        picture = self._folder / f"label-{len(self.pictures) + 1:04d}.png"
        if b"%PDF-" in label:
            await _print_pdf(label, picture)
            self.pictures.append(picture)
            return
        try:
            printed = render(label.decode("utf-8", "replace"))
        except ValueError:
            return  # a printer ignores a format it cannot read
        for _ in range(printed.copies):
            picture = self._folder / f"label-{len(self.pictures) + 1:04d}.png"
            printed.canvas.save(picture)
            self.pictures.append(picture)


async def _print_pdf(document: bytes, picture: Path) -> None:
    """The first page, drawn by pdftoppm (of poppler-utils) as a PGM: `P5`, wide, high, 255, dots."""
    process = await asyncio.create_subprocess_exec(
        *("pdftoppm", "-gray", "-r", str(DOTS_PER_INCH), "-f", "1", "-singlefile", "-"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    out, _ = await process.communicate(document)
    _, wide, high, _, dots = out.split(maxsplit=4)
    canvas = Canvas(int(wide), int(high))
    canvas.dots[:] = dots[-canvas.wide * canvas.high :]
    canvas.save(picture)


def _cut(writer: asyncio.StreamWriter) -> None:
    """As a pulled plug looks from the other end: reset, not a farewell."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
