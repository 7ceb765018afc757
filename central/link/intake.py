"""The one way into a site: broker → queue → writer's thread → commit → answers out → acknowledged at the broker.

Natural group commit: while one batch is being committed the next one gathers; no timer waits for company.
A message is acknowledged at the broker after the commit that contains it, so a dead writer is handed it again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NoReturn

from central.handlers.engine import Engine
from central.handlers.intake import Intake, Outgoing, Tick, ToClient
from central.link.reading import NotTaken, read
from central.log import Edges
from wire import topics
from wire.codec import encode
from wire.downlink import Ack, Desired, Turned, Welcome
from wire.mqtt import BrokerAddress, Incoming, MqttSession
from wire.topics import DownChannel
from wire.uplink import Presence

log = logging.getLogger("central.intake")

CLIENT: Final = "central-writer"
BATCH_MAX: Final = 200  # more does not commit cheaper, and the first answer waits for the last line
RECEIVE_MAX: Final = 1_000  # unacknowledged messages the broker may send us: the length of the queue
INFLIGHT_MAX: Final = 1_000  # the library's 20 would let twenty slow nodes stall the rest
WAITING_MAX: Final = 2 * RECEIVE_MAX
TICK_S: Final = 0.5
CHANGED_S: Final = 0.05  # pages are told at most twenty times a second
SESSION_EXPIRY_S: Final = 7 * 24 * 3600
DOWN_EXPIRY_S: Final = 60  # an answer nobody fetched by then is said again after the node's next hello
CHANNEL_OF: Final[dict[type, DownChannel]] = {Welcome: "welcome", Turned: "welcome", Ack: "ack", Desired: "desired"}

Waiting = tuple[Intake | None, Callable[[], None]]


class SiteIntake:
    """Feeds `open_engine()`'s engine, the only caller it ever has. `run` until cancelled, or until the disk fails."""

    def __init__(self, site: str, broker: BrokerAddress, open_engine: Callable[[], Engine]) -> None:
        self.edges = Edges(log)
        self.committed = 0  # intake committed since start
        self.batches = 0
        self._site, self._open_engine = site, open_engine
        self._waiting: deque[Waiting] = deque()
        self._filled = asyncio.Event()
        self._ticking = False
        self._busy_since_s = 0.0  # monotonic, 0: the thread waits
        self._hint: asyncio.TimerHandle | None = None
        state = topics.central_state(site)
        starts = int(time.time())  # grows from start to start: a late will is older than the birth it follows
        self._birth = encode(Presence(node="central", state="ready", connects=starts))
        self._session = MqttSession(
            broker,
            CLIENT,
            subscribe=[
                (topics.central_command(site), 1),
                *((topics.all_up(site, channel), 1) for channel in ("hello", "ev", "state")),
            ],
            on_message=self._arrived,
            on_connected=self._connected,
            on_disconnected=lambda _: None,  # the session says so, and goes on trying
            will=(state, encode(Presence(node="central", state="lost", connects=starts)), True),
            session_expiry_s=SESSION_EXPIRY_S,
            receive_max=RECEIVE_MAX,
            inflight_max=INFLIGHT_MAX,
        )
        farewell = encode(Presence(node="central", state="disconnected", connects=starts))
        self._session.say_on_leaving(state, farewell, retain=True)

    @property
    def in_contact(self) -> bool:
        """The broker has us and our subscriptions."""
        return self._session.connected

    @property
    def busy_s(self) -> float:
        """How long the writer's thread has been at one batch, seconds; 0 while it waits for the next."""
        return time.monotonic() - self._busy_since_s if self._busy_since_s else 0.0

    async def run(self) -> None:
        """Serve the site. Raises what the engine raises; nothing uncommitted was acknowledged then."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "site-writer") as writer:
            engine = await loop.run_in_executor(writer, self._open_engine)
            works = (self._session.run(), self._tick(), self._write(writer, engine))
            tasks = [asyncio.create_task(work) for work in works]
            try:
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                writer.submit(engine.close)
                if self._hint is not None:
                    self._hint.cancel()

    async def _write(self, writer: ThreadPoolExecutor, engine: Engine) -> NoReturn:
        loop = asyncio.get_running_loop()
        while True:
            await self._filled.wait()
            taken = [self._waiting.popleft() for _ in range(min(BATCH_MAX, len(self._waiting)))]
            if not self._waiting:
                self._filled.clear()
            batch = [intake for intake, _ in taken if intake is not None]
            self._busy_since_s = time.monotonic()
            outgoing = await loop.run_in_executor(writer, engine.apply, batch) if batch else []
            self._busy_since_s = 0.0
            self._committed(batch, outgoing)
            for _, acknowledge in taken:
                acknowledge()

    def _committed(self, batch: list[Intake], outgoing: list[Outgoing]) -> None:
        self.committed += len(batch)
        self.batches += bool(batch)
        for out in outgoing:
            self._send(out)
        if any(isinstance(intake, Tick) for intake in batch):
            self._ticking = False
        if self._hint is None and (outgoing or any(not isinstance(intake, Tick) for intake in batch)):
            self._hint = asyncio.get_running_loop().call_later(CHANGED_S, self._tell_pages)

    def _send(self, out: Outgoing) -> None:
        if isinstance(out, ToClient):
            sent = self._session.publish(
                topics.command_reply(self._site, out.client), encode(out.reply), expiry_s=DOWN_EXPIRY_S
            )
            name = out.client
        else:
            channel = CHANNEL_OF[type(out.message)]
            topic = topics.down(self._site, out.node, channel)
            sent = self._session.publish(topic, encode(out.message), expiry_s=DOWN_EXPIRY_S)
            name = out.node
        if not sent:
            self.edges.note("not_sent", f"answer not sent to={name}; it will ask again")

    def _tell_pages(self) -> None:
        self._hint = None
        self._session.publish(topics.central_changed(self._site), b"{}", qos=0)

    def _connected(self) -> None:
        self._session.publish(topics.central_state(self._site), self._birth, retain=True)

    def _arrived(self, incoming: Incoming) -> None:
        if len(self._waiting) >= WAITING_MAX:
            # Only QoS 0 can get here: the broker holds back QoS 1 beyond RECEIVE_MAX. Its sender says it again.
            self.edges.note("overrun", f"message not taken, {WAITING_MAX} are waiting")
            return
        found = read(self._site, incoming.topic, incoming.payload, time.time_ns())
        if isinstance(found, NotTaken):
            self.edges.note(found.kind, f"message refused why={found.why!r}")
            if found.answer is not None:
                self._send(found.answer)
            self._wait((None, incoming.ack))  # in its turn: acknowledgements keep the order of arrival
            return
        unreadable = getattr(found, "unreadable", "")
        if unreadable:
            self.edges.note("unreadable_ev", f"event to the dead letters topic={incoming.topic} why={unreadable!r}")
        self._wait((found, incoming.ack))

    def _wait(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)
        self._filled.set()

    async def _tick(self) -> NoReturn:
        while True:
            if self._session.connected and not self._ticking:  # what a tick decides wants to be told
                self._ticking = True
                self._wait((Tick(time.time_ns()), _nothing))
            await asyncio.sleep(TICK_S)


def _nothing() -> None:
    """A tick came from no broker."""
