"""Whatever arrives is read, or refused with a reason; bytes never make central fall."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.handlers.intake import CommandIn, EventIn, HelloIn, PresenceIn, ToClient, ToNode
from central.link.reading import NotTaken, read
from wire import topics
from wire.codec import NODE_PAYLOAD_MAX, encode
from wire.commands import PlanWave
from wire.downlink import Turned
from wire.uplink import Event, Hello, Live, Presence

HELLO = Hello(
    node="zone-a", store_id="s", epoch=0, first_seq=1, last_seq=0, head="", boot_id="b", connects=1,
    desired_version=0, software="0.1", clock="synced",
)  # fmt: skip
EVENT = Event(node="zone-a", epoch=1, seq=7, age_ms=0, prev="ab" * 32, record=msgspec.Raw(b'{"x":1}'))
EV = topics.up("demo", "zone-a", "ev")
CMD = topics.central_command("demo")


def changed(message: Event | Hello, **fields: object) -> bytes:
    """The message with fields that its type would not let in."""
    return msgspec.json.encode({**msgspec.json.decode(encode(message)), **fields})


def test_what_fits_its_topic_is_handed_on() -> None:
    presence = Presence(node="zone-a", state="ready", connects=1)
    command = PlanWave(key="k", client="central-web", orders_max=3)
    assert read("demo", topics.up("demo", "zone-a", "hello"), encode(HELLO), 5) == HelloIn(HELLO, 5)
    assert read("demo", EV, encode(EVENT), 5) == EventIn(EVENT, encode(EVENT), 5)
    assert read("demo", topics.up("demo", "zone-a", "state"), encode(presence), 5) == PresenceIn(presence, 5)
    assert read("demo", CMD, encode(command), 5) == CommandIn(command, 5)


@pytest.mark.parametrize(
    ("topic", "payload", "kind"),
    [
        ("ptl/v1/demo/zone-a/up/gossip", encode(EVENT), "unknown_topic"),
        ("ptl/v2/demo/zone-a/up/ev", encode(EVENT), "unknown_topic"),
        ("ptl/v1/other/zone-a/up/ev", encode(EVENT), "unknown_topic"),
        ("ptl/v1/demo/ZONE A/up/ev", encode(EVENT), "unknown_topic"),
        (EV, b"{", "unreadable_ev"),
        (EV, b"", "unreadable_ev"),
        (EV, encode(HELLO), "unreadable_ev"),
        (EV, b"\xff" * 10, "unreadable_ev"),
        (EV, b"[" * 5_000, "unreadable_ev"),
        (EV, b" " * (NODE_PAYLOAD_MAX + 1), "oversize"),
        (topics.up("demo", "zone-a", "state"), b"{}", "unreadable_state"),
        (
            topics.up("demo", "zone-a", "live"),
            encode(Live(node="zone-a", number=1, outbox_rows=0, outbox_fill_percent=0)),
            "live",
        ),
        (CMD, b"{}", "unreadable_command"),
        (CMD, encode(PlanWave(key="k", client="a/#", orders_max=1)), "unreadable_command"),
    ],
)
def test_what_does_not_fit_is_refused_by_kind(topic: str, payload: bytes, kind: str) -> None:
    found = read("demo", topic, payload, 5)
    assert isinstance(found, NotTaken)
    assert found.kind == kind


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (changed(EVENT, v=2), "v: Expected `int` <= 1"),
        (changed(EVENT, node="zone-b"), "'zone-b' speaks on the topic of 'zone-a'"),
        (changed(EVENT, age_ms=-1), "age_ms: Expected `int` >= 0"),
        (changed(EVENT, colour="red"), "unknown field `colour`"),
        (changed(EVENT, record="x" * NODE_PAYLOAD_MAX), f"the limit is {NODE_PAYLOAD_MAX}"),
    ],
)
def test_an_unreadable_event_keeps_its_place_in_the_journal(payload: bytes, why: str) -> None:
    found = read("demo", EV, payload, 5)
    assert isinstance(found, EventIn)
    assert (found.event.node, found.event.epoch, found.event.seq) == ("zone-a", 1, 7)
    assert found.event.prev == EVENT.prev
    assert why in found.unreadable
    assert found.payload == payload[:NODE_PAYLOAD_MAX]


@pytest.mark.parametrize("fields", [{"seq": 0}, {"seq": "7"}, {"epoch": -1}, {"seq": 2**60}, {"seq": None}])
def test_an_event_without_a_place_is_refused(fields: dict[str, object]) -> None:
    assert isinstance(read("demo", EV, changed(EVENT, **fields), 5), NotTaken)


def test_a_hello_of_another_version_is_answered() -> None:
    found = read("demo", topics.up("demo", "zone-a", "hello"), changed(HELLO, v=2), 5)
    assert isinstance(found, NotTaken)
    assert isinstance(found.answer, ToNode)
    assert isinstance(found.answer.message, Turned)
    assert "Bring node and central to one version" in found.answer.message.why


def test_an_unreadable_command_is_answered_where_it_came_from() -> None:
    payload = msgspec.json.encode({"kind": "fly", "key": "k", "client": "central-web"})
    found = read("demo", CMD, payload, 5)
    assert isinstance(found, NotTaken)
    assert isinstance(found.answer, ToClient)
    assert (found.answer.client, found.answer.reply.key, found.answer.reply.ok) == ("central-web", "k", False)


@given(st.sampled_from([EV, CMD, topics.up("demo", "zone-a", "hello"), "x"]), st.binary(max_size=300))
def test_no_bytes_make_reading_fall(topic: str, payload: bytes) -> None:
    read("demo", topic, payload, 5)


@given(
    st.dictionaries(
        st.sampled_from(["type", "v", "node", "epoch", "seq", "prev", "record", "key", "client", "kind"]),
        st.one_of(
            st.integers(), st.text(max_size=70), st.none(), st.lists(st.integers(), max_size=2), st.just("event")
        ),
    ),
    st.sampled_from([EV, CMD, topics.up("demo", "zone-a", "hello")]),
)
def test_no_json_makes_reading_fall(tree: dict[str, object], topic: str) -> None:
    read("demo", topic, msgspec.json.encode(tree), 5)
