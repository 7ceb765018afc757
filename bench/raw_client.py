"""An MQTT 5 client that costs next to nothing, for a load that must not be the limit: packets are made beforehand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from wire.mqtt import BrokerAddress

CONNACK, PUBLISH, PUBACK, SUBACK = 0x20, 0x30, 0x40, 0x90
KEEP_ALIVE_S: Final = 600
CLEAN_USER_PASSWORD: Final = 0xC2
RECEIVE_MAXIMUM: Final = b"\x21\xff\xff"


def length(number: int) -> bytes:
    """A variable byte integer."""
    out = bytearray()
    while True:
        number, digit = divmod(number, 128)
        out.append(digit | (0x80 if number else 0))
        if not number:
            return bytes(out)


def text(words: str) -> bytes:
    """A string with its length."""
    raw = words.encode()
    return len(raw).to_bytes(2, "big") + raw


def packet(kind: int, body: bytes) -> bytes:
    """A control packet."""
    return bytes((kind,)) + length(len(body)) + body


def publish(topic: str, number: int, payload: bytes) -> bytes:
    """A QoS 1 publish."""
    return packet(PUBLISH | 2, text(topic) + (number % 65_535 + 1).to_bytes(2, "big") + b"\0" + payload)


class RawClient(asyncio.Protocol):
    """Connects, subscribes to `topic`, acknowledges what comes and hands its payload to `heard`."""

    def __init__(self, address: BrokerAddress, client_id: str, topic: str, heard: Callable[[bytes], None]) -> None:
        self.subscribed = asyncio.Event()
        self._address, self._client_id, self._topic, self._heard = address, client_id, topic, heard
        self._transport: asyncio.Transport | None = None
        self._left = b""

    async def open(self) -> None:
        """Connect; returns once subscribed. Raises OSError."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, self._address.host, self._address.port)
        await self.subscribed.wait()

    def send(self, packets: bytes) -> None:
        """Whole packets."""
        if self._transport is not None:
            self._transport.write(packets)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say who we are, and what we want to hear."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a TCP transport is needed")
        self._transport = transport
        address = self._address
        head = text("MQTT") + bytes((5, CLEAN_USER_PASSWORD)) + KEEP_ALIVE_S.to_bytes(2, "big")
        who = text(self._client_id) + text(address.user) + text(address.password)
        self.send(packet(0x10, head + length(len(RECEIVE_MAXIMUM)) + RECEIVE_MAXIMUM + who))
        self.send(packet(0x82, b"\0\1\0" + text(self._topic) + b"\1"))

    def data_received(self, data: bytes) -> None:
        """Take whole packets, keep the rest."""
        data = self._left + data
        at = 0
        while (found := _header(data, at)) is not None:
            start, end = found
            self._take(data[at], data[start:end])
            at = end
        self._left = data[at:]

    def _take(self, first: int, body: bytes) -> None:
        kind = first & 0xF0
        if kind == SUBACK:
            self.subscribed.set()
        elif kind == PUBLISH:
            at = 2 + int.from_bytes(body[:2], "big")
            if first & 6:
                self.send(b"\x40\x02" + body[at : at + 2])
                at += 2
            properties, size = _number(body, at) or (0, 1)
            self._heard(body[at + size + properties :])


def _number(data: bytes, at: int) -> tuple[int, int] | None:
    """A variable byte integer and its size; None: not whole yet."""
    value = shift = 0
    for size, byte in enumerate(data[at : at + 4], start=1):
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, size
        shift += 7
    return None


def _header(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the packet's body begins and ends; None: not whole yet."""
    found = _number(data, at + 1)
    if found is None:
        return None
    start = at + 1 + found[1]
    end = start + found[0]
    return (start, end) if end <= len(data) else None
