"""A central that keeps only a journal, and misbehaves as it is told: the other end of the link's conversations."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from wire.answers import AnyAnswer
from wire.codec import chain, decode_record, decode_up, encode
from wire.deeds import AnyDeed
from wire.downlink import Ack, AnyDown, Desired, Turned, Welcome
from wire.mqtt import BrokerAddress, Incoming, MqttSession
from wire.topics import all_up, central_state, down, parse_up
from wire.uplink import Event, Hello, Live, Presence

SITE, NODE = "demo", "zone-a"
CHANNELS = {Welcome: "welcome", Turned: "welcome", Ack: "ack", Desired: "desired"}


@dataclass
class Journal:
    """What central has on its disk; survives a restart of central."""

    epochs: dict[str, int] = field(default_factory=dict)  # store id → epoch
    acked: dict[int, int] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    lines: list[tuple[int, int, AnyDeed]] = field(default_factory=list)
    broken_chains: int = 0

    def deeds(self) -> list[AnyDeed]:
        return [deed for _epoch, _seq, deed in self.lines]

    def greet(self, hello: Hello) -> Welcome:
        epoch = self.epochs.setdefault(hello.store_id, len(self.epochs) + 1)
        acked = self.acked.setdefault(epoch, hello.first_seq - 1)
        return Welcome(epoch=epoch, acked_through=acked, head=self.heads.get(epoch, ""), store_id=hello.store_id)

    def take(self, event: Event) -> bool | None:
        """True: committed; None: known already; False: a gap."""
        acked = self.acked.get(event.epoch)
        if acked is None or event.seq > acked + 1:
            return False
        if event.seq <= acked:
            return None
        head = self.heads.get(event.epoch, "")
        self.broken_chains += head not in ("", event.prev)
        raw = bytes(event.record)
        self.lines.append((event.epoch, event.seq, decode_record(raw).deed))
        self.heads[event.epoch] = chain(event.prev, event.epoch, event.seq, raw)
        self.acked[event.epoch] = event.seq
        return True


class ScriptedCentral:
    """Answers as a good central does, unless its hooks say otherwise."""

    def __init__(self, address: BrokerAddress, journal: Journal, connects: int = 1) -> None:
        self.journal = journal
        self.hellos: list[Hello] = []
        self.events: list[Event] = []  # every arrival, repeats included
        self.presence: list[Presence] = []
        self.lives: list[Live] = []
        self.answers: Callable[[Event], tuple[AnyAnswer, ...]] = lambda _event: ()
        self.loses: Callable[[Event], bool] = lambda _event: False  # as if this line never arrived
        self.acks: Callable[[Ack], list[Ack]] = lambda ack: [ack]
        self.welcomes: Callable[[Welcome], list[AnyDown]] = lambda welcome: [welcome]
        self.desired: Desired | None = None
        self._connects = connects
        self.session = MqttSession(
            address,
            "central-writer",
            subscribe=[(all_up(SITE), 1)],
            on_message=self._heard,
            on_connected=self._connected,
            on_disconnected=lambda _why: None,
            inflight_max=200,
            receive_max=200,
        )

    def say(self, message: AnyDown) -> None:
        channel = CHANNELS[type(message)]
        self.session.publish(down(SITE, NODE, channel), encode(message))  # type: ignore[arg-type]

    def say_bytes(self, payload: bytes) -> None:
        self.session.publish(down(SITE, NODE, "ack"), payload)

    def say_state(self, state: str, connects: int) -> None:
        presence = Presence(node="central", state=state, connects=connects)  # type: ignore[arg-type]
        self.session.publish(central_state(SITE), encode(presence), retain=True)

    def _connected(self) -> None:
        self.say_state("ready", self._connects)

    def _heard(self, message: Incoming) -> None:
        said = decode_up(parse_up(message.topic), message.payload)
        match said:
            case Hello():
                self.hellos.append(said)
                for down_message in self.welcomes(self.journal.greet(said)):
                    self.say(down_message)
                if self.desired is not None:
                    self.say(self.desired)
            case Event():
                self._take(said)
            case Presence():
                self.presence.append(said)
            case Live():
                self.lives.append(said)
        message.ack()

    def _take(self, event: Event) -> None:
        if self.loses(event):
            return
        self.events.append(event)
        took = self.journal.take(event)
        epoch, through = event.epoch, self.journal.acked.get(event.epoch, 0)
        head = self.journal.heads.get(epoch, "")
        ack = Ack(
            epoch=epoch,
            through=through,
            head=head,
            rewind=took is False,
            answers=self.answers(event) if took else (),
        )
        for one in self.acks(ack):
            self.say(one)


@contextlib.asynccontextmanager
async def central(address: BrokerAddress, journal: Journal, connects: int = 1) -> AsyncIterator[ScriptedCentral]:
    """A running central."""
    one = ScriptedCentral(address, journal, connects)
    task = asyncio.create_task(one.session.run())
    try:
        yield one
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
