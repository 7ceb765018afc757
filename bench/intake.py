"""Journal intake: confirmed picks through central's writer in durable batches, against bare SQLite batches."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.disk import BareJournal
from bench.results import Result, middle, result
from central.handlers.engine import Engine
from central.handlers.intake import CommandIn, EngineSettings, EventIn, HelloIn, Intake
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

BATCH: Final = 50  # what a writer finds waiting on a busy floor
ORDERS, LINES = 100, 50
REPETITIONS: Final = 5
NODE, ZONE, BOOT = "zone-a", "A", "boot-1"


async def journal_intake(folder: Path) -> list[Result]:
    """One result, in events per second; a ratio below 1 says how much of bare SQLite's rate is left."""
    return await asyncio.to_thread(_measure, folder)


def _measure(folder: Path) -> list[Result]:
    events = _prepared(folder / "site.db")
    engine = _engine(folder / "site.db")
    bare = BareJournal(folder / "bare.db")
    ours: list[float] = []
    reference: list[float] = []
    share = len(events) // REPETITIONS
    for number in range(REPETITIONS):
        mine = events[number * share : (number + 1) * share]
        ours.append(share / _engine_s(engine, mine))
        reference.append(share / _bare_s(bare, mine))
    engine.close()
    bare.close()
    _all_counted(folder / "site.db", share * REPETITIONS)
    what = f"sqlite3 executemany, {BATCH} lines a durable commit"
    made = result("journal_intake", middle(ours), middle(reference), what, unit="events/s", samples=len(events))
    return [made]


def _engine(database: Path) -> Engine:
    settings = EngineSettings(
        site="demo", node_of_zone={ZONE: NODE}, wave_orders=0, waves_open_max=1, totes_per_zone_max=ORDERS
    )
    return Engine(database, settings, Ed25519PrivateKey.generate())


def _prepared(database: Path) -> list[Event]:
    """A site with every order in work, and the node's journal lines that confirm all its picks."""
    engine = _engine(database)
    for command in _commands():
        engine.apply([CommandIn(command, time.time_ns())])
    engine.apply([HelloIn(_hello(), time.time_ns())])
    engine.close()
    with sqlite3.connect(database) as record:
        rows = record.execute("SELECT pick_id, tote_id, location_id, sku, asked FROM pick ORDER BY pick_id").fetchall()
    record.close()
    events: list[Event] = []
    head = ""
    for seq, row in enumerate(rows, start=1):
        events.append(_event(seq, head, row))
        head = chain(head, 1, seq, bytes(events[-1].record))
    return events


def _commands() -> list[AnyCommand]:
    skus = [f"S{number}" for number in range(LINES)]
    lines = tuple(OrderLine(sku=sku, pieces=1) for sku in skus)
    orders = tuple(NewOrder(order_no=f"O{number}", label=f"LP{number}", lines=lines) for number in range(ORDERS))
    places = tuple(
        NewLocation(location_id=f"A-{sku}", zone=ZONE, bay="1", level=1, sku=sku, on_hand_pieces=9_999) for sku in skus
    )
    goods = tuple(NewSku(sku=sku, title=sku, barcodes=((sku, 1),)) for sku in skus)
    return [
        ImportCatalogue(key="goods", client="bench", skus=goods),
        ImportLocations(key="places", client="bench", locations=places),
        ImportOrders(key="orders", client="bench", orders=orders),
        PlanWave(key="wave", client="bench", orders_max=ORDERS),
    ]


def _hello() -> Hello:
    return Hello(
        node=NODE,
        store_id="bench",
        epoch=0,
        first_seq=1,
        last_seq=0,
        head="",
        boot_id=BOOT,
        connects=1,
        desired_version=0,
        software="bench",
        clock="synced",
    )


def _event(seq: int, prev: str, row: Sequence[str | int]) -> Event:
    pick_id, tote_id, location_id, sku, asked = row
    deed = PickConfirmed(
        zone=ZONE,
        pick_id=str(pick_id),
        tote_id=str(tote_id),
        location_id=str(location_id),
        sku=str(sku),
        picked_pieces=int(asked),
    )
    now_ns = time.time_ns()
    record = Record(intent=f"pick:{pick_id}", at_utc_ns=now_ns, mono_ns=seq, boot_id=BOOT, clock="synced", deed=deed)
    return Event(node=NODE, epoch=1, seq=seq, age_ms=1, prev=prev, record=msgspec.Raw(encode(record)))


def _engine_s(engine: Engine, events: Sequence[Event]) -> float:
    began_s = time.perf_counter()
    for first in range(0, len(events), BATCH):
        batch: list[Intake] = [EventIn(event, b"", time.time_ns()) for event in events[first : first + BATCH]]
        engine.apply(batch)
    return time.perf_counter() - began_s


def _bare_s(bare: BareJournal, events: Sequence[Event]) -> float:
    records = [bytes(event.record) for event in events]
    return sum(bare.write(records[first : first + BATCH]) for first in range(0, len(records), BATCH))


def _all_counted(database: Path, events: int) -> None:
    """A bench of lines that were refused would be worthless."""
    record = sqlite3.connect(database)
    (counted,) = record.execute("SELECT count(*) FROM journal WHERE kind = 'pick_confirmed' AND counted").fetchone()
    record.close()
    if counted < events:
        raise RuntimeError(f"only {counted} of {events} confirmed picks were counted")
