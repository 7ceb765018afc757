"""Several interlocks behind one guard process: what is told about them, and how each kind is driven."""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.packstation.guard.config import GuardConfig, Interlock, MockProfile
from edge.packstation.guard.messages import AskBegin, AskHold, AskRelease, AskStatus, line_of
from edge.packstation.guard.mock_gate import MockGate, make_factory
from edge.packstation.guard.service import GuardService
from edge.packstation.guard.watchdog import Notifier
from wire.grant import Grant
from wire.grants import sign

GATE = Interlock(kind="gate", name="gate", line=17, sense_line=27)
LOCK = Interlock(kind="tote_lock", name="lock", line=23, sense_line=24, active="low", sense_active="low")
PRINTER = Interlock(kind="printer", name="printer", line=25, lease_ms=200)
SEALER = Interlock(kind="sealer", name="sealer", line=12, pulse_ms=50)


class OneGuard:
    """A guard in our loop, its client, and every level its outputs were given: (line, releases)."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: Ed25519PrivateKey) -> None:
        self.reader, self.writer, self._key = reader, writer, key
        self.driven: list[tuple[str, bool]] = []
        self._turn = threading.Lock()

    def note(self, name: str, on: bool) -> None:
        with self._turn:
            self.driven.append((name, on))

    def on(self) -> set[str]:
        """Names of the outputs that release now."""
        with self._turn:
            return {name for name, on in dict(self.driven).items() if on}

    async def hear(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            word: dict[str, Any] = msgspec.json.decode(await asyncio.wait_for(self.reader.readline(), 10))
            if wanted(word):
                return word

    async def release(self) -> dict[str, Any]:
        self.writer.write(line_of(AskBegin()))
        challenge = (await self.hear(lambda word: word["tell"] == "challenge"))["challenge"]
        grant = Grant(grant_id="g1", station="bench-1", order_no="O-1", label="LP1", challenge=challenge)
        self.writer.write(line_of(AskRelease(grant=sign(grant, self._key))))
        return await self.hear(lambda word: word["tell"] in {"release", "no_release"})

    async def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not true():
            assert time.monotonic() < deadline, self.driven
            await asyncio.sleep(0.01)


@asynccontextmanager
async def guarding(*interlocks: Interlock, **mock: Any) -> AsyncIterator[OneGuard]:
    with tempfile.TemporaryDirectory(prefix="guard") as folder:
        config = GuardConfig(
            station="bench-1",
            socket=str(Path(folder) / "s"),
            grant_public_key_file="",
            interlock=interlocks,
            sense_wait_ms=400,
            pins="mock",
            mock=MockProfile(move_ms=5, pass_after_ms=0, **mock),
        )
        key, factory, stop = Ed25519PrivateKey.generate(), make_factory(), asyncio.Event()
        gate = MockGate(factory, config)
        service = GuardService(config, key.public_key(), factory, Notifier({}))
        gate.settle()
        work = asyncio.create_task(service.run(stop))
        await asyncio.wait_for(service.listening.wait(), 10)
        one = OneGuard(*await asyncio.open_unix_connection(config.socket), key)
        for interlock in interlocks:
            _listen(factory, interlock, one)
        yield one
        one.writer.close()
        stop.set()
        await work


def _listen(factory: Any, interlock: Interlock, one: OneGuard) -> None:
    pin = factory.pin(interlock.line)
    moves = pin.on_level

    def on_level(level: bool) -> None:
        one.note(interlock.name, level == (interlock.active == "high"))
        moves(level)

    pin.on_level = on_level


async def test_one_grant_releases_all_and_hold_takes_all_back() -> None:
    async with guarding(GATE, LOCK, PRINTER) as one:
        assert (await one.release())["ok"]
        assert one.on() == {"gate", "lock", "printer"}

        one.writer.write(line_of(AskHold()))
        await one.hear(lambda word: word.get("gate") == "holding")
        assert one.on() == set()


async def test_an_interlock_with_a_shorter_lease_falls_alone() -> None:
    async with guarding(GATE, PRINTER) as one:
        assert (await one.release())["ok"]
        await one.until(lambda: one.on() == {"gate"})


async def test_a_sealer_gets_its_pulse_after_the_gate_has_followed() -> None:
    async with guarding(GATE, SEALER) as one:
        assert (await one.release())["ok"]
        await one.until(lambda: ("sealer", False) in one.driven)

        assert one.driven == [("gate", True), ("sealer", True), ("sealer", False)]


async def test_a_sealer_behind_a_gate_that_is_stuck_does_not_start() -> None:
    async with guarding(GATE, SEALER, fault="stuck", fault_at="gate") as one:
        assert (await one.release())["why"] == "stuck"

        assert ("sealer", True) not in one.driven
        assert one.on() == set()


async def test_a_bench_with_nothing_to_feel_releases_on_the_grant_alone() -> None:
    async with guarding(PRINTER) as one:
        assert (await one.release())["ok"]
        await one.until(lambda: one.driven == [("printer", True), ("printer", False)])
        await one.hear(lambda word: word.get("gate") == "holding")


@pytest.mark.parametrize("fails", ["gate", "lock"])
@pytest.mark.parametrize(("mock", "fault"), [("stuck", "stuck"), ("welded", "welded")])
async def test_a_fault_of_one_makes_all_hold_and_is_told_with_its_name(mock: str, fault: str, fails: str) -> None:
    async with guarding(GATE, LOCK, fault=mock, fault_at=fails) as one:
        await one.release()
        one.writer.write(line_of(AskHold()))
        told = await one.hear(lambda word: word.get("fault") == fault)

        assert (told["gate"], told["interlock"]) == ("fault", fails)
        assert one.on() == set()


async def test_forcing_one_of_two_is_told_with_its_name_and_mending_it_is_seen() -> None:
    async with guarding(GATE, LOCK, fault="forced", fault_at="lock", fault_after_ms=50, fault_lasts_ms=200) as one:
        told = await one.hear(lambda word: word.get("gate") == "fault")
        assert (told["fault"], told["interlock"]) == ("forced", "lock")

        one.writer.write(line_of(AskStatus()))
        await one.hear(lambda word: word["tell"] == "status" and word["seen"] == "released")
        while True:
            one.writer.write(line_of(AskStatus()))
            if (await one.hear(lambda word: word["tell"] == "status"))["seen"] == "holding":
                break
        assert (await one.release())["ok"]
