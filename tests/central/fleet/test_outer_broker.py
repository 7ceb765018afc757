"""Beyond this machine the broker speaks TLS only, and a node is who its certificate says it is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.fleet.ports import free_port
from central.fleet.secrets import ensure_secrets
from central.settings import Settings, load_settings
from tests.central.certificates import Authority
from tests.central.small_site import SITE, Talker, address_of, listening, private_broker, site_file
from tests.wire.real_broker import until
from wire import topics
from wire.credentials import VARIABLE
from wire.mqtt import BrokerAddress
from wire.toml_check import TomlWrong


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def site(tmp_path: Path, authority: Authority) -> Settings:
    """A site whose broker listens to the house."""
    cert, key = authority.make("broker")
    outer = f'[broker]\nhost="0.0.0.0"\nport={free_port("127.0.0.1")}\n'
    outer += f'cert_file="{cert}"\nkey_file="{key}"\nca_file="{authority.file}"\n'
    settings = load_settings(site_file(tmp_path, outer))
    ensure_secrets(settings)
    return settings


def by_certificate(site: Settings, authority: Authority, name: str, user: str = "") -> BrokerAddress:
    """The way in for whoever holds the certificate `name`; `user` is what it says it is."""
    cert, key = authority.make(name)
    return BrokerAddress("127.0.0.1", site.broker.port, user, "", authority.file, cert, key)


async def test_a_node_comes_in_by_its_certificate_and_speaks_as_itself_alone(
    site: Settings, authority: Authority
) -> None:
    mine = by_certificate(site, authority, "zone-a")
    async with private_broker(site), Talker(address_of(site, "central-writer"), topics.all_up(SITE)) as central:
        await listening("127.0.0.1", site.broker.port)
        async with Talker(mine, client_id="zone-a") as node:
            await node.say(topics.up(SITE, "zone-b", "ev"), b"forged")
            await node.say(topics.up(SITE, "zone-a", "ev"), b"mine")
            await until(lambda: node.refused and central.heard)
    assert central.heard == [(topics.up(SITE, "zone-a", "ev"), b"mine")]


async def test_a_name_that_is_said_counts_for_nothing_and_nobody_is_pushed_out(
    site: Settings, authority: Authority
) -> None:
    async with private_broker(site):
        await listening("127.0.0.1", site.broker.port)
        async with Talker(by_certificate(site, authority, "zone-a"), client_id="zone-a") as honest:
            liar = Talker(by_certificate(site, authority, "zone-b", user="zone-a"), client_id="zone-a")
            async with liar:
                await liar.say(topics.up(SITE, "zone-a", "ev"), b"forged")
                await until(lambda: liar.refused)
                await honest.say(topics.up(SITE, "zone-a", "ev"), b"still here")
            assert honest.session.connected
            assert honest.refused == []


@pytest.mark.parametrize("how", ["no certificate", "a strange authority"])
async def test_whoever_has_no_certificate_of_the_site_stays_out(
    site: Settings, authority: Authority, how: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    known = by_certificate(site, authority, "zone-a")
    strange = Authority(tmp_path, "strange").make("zone-b")
    cert, key = (None, None) if how == "no certificate" else strange
    intruder = Talker(
        BrokerAddress(known.host, known.port, "zone-a", "", authority.file, cert, key), client_id="intruder"
    )
    async with private_broker(site):
        await listening("127.0.0.1", site.broker.port)
        running = asyncio.create_task(intruder.session.run())
        await until(lambda: "client=intruder" in caplog.text)
        assert not intruder.session.connected
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


# ---- the same files as credentials of systemd's ----


@pytest.fixture
def lent(tmp_path: Path) -> Iterator[Path]:
    """A folder as systemd makes it."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    assert VARIABLE not in os.environ
    os.environ[VARIABLE] = str(folder)
    yield folder
    del os.environ[VARIABLE]


OUTER = '[broker]\nhost="0.0.0.0"\ncert_credential="broker_cert.pem"\nkey_credential="broker_key.pem"\n'


def test_a_credential_stands_for_its_file(tmp_path: Path, lent: Path) -> None:
    (lent / "broker_cert.pem").write_text("cert")
    (lent / "broker_key.pem").write_text("key")

    broker = load_settings(site_file(tmp_path, OUTER)).broker

    assert (broker.cert_file, broker.key_file) == (str(lent / "broker_cert.pem"), str(lent / "broker_key.pem"))


def test_a_credential_that_systemd_did_not_hand_over_is_named_with_its_cure(tmp_path: Path, lent: Path) -> None:
    (lent / "broker_cert.pem").write_text("cert")

    with pytest.raises(
        TomlWrong, match=r"key_credential: systemd handed over no credential 'broker_key\.pem'.*restart"
    ):
        load_settings(site_file(tmp_path, OUTER))


def test_outside_systemd_a_credential_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TomlWrong, match=r"cert_credential: only systemd hands over credentials.*or use cert_file"):
        load_settings(site_file(tmp_path, OUTER))
