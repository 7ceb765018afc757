"""What arrives from the broker, read: something for the writer, or why not and what to answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import msgspec

from central.handlers.intake import CommandIn, EventIn, HelloIn, Intake, Outgoing, PresenceIn, ToClient, ToNode
from wire import topics
from wire.codec import NODE_PAYLOAD_MAX, decode_command, decode_up
from wire.commands import Reply
from wire.downlink import Turned
from wire.errors import WireError
from wire.ids import NAME_PATTERN
from wire.topics import UpTopic
from wire.uplink import Event, Hello, Live, Presence

WHY_MAX: Final = 160  # characters of a reason that go onward; its words may come from outside
_client_name: Final = re.compile(NAME_PATTERN)


@dataclass(frozen=True)
class NotTaken:
    """A message the writer never sees. `kind` is for counting, `answer` tells the sender where one can be told."""

    kind: str
    why: str
    answer: Outgoing | None = None


class _Attributable(msgspec.Struct, frozen=True):
    """The least an event must say for its place in the journal to be known; the rest keeps the chain whole."""

    epoch: int
    seq: int
    prev: str = ""
    record: msgspec.Raw = msgspec.Raw(b'""')


class _Answerable(msgspec.Struct, frozen=True):
    """The least a command must say to be answered."""

    key: str
    client: str


_attributable: Final = msgspec.json.Decoder(_Attributable)
_answerable: Final = msgspec.json.Decoder(_Answerable)


def read(site: str, topic: str, payload: bytes, received_utc_ns: int) -> Intake | NotTaken:
    """The intake in a message of `site`. Never raises, whatever the bytes."""
    if topic == topics.central_command(site):
        return _read_command(payload, received_utc_ns)
    try:
        place = topics.parse_up(topic)
        if place.site != site:
            raise WireError("topic", f"site {place.site!r} is not {site!r}")
    except WireError as error:
        return NotTaken("unknown_topic", _short(error))
    try:
        message = decode_up(place, payload)
    except WireError as error:
        return _unreadable(place, payload, _short(error), received_utc_ns)
    match message:
        case Hello():
            return HelloIn(message, received_utc_ns)
        case Event():
            return EventIn(message, payload, received_utc_ns)
        case Presence():
            return PresenceIn(message, received_utc_ns)
        case Live():
            return NotTaken("live", "a live picture is not for the record")


def _unreadable(place: UpTopic, payload: bytes, why: str, received_utc_ns: int) -> Intake | NotTaken:
    if place.channel == "hello":
        said = f"Central cannot read this node's hello ({why}). Bring node and central to one version"
        return NotTaken("unreadable_hello", f"node {place.node}: {why}", ToNode(place.node, Turned(why=said[:200])))
    kind = "oversize" if len(payload) > NODE_PAYLOAD_MAX else f"unreadable_{place.channel}"
    not_taken = NotTaken(kind, f"node {place.node}: {why}")
    if place.channel != "ev":
        return not_taken
    try:
        at = _attributable.decode(payload)
        fields = {"type": "event", "node": place.node, "epoch": at.epoch, "seq": at.seq, "age_ms": 0, "prev": at.prev}
        event = msgspec.convert({**fields, "record": at.record}, Event)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return not_taken
    return EventIn(event, payload[:NODE_PAYLOAD_MAX], received_utc_ns, unreadable=why)


def _read_command(payload: bytes, received_utc_ns: int) -> Intake | NotTaken:
    try:
        command = decode_command(payload)
    except WireError as error:
        return NotTaken("unreadable_command", _short(error), _refusal(payload, _short(error)))
    if not _client_name.match(command.client):
        return NotTaken("unreadable_command", f"client {command.client[:40]!r} is no name of a client")
    return CommandIn(command, received_utc_ns)


def _refusal(payload: bytes, why: str) -> ToClient | None:
    try:
        sender = _answerable.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not _client_name.match(sender.client) or not 1 <= len(sender.key) <= 64:
        return None
    return ToClient(
        sender.client,
        Reply(
            key=sender.key, ok=False, said=f"Central cannot read this command: {why}", said_zh="中央服务无法读取此命令"
        ),
    )


def _short(error: WireError) -> str:
    text = str(error).encode("ascii", "backslashreplace").decode("ascii")
    return text[:WHY_MAX]
