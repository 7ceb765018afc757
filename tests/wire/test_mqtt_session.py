"""The MQTT session keeps its promises with a real Mosquitto that is killed, paused and misused."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.wire.real_broker import Broker, free_port, until
from wire.mqtt import BrokerAddress, Incoming, MqttSession


@dataclass
class Client:
    """A session and what it was told."""

    session: MqttSession
    got: list[Incoming] = field(default_factory=list)
    edges: list[str] = field(default_factory=list)

    def payloads(self) -> list[bytes]:
        return [message.payload for message in self.got]


def arrived(receiver: Client, number: int) -> Callable[[], bool]:
    """Has it `number` messages?"""
    return lambda: len(receiver.got) >= number


@contextlib.asynccontextmanager
async def client(address: BrokerAddress, name: str, *topics: str, **more: Any) -> AsyncIterator[Client]:
    """A running session; topics are subscribed with QoS 1."""
    got: list[Incoming] = []
    edges: list[str] = []
    session = MqttSession(
        address,
        name,
        subscribe=[(topic, 1) for topic in topics],
        on_message=got.append,
        on_connected=lambda: edges.append("up"),
        on_disconnected=lambda why: edges.append(f"down: {why}"),
        **more,
    )
    task = asyncio.create_task(session.run())
    try:
        yield Client(session, got, edges)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_message_goes_from_one_to_the_other_and_the_round_trip_is_measured(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker, client(broker.address, "a", "t/#") as a, client(broker.address, "b") as b:
        await until(lambda: a.session.connected and b.session.connected)
        for number in range(20):
            assert b.session.publish("t/x", b"%d" % number)
            await until(arrived(a, number + 1))
            a.got[-1].ack()
        assert a.payloads() == [b"%d" % number for number in range(20)]
        assert a.got[0].topic == "t/x"
        await until(lambda: b.session.round_trip_ms is not None)
        assert 0 < (b.session.round_trip_ms or 0) < 1000


async def test_a_burst_arrives_complete_and_in_order(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker, client(broker.address, "a", "t/#") as a, client(broker.address, "b") as b:
        await until(lambda: a.session.connected and b.session.connected)
        for number in range(300):
            assert b.session.publish("t/x", b"%d" % number)

        def all_there() -> bool:
            for message in a.got:
                message.ack()
            return len(a.got) >= 300

        await until(all_there)
        assert a.payloads() == [b"%d" % number for number in range(300)]


async def test_nothing_is_taken_while_there_is_no_connection() -> None:
    async with client(BrokerAddress("127.0.0.1", free_port()), "a") as a:
        await asyncio.sleep(0)
        assert not a.session.publish("t", b"x")
        assert not a.session.connected


async def test_a_killed_broker_is_found_again_when_it_is_back(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker, client(broker.address, "a", "t") as a:
        for round_number in range(1, 4):
            await until(lambda: a.session.connected)
            assert a.session.publish("t", b"%d" % round_number)
            await until(arrived(a, round_number))
            broker.kill()
            await until(lambda: not a.session.connected)
            await broker.start()
        await until(lambda: a.edges.count("up") == 4)
        assert [edge.partition(":")[0] for edge in a.edges] == ["up", "down"] * 3 + ["up"]


async def test_what_was_not_acknowledged_is_delivered_again_after_a_restart_of_the_client(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker, client(broker.address, "b") as b:
        async with client(broker.address, "a", "t") as a:
            await until(lambda: a.session.connected and b.session.connected)
            for number in range(5):
                b.session.publish("t", b"%d" % number)
            await until(lambda: len(a.got) == 5)
            a.got[0].ack()
            a.got[1].ack()
        b.session.publish("t", b"while away")
        async with client(broker.address, "a", "t") as again:
            await until(lambda: len(again.got) == 4)
            assert again.payloads() == [b"2", b"3", b"4", b"while away"]


async def test_an_acknowledgement_may_come_from_another_thread(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker:
        async with client(broker.address, "a", "t", receive_max=1) as a:
            await until(lambda: a.session.connected)
            for number in range(3):
                a.session.publish("t", b"%d" % number)
            for number in range(1, 4):
                await until(arrived(a, number))
                await asyncio.to_thread(a.got[-1].ack)
        async with client(broker.address, "a", "t") as again:
            await until(lambda: again.session.connected)
            again.session.publish("t", b"last")
            await until(lambda: len(again.got) > 0)
            assert again.payloads() == [b"last"]


async def test_a_broker_that_never_acknowledges_is_left_within_the_deadline(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker, client(broker.address, "a") as a:
        await until(lambda: a.session.connected)
        broker.pause()
        a.session.publish("t", b"x")
        await until(lambda: not a.session.connected, 8)
        assert a.edges[-1] == "down: no PUBACK for 5 s"
        broker.resume()
        await until(lambda: a.session.connected, 20)


async def test_a_refused_publish_is_told_to_its_sender(tmp_path: Path) -> None:
    acl = tmp_path / "acl"
    acl.write_text("pattern write mine/%u/#\n")
    async with Broker(tmp_path, f"acl_file {acl}", (("a", "secret"),)) as broker:
        address = replace(broker.address, user="a", password="secret")
        async with client(address, "a") as a:
            await until(lambda: a.session.connected)
            refused: list[str] = []
            a.session.publish("mine/a/x", b"", on_refused=lambda why: refused.append(f"mine {why}"))
            a.session.publish("yours/x", b"", on_refused=lambda why: refused.append(f"yours {why}"))
            await until(lambda: refused)
            assert refused == ["yours Not authorized"]


async def test_a_wrong_password_is_said_and_tried_again_slowly(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Broker(tmp_path, users=(("a", "secret"),)) as broker:
        async with client(replace(broker.address, user="a", password="wrong"), "a") as a:
            await until(lambda: "mqtt_refused client=a" in caplog.text)
            assert "check the client's user, password" in caplog.text
            assert a.edges == []
        assert (tmp_path / "broker.log").read_text().count("not authorised") == 1


async def test_two_clients_of_one_name_do_not_fight_and_say_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with Broker(tmp_path) as broker, client(broker.address, "a") as one, client(broker.address, "a") as two:
        await until(lambda: "mqtt_id_shared client=a" in caplog.text, 20)
        await until(lambda: one.session.connected or two.session.connected)
        before = one.edges.count("up") + two.edges.count("up")
        assert before < 12


async def test_a_callback_that_fails_ends_the_run_for_the_supervisor_to_see(tmp_path: Path) -> None:
    def fail() -> None:
        raise KeyError("planted")

    async with Broker(tmp_path) as broker:
        session = MqttSession(
            broker.address,
            "a",
            subscribe=[],
            on_message=lambda _message: None,
            on_connected=fail,
            on_disconnected=lambda _why: None,
        )
        with pytest.raises(KeyError, match="planted"):
            await asyncio.wait_for(session.run(), 10)


async def test_the_will_speaks_for_the_dead_and_the_last_word_for_the_leaving(tmp_path: Path) -> None:
    async with Broker(tmp_path) as broker, client(broker.address, "b", "p/#") as b:
        await until(lambda: b.session.connected)
        async with client(broker.address, "a", will=("p/a", b"lost", True)) as a:
            await until(lambda: a.session.connected)
            a.session.say_on_leaving("p/a", b"gone", retain=True)
        await until(lambda: len(b.got) > 0)
        assert b.payloads() == [b"gone"]


async def test_tls_with_both_certificates(tmp_path: Path) -> None:
    authority, key, certificate = tmp_path / "ca.pem", tmp_path / "key.pem", tmp_path / "cert.pem"
    _make_certificates(authority, key, certificate)
    more = f"cafile {authority}\ncertfile {certificate}\nkeyfile {key}\nrequire_certificate true"
    async with Broker(tmp_path, more) as broker:
        good = replace(broker.address, ca_file=authority, cert_file=certificate, key_file=key)
        async with client(good, "a", "t") as a, client(replace(good, cert_file=None, key_file=None), "nobody") as b:
            await until(lambda: a.session.connected)
            payload = b"x" * 300_000
            a.session.publish("t", payload)
            await until(lambda: len(a.got) == 1)
            assert a.payloads() == [payload]
            assert not b.session.connected


async def test_a_broker_with_a_strange_certificate_is_not_spoken_to(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    authority, key, certificate = tmp_path / "ca.pem", tmp_path / "key.pem", tmp_path / "cert.pem"
    _make_certificates(authority, key, certificate)
    strange = tmp_path / "strange.pem"
    _make_certificates(strange, tmp_path / "other-key.pem", tmp_path / "other.pem")
    async with Broker(tmp_path, f"cafile {authority}\ncertfile {certificate}\nkeyfile {key}") as broker:
        async with client(replace(broker.address, ca_file=strange), "a") as a:
            await until(lambda: "certificate verify failed" in caplog.text)
            assert a.edges == []
        async with client(replace(broker.address, ca_file=tmp_path / "missing.pem"), "b") as b:
            await until(lambda: "FileNotFoundError" in caplog.text)
            assert b.edges == []


def _make_certificates(authority: Path, key: Path, certificate: Path) -> None:
    more = ["-days", "2", "-nodes", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run([*new, "-keyout", str(key), "-out", str(certificate), *more], check=True, capture_output=True)
    authority.write_bytes(certificate.read_bytes())
