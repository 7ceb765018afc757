"""The node's live picture: the newest wins, sent on change and as a heartbeat, never queued."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import msgspec

from wire.codec import NODE_PAYLOAD_MAX, encode
from wire.uplink import Live, StationLive, ZoneLive

GAP_S: Final = 0.02  # at most 50 pictures a second: more than an eye can follow
HEARTBEAT_S: Final = 2.0
MODULES_MAX: Final = 300  # of those that are not dark, where a picture would be too large


class LivePicture:
    """What is shown now. `send(payload)` returns False when it could not be sent."""

    def __init__(self, node: str, send: Callable[[bytes], bool], outbox_facts: Callable[[], tuple[int, int]]) -> None:
        self._node, self._send, self._outbox_facts = node, send, outbox_facts
        self._zone: ZoneLive | None = None
        self._station: StationLive | None = None
        self._number = 0
        self._sent_s = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def show(self, zone: ZoneLive | None, station: StationLive | None) -> None:
        """This is shown now; None leaves that part as it was. Only on the loop; never blocks."""
        self._zone, self._station = zone or self._zone, station or self._station
        loop = asyncio.get_running_loop()
        if self._timer is None:
            wait_s = max(0.0, self._sent_s + GAP_S - loop.time())
            self._timer = loop.call_later(wait_s, self._send_now)

    def beat(self) -> None:
        """Call now and then: sends when the last picture is older than `HEARTBEAT_S`."""
        if asyncio.get_running_loop().time() - self._sent_s >= HEARTBEAT_S and self._timer is None:
            self._send_now()

    def stop(self) -> None:
        """Send no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _send_now(self) -> None:
        self._timer = None
        self._number += 1
        if self._send(self._payload()):
            self._sent_s = asyncio.get_running_loop().time()

    def _payload(self) -> bytes:
        rows, fill_percent = self._outbox_facts()
        picture = Live(
            node=self._node,
            number=self._number,
            outbox_rows=rows,
            outbox_fill_percent=fill_percent,
            zone=self._zone,
            station=self._station,
        )
        payload = encode(picture)
        if len(payload) <= NODE_PAYLOAD_MAX or self._zone is None:
            return payload
        bright = tuple(module for module in self._zone.modules if module.state != "dark")[:MODULES_MAX]
        return encode(msgspec.structs.replace(picture, zone=msgspec.structs.replace(self._zone, modules=bright)))
