"""A small site for tests: its file, its private broker running for real, and clients that talk to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

from central.fleet.broker import prepare, remembered
from central.fleet.secrets import ensure_secrets, read_password
from central.processes import Child, Program
from central.settings import Settings, load_settings
from tests.wire.real_broker import until
from wire.mqtt import BrokerAddress, Incoming, MqttSession

SITE = "demo"


def site_file(folder: Path, more: str = "") -> Path:
    """A site with two zones and a bench on free ports."""
    file = folder / "site.toml"
    file.write_text(
        f'[site]\nname="{SITE}"\nstate_dir="state"\nproduction=false\n[web]\nport=0\n'
        '[[node]]\nname="zone-a"\nzone="A"\n[[node]]\nname="zone-b"\nzone="B"\n'
        '[[node]]\nname="bench-1"\nstation="bench-1"\n' + more,
        encoding="utf-8",
    )
    return file


def small_site(folder: Path) -> Settings:
    """The settings of `site_file`, its secrets made."""
    settings = load_settings(site_file(folder))
    ensure_secrets(settings)
    return settings


def address_of(settings: Settings, client: str) -> BrokerAddress:
    """Where and as whom `client` logs in at the private broker."""
    found = remembered(settings.state_dir)
    assert found is not None
    return BrokerAddress(found.host, found.port, client, read_password(settings.state_dir, client))


@contextlib.asynccontextmanager
async def private_broker(settings: Settings) -> AsyncIterator[Child]:
    """The site's own Mosquitto, listening."""
    child = Child(Program("broker", prepare(settings).argv))
    running = asyncio.create_task(child.run())
    found = remembered(settings.state_dir)
    assert found is not None
    try:
        await listening(found.host, found.port)
        yield child
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def listening(host: str, port: int) -> None:
    """Wait until somebody listens there."""
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(host, port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.02)


class Talker:
    """A client with a memory: what it heard, what it was refused. Acknowledges at once."""

    def __init__(self, address: BrokerAddress, *subscribe: str, client_id: str = "") -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.refused: list[str] = []
        self.session = MqttSession(
            address,
            client_id or address.user,
            subscribe=[(topic, 1) for topic in subscribe],
            on_message=self._hear,
            on_connected=lambda: None,
            on_disconnected=lambda _: None,
        )
        self._running: asyncio.Task[None] | None = None

    async def say(self, topic: str, payload: bytes) -> None:
        """Publish with QoS 1."""
        await until(lambda: self.session.publish(topic, payload, on_refused=self.refused.append))

    def payloads(self, topic: str) -> list[bytes]:
        """What came on `topic`."""
        return [payload for heard, payload in self.heard if heard == topic]

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.session.run())
        await until(lambda: self.session.connected)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._running is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    def _hear(self, incoming: Incoming) -> None:
        self.heard.append((incoming.topic, incoming.payload))
        incoming.ack()
