"""Hello and welcome, answers, the desired state, presence and the live picture: what is said besides the journal."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from edge.link.errors import OutboxFull
from tests.edge.link.one_node import all_safe, node, picks, wanted
from tests.edge.link.scripted_central import Journal, central
from tests.wire.real_broker import Broker, until
from wire.answers import Refused
from wire.deeds import AlarmCleared, AlarmRaised
from wire.downlink import Desired, Turned, Welcome
from wire.phrases import Refusal
from wire.uplink import StationLive, ZoneLive

Alarm = AlarmRaised | AlarmCleared


async def test_a_damaged_store_becomes_another_store_and_central_is_told(tmp_path: Path) -> None:
    journal, path = Journal(), tmp_path / "o"
    async with Broker(tmp_path) as broker, central(broker.address, journal):
        async with node(path, broker.address) as one:
            await one.confirm(1, 3)
            await all_safe(one)
        path.write_bytes(b"\x00garbage" * 1000)
        async with node(path, broker.address) as again:
            await again.confirm(4, 5)
            await until(lambda: len(journal.lines) == 6)

    assert [deed for deed in journal.deeds() if not isinstance(deed, AlarmRaised)] == picks(1, 5)
    assert [deed.alarm for deed in journal.deeds() if isinstance(deed, AlarmRaised)] == ["outbox_damaged"]
    assert any("o.damaged-" in name for name in os.listdir(tmp_path))  # noqa: PTH208


async def test_a_welcome_beyond_what_was_made_is_an_alarm_and_nothing_is_sent(tmp_path: Path) -> None:
    journal = Journal()
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, journal) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        other_end.welcomes = lambda welcome: [msgspec.structs.replace(welcome, acked_through=1000)]
        await one.confirm(1, 1)
        await until(lambda: one.outbox.standing.last_seq == 2)  # the alarm is recorded
        assert one.contact == []
        assert other_end.events == []


async def test_a_late_welcome_to_another_store_is_not_obeyed(tmp_path: Path) -> None:
    journal = Journal()
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, journal) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        late = Welcome(epoch=77, acked_through=0, head="", store_id="another")
        other_end.welcomes = lambda welcome: [late, welcome]
        await one.confirm(1, 2)
        await all_safe(one)
        assert one.outbox.standing.epoch == 1


async def test_a_node_that_is_turned_away_keeps_everything(tmp_path: Path) -> None:
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, Journal()) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        other_end.welcomes = lambda _welcome: [Turned(why="a copied card")]
        await one.confirm(1, 2)
        await until(lambda: one.turned)
        assert one.turned == ["a copied card"]
        assert (one.outbox.rows, one.contact, other_end.events) == (2, [], [])


async def test_answers_ride_in_the_acknowledgement(tmp_path: Path) -> None:
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, Journal()) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        other_end.answers = lambda event: (Refused(scan_id=f"s{event.seq}", reason=Refusal.NOT_PICKED),)
        await one.confirm(1, 3)
        await all_safe(one)
        assert [answer.scan_id for answer in one.answers] == ["s1", "s2", "s3"]


async def test_the_desired_state_is_on_disk_before_it_is_used_and_outlives_a_restart(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker, central(broker.address, Journal()) as other_end:
        other_end.desired = wanted(4, "p1", "p2")
        async with node(tmp_path / "o", broker.address) as one:
            await until(lambda: one.desired)
            other_end.say(wanted(3, "p0"))
            other_end.say(wanted(5, "p2"))
            await until(lambda: len(one.desired) == 2)
        async with node(tmp_path / "o", broker.address) as again:
            assert again.outbox.stored_desired() == wanted(5, "p2")
            other_end.desired = wanted(5, "p2")
            other_end.say(wanted(5, "p2"))
            await until(lambda: again.desired)
            assert {desired.version for desired in again.desired} == {5}

    assert one.desired == [wanted(4, "p1", "p2"), wanted(5, "p2")]


async def test_what_was_done_is_masked_until_central_stops_asking(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker, central(broker.address, Journal()) as other_end:
        other_end.desired = wanted(1, "p1", "p2")
        async with node(tmp_path / "o", broker.address) as one:
            await until(lambda: one.desired)
            await one.confirm(1, 1)
            await all_safe(one)
            assert one.outbox.done_picks() == {"p1"}
        async with node(tmp_path / "o", broker.address) as again:
            assert again.outbox.done_picks() == {"p1"}
            other_end.say(wanted(2, "p2"))
            await until(lambda: again.desired and again.desired[-1].version == 2)
            assert again.outbox.done_picks() == frozenset()


async def test_central_saying_it_leaves_ends_the_contact_and_a_late_will_does_not(tmp_path: Path) -> None:
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, Journal(), connects=5) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        await until(lambda: one.link.in_contact)
        other_end.say_state("lost", 4)
        other_end.say(Desired(version=1))
        await until(lambda: one.desired)
        assert one.contact == [True]
        other_end.say_state("lost", 5)
        await until(lambda: one.contact == [True, False])
        other_end.say_state("ready", 6)
        await until(lambda: one.contact == [True, False, True])


async def test_presence_is_born_and_leaves_with_one_number(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker, central(broker.address, Journal()) as other_end:
        await until(lambda: other_end.session.connected)
        async with node(tmp_path / "o", broker.address) as one:
            await until(lambda: one.link.in_contact)
        await until(lambda: len(other_end.presence) == 2)
        born, left = other_end.presence
        assert (born.state, left.state) == ("ready", "disconnected")
        assert born.connects == left.connects == other_end.hellos[0].connects


async def test_the_newest_picture_is_shown_and_repeated(tmp_path: Path) -> None:
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, Journal()) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        await until(lambda: one.link.in_contact and other_end.session.connected)
        station = StationLive(station="bench-1", state="ready", say="scan_label", lamp="green", gate="holding")
        one.link.show_live(None, station)
        for waiting in range(1000):
            one.link.show_live(ZoneLive(zone="A", totes_waiting=waiting), None)
        await until(lambda: other_end.lives and other_end.lives[-1].zone is not None)
        assert other_end.lives[-1].zone == ZoneLive(zone="A", totes_waiting=999)
        assert other_end.lives[-1].station == station
        number = other_end.lives[-1].number
        assert len(other_end.lives) < 10
        await until(lambda: other_end.lives[-1].number > number)
        assert other_end.lives[-1].zone == ZoneLive(zone="A", totes_waiting=999)


async def test_a_full_store_says_so_through_the_journal_and_recovers(tmp_path: Path) -> None:
    journal = Journal()
    async with Broker(tmp_path) as broker, node(tmp_path / "o", broker.address, rows_max=20) as one:
        await one.confirm(1, 16)
        await until(lambda: one.outbox.standing.last_seq == 17)
        await one.confirm(17, 19)
        await until(lambda: one.outbox.standing.last_seq == 21)
        with pytest.raises(OutboxFull, match=r"21 events wait for central\. Check the network and central"):
            await one.confirm(20, 20)
        async with central(broker.address, journal):
            await until(lambda: len(journal.lines) == 23, 20)
        await one.confirm(20, 20)
    told = [f"{type(deed).__name__} {deed.alarm}" for deed in journal.deeds() if isinstance(deed, Alarm)]
    assert told[:2] == ["AlarmRaised outbox_filling", "AlarmRaised outbox_full"]
    assert sorted(told[2:]) == ["AlarmCleared outbox_filling", "AlarmCleared outbox_full"]
