"""Any other bytes are refused with one error, and nothing ever crashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.codec import (
    COMMAND_PAYLOAD_MAX,
    DOWN_PAYLOAD_MAX,
    NODE_PAYLOAD_MAX,
    decode_command,
    decode_down,
    decode_record,
    decode_reply,
    decode_up,
    encode,
)
from wire.contract import FAMILIES, SAMPLES
from wire.deeds import AlarmRaised
from wire.downlink import Ack
from wire.errors import WireError
from wire.topics import UpTopic, parse_up, up
from wire.uplink import Hello, Record

SAMPLE = {path.stem.removesuffix(".v1"): path.read_bytes() for path in SAMPLES.rglob("*.json")}
TOPICS = [parse_up(up("demo", "zone-a", channel)) for channel in ("hello", "ev", "state", "live")]


def _up_on(topic: UpTopic) -> Callable[[bytes], Any]:
    return lambda payload: decode_up(topic, payload)


DECODERS: list[Callable[[bytes], Any]] = [
    *(_up_on(topic) for topic in TOPICS),
    decode_record,
    decode_down,
    decode_command,
    decode_reply,
]


def refused_or_read(payload: bytes) -> int:
    """How many decoders read it; the others raised WireError. Anything else fails the test."""
    read = 0
    complaints: list[tuple[str, str]] = []
    for decoder in DECODERS:
        try:
            decoder(payload)
            read += 1
        except WireError as error:
            complaints.append((error.where, error.what))
    assert all(where and what for where, what in complaints)
    return read


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(payload: bytes) -> None:
    assert refused_or_read(payload) == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_any_other_json_is_refused(value: object) -> None:
    assert refused_or_read(json.dumps(value).encode()) == 0


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good message with a few bytes changed, cut out or put in."""
    payload = bytearray(draw(st.sampled_from(sorted(SAMPLE.values()))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(payload) - 1))
        match draw(st.sampled_from(["change", "cut", "insert"])):
            case "change":
                payload[at] = draw(st.integers(0, 255))
            case "cut":
                del payload[at : at + draw(st.integers(1, 20))]
            case _:
                payload[at:at] = draw(st.binary(max_size=5))
    return bytes(payload)


@settings(max_examples=400)
@given(damaged())
def test_damaged_messages_are_refused_or_still_messages(payload: bytes) -> None:
    refused_or_read(payload)


@st.composite
def one_value_changed(draw: st.DrawFn) -> bytes:
    """A good message where one value, anywhere, became another."""
    message = json.loads(draw(st.sampled_from(sorted(SAMPLE.values()))))
    place: Any = message
    while True:
        key: Any = draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1))
        if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
            place = place[key]
            continue
        place[key] = draw(
            json_values | st.sampled_from([10**400, -1, 2**63, "\ud800", "x" * 70_000, float("nan"), 1e400])
        )
        return json.dumps(message).encode()


@settings(max_examples=400)
@given(one_value_changed())
def test_a_message_with_one_odd_value_is_refused_or_still_a_message(payload: bytes) -> None:
    refused_or_read(payload)


DEEP = 200_000


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b" ",
        b"null",
        b"NaN",
        b"Infinity",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"[" * 60_000,
        b'{"a":' * 12_000,
        b"1" * 60_000,
        b'"\\ud800"',
        b'"' + b"\xed\xa0\x80" + b'"',
        b'{"type":"hello"}',
        b'{"type":["hello"]}',
        b'{"type":"event","record":' + b"[" * 60_000,
        b"[" * DEEP,
        b'{"type":"ack","v":1,"epoch":1,"through":0,"head":"","answers":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b"\x00" * 100,
    ],
    ids=lambda payload: repr(payload[:24]),
)
def test_known_tricks_are_refused(payload: bytes) -> None:
    assert refused_or_read(payload) == 0


def changed(name: str, **facts: object) -> bytes:
    """The sample with these facts put in its place."""
    return json.dumps(json.loads(SAMPLE[name]) | facts).encode()


def hello(payload: bytes) -> Hello:
    """Read as central reads it from zone-a."""
    said = decode_up(parse_up("ptl/v1/demo/zone-a/up/hello"), payload)
    assert isinstance(said, Hello)
    return said


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"v": 2}, r"^v: Expected `int` <= 1"),
        ({"v": 0}, r"^v: Expected `int` >= 1"),
        ({"node": "zone-b"}, r"^node: 'zone-b' speaks on the topic of 'zone-a'"),
        ({"node": "zone-a\n"}, r"^node: Expected `str` matching"),
        ({"node": "Zone A"}, r"^node: Expected `str` matching"),
        ({"head": "f" * 64 + "\n"}, r"^head: Expected `str` matching"),
        ({"epoch": -1}, r"^epoch: Expected `int` >= 0"),
        ({"last_seq": 2**53}, r"^last_seq: Expected `int` <= 9007199254740991"),
        ({"last_seq": 1.5}, r"^last_seq: Expected `int`, got `float`"),
        ({"last_seq": "7"}, r"^last_seq: Expected `int`, got `str`"),
        ({"last_seq": True}, r"^last_seq: Expected `int`, got `bool`"),
        ({"store_id": ""}, r"^store_id: Expected `str` of length >= 1"),
        ({"store_id": "x" * 65}, r"^store_id: Expected `str` of length <= 64"),
        ({"clock": "sundial"}, r"^clock: Invalid enum value 'sundial'"),
        ({"extra": 1}, r"unknown field `extra`"),
        ({"type": "farewell"}, r"Invalid value 'farewell'"),
    ],
    ids=repr,
)
def test_the_error_names_the_field_and_what_is_wrong(facts: dict[str, object], complaint: str) -> None:
    with pytest.raises(WireError, match=complaint):
        hello(changed("hello", **facts))


def test_the_error_names_a_field_deep_inside() -> None:
    message = json.loads(SAMPLE["desired"])
    message["zone"]["totes"][0]["picks"][0]["pieces"] = 0
    with pytest.raises(WireError, match=r"^zone\.totes\[0\]\.picks\[0\]\.pieces: Expected `int` >= 1"):
        decode_down(json.dumps(message).encode())


def test_a_message_on_another_channel_is_refused() -> None:
    with pytest.raises(WireError, match="a presence does not belong on channel 'hello'"):
        hello(SAMPLE["presence"])


@pytest.mark.parametrize(
    ("decoder", "size_max"),
    [(decode_record, NODE_PAYLOAD_MAX), (decode_down, DOWN_PAYLOAD_MAX), (decode_command, COMMAND_PAYLOAD_MAX)],
)
def test_oversize_is_refused_before_it_is_read(decoder: Callable[[bytes], Any], size_max: int) -> None:
    with pytest.raises(WireError, match=f"payload: {size_max + 1} bytes, the limit is {size_max}"):
        decoder(b" " * (size_max + 1))


def test_of_a_doubled_key_the_last_counts_for_every_reader() -> None:
    twice = b'{"type":"ack","epoch":1,"through":5,"through":6,"head":""}'
    assert decode_down(twice) == Ack(epoch=1, through=6, head="")


def test_a_short_pick_that_is_not_short_is_refused() -> None:
    message = json.loads(SAMPLE["short_picked"])
    message["deed"]["found_pieces"] = 3
    with pytest.raises(WireError, match="deed: found_pieces must be below asked_pieces"):
        decode_record(json.dumps(message).encode())


def test_text_that_is_no_unicode_cannot_be_sent() -> None:
    deed = AlarmRaised(alarm="\ud800")
    with pytest.raises(WireError, match="text that is no Unicode"):
        encode(Record(intent="i", at_utc_ns=0, mono_ns=0, boot_id="b", clock="synced", deed=deed))


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "ptl/v1/demo/zone-a/up",
        "ptl/v1/demo/zone-a/up/ev/",
        "ptl/v1/demo/zone-a/up/ev\n",
        "ptl/v2/demo/zone-a/up/ev",
        "ptl/v1/demo/zone-a/dn/ack",
        "ptl/v1/demo/Zone/up/ev",
        "ptl/v1/demo//up/ev",
        "ptl/v1/demo/+/up/ev",
        "ptl/v1/demo/zone-a/up/#",
        "xptl/v1/demo/zone-a/up/ev",
        "ptl/v1/demo/" + "a" * 33 + "/up/ev",
        "ptl/v1/demo/zone-a/up/ev" * 100,
    ],
)
def test_other_topics_are_refused(topic: str) -> None:
    with pytest.raises(WireError, match="is not a node's uplink topic"):
        parse_up(topic)


@given(st.text(max_size=60))
def test_no_topic_crashes_the_reader(topic: str) -> None:
    with pytest.raises(WireError, match="is not a node's uplink topic"):
        parse_up(topic)


def test_every_family_can_read_something() -> None:
    assert {family.name for family in FAMILIES} == {path.name for path in SAMPLES.iterdir()}
