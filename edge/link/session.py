"""The node's conversation with central: hello, welcome, the journal in order, answers and the desired state back."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final, Literal

from edge.clock import Clock
from edge.link.alarms import AlarmBook
from edge.link.desired import DesiredKeeper
from edge.link.errors import OutboxBroken
from edge.link.hello import hello_of
from edge.link.live import LivePicture
from edge.link.outbox import Outbox
from edge.link.pump import Pump
from edge.link.rules import AckMeans, judge_ack, welcome_is_possible
from wire.answers import AnyAnswer
from wire.codec import decode_down, decode_up, encode
from wire.downlink import Ack, AnyDown, BenchPressed, Desired, Turned, Welcome
from wire.errors import WireError
from wire.ids import NodeName, SiteName
from wire.mqtt import BrokerAddress, Incoming, MqttSession
from wire.topics import UpChannel, UpTopic, all_down, central_state, up
from wire.uplink import Presence, StationLive, ZoneLive

HELLO_WAIT_S: Final = 2.0  # first wait for a welcome; doubles to HELLO_WAIT_S_MAX
HELLO_WAIT_S_MAX: Final = 30.0
TURNED_WAIT_S: Final = 60.0  # after being turned away a person must come
HELLO_FRESH_S: Final = 0.5  # central's retained state comes just after our hello and is no reason for another
HELLO_EXPIRY_S: Final = 30  # an older hello says nothing that matters
TICK_S: Final = 0.2
CONNECTS_PER_START: Final = 1 << 20
NEVER: Final = float("inf")

_log = logging.getLogger("edge.link")


class Link:
    """Sends what the outbox holds, in order, until central has it; hands on answers and the desired state.

    All callbacks run on the loop of `run()`. `on_desired` is called once the document is on disk, and again for the
    same version after a new contact (it is still wanted). `on_contact(True)`: central has welcomed us and acknowledges.
    """

    def __init__(
        self,
        outbox: Outbox,
        broker: BrokerAddress,
        site: str,
        node: str,
        clock: Clock,
        *,
        on_answer: Callable[[AnyAnswer], None],
        on_desired: Callable[[Desired], None],
        on_contact: Callable[[bool], None],
        on_turned_away: Callable[[str], None],
        on_pressed: Callable[[BenchPressed], None] = lambda _press: None,
        software: str = "picklight",
    ) -> None:
        self.in_contact, self.progress_ns = False, time.monotonic_ns()  # progress: its last sign of life, online or not
        self._outbox, self._site, self._node, self._clock, self._software = outbox, site, node, clock, software
        self._on_answer, self._on_contact, self._on_turned_away = on_answer, on_contact, on_turned_away
        self._on_pressed = on_pressed
        self._connects = outbox.standing.starts * CONNECTS_PER_START
        self._session = MqttSession(
            broker,
            node,
            subscribe=[(all_down(site, node), 1), (central_state(site), 1)],
            on_message=self._heard,
            on_connected=self._connected,
            on_disconnected=self._disconnected,
            will=lambda: (self._topic("state"), self._presence("lost", self._connects + 1), True),
        )
        self._alarms = AlarmBook(outbox, node, clock)
        self._live = LivePicture(node, self._send_live, lambda: (outbox.rows, outbox.fill_percent))
        self._desired = DesiredKeeper(outbox, self._spawn, on_desired)
        self._pump = Pump(outbox, node, clock, send=self._send_line, spawn=self._spawn, on_gap=self._gap_found)
        self._welcomed_store = ""  # the store id central has welcomed on this connection, or ""
        self._hello_again_s, self._hello_wait_s = NEVER, HELLO_WAIT_S
        self._hello_s, self._hello_unheard, self._central_connects = 0.0, False, -1
        self._group: asyncio.TaskGroup | None = None
        outbox.on_change.append(self._outbox_changed)

    async def run(self) -> None:
        """Converse until cancelled; then say farewell."""
        try:
            async with asyncio.TaskGroup() as self._group:
                self._group.create_task(self._session.run())
                self._group.create_task(self._keep_time())
        finally:
            self._group = None
            self._live.stop()
            self._out_of_contact()

    def show_live(self, zone: ZoneLive | None, station: StationLive | None) -> None:
        """What the node shows now; the newest wins, None leaves that part. Only on the loop; never blocks."""
        self._live.show(zone, station)

    # ---- the connection ----

    def _connected(self) -> None:
        self._connects += 1
        self._session.publish(self._topic("state"), self._presence("ready", self._connects), retain=True)
        farewell = self._presence("disconnected", self._connects)
        self._session.say_on_leaving(self._topic("state"), farewell, retain=True)
        self._hello_wait_s = HELLO_WAIT_S
        self._say_hello()

    def _disconnected(self, _why: str) -> None:
        self._hello_again_s = NEVER
        self._out_of_contact()

    def _presence(self, state: Literal["ready", "disconnected", "lost"], connects: int) -> bytes:
        return encode(Presence(node=self._node, state=state, connects=connects))

    def _say_hello(self) -> None:
        """Begin the conversation anew: whatever was on its way is sent again once central welcomes us."""
        self._welcomed_store = ""
        self._pump.stop()
        hello = hello_of(self._node, self._outbox, self._clock, self._connects, self._software)
        self._hello_s, self._hello_unheard = time.monotonic(), False
        self._session.publish(
            self._topic("hello"),
            encode(hello),
            expiry_s=HELLO_EXPIRY_S,
            on_refused=self._refused,
            on_unheard=self._hello_was_unheard,
        )
        self._hello_again_in(self._hello_wait_s)
        self._hello_wait_s = min(HELLO_WAIT_S_MAX, self._hello_wait_s * 2)

    def _hello_was_unheard(self) -> None:
        """Central is not there: it will say when it is."""
        self._hello_unheard = True

    def _hello_again_in(self, wait_s: float) -> None:
        self._hello_again_s = time.monotonic() + wait_s * (0.75 + random.random() / 2)

    def _out_of_contact(self) -> None:
        self._welcomed_store = ""
        self._pump.stop()
        if self.in_contact:
            self.in_contact = False
            _log.warning("contact_lost node=%s waiting=%d", self._node, self._outbox.rows)
            self._on_contact(False)

    def _refused(self, why: str) -> None:
        """The broker does not let us speak: nothing was delivered, everything is kept."""
        if self._hello_wait_s < HELLO_WAIT_S_MAX:
            _log.error("publish_refused node=%s why=%r to_do='check this node in the broker ACL'", self._node, why)
        self._alarms.note("publish_refused", why)
        self._out_of_contact()
        self._hello_wait_s = HELLO_WAIT_S_MAX
        self._hello_again_in(HELLO_WAIT_S_MAX)

    # ---- what central says ----

    def _heard(self, message: Incoming) -> None:
        try:
            if message.topic == central_state(self._site):
                self._hear_state(message.payload)
                message.ack()
            else:
                self._obey(decode_down(message.payload), message)
        except WireError as error:
            _log.warning("message_unreadable topic=%s error=%r", message.topic, str(error))
            message.ack()

    def _obey(self, said: AnyDown, message: Incoming) -> None:
        if isinstance(said, Desired):
            self._desired.heard(said, message.ack)
            return
        message.ack()
        match said:
            case Ack():
                self._hear_ack(said)
            case Welcome():
                self._hear_welcome(said)
            case BenchPressed():
                self._on_pressed(said)
            case Turned(why=why):
                _log.error("turned_away node=%s why=%r", self._node, why)
                self._out_of_contact()
                self._hello_again_in(TURNED_WAIT_S)
                self._on_turned_away(why)

    def _hear_state(self, payload: bytes) -> None:
        """Central came or went. One that came anew does not know what was on its way to us: say hello again."""
        presence = decode_up(UpTopic(SiteName(self._site), NodeName("central"), "state"), payload)
        if not isinstance(presence, Presence) or presence.connects < self._central_connects:
            return
        known, self._central_connects = self._central_connects, presence.connects
        if presence.state != "ready":
            self._out_of_contact()
            self._hello_again_in(HELLO_WAIT_S_MAX)
        elif known not in (-1, presence.connects) or self._hello_unheard or self._hello_is_old():
            self._hello_wait_s = HELLO_WAIT_S
            self._say_hello()

    def _hello_is_old(self) -> bool:
        return not self.in_contact and time.monotonic() - self._hello_s > HELLO_FRESH_S

    def _hear_welcome(self, welcome: Welcome) -> None:
        at = self._outbox.standing
        if welcome.store_id not in ("", at.store_id):
            return
        if welcome_is_possible(at, welcome):
            self._spawn(self._begin(welcome, at.store_id))
            return
        detail = f"central has {welcome.acked_through} lines, this store made {at.last_seq}"
        _log.error("journal_behind node=%s detail=%r to_do='was this card copied or restored?'", self._node, detail)
        self._alarms.note("journal_behind", detail)
        self._hello_again_in(TURNED_WAIT_S)

    async def _begin(self, welcome: Welcome, store_id: str) -> None:
        try:
            await self._outbox.welcome(welcome.epoch, welcome.acked_through, welcome.head)
        except OutboxBroken:
            return  # hello is said again in a while
        if not self._session.connected or self._outbox.standing.store_id != store_id:
            return
        self._welcomed_store = store_id
        self._hello_again_s, self._hello_wait_s = NEVER, HELLO_WAIT_S
        if not self.in_contact:
            self.in_contact = True
            _log.info("contact node=%s waiting=%d", self._node, self._outbox.rows)
            self._on_contact(True)
        self._pump.begin(welcome.acked_through)

    def _hear_ack(self, ack: Ack) -> None:
        at = self._outbox.standing
        means = judge_ack(at, ack)
        if means in (AckMeans.OTHER_EPOCH, AckMeans.FUTURE):
            said, own = (ack.epoch, ack.through), (at.epoch, at.last_seq)
            _log.warning("ack_not_believed node=%s means=%s said=%s own=%s", self._node, means, said, own)
            return
        if means == AckMeans.PROGRESS:
            self._outbox.acknowledge(ack.through, ack.head)
            self._pump.progressed(ack.through)
        for answer in ack.answers:
            self._on_answer(answer)
        if ack.rewind:
            self._pump.rewind(ack.through)
        self._pump.go()

    # ---- the journal, and time ----

    def _outbox_changed(self) -> None:
        if self._group is None:
            return
        self._alarms.update(self._spawn)
        if self._welcomed_store not in ("", self._outbox.standing.store_id):  # a damaged store was replaced
            self._out_of_contact()
            self._say_hello()
        self._pump.go()

    def _gap_found(self, lines: int) -> None:
        _log.error("journal_gap node=%s lines=%d", self._node, lines)
        self._alarms.note("journal_gap", f"central asks for {lines} lines this node no longer keeps")

    async def _keep_time(self) -> None:
        while True:
            self.progress_ns = time.monotonic_ns()
            await asyncio.sleep(TICK_S)
            self._live.beat()
            self._alarms.update(self._spawn)
            if self._pump.overdue():
                _log.warning("ack_overdue node=%s sent=%d", self._node, self._pump.sent_through)
                self._out_of_contact()
                self._say_hello()
            elif time.monotonic() >= self._hello_again_s:
                self._say_hello()
            self._pump.go()

    def _topic(self, channel: UpChannel) -> str:
        return up(self._site, self._node, channel)

    def _send_line(self, payload: bytes) -> bool:
        return self._session.publish(self._topic("ev"), payload, on_refused=self._refused)

    def _send_live(self, payload: bytes) -> bool:
        return self._session.publish(self._topic("live"), payload, qos=0)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None:
            work.close()
        else:
            self._group.create_task(work)
