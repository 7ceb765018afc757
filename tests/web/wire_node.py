"""An edge node as central hears it, for tests of the pages: hello, journal lines and pictures on the real wire."""

from __future__ import annotations

import contextlib
import time
from typing import Any, Final

import msgspec

from tests.wire.real_broker import until
from wire import topics
from wire.codec import chain, decode_down, encode
from wire.deeds import AnyDeed
from wire.downlink import Ack, BenchPressed, Desired, Pick, Welcome
from wire.mqtt import BrokerAddress, Incoming, MqttSession
from wire.uplink import Event, Hello, Live, Presence, Record, StationLive, ZoneLive

SITE: Final = "demo"


class WireNode:
    """An edge node as central hears it: hello, journal lines, pictures."""

    def __init__(self, name: str, address: BrokerAddress) -> None:
        self.name = name
        self.desired: Desired | None = None
        self.acks: list[Ack] = []
        self.presses: list[BenchPressed] = []
        self.session = MqttSession(
            address,
            name,
            subscribe=[(topics.all_down(SITE, name), 1)],
            on_message=self._heard,
            on_connected=lambda: None,
            on_disconnected=lambda _: None,
        )
        self._welcome: Welcome | None = None
        self._seq, self._head, self._number = 0, "", 0

    async def begin(self) -> None:
        """Say hello until welcomed, then the birth."""
        await until(lambda: self.session.connected)
        hello = Hello(
            node=self.name, store_id=f"store-{self.name}", epoch=0, first_seq=0, last_seq=0, head="", boot_id="b",
            connects=1, desired_version=0, software="test", clock="synced",
        )  # fmt: skip
        due = time.monotonic() + 10
        while self._welcome is None and time.monotonic() < due:
            self._say("hello", encode(hello))
            with contextlib.suppress(AssertionError):
                await until(lambda: self._welcome is not None, 0.5)
        assert self._welcome is not None, "no welcome"
        self.presence("ready")

    def presence(self, state: Any) -> None:
        """Birth, farewell or will."""
        self._say("state", encode(Presence(node=self.name, state=state, connects=1)), retain=True)

    def show(self, zone: ZoneLive | None = None, station: StationLive | None = None) -> None:
        """What the node shows now."""
        self._number += 1
        live = Live(
            node=self.name, number=self._number, outbox_rows=0, outbox_fill_percent=0, zone=zone, station=station
        )
        self._say("live", encode(live), qos=0)

    async def did(self, deed: AnyDeed, intent: str) -> None:
        """A journal line, and wait until central committed it."""
        assert self._welcome is not None
        self._seq += 1
        record = Record(
            intent=intent, at_utc_ns=time.time_ns(), mono_ns=time.monotonic_ns(), boot_id="b", clock="synced", deed=deed
        )
        raw = encode(record)
        epoch = self._welcome.epoch
        event = Event(node=self.name, epoch=epoch, seq=self._seq, age_ms=0, prev=self._head, record=msgspec.Raw(raw))
        self._head = chain(self._head, epoch, self._seq, raw)
        self._say("ev", encode(event))
        seq = self._seq
        await until(lambda: any(ack.through >= seq for ack in self.acks))

    def picks(self) -> list[tuple[str, Pick]]:
        """(tote, pick) of all work released to this zone."""
        zone = self.desired.zone if self.desired else None
        return [(tote.tote_id, pick) for tote in (zone.totes if zone else ()) for pick in tote.picks]

    def _say(self, channel: Any, payload: bytes, qos: int = 1, *, retain: bool = False) -> None:
        assert self.session.publish(topics.up(SITE, self.name, channel), payload, qos=qos, retain=retain)

    def _heard(self, incoming: Incoming) -> None:
        match decode_down(incoming.payload):
            case Welcome() as welcome:
                self._welcome = welcome
            case Desired() as desired:
                self.desired = desired
            case Ack() as ack:
                self.acks.append(ack)
            case BenchPressed() as press:
                self.presses.append(press)
            case _:
                pass
        incoming.ack()
