"""Lines of nodes: next, repeated, missing, foreign, poisoned, forged."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.handlers.intake import EventIn, HelloIn, PresenceIn
from central.store.audit import audit
from central.store.chain import verify_chain
from tests.central.paper_floor import PaperFloor, PaperNode, messages
from wire.codec import encode
from wire.deeds import AlarmCleared, AlarmRaised, PickConfirmed
from wire.downlink import Ack, Desired, Turned, Welcome
from wire.uplink import Event, Presence


def alarms(node: PaperNode, count: int) -> list[EventIn]:
    return [node.line(AlarmRaised(alarm="hot", subject=str(node.seq)), f"alarm:{node.seq}") for _ in range(count)]


def acks(out: list[object]) -> list[tuple[int, bool]]:
    return [(ack.through, ack.rewind) for ack in messages(out, Ack)]  # type: ignore[arg-type]


def test_a_batch_is_acknowledged_once_with_the_chain_s_head(floor: PaperFloor) -> None:
    node = floor.nodes["zone-a"]
    out = floor.apply(alarms(node, 5))

    assert [(ack.through, ack.head, ack.epoch) for ack in messages(out, Ack)] == [(5, node.head, 1)]


def test_a_gap_is_asked_for_once(floor: PaperFloor) -> None:
    lines = alarms(floor.nodes["zone-a"], 4)
    assert acks([*floor.apply([lines[0], lines[2]])]) == [(1, True)]
    assert acks([*floor.apply([lines[3]])]) == []
    late = EventIn(lines[3].event, lines[3].payload, 2_100_000_000)
    assert acks([*floor.apply([late])]) == [(1, True)]
    assert acks([*floor.apply(lines)]) == [(4, False)]
    assert audit(floor.path).counted_by_kind["alarm_raised"] == 4


def test_repeats_are_acknowledged_and_change_nothing(floor: PaperFloor) -> None:
    lines = alarms(floor.nodes["zone-a"], 3)
    floor.apply(lines)
    before = floor.rows("SELECT * FROM journal")

    assert acks([*floor.apply(lines[:2])]) == [(3, False)]
    assert floor.rows("SELECT * FROM journal") == before


def test_a_deed_told_twice_under_two_numbers_counts_once(picked: PaperFloor) -> None:
    before = picked.shelf("A-01-1")
    node = picked.nodes["zone-a"]
    again = PickConfirmed(zone="A", pick_id="1:1:1", tote_id="1/A", location_id="A-01-1", sku="mug", picked_pieces=2)
    picked.apply([node.line(again, "pick:1:1:1")])

    assert picked.shelf("A-01-1") == before
    assert picked.rows("SELECT count(*) FROM journal WHERE intent = 'pick:1:1:1' AND NOT counted") == [(1,)]
    assert audit(picked.path).dead_letters == []


def test_lines_of_an_epoch_that_was_not_granted_are_not_taken(floor: PaperFloor) -> None:
    node = floor.nodes["zone-a"]
    node.epoch = 2

    assert floor.apply(alarms(node, 1)) == []


POISON = {
    "not JSON": b"{",
    "not a record": b"[]",
    "an unknown deed": b'{"intent":"x","at_utc_ns":1,"mono_ns":1,"boot_id":"b","clock":"synced",'
    b'"deed":{"kind":"flew"}}',
    "half a surrogate": b'{"intent":"\\ud800","at_utc_ns":1,"mono_ns":1,"boot_id":"b","clock":"synced",'
    b'"deed":{"kind":"alarm_raised","alarm":"x"}}',
    "not a number": b'{"intent":"x","at_utc_ns":NaN,"mono_ns":1,"boot_id":"b","clock":"synced",'
    b'"deed":{"kind":"alarm_raised","alarm":"x"}}',
    "too large": b'"' + b"x" * 70_000 + b'"',
    "no UTF-8": b'"\xff\xfe"',
    "a pick nobody made": encode(
        PaperNode("zone-a")
        .line(PickConfirmed(zone="A", pick_id="9:9:9", tote_id="t", location_id="l", sku="s", picked_pieces=1), "p")
        .event
    ),
}


@pytest.mark.parametrize("bytes_", POISON.values(), ids=POISON.keys())
def test_a_poisoned_line_is_kept_with_its_reason_and_the_next_one_counts(floor: PaperFloor, bytes_: bytes) -> None:
    node = floor.nodes["zone-a"]
    batch = [*alarms(node, 1), node.raw_line(bytes_), *alarms(node, 1)]

    assert acks([*floor.apply(batch)]) == [(3, False)]
    found = audit(floor.path)
    assert found.counted_by_kind["alarm_raised"] == 2
    assert len(found.dead_letters) == 1
    assert floor.rows("SELECT payload FROM dead_letter") == [(batch[1].payload,)]
    assert floor.rows("SELECT alarm, cleared_utc_ns FROM alarm WHERE alarm = 'dead_letter'") == [("dead_letter", 0)]
    assert verify_chain(floor.path) == []


def test_deeds_about_another_node_s_zone_or_bench_do_not_count(picked: PaperFloor) -> None:
    picked.order("3", pen=1)
    picked.wave()
    tote, pick = picked.lit("A")[-1]
    deed = PickConfirmed(
        zone="A",
        pick_id=pick.pick_id,
        tote_id=tote.tote_id,
        location_id=pick.location_id,
        sku=pick.sku,
        picked_pieces=1,
    )
    picked.apply([picked.nodes["zone-b"].line(deed, f"pick:{pick.pick_id}")])

    assert picked.status("3") == "waved"
    assert "foreign_zone" in audit(picked.path).dead_letters[0]


def test_a_pick_that_is_not_as_released_does_not_count(picked: PaperFloor) -> None:
    picked.order("3", pen=2)
    picked.wave()
    tote, pick = picked.lit("A")[-1]
    picked.apply([picked.confirm("A", tote, msgspec.structs.replace(pick, pieces=1))])

    assert "other_pick" in audit(picked.path).dead_letters[0]


def test_a_line_that_breaks_the_chain_is_buried_and_the_chain_goes_on_from_it(floor: PaperFloor) -> None:
    node = floor.nodes["zone-a"]
    floor.apply(alarms(node, 1))
    node.head = "f" * 64
    out = floor.apply(alarms(node, 2))

    assert acks([*out]) == [(3, False)]
    assert "chain_broken" in audit(floor.path).dead_letters[0]
    assert floor.rows("SELECT alarm FROM alarm WHERE alarm = 'chain_broken'") == [("chain_broken",)]
    assert audit(floor.path).counted_by_kind["alarm_raised"] == 2


@pytest.mark.parametrize("prev", [None, "0" * 64])
def test_an_envelope_of_another_version_is_buried_and_the_next_line_counts(floor: PaperFloor, prev: str | None) -> None:
    node = floor.nodes["zone-a"]
    first, strange, last = alarms(node, 3)
    event = strange.event if prev is None else msgspec.structs.replace(strange.event, prev=prev)
    floor.apply([first, EventIn(event, b'{"v":2}', 1, unreadable="v: 2 is too new"), last])

    assert audit(floor.path).dead_letters == ["zone-a 1:2 unreadable: v: 2 is too new"]
    assert audit(floor.path).counted_by_kind["alarm_raised"] == 2
    assert verify_chain(floor.path) == []


def test_a_copied_card_that_says_something_else_is_found_and_turned_away(floor: PaperFloor) -> None:
    node = floor.nodes["zone-a"]
    floor.apply(alarms(node, 2))
    copy = PaperNode("zone-a")
    out = floor.apply([copy.line(AlarmRaised(alarm="cold"), "alarm:other")])

    assert len(messages(out, Turned)) == 1
    assert floor.rows("SELECT state FROM node WHERE name = 'zone-a'") == [("turned_away",)]
    assert floor.apply(alarms(node, 1)) == []
    assert len(messages(floor.apply([node.hello()]), Welcome)) == 1
    assert acks([*floor.apply(node.sent[2:])]) == [(3, False)]


def test_hello_is_answered_with_what_is_safe_and_everything_to_do(picked: PaperFloor) -> None:
    picked.order("3", pen=1)
    picked.wave()
    node = picked.nodes["zone-a"]
    out = picked.apply([node.hello(desired_version=90)])

    expected = Welcome(epoch=1, acked_through=node.seq, head=node.head, store_id="store-of-zone-a")
    assert messages(out, Welcome) == [expected]
    (desired,) = messages(out, Desired)
    assert desired.version == 91
    assert desired.zone is not None
    assert [tote.order_no for tote in desired.zone.totes] == ["3"]


def test_a_bench_is_told_its_empty_document(floor: PaperFloor) -> None:
    (desired,) = messages(floor.apply([floor.nodes["pack-1"].hello()]), Desired)

    assert desired == Desired(version=1)


def test_unknown_nodes_and_old_cards_are_turned_away(floor: PaperFloor) -> None:
    assert "site file" in messages(floor.apply([PaperNode("ghost").hello()]), Turned)[0].why
    floor.apply([floor.nodes["zone-a"].hello(store_id="a new card")])
    old = messages(floor.apply([floor.nodes["zone-a"].hello()]), Turned)

    assert "older storage" in old[0].why
    assert floor.rows("SELECT epoch FROM node WHERE name = 'zone-a'") == [(2,)]


def test_a_late_hello_is_answered_and_a_restored_card_is_turned_away(floor: PaperFloor) -> None:
    node = floor.nodes["zone-a"]
    floor.apply(alarms(node, 5))
    behind = node.hello(last_seq=2, epoch=1).hello
    answered = [messages(floor.apply([HelloIn(behind, second * 10**9)]), Turned) for second in (1, 20, 40)]

    assert [bool(turned) for turned in answered] == [False, False, True]
    assert "restored card" in answered[2][0].why
    assert floor.rows("SELECT alarm FROM alarm") == [("hot",)] * 5 + [("turned_away",)]


def test_a_late_will_does_not_hide_a_node_that_is_back(floor: PaperFloor) -> None:
    def state() -> str:
        return str(floor.rows("SELECT state FROM node WHERE name = 'zone-a'")[0][0])

    floor.apply([PresenceIn(Presence(node="zone-a", state="ready", connects=4), 1)])
    floor.apply([PresenceIn(Presence(node="zone-a", state="lost", connects=3), 2)])
    assert state() == "ready"
    floor.apply([PresenceIn(Presence(node="zone-a", state="lost", connects=4), 3)])
    assert state() == "lost"


def test_an_alarm_is_raised_once_and_cleared(floor: PaperFloor) -> None:
    node = floor.nodes["zone-a"]
    raised = AlarmRaised(alarm="module_unreachable", subject="A-01-1", detail="no answer")
    floor.apply([node.line(raised, "a1"), node.line(raised, "a2", now_utc_ns=5)])
    assert floor.rows("SELECT subject, raised_utc_ns, cleared_utc_ns FROM alarm") == [("A-01-1", 1, 0)]
    floor.apply([node.line(AlarmCleared(alarm="module_unreachable", subject="A-01-1"), "a3", now_utc_ns=9)])
    assert floor.rows("SELECT cleared_utc_ns FROM alarm") == [(9,)]


@settings(max_examples=60, deadline=None)
@given(bytes_=st.binary(max_size=200), age_ms=st.integers(0, 5_000))
def test_any_bytes_at_all_are_acknowledged(
    tmp_path_factory: pytest.TempPathFactory, bytes_: bytes, age_ms: int
) -> None:
    made = _one_floor(tmp_path_factory)
    node = made.nodes["zone-a"]
    before = node.seq
    event = msgspec.json.decode(encode(node.raw_line(b"0").event), type=Event)
    node.seq, node.head = before, event.prev

    assert acks([*made.apply([node.raw_line(bytes_, age_ms=age_ms)])]) == [(before + 1, False)]


_floors: list[PaperFloor] = []


def _one_floor(factory: pytest.TempPathFactory) -> PaperFloor:
    if not _floors:
        _floors.append(PaperFloor(factory.mktemp("any-bytes")))
    return _floors[0]


@pytest.fixture(scope="module", autouse=True)
def close_the_shared_floor() -> object:
    """Close what the property above shares between its examples."""
    yield
    for made in _floors:
        made.close()
    _floors.clear()
