"""A real guard process, on mock pins unless told otherwise, and a client that speaks to it line by line."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire.grant import Grant, SignedGrant
from wire.grants import public_key_text, sign

STATION = "bench-1"
WAIT_S_MAX = 30.0
GATE = {"kind": "gate", "line": 17, "sense_line": 27}


class Client:
    """One connection to the guard."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(WAIT_S_MAX)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._lines = self._socket.makefile("rb")
        self.heard: list[dict[str, Any]] = []

    def send(self, line: bytes) -> None:
        self._socket.sendall(line)

    def ask(self, what: str, **more: object) -> dict[str, Any]:
        """Ask and return the answer to it; what the guard tells unasked stays in `heard`."""
        self.send(msgspec.json.encode({"ask": what, **more}) + b"\n")
        return self.until(lambda word: word["tell"] != "gate")

    def begin(self) -> str:
        return str(self.ask("begin")["challenge"])

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next word that is `wanted`."""
        while line := self._lines.readline():
            word: dict[str, Any] = json.loads(line)
            self.heard.append(word)
            if wanted(word):
                return word
        raise ConnectionError("the guard hung up")

    def until_gate(self, gate: str) -> dict[str, Any]:
        if any(word.get("gate") == gate for word in self.heard[-1:]):
            return self.heard[-1]
        return self.until(lambda word: word.get("gate") == gate)

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


@dataclass
class GuardProcess:
    """The guard, its key's other half, and its configuration."""

    folder: Path
    changed: dict[str, object] = field(default_factory=dict)
    mock: dict[str, object] = field(default_factory=dict)
    interlocks: tuple[dict[str, object], ...] = (GATE,)
    environment: dict[str, str] = field(default_factory=dict)
    central: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.folder / "guard.sock"

    def write_config(self) -> Path:
        (self.folder / "grant.pub").write_text(public_key_text(self.central.public_key()))
        settings: dict[str, object] = {
            "station": STATION,
            "socket": "guard.sock",
            "grant_public_key_file": "grant.pub",
            "pins": "mock",
            "passed_line": 22,
            "green_line": 5,
            "red_line": 6,
            **self.changed,
        }
        mock = {"move_ms": 5, "pass_after_ms": 40, **self.mock}
        lines = _table("", settings) + [line for one in self.interlocks for line in _table("[[interlock]]", one)]
        lines += _table("[mock]", mock)
        config = self.folder / "guard.toml"
        config.write_text("\n".join(lines) + "\n")
        return config

    def command(self) -> list[str]:
        return [sys.executable, "-m", "edge.packstation.guard", "--config", str(self.write_config())]

    def start(self) -> None:
        with (self.folder / "guard.log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), stderr=log, env={**os.environ, **self.environment})
        deadline = time.monotonic() + WAIT_S_MAX
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self.log())
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            Client(self.socket).close()
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """Kill -9, and gone."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(WAIT_S_MAX)

    def stop(self) -> int:
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        return 0 if self.process is None else self.process.wait(WAIT_S_MAX)

    def log(self) -> str:
        return (self.folder / "guard.log").read_text()

    def grant(self, challenge: str, grant_id: str = "g1", key: Ed25519PrivateKey | None = None, **changed: str) -> Any:
        """A signed grant as JSON values. `changed` fields are in it when it is signed."""
        fields = {"station": STATION, "order_no": "O-1", "label": "LP00000000000001", **changed}
        return msgspec.to_builtins(self.signed(challenge, grant_id, key, fields))

    def signed(
        self, challenge: str, grant_id: str, key: Ed25519PrivateKey | None, fields: dict[str, str]
    ) -> SignedGrant:
        return sign(Grant(grant_id=grant_id, challenge=challenge, **fields), key or self.central)


def _table(heading: str, values: dict[str, object]) -> list[str]:
    return [heading, *(f"{key} = {json.dumps(value)}" for key, value in values.items() if value is not None)]


@contextmanager
def running(**settings: Any) -> Iterator[GuardProcess]:
    """A guard that is stopped at the end; its folder is short enough for a socket path."""
    with tempfile.TemporaryDirectory(prefix="guard") as folder:
        guard = GuardProcess(Path(folder), **settings)
        guard.start()
        try:
            yield guard
        finally:
            guard.stop()
