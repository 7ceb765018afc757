"""The private Mosquitto lets everybody say and hear what is theirs, and nothing else."""

from __future__ import annotations

import asyncio
import signal
import statistics
import time
from pathlib import Path

import pytest

from central.fleet.broker import Address, BrokerWrong, access_text, address_for, config_text, prepare, remembered
from central.settings import load_settings
from tests.central.small_site import SITE, Talker, address_of, listening, private_broker, site_file, small_site
from tests.wire.real_broker import until
from wire import topics
from wire.mqtt import BrokerAddress


async def test_a_node_is_heard_on_its_own_topics_only(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    async with (
        private_broker(settings),
        Talker(address_of(settings, "central-writer"), topics.all_up(SITE)) as central,
        Talker(address_of(settings, "zone-a")) as node,
    ):
        await node.say(topics.up(SITE, "zone-b", "ev"), b"forged")
        await node.say(topics.down(SITE, "zone-a", "desired"), b"forged")
        await node.say(topics.central_command(SITE), b"forged")
        await node.say(topics.up(SITE, "zone-a", "ev"), b"mine")
        await until(lambda: len(node.refused) == 3 and central.heard)
    assert central.heard == [(topics.up(SITE, "zone-a", "ev"), b"mine")]


async def test_a_node_hears_what_is_meant_for_it_only(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    async with (
        private_broker(settings),
        Talker(address_of(settings, "central-writer")) as central,
        Talker(address_of(settings, "zone-a"), "#", topics.all_down(SITE, "zone-a")) as node,
    ):
        await central.say(topics.down(SITE, "zone-b", "ack"), b"for b")
        await central.say(topics.command_reply(SITE, "central-web"), b"for pages")
        await central.say(topics.down(SITE, "zone-a", "ack"), b"for a")
        await until(lambda: node.payloads(topics.down(SITE, "zone-a", "ack")))
    assert {topic for topic, _ in node.heard} == {topics.down(SITE, "zone-a", "ack")}


async def test_the_simulated_floor_listens_and_says_nothing(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    async with (
        private_broker(settings),
        Talker(address_of(settings, "zone-a")) as node,
        Talker(address_of(settings, "floor"), topics.all_up(SITE), topics.all_down(SITE, "zone-a")) as floor,
    ):
        await floor.say(topics.up(SITE, "floor", "ev"), b"no")
        await floor.say(topics.up(SITE, "zone-a", "ev"), b"no")
        await node.say(topics.up(SITE, "zone-a", "live"), b"picture")
        await until(lambda: len(floor.refused) == 2 and floor.heard)
    assert floor.heard == [(topics.up(SITE, "zone-a", "live"), b"picture")]


@pytest.mark.parametrize("password", ["", "wrong"])
async def test_nobody_comes_in_without_a_password(
    tmp_path: Path, password: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = small_site(tmp_path)
    async with private_broker(settings):
        known = address_of(settings, "zone-a")
        user = "zone-a" if password else ""
        talker = Talker(BrokerAddress(known.host, known.port, user, password), client_id="intruder")
        running = asyncio.create_task(talker.session.run())
        await until(lambda: "mqtt_refused client=intruder" in caplog.text)
        assert not talker.session.connected
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_round_trip_does_not_wait_for_delayed_acknowledgements(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    there = topics.up(SITE, "zone-a", "live")
    async with (
        private_broker(settings),
        Talker(address_of(settings, "central-writer"), there) as central,
        Talker(address_of(settings, "zone-a")) as node,
    ):
        took_ms = []
        for _ in range(30):
            central.heard.clear()
            began_s = time.perf_counter()
            await node.say(there, b"x")
            await until(lambda: central.heard)
            took_ms.append((time.perf_counter() - began_s) * 1000)
    assert statistics.median(took_ms) < 30  # Nagle and delayed acknowledgement together cost 40


async def test_a_killed_broker_comes_back_on_the_same_port_with_the_same_passwords(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    async with private_broker(settings) as child, Talker(address_of(settings, "zone-a")) as node:
        before = remembered(settings.state_dir)
        child.kill(signal.SIGKILL)
        await until(lambda: child.starts == 2)
        prepare(settings)
        assert before is not None
        assert remembered(settings.state_dir) == before
        await listening(before.host, before.port)
        await until(lambda: node.session.connected)
        await node.say(topics.up(SITE, "zone-a", "ev"), b"still me")


def test_a_second_start_keeps_port_and_secrets(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    first = (prepare(settings).address, address_for(settings, "central-web"))
    again = small_site(tmp_path)
    assert (prepare(again).address, address_for(again, "central-web")) == first


def test_beyond_loopback_only_tls_is_spoken(tmp_path: Path) -> None:
    outer = '[broker]\nhost="0.0.0.0"\nport=8883\ncert_file="b.crt"\nkey_file="b.key"\nca_file="ca.crt"\n'
    settings = load_settings(site_file(tmp_path, outer))
    text = config_text(settings, Address("127.0.0.1", 1883), tmp_path).split("listener 8883 0.0.0.0")[1]
    for line in ("certfile", "keyfile", "cafile", "require_certificate true"):
        assert line in text


def test_a_broken_memory_of_the_port_is_named_with_its_cure(tmp_path: Path) -> None:
    settings = small_site(tmp_path)
    (settings.state_dir / "broker.json").write_text("{")
    with pytest.raises(BrokerWrong, match=r"broker\.json.*Restore host and port"):
        prepare(settings)


def test_every_node_stands_in_the_access_list(tmp_path: Path) -> None:
    text = access_text(small_site(tmp_path))
    assert text.count("topic write ptl/v1/demo/zone-b/up/#") == 1
    assert "user bench-1" in text
