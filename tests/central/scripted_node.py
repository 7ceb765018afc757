"""A node that follows a script: says hello, keeps its chain, remembers what central told it."""

from __future__ import annotations

import time
from typing import TypeVar

import msgspec

from tests.central.small_site import SITE, Talker
from tests.wire.real_broker import until
from wire import topics
from wire.codec import chain, decode_down, encode
from wire.deeds import AlarmRaised, AnyDeed
from wire.downlink import Ack, AnyDown, Desired, Down, Welcome
from wire.mqtt import BrokerAddress
from wire.uplink import Event, Hello, Presence, Record

_D = TypeVar("_D", bound=Down)


class ScriptedNode(Talker):
    """Speaks the wire contract over a real broker."""

    def __init__(self, address: BrokerAddress) -> None:
        super().__init__(address, topics.all_down(SITE, address.user), topics.central_state(SITE))
        self.node = address.user
        self.epoch, self.seq, self.head, self.connects = 0, 0, "", 0
        self.lines: list[Event] = []

    def told(self, kind: type[_D]) -> list[_D]:
        """What central said of this kind, in order."""
        state = topics.central_state(SITE)
        messages: list[AnyDown] = [decode_down(payload) for topic, payload in self.heard if topic != state]
        return [message for message in messages if isinstance(message, kind)]

    @property
    def central_is_ready(self) -> bool:
        """Central's last word about itself."""
        states = self.payloads(topics.central_state(SITE))
        return bool(states) and b'"ready"' in states[-1]

    async def hello(self) -> Welcome:
        """Once central is there: birth and hello; the welcome that answers it."""
        await until(lambda: self.central_is_ready, 30)
        before = len(self.told(Welcome))
        self.connects += 1
        presence = Presence(node=self.node, state="ready", connects=self.connects)
        await self.say(topics.up(SITE, self.node, "state"), encode(presence))
        first = self.lines[0].seq if self.lines else 1
        hello = Hello(
            node=self.node,
            store_id=f"store-{self.node}",
            epoch=self.epoch,
            first_seq=first,
            last_seq=self.seq,
            head=self.head,
            boot_id="boot-1",
            connects=self.connects,
            desired_version=0,
            software="0.1.0",
            clock="synced",
        )
        await self.say(topics.up(SITE, self.node, "hello"), encode(hello))
        await until(lambda: len(self.told(Welcome)) > before)
        welcome = self.told(Welcome)[-1]
        self.epoch = welcome.epoch
        return welcome

    def line(self, deed: AnyDeed, intent: str = "") -> Event:
        """The next journal line, on its disk and not yet sent."""
        self.seq += 1
        record = encode(
            Record(
                intent=intent or f"test:{self.node}:{self.seq}",
                at_utc_ns=time.time_ns(),
                mono_ns=1,
                boot_id="boot-1",
                clock="synced",
                deed=deed,
            )
        )
        event = Event(
            node=self.node, epoch=self.epoch, seq=self.seq, age_ms=0, prev=self.head, record=msgspec.Raw(record)
        )
        self.head = chain(self.head, self.epoch, self.seq, record)
        self.lines.append(event)
        return event

    async def send(self, event: Event) -> None:
        """Publish a line."""
        await self.say(topics.up(SITE, self.node, "ev"), encode(event))

    async def acked(self, seq: int, wait_s_max: float = 10.0) -> Ack:
        """The first acknowledgement that covers `seq`."""

        def covering() -> list[Ack]:
            return [ack for ack in self.told(Ack) if ack.through >= seq]

        await until(covering, wait_s_max)
        return covering()[0]

    async def desired(self) -> Desired:
        """The newest desired state, once there is one."""
        await until(lambda: self.told(Desired))
        return self.told(Desired)[-1]


def an_alarm(number: int = 1) -> AlarmRaised:
    """A deed that needs no orders."""
    return AlarmRaised(alarm="module_unreachable", subject=f"A-01-{number}", detail="no answer")
