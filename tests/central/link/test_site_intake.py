"""Messages become one writer's batches; answers follow the commit; bad ones are refused and nothing stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from central.fleet.broker import address_for
from central.fleet.secrets import grant_key
from central.handlers.engine import Engine
from central.handlers.intake import EngineSettings, EventIn, Intake, Outgoing
from central.link.asker import OwnerSilent
from central.link.intake import CLIENT, SiteIntake
from central.link.pages import PagesLink
from central.processes import Child
from central.settings import Settings
from central.store.errors import SiteTaken, StoreBroken
from tests.central.scripted_node import ScriptedNode, an_alarm
from tests.central.small_site import SITE, Talker, address_of, private_broker, small_site
from tests.wire.real_broker import until
from wire import topics
from wire.codec import NODE_PAYLOAD_MAX, encode
from wire.commands import ImportBadges, NewBadge, PlanWave
from wire.downlink import Ack, Turned
from wire.uplink import Live, Presence


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[SiteIntake]:
    """The site's writer, as `python -m central writer` runs it."""
    key = grant_key(settings.state_dir)
    asked = EngineSettings(
        site=SITE, node_of_zone=settings.node_of_zone, node_of_station=settings.node_of_station, wave_orders=0
    )
    intake = SiteIntake(SITE, address_for(settings, CLIENT), lambda: Engine(settings.database, asked, key))
    task = asyncio.create_task(intake.run())
    try:
        await until(lambda: intake.in_contact)
        yield intake
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[tuple[Settings, Child]]:
    """A site with its broker up and no writer yet."""
    settings = small_site(tmp_path)
    async with private_broker(settings) as broker:
        yield settings, broker


Site = tuple[Settings, Child]


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    """What the record says."""
    with contextlib.closing(sqlite3.connect(settings.database)) as record:
        return record.execute(query).fetchall()


async def test_hello_is_welcomed_told_everything_and_lines_are_acknowledged(site: Site) -> None:
    settings, _ = site
    async with running(settings), ScriptedNode(address_of(settings, "zone-a")) as node:
        welcome = await node.hello()
        assert (welcome.epoch, welcome.acked_through) == (1, 0)
        await node.desired()
        await node.send(node.line(an_alarm()))
        ack = await node.acked(1)
        assert (ack.epoch, ack.head, ack.rewind) == (1, node.head, False)
    assert rows(settings, "SELECT node, seq, kind FROM journal") == [("zone-a", 1, "alarm_raised")]


async def test_what_was_said_while_the_writer_was_away_is_not_lost(site: Site) -> None:
    settings, _ = site
    async with ScriptedNode(address_of(settings, "zone-a")) as node:
        async with running(settings):
            await node.hello()
        await node.send(node.line(an_alarm()))
        async with running(settings):
            await node.acked(1)
    assert rows(settings, "SELECT count(*) FROM journal WHERE node = 'zone-a'") == [(1,)]


async def test_repeats_count_once_and_gaps_are_asked_for(site: Site) -> None:
    settings, _ = site
    async with running(settings), ScriptedNode(address_of(settings, "zone-a")) as node:
        await node.hello()
        first, second, third = (node.line(an_alarm(number)) for number in (1, 2, 3))
        await node.send(first)
        await node.send(first)
        await node.send(third)
        await until(lambda: any(ack.rewind and ack.through == 1 for ack in node.told(Ack)))
        await node.send(second)
        await node.send(third)
        await node.acked(3)
    assert rows(settings, "SELECT seq FROM journal WHERE node = 'zone-a' ORDER BY id") == [(1,), (2,), (3,)]


async def test_a_burst_becomes_few_commits(site: Site) -> None:
    settings, _ = site
    async with running(settings) as intake, ScriptedNode(address_of(settings, "zone-a")) as node:
        await node.hello()
        before = intake.batches
        for number in range(300):
            await node.send(node.line(an_alarm(number)))
        await node.acked(300)
        assert intake.batches - before < 150


async def test_bad_messages_are_counted_said_once_and_stop_nothing(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    settings, _ = site
    async with running(settings) as intake, ScriptedNode(address_of(settings, "zone-a")) as node:
        await node.hello()
        good = node.line(an_alarm())
        await node.send(good)
        await node.acked(1)
        ev = topics.up(SITE, "zone-a", "ev")
        for payload in (b"{", b"", b"\xff\xfe", b" " * (NODE_PAYLOAD_MAX + 1), b"[" * 10_000, b'{"type":"event"}'):
            await node.say(ev, payload)
            await node.say(ev, payload)
        await node.send(msgspec.structs.replace(good, seq=2_000_000))
        await node.send(node.line(an_alarm(2)))
        await node.acked(2)
        assert intake.edges.counts == {"unreadable_ev": 10, "oversize": 2}
    said = [record for record in caplog.records if "kind=unreadable_ev" in record.getMessage()]
    assert len(said) == 1
    assert said[0].levelno == logging.WARNING


@pytest.mark.parametrize("change", [{"v": 2}, {"node": "zone-b"}, {"age_ms": -1}, {"pad": "x" * 70_000}])
async def test_an_unreadable_line_goes_to_the_dead_letters_and_the_next_one_counts(
    site: Site, change: dict[str, object]
) -> None:
    settings, _ = site
    async with running(settings), ScriptedNode(address_of(settings, "zone-a")) as node:
        await node.hello()
        bad = msgspec.json.decode(msgspec.json.encode(node.line(an_alarm(1))))
        await node.say(topics.up(SITE, "zone-a", "ev"), msgspec.json.encode({**bad, **change}))
        await node.send(node.line(an_alarm(2)))
        await node.acked(2)
    assert [row[:2] for row in rows(settings, "SELECT node, seq FROM dead_letter")] == [("zone-a", 1)]
    assert rows(settings, "SELECT seq, kind FROM journal WHERE node = 'zone-a' AND counted") == [(2, "alarm_raised")]


async def test_a_hello_of_another_version_is_turned_away(site: Site) -> None:
    settings, _ = site
    async with running(settings), ScriptedNode(address_of(settings, "zone-a")) as node:
        await until(lambda: node.central_is_ready)
        await node.say(topics.up(SITE, "zone-a", "hello"), b'{"type":"hello","v":9,"node":"zone-a"}')
        await until(lambda: node.told(Turned))


async def test_commands_are_answered_and_pages_are_told_of_changes(site: Site) -> None:
    settings, _ = site
    async with running(settings):
        pages = PagesLink(SITE, address_for(settings, "central-web"))
        task = asyncio.create_task(pages.run())
        await until(lambda: pages.watch.owner == "ready")
        before = pages.watch.committed
        badge = NewBadge(badge="B1", person="Ann", role="picker")
        command = ImportBadges(key="k1", client=pages.asker.client, badges=(badge,))
        reply = await pages.asker.ask(command)
        assert reply.ok, reply
        assert await pages.asker.ask(command) == reply
        await until(lambda: pages.watch.committed > before)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert rows(settings, "SELECT badge FROM badge") == [("B1",)]


async def test_a_question_survives_a_writer_that_was_away(site: Site) -> None:
    settings, _ = site
    async with running(settings):
        pass
    pages = PagesLink(SITE, address_for(settings, "central-web"))
    task = asyncio.create_task(pages.run())
    asking = asyncio.create_task(pages.asker.ask(PlanWave(key="k2", client=pages.asker.client, orders_max=1)))
    await until(lambda: pages.watch.owner in {"disconnected", "lost"})
    async with running(settings):
        assert (await asking).key == "k2"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_without_a_broker_a_question_says_so(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    async with private_broker(settings):
        address = address_for(settings, "central-web")
    pages = PagesLink(SITE, address)
    with pytest.raises(OwnerSilent, match="no contact with the broker"):
        await pages.asker.ask(PlanWave(key="k", client="central-web", orders_max=1))


async def test_the_watch_sees_nodes_come_and_go(site: Site) -> None:
    settings, _ = site
    pages = PagesLink(SITE, address_for(settings, "central-web"))
    task = asyncio.create_task(pages.run())
    moments: tuple[tuple[Literal["ready", "lost"], int], ...] = (("ready", 4), ("lost", 3))
    async with ScriptedNode(address_of(settings, "zone-a")) as node:
        live = Live(node="zone-a", number=1, outbox_rows=0, outbox_fill_percent=0)
        while "zone-a" not in pages.watch.nodes():  # again and again: it is not kept for who comes late
            await node.say(topics.up(SITE, "zone-a", "live"), encode(live))
            await asyncio.sleep(0.02)
        for state, connects in moments:
            birth = Presence(node="zone-a", state=state, connects=connects)
            await node.say(topics.up(SITE, "zone-a", "state"), encode(birth))
        await node.say(topics.up(SITE, "zone-a", "live"), encode(msgspec.structs.replace(live, number=2)))
        await until(lambda: pages.watch.nodes()["zone-a"].live == msgspec.structs.replace(live, number=2))
        seen = pages.watch.nodes()["zone-a"]
        assert (seen.presence, seen.connects) == ("ready", 4)
        assert seen.heard_mono_ns > 0
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_killed_broker_costs_nothing_but_time(site: Site) -> None:
    settings, broker = site
    async with running(settings), ScriptedNode(address_of(settings, "zone-a")) as node:
        await node.hello()
        await node.send(node.line(an_alarm(1)))
        await node.acked(1)
        node.heard.clear()
        broker.kill()
        lost = node.line(an_alarm(2))
        welcome = await node.hello()
        assert welcome.acked_through == 1
        await node.send(lost)
        await node.acked(2)


async def test_central_says_that_it_is_there(site: Site) -> None:
    settings, _ = site
    async with Talker(address_of(settings, "zone-a"), topics.central_state(SITE)) as node:
        async with running(settings):
            await until(lambda: any(b'"ready"' in payload for _, payload in node.heard))
        await until(lambda: b'"disconnected"' in node.heard[-1][1] or b'"lost"' in node.heard[-1][1])


async def test_a_second_writer_of_the_same_record_gives_up(site: Site) -> None:
    settings, _ = site
    key = grant_key(settings.state_dir)
    asked = EngineSettings(site=SITE)
    async with running(settings):
        second = SiteIntake(SITE, address_for(settings, CLIENT), lambda: Engine(settings.database, asked, key))
        with pytest.raises(SiteTaken, match="Stop that one first"):
            await second.run()


async def test_a_writer_whose_disk_fails_ends_and_has_acknowledged_nothing(site: Site) -> None:
    settings, _ = site

    class Failing(Engine):
        """An engine whose disk fails at the first journal line."""

        def apply(self, batch: Sequence[Intake]) -> list[Outgoing]:
            if any(isinstance(item, EventIn) for item in batch):
                raise StoreBroken("disk I/O error. Check the disk, then start central again")
            return super().apply(batch)

    key = grant_key(settings.state_dir)
    asked = EngineSettings(site=SITE, node_of_zone=settings.node_of_zone, wave_orders=0)
    async with ScriptedNode(address_of(settings, "zone-a")) as node:
        broken = SiteIntake(SITE, address_for(settings, CLIENT), lambda: Failing(settings.database, asked, key))
        ending = asyncio.create_task(broken.run())
        await node.hello()
        await node.send(node.line(an_alarm()))
        with pytest.raises(StoreBroken, match="Check the disk"):
            await ending
        assert node.told(Ack) == []
        async with running(settings):
            await node.acked(1)
