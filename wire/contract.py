"""The whole contract in one table: each family of messages, where it travels, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import msgspec

from wire.answers import AnyAnswer
from wire.codec import decode_command, decode_down, decode_record, decode_reply, decode_up
from wire.commands import AnyCommand, Reply
from wire.deeds import AnyDeed
from wire.downlink import AnyDown
from wire.topics import parse_up
from wire.uplink import AnyUp, Record

SAMPLES: Final = Path(__file__).with_name("samples")
SCHEMA: Final = Path(__file__).with_name("schema") / "wire.json"
ASYNCAPI: Final = Path(__file__).with_name("schema") / "asyncapi.json"
SAMPLE_NODE: Final = "zone-a"
_CHANNELS: Final = {"hello": "hello", "event": "ev", "presence": "state", "live": "live"}


@dataclass(frozen=True)
class Family:
    """A closed set of kinds and the one function that reads them from bytes.

    `record` is the family of deeds (each travels in a record, a record in an event); `answer` travels in an `ack`.
    """

    name: Literal["up", "record", "down", "answer", "command", "reply"]
    kinds: tuple[type[msgspec.Struct], ...]
    read: Callable[[bytes], Any]


def kind_of(message: type[msgspec.Struct]) -> str:
    """The word that names this kind in JSON; a family of one has none and goes by its class."""
    tag = message.__struct_config__.tag
    return tag if isinstance(tag, str) else message.__name__.lower()


def _read_up(payload: bytes) -> AnyUp:
    kind = msgspec.json.decode(payload)["type"]
    return decode_up(parse_up(f"ptl/v1/demo/{SAMPLE_NODE}/up/{_CHANNELS[kind]}"), payload)


FAMILIES: Final = (
    Family("up", get_args(AnyUp), _read_up),
    Family("record", get_args(AnyDeed), decode_record),
    Family("down", get_args(AnyDown), decode_down),
    Family("answer", get_args(AnyAnswer), decode_down),
    Family("command", get_args(AnyCommand), decode_command),
    Family("reply", (Reply,), decode_reply),
)

WHOLE_MESSAGES: Final = (AnyUp, AnyDown, AnyCommand, Reply, Record)  # what travels by itself, and the record in events
