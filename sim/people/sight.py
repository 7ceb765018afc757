"""What can be seen from where people stand: the newest picture each node sends, and a way to wait for a newer one."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict

from wire.codec import decode_up
from wire.errors import WireError
from wire.mqtt import BrokerAddress, Incoming, MqttSession
from wire.topics import all_up, parse_up
from wire.uplink import Live, StationLive, ZoneLive

CLIENT = "floor"


class Bell:
    """Something that rings for everybody who waits, each time anew."""

    def __init__(self) -> None:
        self.rung = 0
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Wake all."""
        self.rung += 1
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def heard(self, after: int, wait_s: float) -> bool:
        """Wait until it has rung more than `after` times; False if it does not within `wait_s`."""
        if self.rung > after:
            return True
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            async with asyncio.timeout(wait_s):
                await future
        except TimeoutError:
            return False
        finally:
            if future in self._waiting:
                self._waiting.remove(future)
        return True


class Sight:
    """The screens of all zones and benches, from the broker's live pictures."""

    def __init__(self, address: BrokerAddress, site: str) -> None:
        self._lives: dict[str, Live] = {}
        self._bells: dict[str, Bell] = defaultdict(Bell)
        self.misread: Counter[str] = Counter()
        self._session = MqttSession(
            address,
            CLIENT,
            subscribe=[(all_up(site, "live"), 0)],
            on_message=self._seen,
            on_connected=lambda: None,
            on_disconnected=lambda _: None,
        )

    async def run(self) -> None:
        """Watch until cancelled."""
        await self._session.run()

    def bell(self, node: str) -> Bell:
        """Rings at every new picture of `node`."""
        return self._bells[node]

    def zone(self, node: str) -> ZoneLive | None:
        """The zone screen of `node`."""
        live = self._lives.get(node)
        return live.zone if live else None

    def station(self, node: str) -> StationLive | None:
        """The bench screen of `node`."""
        live = self._lives.get(node)
        return live.station if live else None

    def _seen(self, incoming: Incoming) -> None:
        incoming.ack()
        try:
            topic = parse_up(incoming.topic)
            live = decode_up(topic, incoming.payload)
        except WireError as error:
            self.misread[str(error)] += 1
            return
        if isinstance(live, Live):
            self._lives[topic.node] = live
            self._bells[topic.node].ring()
