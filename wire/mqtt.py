"""A client's standing conversation with the broker: reconnects for ever, never queues, tells what it cannot send."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from wire.backoff import BackOff, Ended
from wire.mqtt_paho import Connection
from wire.mqtt_values import (
    BrokerAddress,
    Happening,
    Incoming,
    Lost,
    Measured,
    Opened,
    Profile,
    Publish,
    Refused,
    Unheard,
    Will,
)

__all__ = ["BrokerAddress", "Incoming", "MqttSession"]

ROUND_TRIP_MS_WARN: Final = 30.0  # without TCP_NODELAY at both ends every QoS 1 round trip costs 40 ms
INCOMING_MAX: Final = 10_000  # waiting messages; QoS 0 beyond it is dropped, QoS 1 is bounded by receive_max

_log = logging.getLogger("picklight.mqtt")


class MqttSession:
    """MQTT 5, `clean_start=False`, manual acknowledgement. All callbacks run inside `run()`, on its loop, in order.

    An exception of a callback ends `run()`: its supervisor decides. After a reconnect nothing is sent again by the
    session: a publish without PUBACK at the moment of the break may or may not have arrived, and its sender, told by
    `on_disconnected` and `on_connected`, says again what must be known. A `will` that is a function is asked anew
    before each connection.
    """

    def __init__(
        self,
        address: BrokerAddress,
        client_id: str,
        *,
        subscribe: Sequence[tuple[str, int]],
        on_message: Callable[[Incoming], None],
        on_connected: Callable[[], None],
        on_disconnected: Callable[[str], None],
        will: Will | Callable[[], Will] | None = None,
        session_expiry_s: int = 3600,
        receive_max: int = 100,
        inflight_max: int = 20,
    ) -> None:
        self.connected = False
        self.round_trip_ms: float | None = None  # best of the first quiet QoS 1 publishes of this connection
        self._will = will
        self._profile = Profile(address, client_id, tuple(subscribe), None, session_expiry_s, receive_max, inflight_max)
        self._on_message, self._on_connected, self._on_disconnected = on_message, on_connected, on_disconnected
        self._connection: Connection | None = None
        self._goodbye: Publish | None = None
        self._back_off = BackOff()
        self._dropped_live = 0

    async def run(self) -> None:
        """Stay connected until cancelled, then disconnect cleanly (the will is not sent)."""
        while True:
            ended, why = await self._live()
            before, self._back_off = self._back_off, self._back_off.after(ended)
            wait_s = self._back_off.wait_s(random.random())
            _say_trouble(self._profile.client_id, before, self._back_off, ended, why)
            await asyncio.sleep(wait_s)

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        expiry_s: int | None = None,
        on_refused: Callable[[str], None] | None = None,
        on_unheard: Callable[[], None] | None = None,
    ) -> bool:
        """Send now, or return False: not connected, or too much unacknowledged. Only on the loop of `run()`.

        `expiry_s`: the broker forgets the message after so long. `on_refused` hears the broker's reason when it
        answers with a failure code (for example 0x87 not authorised); a refused publish reached nobody. `on_unheard`:
        the broker took it, but nobody is subscribed now.
        """
        if self._connection is None or not self.connected:
            return False
        return self._connection.publish(Publish(topic, payload, qos, retain, expiry_s, on_refused, on_unheard))

    def say_on_leaving(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Publish this as the last word when `run()` is cancelled while connected."""
        self._goodbye = Publish(topic, payload, retain=retain)

    async def _live(self) -> tuple[Ended, str]:
        """One connection from opening to end."""
        happenings: asyncio.Queue[Happening] = asyncio.Queue()
        try:
            profile = replace(self._profile, will=self._will() if callable(self._will) else self._will)
            connection = Connection(profile, lambda happening: self._take(happenings, happening))
            await connection.open()
        except OSError as error:  # also a certificate file that cannot be read
            return Ended("unreachable"), f"{type(error).__name__}: {error}"
        self._connection = connection
        resumed, opened_s, why = False, time.monotonic(), "stopped"
        try:
            while True:
                happening = await happenings.get()
                if isinstance(happening, Lost):
                    why = happening.why
                    return self._ended(happening, resumed, opened_s), why
                if isinstance(happening, Opened):
                    resumed, opened_s = happening.resumed, time.monotonic()
                self._perform(happening)
        finally:
            self._leave(connection, why)

    def _perform(self, happening: Opened | Incoming | Refused | Unheard | Measured) -> None:
        match happening:
            case Incoming():
                self._on_message(happening)
            case Refused(tell, why):
                tell(why)
            case Unheard(tell_unheard):
                tell_unheard()
            case Opened():
                self.connected, self.round_trip_ms = True, None
                _log.info("mqtt_connected client=%s resumed=%s", self._profile.client_id, happening.resumed)
                self._on_connected()
            case Measured(round_trip_ms):
                self._measured(round_trip_ms)

    def _leave(self, connection: Connection, why: str) -> None:
        was_connected, self.connected, self._connection = self.connected, False, None
        if was_connected and why == "stopped" and self._goodbye is not None:
            connection.publish(self._goodbye)
        connection.close()
        if was_connected:
            self._on_disconnected(why)

    def _ended(self, lost: Lost, resumed: bool, opened_s: float) -> Ended:
        if not self.connected and lost.kind == "dropped":
            return Ended("unreachable")
        return Ended(lost.kind, time.monotonic() - opened_s, resumed)

    def _take(self, happenings: asyncio.Queue[Happening], happening: Happening) -> None:
        if isinstance(happening, Incoming) and happenings.qsize() >= INCOMING_MAX:
            self._dropped_live += 1
            if self._dropped_live == 1:
                _log.warning("mqtt_overrun client=%s waiting_max=%d", self._profile.client_id, INCOMING_MAX)
            return  # QoS 1 stays unacknowledged and is delivered again; QoS 0 is a picture that will be sent anew
        happenings.put_nowait(happening)

    def _measured(self, round_trip_ms: float) -> None:
        self.round_trip_ms = round_trip_ms
        if round_trip_ms >= ROUND_TRIP_MS_WARN:
            to_do = "set set_tcp_nodelay true in the broker and check the network"
            _log.warning(
                "mqtt_slow client=%s round_trip_ms=%.1f to_do=%r", self._profile.client_id, round_trip_ms, to_do
            )


def _say_trouble(client_id: str, before: BackOff, after: BackOff, ended: Ended, why: str) -> None:
    """Log the edge: the first failure of a row, a refusal, and the first sign that our id is used twice."""
    if after.shared_id() and not before.shared_id():
        to_do = "another client uses this id; stop it, or give this one its own name"
        _log.warning("mqtt_id_shared client=%s why=%r to_do=%r", client_id, why, to_do)
    elif ended.kind == "refused" and before.refusals == 0:
        to_do = "check the client's user, password or certificate and the broker's ACL"
        _log.error("mqtt_refused client=%s why=%r to_do=%r", client_id, why, to_do)
    elif ended.kind == "dropped" or before.failures == 0:
        _log.warning("mqtt_disconnected client=%s kind=%s why=%r", client_id, ended.kind, why)
