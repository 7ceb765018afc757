"""The guard's loop stands still while a parcel is being released."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.packstation.guard.config import GuardConfig, Interlock, MockProfile
from edge.packstation.guard.messages import AnyAsk, AskBegin, AskRelease, AskStatus, line_of
from edge.packstation.guard.mock_gate import MockGate, make_factory
from edge.packstation.guard.service import GuardService
from edge.packstation.guard.watchdog import Notifier
from wire.grant import Grant
from wire.grants import sign


@dataclass
class InOurLoop:
    """A guard that shares the test's loop, so that the test can hold the loop up."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    central: Ed25519PrivateKey
    fell: threading.Event

    async def ask(self, ask: AnyAsk, tell: str) -> dict[str, object]:
        self.writer.write(line_of(ask))
        while True:
            word: dict[str, object] = msgspec.json.decode(await asyncio.wait_for(self.reader.readline(), 10))
            if word["tell"] == tell:
                return word


@pytest.fixture
async def guard() -> AsyncIterator[InOurLoop]:
    with tempfile.TemporaryDirectory(prefix="guard") as folder:
        config = GuardConfig(
            station="bench-1",
            socket=str(Path(folder) / "s"),
            grant_public_key_file="",
            interlock=(Interlock(kind="gate", name="gate", line=17, sense_line=27),),
            pins="mock",
            lease_ms=20_000,
            sense_wait_ms=5_000,
            mock=MockProfile(move_ms=1, pass_after_ms=0),
        )
        central, factory, stop = Ed25519PrivateKey.generate(), make_factory(), asyncio.Event()
        gate = MockGate(factory, config)
        service = GuardService(config, central.public_key(), factory, Notifier({}))
        gate.settle()
        work = asyncio.create_task(service.run(stop))
        await asyncio.wait_for(service.listening.wait(), 10)
        reader, writer = await asyncio.open_unix_connection(config.socket)
        yield InOurLoop(reader, writer, central, _watch_fall(factory, config.interlock[0].line))
        writer.close()
        stop.set()
        await work


def _watch_fall(factory: object, line: int) -> threading.Event:
    """Set when the output's level falls."""
    fell = threading.Event()
    pin = factory.pin(line)  # type: ignore[attr-defined]
    gate = pin.on_level

    def on_level(level: bool) -> None:
        gate(level)
        if not level:
            fell.set()

    pin.on_level = on_level
    return fell


async def test_the_output_falls_though_the_loop_stands_still(guard: InOurLoop) -> None:
    challenge = str((await guard.ask(AskBegin(), "challenge"))["challenge"])
    grant = Grant(grant_id="g1", station="bench-1", order_no="O-1", label="LP1", challenge=challenge)
    assert (await guard.ask(AskRelease(grant=sign(grant, guard.central)), "release"))["ok"]

    assert guard.fell.wait(10)  # nothing runs in this loop meanwhile, and the lease is far longer

    status = await guard.ask(AskStatus(), "status")
    assert (status["gate"], status["fault"]) == ("fault", "stalled")
    assert status["last_release"] == {"grant_id": "g1", "order_no": "O-1", "label": "LP1"}
