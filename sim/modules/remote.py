"""A hand at simulated modules in another process: presses buttons, breaks things, sees faces."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.modules.bank import Showing

LINE_BYTES_MAX: Final = 4 * 1024 * 1024  # the faces of a whole zone in one line
REPLY_S_MAX: Final = 10.0


OnFace = Callable[[str, str, int], None]  # location, colour ("off": dark), pieces


class RemoteRefused(Exception):
    """The modules said no, or went away; the text says why."""


@dataclass(frozen=True, eq=False)
class _Waiter:
    location: str
    wanted: Callable[[Showing], bool]
    seen: asyncio.Future[Showing]


class ModulesRemote:
    """One connection to a control socket. `showing` is what each module shows, by location."""

    def __init__(self, socket_path: Path) -> None:
        self._path = socket_path
        self._writer: asyncio.StreamWriter | None = None
        self._replies: asyncio.Queue[dict[str, object]] = asyncio.Queue()  # one per request: requests wait for theirs
        self._turn = asyncio.Lock()
        self._waiters: list[_Waiter] = []
        self._listening: asyncio.Task[None] | None = None
        self.showing: dict[str, Showing] = {}
        self.on_face: OnFace = lambda _location, _colour, _pieces: None

    async def connect(self, on_face: OnFace | None = None, wait_s_max: float = 10.0) -> None:
        """Connect as soon as the socket is there; `on_face` is told what is lit now, then each change.

        Raises TimeoutError.
        """
        self.on_face = on_face or self.on_face
        async with asyncio.timeout(wait_s_max):
            reader, self._writer = await self._open()
        self._listening = asyncio.create_task(self._listen(reader))
        faces = (await self.ask({"faces": True}))["faces"]
        for face in faces if isinstance(faces, list) else []:
            if face["location"] not in self.showing:
                self._see(Showing(**face))

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            try:
                return await asyncio.open_unix_connection(str(self._path), limit=LINE_BYTES_MAX)
            except OSError:
                await asyncio.sleep(0.05)

    async def ask(self, message: dict[str, object]) -> dict[str, object]:
        """Any request of sim.modules.control; its reply. Raises RemoteRefused, TimeoutError."""
        if self._writer is None or self._writer.is_closing():
            raise RemoteRefused(f"{message}: not connected to {self._path}")
        async with self._turn:
            self._writer.write(json.dumps(message).encode() + b"\n")
            async with asyncio.timeout(REPLY_S_MAX):
                reply = await self._replies.get()
        if not reply.get("ok"):
            raise RemoteRefused(f"{message}: {reply.get('why')}")
        return reply

    async def press(self, location: str) -> int:
        """Press the button; returns when (CLOCK_MONOTONIC, nanoseconds)."""
        return int(str((await self.ask({"press": location}))["at_ns"]))

    async def hold(self, location: str) -> int:
        """Press it long; returns when."""
        return int(str((await self.ask({"hold": location}))["at_ns"]))

    async def stats(self) -> dict[str, dict[str, int]]:
        """What each line counted: requests, gap_broken, collisions."""
        buses = (await self.ask({"stats": True}))["buses"]
        return buses if isinstance(buses, dict) else {}

    async def wait_showing(self, location: str, wanted: Callable[[Showing], bool], wait_s_max: float = 10.0) -> Showing:
        """What `location` shows, as soon as `wanted` says yes to it, however briefly. Raises TimeoutError."""
        now = self.showing.get(location)
        if now is not None and wanted(now):
            return now
        waiter = _Waiter(location, wanted, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(wait_s_max):
                return await waiter.seen
        finally:
            self._waiters.remove(waiter)

    async def wait_lit(self, location: str, wait_s_max: float = 10.0) -> Showing:
        """What `location` shows, as soon as its lamp is on. Raises TimeoutError."""
        return await self.wait_showing(location, lambda face: face.colour != "off", wait_s_max)

    async def wait_dark(self, location: str, wait_s_max: float = 10.0) -> Showing:
        """What `location` shows, as soon as its lamp is off. Raises TimeoutError."""
        return await self.wait_showing(location, lambda face: face.colour == "off", wait_s_max)

    async def unplug(self, location: str) -> None:
        """Pull the plug of the unit that carries `location`."""
        await self.ask({"unplug": location})

    async def plug(self, location: str) -> None:
        """Put it back; it starts dark."""
        await self.ask({"plug": location})

    async def garble(self, count: int, bus: str = "") -> None:
        """Flip a bit in each of the next `count` replies of `bus` (all buses when "")."""
        await self.ask({"garble": count, "bus": bus})

    async def aclose(self) -> None:
        """Hang up. Twice is harmless."""
        if self._writer is not None:
            self._writer.close()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                message = json.loads(line)
                if isinstance(message.get("face"), dict):
                    self._see(Showing(**message["face"]))
                else:
                    self._replies.put_nowait(message)
        finally:
            self._replies.put_nowait({"ok": False, "why": "the modules went away"})
            if self._writer is not None:
                self._writer.close()

    def _see(self, showing: Showing) -> None:
        was_seen = showing.location in self.showing
        self.showing[showing.location] = showing
        for waiter in self._waiters:
            if waiter.location == showing.location and not waiter.seen.done() and waiter.wanted(showing):
                waiter.seen.set_result(showing)
        if was_seen or showing.colour != "off":
            self.on_face(showing.location, showing.colour, showing.pieces)
