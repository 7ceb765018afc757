"""Bytes to messages and back; the only place JSON from the wire is read."""

from __future__ import annotations

import hashlib
from typing import Final, TypeVar

import msgspec

from wire.commands import AnyCommand, Reply
from wire.downlink import AnyDown
from wire.errors import WireError
from wire.topics import UpChannel, UpTopic
from wire.uplink import AnyUp, Event, Hello, Live, Presence, Record

NODE_PAYLOAD_MAX: Final = 80 * 1024  # bytes; a photo is 64 kB of base64, any other event < 2 kB, a live picture < 30 kB
DOWN_PAYLOAD_MAX: Final = 4 * 1024 * 1024  # more than a shift of released work for one zone: 20,000 picks
COMMAND_PAYLOAD_MAX: Final = 12 * 1024 * 1024  # a file of 100,000 order lines; the broker's limit is 16 MiB

_KIND_OF_CHANNEL: Final[dict[UpChannel, type[AnyUp]]] = {
    "hello": Hello,
    "ev": Event,
    "state": Presence,
    "live": Live,
}

_T = TypeVar("_T")
_up: Final[msgspec.json.Decoder[AnyUp]] = msgspec.json.Decoder(AnyUp)
_down: Final[msgspec.json.Decoder[AnyDown]] = msgspec.json.Decoder(AnyDown)
_command: Final[msgspec.json.Decoder[AnyCommand]] = msgspec.json.Decoder(AnyCommand)
_reply: Final = msgspec.json.Decoder(Reply)
_record: Final = msgspec.json.Decoder(Record)
_encoder: Final = msgspec.json.Encoder()


def encode(message: AnyUp | AnyDown | AnyCommand | Reply | Record) -> bytes:
    """Compact JSON of `message`. Raises WireError for text that is no Unicode (lone surrogates)."""
    try:
        return _encoder.encode(message)
    except UnicodeEncodeError as error:
        raise WireError("payload", f"text that is no Unicode: {error.reason}") from error


def decode_up(topic: UpTopic, payload: bytes) -> AnyUp:
    """The message in `payload`. Raises WireError if it is not one, not of `topic`'s channel, or another node's."""
    message: AnyUp = _decode(_up, payload, NODE_PAYLOAD_MAX)
    if not isinstance(message, _KIND_OF_CHANNEL[topic.channel]):
        raise WireError("type", f"a {type(message).__name__.lower()} does not belong on channel {topic.channel!r}")
    if message.node != topic.node:
        raise WireError("node", f"{message.node!r} speaks on the topic of {topic.node!r}")
    return message


def decode_record(raw: bytes | msgspec.Raw) -> Record:
    """The journal line inside an event. Raises WireError."""
    return _decode(_record, bytes(raw), NODE_PAYLOAD_MAX)


def decode_down(payload: bytes) -> AnyDown:
    """A message from central. Raises WireError."""
    return _decode(_down, payload, DOWN_PAYLOAD_MAX)


def decode_command(payload: bytes) -> AnyCommand:
    """A command to the site's owner. Raises WireError."""
    return _decode(_command, payload, COMMAND_PAYLOAD_MAX)


def decode_reply(payload: bytes) -> Reply:
    """The owner's reply. Raises WireError."""
    return _decode(_reply, payload, COMMAND_PAYLOAD_MAX)


def chain(prev: str, epoch: int, seq: int, record: bytes) -> str:
    """The chain head after this line: hex sha-256."""
    return hashlib.sha256(f"{prev}\n{epoch}:{seq}\n".encode() + record).hexdigest()


def _decode(decoder: msgspec.json.Decoder[_T], payload: bytes, size_max: int) -> _T:
    if len(payload) > size_max:
        raise WireError("payload", f"{len(payload)} bytes, the limit is {size_max}")
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `")
        raise WireError(where.strip("`$.") or "payload", what) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WireError("payload", f"not JSON: {error}") from error
