"""The pages' own connection to the broker: commands out, replies, live pictures and hints in."""

from __future__ import annotations

import logging
from typing import Final

from central.link.asker import Asker
from central.link.watch import Watch
from central.log import Edges
from wire import topics
from wire.codec import decode_reply, decode_up, encode
from wire.downlink import BenchPressed
from wire.errors import WireError
from wire.ids import NodeName, SiteName
from wire.mqtt import BrokerAddress, Incoming, MqttSession
from wire.topics import UpTopic
from wire.uplink import Live, Presence

log = logging.getLogger("central.pages")

PRESS_EXPIRY_S: Final = 2  # whoever touched the page has given up by then
CLIENT: Final = "central-web"


class PagesLink:
    """One broker session that feeds an Asker and a Watch. `run` until cancelled."""

    def __init__(self, site: str, broker: BrokerAddress) -> None:
        self.watch = Watch()
        self.asker = Asker(CLIENT, self._command)
        self._site = site
        self._edges = Edges(log)
        self._session = MqttSession(
            broker,
            CLIENT,
            subscribe=[
                (topics.command_reply(site, CLIENT), 1),
                (topics.central_state(site), 1),
                (topics.central_changed(site), 0),
                (topics.all_up(site, "live"), 0),
                (topics.all_up(site, "state"), 1),
            ],
            on_message=self._arrived,
            on_connected=lambda: self.watch.contact(True),
            on_disconnected=lambda _: self.watch.contact(False),
            session_expiry_s=0,  # what was said while we were away is in the record, or no longer true
        )

    def press(self, node: str, press: BenchPressed) -> bool:
        """Pass a touch of a bench's page on to its node; False: no broker. One that comes too late is dropped."""
        topic = topics.down(self._site, node, "press")
        return self._session.publish(topic, encode(press), expiry_s=PRESS_EXPIRY_S)

    async def run(self) -> None:
        """Stay connected."""
        await self._session.run()

    def _command(self, payload: bytes) -> bool:
        return self._session.publish(topics.central_command(self._site), payload)

    def _arrived(self, incoming: Incoming) -> None:
        try:
            self._hear(incoming.topic, incoming.payload)
        except WireError as error:
            self._edges.note("unreadable", f"message ignored why={str(error)[:160]!r}")
        incoming.ack()

    def _hear(self, topic: str, payload: bytes) -> None:
        if topic == topics.central_changed(self._site):
            self.watch.heard_commit()
        elif topic == topics.command_reply(self._site, CLIENT):
            self.asker.answered(decode_reply(payload))
        elif topic == topics.central_state(self._site):
            self._heard(UpTopic(SiteName(self._site), NodeName("central"), "state"), payload)
        else:
            self._heard(topics.parse_up(topic), payload)

    def _heard(self, place: UpTopic, payload: bytes) -> None:
        match decode_up(place, payload):
            case Live() as live:
                self.watch.heard_live(live)
            case Presence() as owner if owner.node == "central":
                self.watch.heard_owner(owner)
            case Presence() as presence:
                self.watch.heard_presence(presence)
            case _:
                raise WireError("type", "neither a picture nor a presence")
