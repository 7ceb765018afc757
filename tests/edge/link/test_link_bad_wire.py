"""A wire cut in mid-packet or gone deaf costs time, never a deed."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.edge.link.one_node import all_safe, node, picks
from tests.edge.link.scripted_central import Journal, central
from tests.wire.real_broker import Broker, until
from tests.wire.tcp_proxy import Proxy


async def test_a_wire_cut_in_mid_packet_loses_and_doubles_nothing(tmp_path: Path) -> None:
    journal, luck = Journal(), Random(3)
    async with (
        Broker(tmp_path) as broker,
        Proxy(broker.address) as proxy,
        central(broker.address, journal),
        node(tmp_path / "o", proxy.address) as one,
    ):
        proxy.cut_after = [luck.randint(300, 3000) for _ in range(4)]
        await one.confirm(1, 60)
        await all_safe(one)
        assert proxy.connections >= 4
    assert journal.deeds() == picks(1, 60)
    assert journal.broken_chains == 0


async def test_a_half_open_connection_is_left_within_its_deadline(tmp_path: Path) -> None:
    journal = Journal()
    async with (
        Broker(tmp_path) as broker,
        Proxy(broker.address) as proxy,
        central(broker.address, journal),
        node(tmp_path / "o", proxy.address) as one,
    ):
        await until(lambda: one.link.in_contact)
        proxy.deaf = True
        await one.confirm(1, 5)
        await until(lambda: not one.link.in_contact, 8)
        proxy.deaf = False
        await all_safe(one)
    assert journal.deeds() == picks(1, 5)
