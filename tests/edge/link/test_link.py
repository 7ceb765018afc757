"""Nothing recorded is lost and order is kept, whatever broker and central do to the conversation."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from random import Random

import msgspec

from edge.clock import ManualClock
from tests.edge.link.one_node import all_safe, node, picks
from tests.edge.link.scripted_central import Journal, central
from tests.wire.real_broker import Broker, until
from wire.answers import Refused
from wire.downlink import Ack, Desired
from wire.phrases import Refusal


async def test_deeds_reach_central_in_order_and_are_acknowledged(tmp_path: Path) -> None:
    journal = Journal()
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, journal),
        node(tmp_path / "o", broker.address) as one,
    ):
        await one.confirm(1, 50)
        await all_safe(one)

    assert journal.deeds() == picks(1, 50)
    assert journal.broken_chains == 0
    assert one.contact == [True, False]


async def test_deeds_done_before_central_was_ever_met_are_sent_under_its_epoch(tmp_path: Path) -> None:
    journal = Journal()
    async with Broker(tmp_path) as broker, node(tmp_path / "o", broker.address) as one:
        await one.confirm(1, 30)
        assert one.contact == []
        async with central(broker.address, journal):
            await all_safe(one)

    assert [(epoch, seq) for epoch, seq, _deed in journal.lines] == [(1, seq) for seq in range(1, 31)]
    assert journal.broken_chains == 0


async def test_a_broker_killed_again_and_again_costs_nothing(tmp_path: Path) -> None:
    journal, luck = Journal(), Random(7)
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, journal),
        node(tmp_path / "o", broker.address) as one,
    ):
        for kill in range(8):
            await one.confirm(kill * 40 + 1, kill * 40 + 20)
            await asyncio.sleep(luck.random() * 0.05)
            broker.kill()
            await one.confirm(kill * 40 + 21, kill * 40 + 40)
            await broker.start()
        await all_safe(one)

    assert journal.deeds() == picks(1, 320)
    assert journal.broken_chains == 0


async def test_central_restarting_costs_nothing(tmp_path: Path) -> None:
    journal = Journal()
    async with Broker(tmp_path) as broker, node(tmp_path / "o", broker.address) as one:
        for life in range(4):
            async with central(broker.address, journal, connects=life + 1) as now:
                await until(lambda now=now: now.hellos)  # type: ignore[misc]
                await one.confirm(life * 30 + 1, life * 30 + 30)
        async with central(broker.address, journal, connects=9):
            await all_safe(one)

    assert journal.deeds() == picks(1, 120)


async def test_lines_lost_on_the_way_are_asked_for_again(tmp_path: Path) -> None:
    journal, luck = Journal(), Random(11)
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, journal) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        other_end.loses = lambda _event: luck.random() < 0.1
        await until(lambda: one.link.in_contact)
        await one.confirm(1, 200)
        other_end.loses = lambda _event: False
        await all_safe(one)

    assert journal.deeds() == picks(1, 200)


async def test_acknowledgements_lost_doubled_and_out_of_order_do_no_harm(tmp_path: Path) -> None:
    journal, luck = Journal(), Random(5)
    held: list[Ack] = []

    def mangle(ack: Ack) -> list[Ack]:
        held.append(ack)
        luck.shuffle(held)
        return [held.pop() for _ in range(luck.randint(0, len(held)))] + [ack] * luck.randint(0, 2)

    async with (
        Broker(tmp_path) as broker,
        central(broker.address, journal) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        other_end.acks = mangle
        await one.confirm(1, 150)
        other_end.acks = lambda ack: [ack]
        await all_safe(one)

    assert journal.deeds() == picks(1, 150)


async def test_acknowledgements_of_the_future_or_of_another_epoch_delete_nothing(tmp_path: Path) -> None:
    journal = Journal()
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, journal) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        answer = Refused(scan_id="s", reason=Refusal.NOT_PICKED)
        wrong = [(1, 99), (2, 3), (7, 1)]
        other_end.acks = lambda ack: [
            msgspec.structs.replace(ack, epoch=e, through=t, answers=(answer,)) for e, t in wrong
        ]
        await one.confirm(1, 5)
        await until(lambda: len(other_end.events) >= 5)
        other_end.say(Desired(version=1))
        await until(lambda: one.desired)
        assert one.outbox.rows == 5
        assert one.answers == []
        other_end.acks = lambda ack: [ack]
        await all_safe(one)


async def test_when_acknowledgements_stop_contact_is_lost_and_everything_is_sent_again(tmp_path: Path) -> None:
    journal = Journal()
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, journal) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        await until(lambda: one.link.in_contact)
        other_end.acks = lambda _ack: []
        await one.confirm(1, 3)
        await until(lambda: False in one.contact)
        other_end.acks = lambda ack: [ack]
        await all_safe(one)
        assert one.contact == [True, False, True]
    assert journal.deeds() == picks(1, 3)


async def test_a_restarted_node_goes_on_where_it_was(tmp_path: Path) -> None:
    journal = Journal()
    async with Broker(tmp_path) as broker:
        async with node(tmp_path / "o", broker.address) as one:
            await one.confirm(1, 250)
        async with central(broker.address, journal), node(tmp_path / "o", broker.address) as again:
            await again.confirm(251, 260)
            await all_safe(again)

    assert journal.deeds() == picks(1, 260)


async def test_central_restored_from_an_older_state_gets_the_lines_again(tmp_path: Path) -> None:
    journal = Journal()
    async with Broker(tmp_path) as broker, node(tmp_path / "o", broker.address) as one:
        async with central(broker.address, journal):
            await one.confirm(1, 20)
            await all_safe(one)
        older = Journal(dict(journal.epochs), {1: 5}, {}, journal.lines[:5])
        async with central(broker.address, older, connects=2):
            await until(lambda: len(older.lines) == 20)

    assert older.deeds() == picks(1, 20)


async def test_unreadable_messages_are_put_away_and_the_conversation_goes_on(tmp_path: Path) -> None:
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, Journal()) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        await until(lambda: one.link.in_contact)
        for payload in (b"", b"{", b"[]", b'{"type":"ack"}', b'{"type":"ack","v":2}', b"[" * 5000, b"\xff", b"NaN"):
            other_end.say_bytes(payload)
        await one.confirm(1, 3)
        await all_safe(one)
        assert one.contact == [True]


async def test_the_age_of_a_deed_is_by_the_time_since_boot(tmp_path: Path) -> None:
    clock = ManualClock()
    async with Broker(tmp_path) as broker, node(tmp_path / "o", broker.address, clock) as one:
        await one.confirm(1, 1)
        clock.advance(2.5)
        clock.utc -= 14 * 86_400 * 10**9  # wall time falls back two weeks
        async with central(broker.address, Journal()) as other_end:
            await all_safe(one)
            assert other_end.events[0].age_ms == 2500


async def test_a_backlog_drains_at_two_thousand_a_second_or_more(tmp_path: Path) -> None:
    journal = Journal()
    async with Broker(tmp_path) as broker, node(tmp_path / "o", broker.address) as one:
        await asyncio.gather(*(one.confirm(first, first + 49) for first in range(1, 2001, 50)))
        async with central(broker.address, journal) as other_end:
            await until(lambda: other_end.events)
            began_s = time.process_time()
            await all_safe(one)
            spent_s = time.process_time() - began_s  # node and central of this test share one thread
    assert len(journal.lines) == 2000
    assert spent_s < 2.0


async def test_an_unwelcome_twin_of_the_node_does_not_mix_up_the_journal(tmp_path: Path) -> None:
    journal = Journal()
    async with (
        Broker(tmp_path) as broker,
        central(broker.address, journal) as other_end,
        node(tmp_path / "o", broker.address) as one,
    ):
        await one.confirm(1, 10)
        await all_safe(one)
        async with node(tmp_path / "twin", broker.address) as twin:
            await twin.confirm(101, 110)
            await until(lambda: len(other_end.hellos) >= 3)
        await one.confirm(11, 20)
        await until(lambda: len([1 for epoch, _seq, _deed in journal.lines if epoch == 1]) == 20, 20)
    assert [deed for epoch, _seq, deed in journal.lines if epoch == 1] == picks(1, 20)
