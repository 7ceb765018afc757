"""The control socket of simulated modules: JSON lines in, replies in order and faces as they change out.

{"press": LOCATION}  {"hold": LOCATION}  {"unplug": LOCATION}  {"plug": LOCATION}  {"power_cycle": LOCATION}
{"plus": LOCATION}  {"minus": LOCATION}  {"short": LOCATION}  {"jam": LOCATION}  {"unjam": LOCATION}
{"break_lamp": LOCATION}  {"mend_lamp": LOCATION}  {"unplug_bus": BUS}  {"plug_bus": BUS}
{"garble": COUNT} and likewise late (with "ms"), wrong_unit, half, glued, noise, refuse (with "code"), lost,
noise_percent, mute: spoil replies of "bus", or of all buses.   {"faces": true}   {"stats": true}
Replies {"ok": true, …} or {"ok": false, "why": …}; pushes {"face": {…}}. Times are CLOCK_MONOTONIC nanoseconds.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from sim.modules.bank import Showing
from sim.modules.faults import KINDS
from sim.modules.rack import Rack

LINE_BYTES_MAX: Final = 4096
UNSENT_BYTES_MAX: Final = 4 * 1024 * 1024  # a client that does not read is cut off
FAULTS: Final = (*KINDS, "noise_percent", "mute")

Hand = Callable[[Rack, str], Awaitable[dict[str, object]]]


class Control:
    """Serves `rack` at the unix socket `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._clients: dict[asyncio.StreamWriter, asyncio.Future[None]] = {}  # with the end of its conversation
        self._server: asyncio.Server | None = None
        self._rack: Rack | None = None

    async def start(self, rack: Rack) -> None:
        """Listen."""
        self._rack = rack
        await asyncio.to_thread(self._path.unlink, missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, str(self._path), limit=LINE_BYTES_MAX)

    async def stop(self) -> None:
        """Hang up on everybody."""
        if self._server is not None:
            self._server.close()
            for writer in self._clients:
                writer.transport.abort()
            await asyncio.gather(*self._clients.values())
            await self._server.wait_closed()

    def push(self, showing: Showing) -> None:
        """Tell every client what a module shows now."""
        self._tell(self._clients, {"face": asdict(showing)})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients[writer] = ended = asyncio.get_running_loop().create_future()
        try:
            while line := await reader.readline():
                self._tell([writer], await self._reply(line))
        except (OSError, ValueError):  # ValueError: a line longer than the limit
            return
        finally:
            del self._clients[writer]
            writer.close()
            ended.set_result(None)

    def _tell(self, clients: Iterable[asyncio.StreamWriter], message: object) -> None:
        line = json.dumps(message).encode() + b"\n"
        for writer in list(clients):
            if writer.transport.get_write_buffer_size() > UNSENT_BYTES_MAX:
                writer.transport.abort()
            else:
                writer.write(line)

    async def _reply(self, line: bytes) -> dict[str, object]:
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict) or not asked or self._rack is None:
                return {"ok": False, "why": "a JSON object is needed"}
            return {"ok": True, **await _act(self._rack, asked)}
        except KeyError as error:
            return {"ok": False, "why": f"not known: {error}"}
        except (ValueError, TypeError) as error:
            return {"ok": False, "why": str(error)}


async def _act(rack: Rack, asked: Mapping[str, object]) -> dict[str, object]:
    verb, subject = next(iter(asked.items()))
    if verb in FAULTS:
        numbers = {key: int(str(asked[key])) for key in ("ms", "code") if key in asked}
        rack.spoil(verb, int(str(subject)), str(asked.get("bus", "")), **numbers)
        return {}
    return await _HANDS[verb](rack, str(subject))


async def _press(rack: Rack, location: str) -> dict[str, object]:
    return {"at_ns": rack.press(location)}


async def _hold(rack: Rack, location: str) -> dict[str, object]:
    return {"at_ns": rack.press(location, held=True)}


async def _plus(rack: Rack, location: str) -> dict[str, object]:
    return {"at_ns": rack.press(location, key="plus")}


async def _minus(rack: Rack, location: str) -> dict[str, object]:
    return {"at_ns": rack.press(location, key="minus")}


async def _short(rack: Rack, location: str) -> dict[str, object]:
    return {"at_ns": rack.press(location, key="short")}


async def _jam(rack: Rack, location: str) -> dict[str, object]:
    rack.jam(location, jammed=True)
    return {}


async def _unjam(rack: Rack, location: str) -> dict[str, object]:
    rack.jam(location, jammed=False)
    return {}


async def _unplug(rack: Rack, location: str) -> dict[str, object]:
    rack.plug(location, on=False)
    return {}


async def _plug(rack: Rack, location: str) -> dict[str, object]:
    rack.plug(location, on=True)
    return {}


async def _power_cycle(rack: Rack, location: str) -> dict[str, object]:
    rack.power_cycle(location)
    return {}


async def _break_lamp(rack: Rack, location: str) -> dict[str, object]:
    rack.break_lamp(location, broken=True)
    return {}


async def _mend_lamp(rack: Rack, location: str) -> dict[str, object]:
    rack.break_lamp(location, broken=False)
    return {}


async def _unplug_bus(rack: Rack, bus: str) -> dict[str, object]:
    await rack.switch_bus(bus, on=False)
    return {}


async def _plug_bus(rack: Rack, bus: str) -> dict[str, object]:
    await rack.switch_bus(bus, on=True)
    return {}


async def _faces(rack: Rack, _: str) -> dict[str, object]:
    return {"faces": [asdict(showing) for showing in rack.showing()]}


async def _stats(rack: Rack, _: str) -> dict[str, object]:
    return {"buses": rack.stats()}


_HANDS: Final[dict[str, Hand]] = {
    "press": _press,
    "hold": _hold,
    "plus": _plus,
    "minus": _minus,
    "short": _short,
    "jam": _jam,
    "unjam": _unjam,
    "unplug": _unplug,
    "plug": _plug,
    "power_cycle": _power_cycle,
    "break_lamp": _break_lamp,
    "mend_lamp": _mend_lamp,
    "unplug_bus": _unplug_bus,
    "plug_bus": _plug_bus,
    "faces": _faces,
    "stats": _stats,
}
