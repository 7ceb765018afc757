"""A hand at simulated modules in another process: presses buttons, breaks things, sees faces."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sim.modules.bank import Showing

LINE_BYTES_MAX: Final = 4 * 1024 * 1024  # the faces of a whole zone in one line
REPLY_S_MAX: Final = 10.0


class RemoteRefused(Exception):
    """The modules said no, or went away; the text says why."""


class ModulesRemote:
    """One connection to a control socket. `showing` is what each module shows, by location."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._replies: asyncio.Queue[dict[str, object]] = asyncio.Queue()  # one per request: requests wait for theirs
        self._turn = asyncio.Lock()
        self._changed = asyncio.Condition()
        self.showing: dict[str, Showing] = {}
        self.on_showing: Callable[[Showing], None] = lambda _: None
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def connect(cls, path: Path, wait_s_max: float = 10.0) -> ModulesRemote:
        """Connect as soon as the socket is there. Raises TimeoutError."""
        async with asyncio.timeout(wait_s_max):
            while True:
                try:
                    reader, writer = await asyncio.open_unix_connection(str(path), limit=LINE_BYTES_MAX)
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        remote = cls(reader, writer)
        faces = (await remote.ask({"faces": True}))["faces"]
        for face in faces if isinstance(faces, list) else []:
            remote.showing.setdefault(face["location"], Showing(**face))
        return remote

    async def ask(self, message: dict[str, object]) -> dict[str, object]:
        """Any request of sim.modules.control; its reply. Raises RemoteRefused, TimeoutError."""
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
        """What `location` shows, as soon as `wanted` says yes to it. Raises TimeoutError."""
        async with asyncio.timeout(wait_s_max), self._changed:
            await self._changed.wait_for(lambda: location in self.showing and wanted(self.showing[location]))
        return self.showing[location]

    async def wait_lit(self, location: str, wait_s_max: float = 10.0) -> Showing:
        """What `location` shows, as soon as its lamp is on. Raises TimeoutError."""
        return await self.wait_showing(location, lambda face: face.colour != "off", wait_s_max)

    async def wait_dark(self, location: str, wait_s_max: float = 10.0) -> Showing:
        """What `location` shows, as soon as its lamp is off. Raises TimeoutError."""
        return await self.wait_showing(location, lambda face: face.colour == "off", wait_s_max)

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        try:
            while line := await self._reader.readline():
                await self._heard(json.loads(line))
        except OSError:
            pass
        self._replies.put_nowait({"ok": False, "why": "the modules went away"})

    async def _heard(self, message: dict[str, object]) -> None:
        face = message.get("face")
        if not isinstance(face, dict):
            self._replies.put_nowait(message)
            return
        showing = Showing(**face)
        async with self._changed:
            self.showing[showing.location] = showing
            self._changed.notify_all()
        self.on_showing(showing)
