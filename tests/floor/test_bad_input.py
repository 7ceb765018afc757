"""Rubbish from every side of a whole floor: it is refused, said, and stops nothing; a right parcel leaves after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import pytest

from central.fleet.broker import address_for
from central.handlers.verify import verify
from central.settings import load_settings
from sim.floor.configs import SITE
from sim.floor.record import statuses, ticketed
from sim.floor.site_api import ApiRefused
from sim.modules.remote import ModulesRemote
from sim.orders import ShopOrder, label_of
from tests.floor.small_floor import SmallFloor, small_floor
from wire.mqtt import MqttSession
from wire.topics import up

pytestmark = [pytest.mark.floor, pytest.mark.timeout(120)]

ONE, OTHER = (
    ShopOrder("O1", label_of(1), "Japan", (("MUG-RED", 2), ("BOWL", 1))),
    ShopOrder("O2", label_of(2), "Japan", (("MUG-BLUE", 1),)),
)


async def pack(floor: SmallFloor, order: ShopOrder) -> None:
    """Pack `order` rightly; it leaves."""
    await floor.bench.scan(order.label)
    for sku, pieces in order.lines:
        for _ in range(pieces):
            await floor.bench.scan(floor.barcode(sku))
    await floor.until(lambda: statuses(floor.warehouse.dir.database)["released"] >= 1)


def packed(floor: SmallFloor, sku: str) -> int:
    """Pieces the screen counts as packed."""
    return sum(item.packed_pieces for item in floor.bench.screen.items if item.sku == sku)


async def test_bad_scans_are_said_at_the_bench_and_the_parcel_leaves_all_the_same() -> None:
    async with small_floor([ONE, OTHER]) as floor:
        await floor.pick_everything()
        bench = floor.bench

        assert (await bench.scan(floor.barcode("BOWL"))).say == "scan_label_first"
        assert (await bench.scan("LP00000000000000")).say == "unknown_label"
        assert (await bench.scan("x" * 10_000)).say == "dirty_scan"
        assert (await bench.scan("PL:NONSENSE")).say == "unknown_command"
        assert (await bench.scan("PL:MISSING")).say == "nothing_to_declare"
        assert (await bench.scan(ONE.label)).say == "scan_items"
        assert (await bench.scan("\x07\x1b[2J")).say == "dirty_scan"
        assert (await bench.scan(OTHER.label)).say == "label_not_item"
        assert bench.screen.gate == "holding"
        await bench.scan("PL:ASIDE")
        await pack(floor, OTHER)

        assert ticketed(floor.warehouse.dir.database) <= {"O1"}


async def test_the_same_scan_twice_in_a_moment_counts_once_and_is_shown() -> None:
    async with small_floor([ONE], quiet_window_ms=400) as floor:
        await floor.pick_everything()
        await floor.bench.scan(ONE.label)
        for _ in range(2):
            await floor.bench.pull(floor.barcode("MUG-RED"))
        await floor.until(lambda: floor.bench.screen.ignored_repeats == 1)
        await floor.until(
            lambda: [item.packed_pieces for item in floor.bench.screen.items if item.sku == "MUG-RED"] == [1]
        )


@asynccontextmanager
async def speaking_as(floor: SmallFloor, node: str) -> AsyncIterator[MqttSession]:
    """Another client that knows the node's password."""
    connected = asyncio.Event()
    session = MqttSession(
        address_for(load_settings(floor.warehouse.dir.site_file), node),
        "intruder",
        subscribe=[],
        on_message=lambda incoming: incoming.ack(),
        on_connected=connected.set,
        on_disconnected=lambda _: None,
    )
    task = asyncio.create_task(session.run())
    try:
        async with asyncio.timeout(10):
            await connected.wait()
        yield session
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


RUBBISH = {
    "malformed JSON": (up(SITE, "zone-a", "ev"), b"{not json"),
    "wrong version": (up(SITE, "zone-a", "ev"), b'{"type":"event","v":9,"node":"zone-a"}'),
    "oversize": (up(SITE, "zone-a", "live"), b"x" * 100_000),
    "another node's name": (
        up(SITE, "zone-a", "state"),
        b'{"type":"presence","v":1,"node":"bench-1","state":"lost","connects":1}',
    ),
    "seq of the future": (
        up(SITE, "zone-a", "ev"),
        b'{"type":"event","v":1,"node":"zone-a","epoch":1,"seq":999999,"age_ms":0,"prev":"","record":{}}',
    ),
    "unknown topic": (f"ptl/v1/{SITE}/zone-a/up/gossip", b"{}"),
    "another node's topic": (up(SITE, "bench-1", "ev"), b"{}"),
    "no topic of ours": ("hello/world", b"{}"),
}  # fmt: skip


async def test_rubbish_on_the_wire_stops_nothing() -> None:
    async with small_floor([ONE]) as floor:
        async with speaking_as(floor, "zone-a") as intruder:
            for topic, payload in 20 * list(RUBBISH.values()):
                intruder.publish(topic, payload, on_refused=lambda _: None)
        await floor.pick_everything()
        await pack(floor, ONE)

        assert verify(floor.warehouse.dir.database) == []


async def test_a_bad_line_of_modules_costs_time_and_no_press() -> None:
    async with small_floor([ONE, OTHER]) as floor:
        remote = ModulesRemote(floor.warehouse.dir.modules_socket("A"))
        await remote.connect()
        try:
            await remote.ask({"wrong_unit": 1})
            await remote.ask({"late": 1, "ms": 300})
            await floor.pick_everything()
        finally:
            await remote.aclose()
        await pack(floor, ONE)

        assert verify(floor.warehouse.dir.database) == []


BAD_FILES = {
    "a negative quantity": ("orders", "order_no,label,sku,pieces\nO9,LP9,BOWL,-3\n", '"line":2'),
    "a label used twice": ("orders", f"order_no,label,sku,pieces\nO9,{ONE.label},BOWL,1\n", ONE.label),
    "an unknown SKU": ("orders", "order_no,label,sku,pieces\nO9,LP9,NOTHING,1\n", "NOTHING"),
    "no such column": ("orders", "order,sku\nO9,BOWL\n", "order_no"),
}


async def test_bad_files_name_every_line_and_change_nothing() -> None:
    async with small_floor([ONE]) as floor:
        for what, (kind, text, names) in BAD_FILES.items():
            with pytest.raises(ApiRefused, match=names) as caught:
                await floor.api.send_csv(kind, text.encode())
            assert "4" in str(caught.value), what

        assert sum(statuses(floor.warehouse.dir.database).values()) == 1
        with pytest.raises(ApiRefused, match="404"):
            await floor.api.get(f"/api/orders/{quote('O9')}")
