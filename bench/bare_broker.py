"""A bare MQTT round trip: a Mosquitto of our own, our client, and an echo in another process."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sim.floor.rundir import free_port
from wire.mqtt import BrokerAddress, Incoming, MqttSession

ASK, ANSWER = "bench/ask", "bench/answer"
ANSWER_S_MAX: Final = 5.0


class EchoRoundTrip:
    """`async with`: broker, echo and client run. `responder`: another module than the echo, and what it is told."""

    def __init__(self, folder: Path, responder: tuple[str, ...] = ("bench.echo",)) -> None:
        self._folder, self._responder = folder, responder
        self._port = free_port()
        self.address = BrokerAddress("127.0.0.1", self._port)
        self._connected = asyncio.Event()
        self._answered = asyncio.Event()
        self._processes: list[asyncio.subprocess.Process] = []
        self._session = MqttSession(
            self.address,
            "bench-asker",
            subscribe=[(ANSWER, 1)],
            on_message=self._heard,
            on_connected=self._connected.set,
            on_disconnected=lambda _: None,
        )

    async def __aenter__(self) -> Self:
        config = self._folder / "bare.conf"
        config.write_text(
            f"listener {self._port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_type error\n"
        )
        program = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin") or "mosquitto"
        self._processes.append(await asyncio.create_subprocess_exec(program, "-c", str(config)))
        module, *told = self._responder
        echo = (sys.executable, "-m", module, str(self._port), *told)
        self._processes.append(await asyncio.create_subprocess_exec(*echo))
        self._task = asyncio.create_task(self._session.run())
        await self._connected.wait()
        while not await self._answers_within(0.2):
            pass
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        for process in reversed(self._processes):
            process.terminate()
            await process.wait()

    async def once_ms(self, payload: bytes) -> float:
        """Milliseconds from publishing `payload` to its echo."""
        self._answered.clear()
        began_s = time.perf_counter()
        self._session.publish(ASK, payload)
        async with asyncio.timeout(ANSWER_S_MAX):
            await self._answered.wait()
        return (time.perf_counter() - began_s) * 1000

    async def _answers_within(self, wait_s: float) -> bool:
        self._answered.clear()
        self._session.publish(ASK, b"there?")
        try:
            async with asyncio.timeout(wait_s):
                await self._answered.wait()
        except TimeoutError:
            return False
        return True

    def _heard(self, incoming: Incoming) -> None:
        incoming.ack()
        self._answered.set()
