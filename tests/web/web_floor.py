"""A small site with its page for real: broker, writer, web server, hands of a floor, and nodes that speak the wire."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from central.api.app import make_app
from central.api.serving import PageServer
from central.fleet.secrets import ensure_secrets, grant_key
from central.handlers.engine import Engine
from central.handlers.intake import EngineSettings
from central.link.intake import SiteIntake
from central.link.pages import PagesLink
from central.settings import Settings, load_settings
from central.store.reads import Reads
from sim.floor.control import Server, make_control
from tests.central.small_site import address_of, listening, private_broker, site_file
from tests.web.wire_node import SITE, WireNode
from tests.wire.real_broker import until
from wire.uplink import ModuleFace, StationLive, ZoneLive

CONTROL_KEY = "hands-of-the-test-floor"
ZONES = ("A", "B")
BAYS, LEVELS = 6, 4


@dataclass
class VisitorHands:
    """Stands where the simulated people would: remembers what a visitor did."""

    people_on: bool = False
    presses: list[tuple[str, bool]] = field(default_factory=list)
    scans: list[tuple[str, str]] = field(default_factory=list)
    ready: dict[str, object] = field(default_factory=lambda: {"stations": [], "badges": [], "commands": []})

    def set_people(self, on: bool) -> None:
        """On or off."""
        self.people_on = on

    async def press(self, location_id: str, *, hold: bool) -> bool:
        """Every location of the test site has a module."""
        self.presses.append((location_id, hold))
        return location_id.startswith(ZONES)

    async def scan(self, station: str, text: str) -> bool:
        """There is one bench."""
        self.scans.append((station, text))
        return station == "bench-1"

    def bench(self) -> dict[str, object]:
        """What the test laid there."""
        return self.ready


@dataclass
class WebFloor:
    """The running site. `web` can be stopped and started again on the same port."""

    settings: Settings
    url: str
    key: str
    hands: VisitorHands
    nodes: dict[str, WireNode]
    client: httpx.AsyncClient
    stop_web: Callable[[], Coroutine[Any, Any, None]]
    start_web: Callable[[], Coroutine[Any, Any, None]]

    @property
    def door(self) -> str:
        """The address that lets a browser in."""
        return f"{self.url}/?key={self.key}"

    async def send_csv(self, what: str, *rows: str) -> httpx.Response:
        """POST rows to /api/`what`."""
        body = "\n".join(rows).encode()
        return await self.client.post(f"/api/{what}", content=body, headers={"content-type": "text/csv"})

    def beat(self) -> None:
        """Every node shows its plain picture."""
        for zone in ZONES:
            self.nodes[f"zone-{zone.lower()}"].show(zone=dark_zone(zone))
        self.nodes["bench-1"].show(station=idle_bench())


def locations(zone: str) -> list[str]:
    """Every location of a zone of the test site."""
    return [f"{zone}-{bay:02d}-{level}" for bay in range(1, BAYS + 1) for level in range(1, LEVELS + 1)]


def dark_zone(zone: str) -> ZoneLive:
    """A zone that waits; dark modules need not be named."""
    return ZoneLive(zone=zone)


def lit_zone(zone: str, place: str, colour: str, pieces: int) -> ZoneLive:
    """A zone with one module lit for a tote."""
    lit = ModuleFace(location_id=place, state="lit", colour=colour, pieces=pieces)
    return ZoneLive(zone=zone, tote_id="1001/A", order_no="1001", picks_open=1, totes_waiting=2, modules=(lit,))


def odd_zone(zone: str, *, unlit: str, lost: str) -> ZoneLive:
    """A zone with a module that stays dark and one that does not answer."""
    odd = (ModuleFace(location_id=unlit, state="unlit"), ModuleFace(location_id=lost, state="unreachable"))
    return ZoneLive(zone=zone, modules=odd)


def idle_bench(**more: Any) -> StationLive:
    """A bench that waits for a label."""
    known = {"station": "bench-1", "state": "ready", "say": "scan_label", "lamp": "off", "gate": "holding"}
    return StationLive(**{**known, **more})


async def stock_the_shelves(floor: WebFloor) -> None:
    """A SKU in every location, 100 pieces each, and two people."""
    places = [(zone, place) for zone in ZONES for place in locations(zone)]
    goods = [f"SKU-{place},Mug number {place},29{index:010d}0" for index, (_, place) in enumerate(places)]
    await _good(floor.send_csv("catalogue", "sku,title,barcode", *goods))
    rows = [f"{place},{zone},{place[2:4]},{place[5:]},SKU-{place},100" for zone, place in places]
    await _good(floor.send_csv("locations", "location_id,zone,bay,level,sku,on_hand_pieces", *rows))
    await _good(floor.send_csv("badges", "badge,person,role", "S1,Li Na,supervisor", "P1,Wang Wei,packer"))


async def _good(answer: Coroutine[Any, Any, httpx.Response]) -> None:
    response = await answer
    assert response.status_code == 200, response.text


@contextlib.asynccontextmanager
async def web_floor(folder: Path, more_site: str = "") -> AsyncIterator[WebFloor]:
    """The whole small site, running in this loop; `more_site`: more lines of its site file."""
    hands = VisitorHands()
    async with contextlib.AsyncExitStack() as stack:
        control_url = await stack.enter_async_context(serving(make_control(hands, CONTROL_KEY)))
        key_file = folder / "control.key"
        key_file.write_text(CONTROL_KEY)
        more = f'{more_site}[floor]\ncontrol_url="{control_url}"\ncontrol_key_file="{key_file}"\n'
        settings = load_settings(site_file(folder, more))
        ensure_secrets(settings)
        await stack.enter_async_context(private_broker(settings))
        await stack.enter_async_context(running(_writer(settings).run()))
        await until(settings.database.exists)
        url = f"http://127.0.0.1:{_free_port()}"
        web = _Web(settings, url)
        await web.start()
        stack.push_async_callback(web.stop)
        nodes = {node.name: WireNode(node.name, address_of(settings, node.name)) for node in settings.node}
        for node in nodes.values():
            await stack.enter_async_context(running(node.session.run()))
            await node.begin()
        key = settings.access_key_file.read_text().strip()
        headers = {"authorization": f"Bearer {key}"}
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=url, headers=headers, timeout=20))
        yield WebFloor(settings, url, key, hands, nodes, client, web.stop, web.start)


class _Web:
    def __init__(self, settings: Settings, url: str) -> None:
        self._settings, self._url = settings, url
        self._stack = contextlib.AsyncExitStack()

    async def start(self) -> None:
        settings = self._settings
        link = PagesLink(settings.site.name, address_of(settings, "central-web"))
        reads = Reads(settings.database)
        self._stack = contextlib.AsyncExitStack()
        self._stack.callback(reads.close)
        await self._stack.enter_async_context(running(link.run()))
        app = make_app(settings, reads, link.asker, link.watch, link.press)
        await self._stack.enter_async_context(serving(app, self._url))
        await until(lambda: link.watch.in_contact)

    async def stop(self) -> None:
        await self._stack.aclose()


def _writer(settings: Settings) -> SiteIntake:
    engine_settings = EngineSettings(
        site=settings.site.name,
        node_of_zone=settings.node_of_zone,
        node_of_station=settings.node_of_station,
        wave_orders=0,
        waves_open_max=4,
        totes_per_zone_max=100,
    )
    key = grant_key(settings.state_dir)
    return SiteIntake(
        SITE, address_of(settings, "central-writer"), lambda: Engine(settings.database, engine_settings, key)
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class QuietPageServer(PageServer, Server):
    """The server of the pages, inside a program that has its own signal handlers."""


@contextlib.asynccontextmanager
async def running(work: Coroutine[Any, Any, Any]) -> AsyncIterator[None]:
    """`work` runs until the end of the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def serving(app: Any, url: str = "") -> AsyncIterator[str]:
    """A real uvicorn on `url`'s port, or on a free one; its address."""
    port = int(url.rpartition(":")[2]) if url else _free_port()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, access_log=False, timeout_graceful_shutdown=1, ws="none"
    )
    server = QuietPageServer(config, app) if hasattr(app.state, "board") else Server(config)
    task = asyncio.create_task(server.serve())
    await listening("127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
