"""A record in which every order is picked: made by the site's own engine before central starts, no lights needed.

What the benches do is then all there is to do. Each confirmed pick is a journal line of its zone's node, in its chain.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.handlers.engine import Engine
from central.handlers.intake import CommandIn, EngineSettings, EventIn, HelloIn, Intake
from sim.floor.configs import SITE
from sim.floor.record import open_picks
from sim.orders import ShopOrder
from sim.site import SitePlan
from wire.codec import chain, encode
from wire.commands import (
    AnyCommand,
    ImportCatalogue,
    ImportLocations,
    ImportOrders,
    NewLocation,
    NewOrder,
    NewSku,
    OrderLine,
    PlanWave,
)
from wire.deeds import PickConfirmed
from wire.uplink import Event, Hello, Record

BATCH: Final = 200
ORDERS_AT_ONCE: Final = 1_000  # of one import, and of one wave
CLIENT: Final = "floor"
BOOT: Final = "before-the-run"


def pick_all(database: Path, site: SitePlan, orders: Sequence[ShopOrder], node_of_zone: dict[str, str]) -> None:
    """Make `database`, with every order of `orders` picked and waiting for a bench. Raises what the engine raises."""
    settings = EngineSettings(
        site=SITE,
        node_of_zone=node_of_zone,
        wave_orders=0,
        waves_open_max=100,
        totes_per_zone_max=1,
    )
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = Engine(database, settings, Ed25519PrivateKey.generate())
    try:
        for command in _commands(site, orders):
            engine.apply([CommandIn(command, time.time_ns())])
        for node in node_of_zone.values():
            engine.apply([HelloIn(_hello(node), time.time_ns())])
        lines = _lines(database, node_of_zone)
        while batch := [line for _, line in zip(range(BATCH), lines, strict=False)]:
            engine.apply(batch)
    finally:
        engine.close()


def _commands(site: SitePlan, orders: Sequence[ShopOrder]) -> Iterator[AnyCommand]:
    goods = tuple(
        NewSku(sku=one.sku, title=one.title, barcodes=tuple((unit.barcode, unit.pieces) for unit in one.units))
        for one in site.goods
    )
    places = tuple(
        NewLocation(
            location_id=one.location_id,
            zone=one.zone,
            bay=one.bay,
            level=one.level,
            sku=one.sku,
            on_hand_pieces=one.pieces,
        )
        for one in site.places
    )
    yield ImportCatalogue(key="picked-goods", client=CLIENT, skus=goods)
    yield ImportLocations(key="picked-places", client=CLIENT, locations=places)
    for first in range(0, len(orders), ORDERS_AT_ONCE):
        some = tuple(_new(order) for order in orders[first : first + ORDERS_AT_ONCE])
        yield ImportOrders(key=f"picked-orders-{first}", client=CLIENT, orders=some)
        yield PlanWave(key=f"picked-wave-{first}", client=CLIENT, orders_max=len(some))


def _new(order: ShopOrder) -> NewOrder:
    lines = tuple(OrderLine(sku=sku, pieces=pieces) for sku, pieces in order.lines)
    return NewOrder(order_no=order.order_no, label=order.label, lines=lines, country=order.country)


def _hello(node: str) -> Hello:
    return Hello(
        node=node,
        store_id=f"picked-{node}",
        epoch=0,
        first_seq=1,
        last_seq=0,
        head="",
        boot_id=BOOT,
        connects=1,
        desired_version=0,
        software="picked",
        clock="synced",
    )


def _lines(database: Path, node_of_zone: dict[str, str]) -> Iterator[Intake]:
    """A journal line for every open pick, each node's in a chain."""
    ends: dict[str, tuple[int, str]] = {}
    for zone, pick_id, tote_id, location_id, sku, asked in open_picks(database):
        deed = PickConfirmed(
            zone=zone, pick_id=pick_id, tote_id=tote_id, location_id=location_id, sku=sku, picked_pieces=asked
        )
        node = node_of_zone[zone]
        seq, head = ends.get(node, (0, ""))
        now_ns = time.time_ns()
        record = encode(
            Record(intent=f"pick:{pick_id}", at_utc_ns=now_ns, mono_ns=seq + 1, boot_id=BOOT, clock="synced", deed=deed)
        )
        event = Event(node=node, epoch=1, seq=seq + 1, age_ms=1, prev=head, record=msgspec.Raw(record))
        ends[node] = (seq + 1, chain(head, 1, seq + 1, record))
        yield EventIn(event, b"", now_ns)
