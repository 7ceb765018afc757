"""A real Mosquitto of a test's own, which can be killed and started again on the same port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from wire.mqtt import BrokerAddress


def free_port() -> int:
    """A loopback port nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def until(what: Callable[[], object], wait_s_max: float = 10.0) -> None:
    """Let the loop run until `what()` is true; fail after `wait_s_max`."""
    due = time.monotonic() + wait_s_max
    while not what():
        assert time.monotonic() < due, "did not happen in time"
        await asyncio.sleep(0.005)


class Broker:
    """Mosquitto on loopback. `more` is added to its configuration; `users` are (name, password)."""

    def __init__(self, folder: Path, more: str = "", users: tuple[tuple[str, str], ...] = ()) -> None:
        self.port = free_port()
        self.address = BrokerAddress("127.0.0.1", self.port)
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        passwords = folder / "passwords"
        passwords.touch()
        for user, password in users:
            subprocess.run(["mosquitto_passwd", "-b", str(passwords), user, password], check=True, capture_output=True)
        access = f"allow_anonymous false\npassword_file {passwords}" if users else "allow_anonymous true"
        self._config = folder / "broker.conf"
        self._config.write_text(f"listener {self.port} 127.0.0.1\nset_tcp_nodelay true\nuser root\n{access}\n{more}\n")

    async def start(self) -> None:
        """Start and wait until it listens."""
        log = (self.folder / "broker.log").open("ab")
        with log:
            self._process = subprocess.Popen(["mosquitto", "-c", str(self._config)], stdout=log, stderr=log)  # noqa: ASYNC220
        await until(self._listens)

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """It keeps its connections and says nothing (SIGSTOP)."""
        assert self._process is not None
        self._process.send_signal(19)

    def resume(self) -> None:
        """Go on after `pause`."""
        assert self._process is not None
        self._process.send_signal(18)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False
