"""A simulated Modbus TCP gateway with its units."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Mapping
from typing import Final

from sim.modules.bank import Bank
from sim.modules.faults import Faults
from sim.modules.rtu_line import bank_of
from sim.modules.slave import reply_to

HEADER: Final = struct.Struct(">HHHB")
NO_ANSWER_BEHIND: Final = 11  # gateway target device failed to respond
BEHIND_WAIT_S: Final = 0.02  # how long the gateway waits for a unit that is not there
CONNECTIONS_MAX: Final = 8
ACCEPT_TURNS: Final = 4  # turns of the loop from an accepted connection to its own task; stop waits for those under way


class TcpLine:
    """Serves `banks` (by unit) at `host`:`port`; port 0 takes a free one, kept over stop and start."""

    def __init__(self, host: str, port: int, turnaround_s: float, banks: Mapping[int, Bank], faults: Faults) -> None:
        self._host, self.port, self._banks, self.faults = host, port, banks, faults
        self._turnaround_s = turnaround_s
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.StreamWriter, asyncio.Future[None]] = {}
        self.mute = False
        self.requests = 0

    async def start(self) -> None:
        """Listen. Twice is harmless."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, self._host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Pull the plug. Twice is harmless."""
        if self._server is not None:
            server, self._server = self._server, None
            server.close()
            for _ in range(ACCEPT_TURNS):
                await asyncio.sleep(0)
            for writer in self._open:
                writer.transport.abort()
            await asyncio.gather(*self._open.values())
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:
            writer.transport.abort()
            return
        self._open[writer] = ended = asyncio.get_running_loop().create_future()
        try:
            while len(self._open) <= CONNECTIONS_MAX:
                number, protocol, length, unit = HEADER.unpack(await reader.readexactly(HEADER.size))
                if protocol != 0 or not 2 <= length <= 254:
                    break
                pdu = await reader.readexactly(length - 1)
                self.requests += 1
                if not self.mute:
                    await self._answer(writer, number, unit, pdu)
        except (OSError, asyncio.IncompleteReadError):
            return  # the other side left
        finally:
            del self._open[writer]
            writer.close()
            ended.set_result(None)

    async def _answer(self, writer: asyncio.StreamWriter, number: int, unit: int, pdu: bytes) -> None:
        bank = bank_of(self._banks, unit)
        if bank is None or not bank.plugged:
            await asyncio.sleep(BEHIND_WAIT_S)
            reply = bytes([pdu[0] | 0x80, NO_ANSWER_BEHIND])
        else:
            await asyncio.sleep(self._turnaround_s)
            reply = reply_to(bank, pdu)
        frame = HEADER.pack(number, 0, len(reply) + 1, unit) + reply
        late_s, frame = self._spoil(number, frame)
        asyncio.get_running_loop().call_later(late_s, _send, writer, frame) if late_s else _send(writer, frame)

    def _spoil(self, number: int, frame: bytes) -> tuple[float, bytes]:
        kind = self.faults.next_kind()
        match kind:
            case "late":
                return self.faults.late_ms / 1000, frame
            case "wrong_unit":
                return 0.0, frame[:6] + bytes([frame[6] % 247 + 1]) + frame[7:]
            case "refuse":
                return 0.0, HEADER.pack(number, 0, 3, frame[6]) + bytes([frame[7] | 0x80, self.faults.refuse_code])
            case "garble":
                return 0.0, frame[:7] + bytes([frame[7] ^ 0x10]) + frame[8:]
            case "noise":
                return 0.0, b"\xff\x00\x55" + frame
            case "half":
                return 0.0, frame[: len(frame) // 2]
            case "glued":
                return 0.0, frame + frame
            case "lost":
                return 0.0, b""
        return 0.0, frame


def _send(writer: asyncio.StreamWriter, frame: bytes) -> None:
    if not writer.is_closing():
        writer.write(frame)
