"""A zone alone for ten thousand confirms: nothing is lost, and central has them all in order soon after it is back."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from pathlib import Path

import pytest

from central.fleet.broker import address_for
from central.fleet.secrets import grant_key
from central.handlers.engine import Engine
from central.handlers.intake import CommandIn, EngineSettings
from central.link.intake import CLIENT, SiteIntake
from central.settings import Settings
from central.store.audit import audit
from central.store.chain import verify_chain
from edge.clock import Clock
from edge.drivers.light_bus import OnReport
from edge.drivers.ports import DARK, BusCounters, Face, Pressed, Shown
from edge.lightbar.pick_work import PickWork, PickZone
from edge.link.outbox import Outbox
from edge.link.session import Link
from edge.profile import BusProfile, ModulePlace, ZoneProfile
from tests.central.small_site import SITE, address_of, private_broker, small_site
from tests.wire.real_broker import until
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
from wire.ids import LocationId

pytestmark = pytest.mark.floor

TOTES, LINES = 500, 20
PICKS = TOTES * LINES
EVENTS_PER_S_MIN = 500
PLACES = [f"A-{number:02}" for number in range(LINES)]


class EagerBus:
    """A light bus and the hands at it, in memory: whatever lights is seen at once, and pressed."""

    progress_ns = 0
    works = True

    def __init__(self, name: str, on_report: OnReport) -> None:
        self.name, self._on_report = name, on_report

    def want(self, location_id: LocationId, face: Face) -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(self._on_report, Shown(location_id, face, verified=True))
        if face != DARK:
            loop.call_soon(self._on_report, Pressed(location_id, 1, held=False))

    def counters(self) -> BusCounters:
        return BusCounters(0, 0, 0, open=True)

    def start(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


def eager_bus(
    profile: BusProfile,
    places: Sequence[ModulePlace],
    on_report: OnReport,
    models: Path,
    *,
    undecided: Collection[str],
) -> EagerBus:
    return EagerBus(profile.name, on_report)


def work() -> list[AnyCommand]:
    """Orders of twenty lines each, all of them in the one zone."""
    skus = [f"S{number}" for number in range(LINES)]
    lines = tuple(OrderLine(sku=sku, pieces=1) for sku in skus)
    places = zip(PLACES, skus, strict=True)
    return [
        ImportCatalogue(
            key="1", client="t", skus=tuple(NewSku(sku=sku, title=sku, barcodes=((sku, 1),)) for sku in skus)
        ),
        ImportLocations(
            key="2",
            client="t",
            locations=tuple(
                NewLocation(location_id=at, zone="A", bay="1", level=1, sku=sku, on_hand_pieces=TOTES)
                for at, sku in places
            ),
        ),
        ImportOrders(
            key="3",
            client="t",
            orders=tuple(NewOrder(order_no=f"{number}", label=f"LP{number}", lines=lines) for number in range(TOTES)),
        ),
        PlanWave(key="4", client="t", orders_max=TOTES),
    ]


def engine_of(settings: Settings) -> Engine:
    asked = EngineSettings(
        site=SITE,
        node_of_zone=settings.node_of_zone,
        node_of_station=settings.node_of_station,
        wave_orders=0,
        totes_per_zone_max=TOTES,
    )
    return Engine(settings.database, asked, grant_key(settings.state_dir))


@contextlib.asynccontextmanager
async def central(settings: Settings) -> AsyncIterator[None]:
    """Broker and writer."""
    async with private_broker(settings):
        intake = SiteIntake(SITE, address_for(settings, CLIENT), lambda: engine_of(settings))
        async with running(intake.run()):
            await until(lambda: intake.in_contact)
            yield


@contextlib.asynccontextmanager
async def running(part: object) -> AsyncIterator[None]:
    """A task that is cancelled at the end."""
    assert asyncio.iscoroutine(part)
    task = asyncio.create_task(part)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class NodeAlone:
    """A zone's node: real outbox, link and zone on a bus in memory."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        clock = Clock()
        bus = BusProfile(name="a", kind="tcp", profile="picklight-bay16", host="127.0.0.1", tcp_port=1)
        modules = tuple(ModulePlace(location=at, bus="a", unit=1, index=n) for n, at in enumerate(PLACES))
        profile = ZoneProfile(id="A", buses=(bus,), modules=modules, bounce_ms=0)
        self.outbox = Outbox(folder / "outbox.db", production=False, clock=clock)
        work = PickWork(profile, clock.mono_ns, lambda scan: scan.text)
        self.zone = PickZone(work, profile, "zone-a", self.outbox, clock, tell=lambda _: None, buses=eager_bus)
        self.link = Link(
            self.outbox,
            address_of(settings, "zone-a"),
            SITE,
            "zone-a",
            clock,
            on_answer=lambda _: None,
            on_desired=lambda _: None,
            on_contact=lambda _: None,
            on_turned_away=lambda _: None,
        )


@pytest.mark.timeout(110)
async def test_a_zone_works_ten_thousand_picks_alone_and_central_has_them_in_order_soon_after(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    settings = small_site(tmp_path)
    engine = engine_of(settings)
    for command in work():
        engine.apply([CommandIn(command, time.time_ns())])
    engine.close()
    async with central(settings):
        node = NodeAlone(tmp_path, settings)
        async with running(node.link.run()):
            await until(lambda: node.outbox.stored_desired() is not None, 10)

    node.zone.contact(up=True)
    began_s = time.monotonic()
    async with running(node.zone.run()):
        await until(lambda: node.outbox.rows == PICKS, 60)
    alone_s = time.monotonic() - began_s
    node.outbox.close()

    async with central(settings):
        node = NodeAlone(tmp_path, settings)
        async with running(node.link.run()):
            await until(lambda: node.link.in_contact)
            began_s = time.monotonic()
            await until(lambda: node.outbox.rows == 0, PICKS / EVENTS_PER_S_MIN)
            took_s = time.monotonic() - began_s
        node.outbox.close()

    figures = f"{PICKS / alone_s:.0f} confirms/s alone, {PICKS / took_s:.0f} events/s drained"
    record_property("figures", figures)
    print(figures)
    assert took_s <= PICKS / EVENTS_PER_S_MIN
    assert_whole(settings)


def assert_whole(settings: Settings) -> None:
    """Central has every pick once, in the order in which they were confirmed."""
    found = audit(settings.database)
    assert found.counted_by_kind["pick_confirmed"] == PICKS
    assert (found.doubled, found.dead_letters, found.stock_faults) == ([], [], [])
    assert found.orders_by_status == {"picked": TOTES}
    assert verify_chain(settings.database) == []
    with contextlib.closing(sqlite3.connect(settings.database)) as record:
        lines = record.execute("SELECT seq FROM journal WHERE node = 'zone-a' ORDER BY id").fetchall()
    assert [seq for (seq,) in lines] == list(range(1, PICKS + 1))
