"""One MQTT 5 connection: the only file that imports paho. Runs on the asyncio loop, without paho's thread."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from wire.backoff import EndKind
from wire.mqtt_ack import nothing, once
from wire.mqtt_values import Happening, Incoming, Lost, Measured, Opened, Profile, Publish, Refused, Unheard
from wire.tls import Tls, tls_to

OPEN_WAIT_S_MAX: Final = 5.0  # TCP, TLS, CONNACK and SUBACK each; a LAN answers in milliseconds
PUBACK_WAIT_S_MAX: Final = 5.0  # paho never sends again while the link is up, so we end the connection
KEEPALIVE_S: Final = 15  # a half-open connection is noticed within two of these
WILL_DELAY_S: Final = 5  # hides a short break from everybody
OUTGOING_MAX: Final = 1_000  # unacknowledged publishes; beyond it the caller hears "not now"
INCOMING_EARLY_MAX: Final = 1_000  # of a resumed session before SUBACK; QoS 1 is bounded by receive_max
ROUND_TRIPS: Final = 5  # quiet publishes measured after connecting
TICK_S: Final = 0.5
_BAD_CREDENTIALS: Final = {0x86, 0x87, 0x8A, 0x8C}  # bad user or password, not authorised, banned, bad method
_TAKEN_OVER: Final = 0x8E
_NOBODY_SUBSCRIBED: Final = 0x10


@dataclass(frozen=True)
class _Sent:
    at_s: float
    alone: bool
    message: Publish


class Connection:
    """From CONNECT to the end of the socket. What happens is handed to `deliver`, which must not raise."""

    def __init__(self, profile: Profile, deliver: Callable[[Happening], None]) -> None:
        self._round_trips_ms: list[float] = []
        self._profile, self._deliver = profile, deliver
        self._tls = tls_to(profile.address) if profile.address.ca_file is not None else None
        self._client = _make_client(profile, self._tls)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message, self._client.on_publish = self._on_message, self._on_publish
        self._client.on_socket_open = _send_at_once
        self._window = profile.inflight_max  # the broker may ask for less
        self._unacked: dict[int, _Sent] = {}
        self._waiting: deque[Publish] = deque()
        self._over = self._resumed = False
        self._early: list[Incoming] | None = []  # None: open, deliver at once
        self._answer_due_s: float | None = None  # for CONNACK, then SUBACK
        self._last_puback_s = 0.0
        self._home = threading.get_ident()
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Connect the socket and send CONNECT. Raises OSError (no route, refused, TLS) within `OPEN_WAIT_S_MAX`."""
        opening = asyncio.ensure_future(asyncio.to_thread(self._connect))
        try:
            await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._abandon)
            raise
        sock = self._client.socket()
        if sock is None:
            raise ConnectionError("closed by the broker at once")
        self._client.on_socket_close = self._on_socket_close
        self._answer_due_s = time.monotonic() + OPEN_WAIT_S_MAX
        self._loop.add_reader(sock.fileno(), self._readable)
        self._tick()

    def publish(self, message: Publish) -> bool:
        """Send as soon as the broker's window allows; False if the connection is over or too much waits already."""
        if self._over or len(self._unacked) + len(self._waiting) >= OUTGOING_MAX:
            return False
        if message.qos and len(self._unacked) >= self._window:
            self._waiting.append(message)
            return True
        if not message.qos and self._client.want_write():
            return False  # the socket is full: a picture is better late and new
        return self._send(message)

    def close(self) -> None:
        """Say goodbye (so that the will is not sent) and let go of the socket. Twice is harmless."""
        if not self._over:
            self._over = True
            self._client.disconnect()
        self._cut()

    def _send(self, message: Publish) -> bool:
        properties = _properties(PacketTypes.PUBLISH)
        if message.expiry_s is not None:
            properties.MessageExpiryInterval = message.expiry_s
        alone = not self._unacked
        info = self._client.publish(message.topic, message.payload, message.qos, message.retain, properties)
        if message.qos:
            self._unacked[info.mid] = _Sent(time.monotonic(), alone, message)
        self._write_later()
        return info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS and not self._over

    # ---- the socket ----

    def _connect(self) -> None:
        properties = _properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = self._profile.session_expiry_s
        properties.ReceiveMaximum = self._profile.receive_max
        address = self._profile.address
        try:
            self._client.connect(address.host, address.port, KEEPALIVE_S, clean_start=False, properties=properties)
        except OSError:
            if self._tls is not None and self._tls.last is not None:
                self._tls.last.close()
            raise

    def _abandon(self, opening: asyncio.Future[None]) -> None:
        if not opening.cancelled() and opening.exception() is None:
            self.close()

    def _cut(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        sock = self._client.socket()
        if sock is not None and sock.fileno() >= 0:
            self._loop.remove_reader(sock.fileno())
            self._loop.remove_writer(sock.fileno())
            sock.close()

    def _on_socket_close(self, _client: paho.Client, _userdata: Any, sock: Any) -> None:
        if sock.fileno() >= 0:
            self._loop.remove_reader(sock.fileno())
            self._loop.remove_writer(sock.fileno())

    def _readable(self) -> None:
        """Read packets. Whatever paho raises at garbage ends this connection, and the loop reports it."""
        good = False
        try:
            good = self._client.loop_read() == MQTTErrorCode.MQTT_ERR_SUCCESS
        finally:
            if not good:
                self._lost("the broker closed the connection", "dropped")
        sock = self._client.socket()
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            self._loop.call_soon(self._readable)
        self._write_later()

    def _write_later(self) -> None:
        sock = self._client.socket()
        if sock is not None and self._client.want_write():
            self._loop.add_writer(sock.fileno(), self._writable, sock.fileno())

    def _writable(self, fd: int) -> None:
        self._client.loop_write()
        if not self._client.want_write():
            self._loop.remove_writer(fd)

    def _tick(self) -> None:
        """Keep alive, and end the connection when an answer is overdue."""
        self._client.loop_misc()
        overdue = self._overdue(time.monotonic())
        if overdue:
            self._lost(overdue, "unreachable")
        if not self._over:
            self._timer = self._loop.call_later(TICK_S, self._tick)

    def _overdue(self, now_s: float) -> str:
        if self._answer_due_s is not None and now_s > self._answer_due_s:
            return "the broker did not answer CONNECT and SUBSCRIBE in time"
        oldest = next(iter(self._unacked.values()), None)
        if oldest and now_s - max(oldest.at_s, self._last_puback_s) > PUBACK_WAIT_S_MAX:
            return f"no PUBACK for {PUBACK_WAIT_S_MAX:g} s"
        return ""

    def _lost(self, why: str, kind: EndKind) -> None:
        if self._over:
            return
        self._over = True
        self._deliver(Lost(why, kind))
        self._cut()

    # ---- what paho tells (on the loop, inside loop_read or loop_misc) ----

    def _on_connect(
        self, client: paho.Client, _userdata: Any, flags: Any, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            refused = reason.value in _BAD_CREDENTIALS
            self._lost(f"the broker refused us: {reason}", "refused" if refused else "unreachable")
            return
        server_max = getattr(properties, "ReceiveMaximum", self._profile.inflight_max)
        self._window = min(self._profile.inflight_max, server_max)
        self._answer_due_s = time.monotonic() + OPEN_WAIT_S_MAX
        self._resumed = flags.session_present
        if self._profile.subscribe:
            client.subscribe(list(self._profile.subscribe))
        else:
            self._opened()

    def _on_subscribe(
        self, _client: paho.Client, _userdata: Any, _mid: int, reasons: list[ReasonCode], _properties: Any
    ) -> None:
        for (topic, _qos), reason in zip(self._profile.subscribe, reasons, strict=False):
            if reason.is_failure:
                self._lost(f"the broker refused to subscribe us to {topic}: {reason}", "refused")
        self._opened()

    def _opened(self) -> None:
        """Say so, then hand on what a resumed session brought before the subscriptions were confirmed."""
        self._answer_due_s = None
        early, self._early = self._early or [], None
        self._deliver(Opened(self._resumed))
        for incoming in early:
            self._deliver(incoming)

    def _on_disconnect(self, _client: paho.Client, _userdata: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        code = reason.value if isinstance(reason, ReasonCode) else 0
        kind: EndKind = "taken" if code == _TAKEN_OVER else "refused" if code in _BAD_CREDENTIALS else "dropped"
        self._lost(f"disconnected: {reason}", kind)

    def _on_message(self, client: paho.Client, _userdata: Any, message: paho.MQTTMessage) -> None:
        mid, qos = message.mid, message.qos
        ack = once(lambda: self._ack(client, mid, qos)) if qos else nothing
        incoming = Incoming(message.topic, bytes(message.payload), ack)
        if self._early is None:
            self._deliver(incoming)
        elif len(self._early) < INCOMING_EARLY_MAX:
            self._early.append(incoming)

    def _ack(self, client: paho.Client, mid: int, qos: int) -> None:
        if threading.get_ident() != self._home:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the broker will deliver again
                self._loop.call_soon_threadsafe(self._ack, client, mid, qos)
        elif not self._over:
            client.ack(mid, qos)
            self._write_later()

    def _on_publish(self, _client: paho.Client, _userdata: Any, mid: int, reason: ReasonCode, _properties: Any) -> None:
        sent = self._unacked.pop(mid, None)
        if sent is None:
            return
        if self._waiting and not self._over:
            self._send(self._waiting.popleft())
        self._last_puback_s = time.monotonic()
        if sent.alone and len(self._round_trips_ms) < ROUND_TRIPS:
            self._measure((self._last_puback_s - sent.at_s) * 1000)
        if reason.is_failure and sent.message.on_refused is not None:
            self._deliver(Refused(sent.message.on_refused, str(reason)))
        if reason.value == _NOBODY_SUBSCRIBED and sent.message.on_unheard is not None:
            self._deliver(Unheard(sent.message.on_unheard))

    def _measure(self, round_trip_ms: float) -> None:
        self._round_trips_ms.append(round_trip_ms)
        if len(self._round_trips_ms) == ROUND_TRIPS:
            self._deliver(Measured(min(self._round_trips_ms)))


def _make_client(profile: Profile, tls: Tls | None) -> paho.Client:
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id=profile.client_id,
        protocol=paho.MQTTv5,
        manual_ack=True,
        reconnect_on_failure=False,
    )
    address = profile.address
    client.connect_timeout = OPEN_WAIT_S_MAX
    client.max_inflight_messages = 0  # the window is ours: paho does not read the broker's receive maximum
    if address.user:
        client.username_pw_set(address.user, address.password)
    if tls is not None:
        client.tls_set_context(tls)
    if profile.will is not None:
        properties = _properties(PacketTypes.WILLMESSAGE)
        properties.WillDelayInterval = WILL_DELAY_S
        topic, payload, retain = profile.will
        client.will_set(topic, payload, qos=1, retain=retain, properties=properties)
    return client


def _properties(packet: int) -> Properties:
    return Properties(packet)  # type: ignore[no-untyped-call]


def _send_at_once(_client: paho.Client, _userdata: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
