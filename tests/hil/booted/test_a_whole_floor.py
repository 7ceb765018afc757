"""Everything at once: installed services on real devices finish a pick and a parcel for a site on another machine."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sim.floor.configs import station_part, zone_part
from sim.floor.site_api import SiteApi
from sim.goods import take
from sim.modules.remote import ModulesRemote
from sim.people.bench import PACKING, PASSING
from sim.people.sight import Sight
from tests.edge.node_floor import start_process
from tests.hil.guest.cable import Cable
from tests.hil.guest.gadgets import GadgetLine
from tests.hil.guest.gate import Gate
from tests.hil.guest.installed import installed, journal, service, write_guard, write_profile
from tests.hil.guest.node import SLOW_S_MAX, patiently
from tests.hil.guest.ports import wait_for
from tests.hil.guest.whole_plan import BROKER_PORT, HANDED_OVER, ORDER, PAGE_PORT, PLAN
from tests.wire.tcp_proxy import Proxy
from wire.mqtt import BrokerAddress
from wire.site_http import SiteHttp
from wire.uplink import StationLive

HANDED = Path(os.environ.get("HIL_OUT", "")) / HANDED_OVER
ZONE, BENCH = "zone-a", "bench-1"
BUS, BUS_FAR_END = Path("/dev/ttyS0"), Path("/dev/ttyS1")
GUARD = """passed_line = 22
lease_ms = 30000
sense_wait_ms = 5000
[[interlock]]
kind = "gate"
line = 17
sense_line = 27
"""


@dataclass(frozen=True)
class Floor:
    """What people see and hold."""

    modules: ModulesRemote
    scanner: GadgetLine
    gate: Gate
    sight: Sight

    @property
    def screen(self) -> StationLive | None:
        """The bench's."""
        return self.sight.station(BENCH)

    async def sees(self, what: str, true: Callable[[StationLive], bool]) -> None:
        """Look at the bench's screen until it is `true`. Raises AssertionError, which says what it shows."""
        try:
            await patiently(lambda: self.screen is not None and true(self.screen))
        except AssertionError:
            raise AssertionError(f"{what}: not seen. The bench shows {self.screen}") from None

    async def scan(self, text: str) -> None:
        """Pull the trigger and look until the screen has answered."""
        before = self.screen.last_scan_id if self.screen else ""
        self.scanner.send(text.encode() + b"\r")
        await self.sees(f"answer to {text}", lambda now: now.last_scan_id != before and now.say not in PASSING)


@asynccontextmanager
async def whole_floor(folder: Path) -> AsyncIterator[Floor]:
    """Devices, services and eyes; the services run once this is entered."""
    async with AsyncExitStack() as stack:
        link = await stack.enter_async_context(Proxy(BrokerAddress("hilhost", BROKER_PORT)))
        stack.enter_context(installed((ZONE,), (BENCH, BENCH)))
        scanner = GadgetLine(0)
        scanner.plug()
        stack.callback(scanner.unplug)
        gate = stack.enter_context(Gate())
        modules = await stack.enter_async_context(rack(folder))
        configure(link.address.port, wait_for(lambda: named(scanner), "the scanner's name"))
        password = (HANDED / "nodes/floor/broker.password").read_text().strip()
        sight = Sight(BrokerAddress("127.0.0.1", link.address.port, "floor", password), "demo")
        seeing = asyncio.create_task(sight.run())
        stack.callback(seeing.cancel)
        for unit in (f"picklight-guard@{BENCH}", f"picklight-edge@{ZONE}", f"picklight-edge@{BENCH}"):
            await asyncio.to_thread(service, "start", unit)
        yield Floor(modules, scanner, gate, sight)


def configure(broker_port: int, scanner: Path) -> None:
    """Write what a technician writes."""
    zone = zone_part("A", PLAN.site.places, PLAN.buses["A"], port=BUS, tcp_port=0)
    zone = zone.replace("reply_wait_ms_max = 200", "reply_wait_ms_max = 2000")
    write_profile(ZONE, broker_port, HANDED / "nodes" / ZONE / "broker.password", zone)
    socket = write_guard(BENCH, HANDED / "grant.pub", GUARD)
    bench = station_part(BENCH, guard_socket=socket, scanner_port=scanner, quiet_window_ms=0)
    bench = bench.replace("answer_wait_ms = 2000", "answer_wait_ms = 30000")
    write_profile(BENCH, broker_port, HANDED / "nodes" / BENCH / "broker.password", bench)


@asynccontextmanager
async def rack(folder: Path) -> AsyncIterator[ModulesRemote]:
    """Our modules at the far end of the bus, and a hand to press them."""
    zone = zone_part("A", PLAN.site.places, PLAN.buses["A"], port=folder / "line", tcp_port=0)
    (folder / "rack.toml").write_text(f'control_socket = "{folder}/control"\n{zone}')
    command = [sys.executable, "-m", "sim.modules", "--config", str(folder / "rack.toml")]
    process = start_process(command, folder / "rack.log")
    remote = ModulesRemote(folder / "control")
    try:
        await remote.connect(wait_s_max=SLOW_S_MAX)
        with Cable(folder / "line", BUS_FAR_END):
            yield remote
    finally:
        await remote.aclose()
        process.terminate()
        process.wait(timeout=SLOW_S_MAX)


async def test_installed_services_finish_a_pick_and_a_parcel_for_a_site_on_another_machine(tmp_path: Path) -> None:
    async with whole_floor(tmp_path) as floor:
        for place in PLAN.site.places:
            await floor.modules.wait_lit(place.location_id, SLOW_S_MAX)
            await floor.modules.press(place.location_id)
            await floor.modules.wait_dark(place.location_id, SLOW_S_MAX)
        await floor.sees("ready", lambda screen: screen.say == "scan_label")
        assert floor.gate.releases == 0

        await floor.scan(ORDER.label)
        await floor.sees("packing", lambda screen: screen.say in PACKING)
        goods = {one.sku: one for one in PLAN.site.goods}
        for sku, pieces in ORDER.lines:
            for unit in take(goods[sku], pieces):
                await floor.scan(unit.barcode)
        await floor.sees("release", lambda _: floor.gate.releases > 0)
        await floor.sees("ready again", lambda screen: screen.say == "scan_label")

        assert floor.gate.releases == 1
        site = SiteApi(SiteHttp(f"http://hilhost:{PAGE_PORT}", (HANDED / "access.key").read_text().strip()))
        await site.hand_over([ORDER.label])
        assert "watchdog" not in journal(f"picklight-edge@{ZONE}").lower()


def named(scanner: GadgetLine) -> Path | None:
    """The scanner's name by where it is plugged in."""
    device = scanner.tty()
    return next((link for link in Path("/dev/picklight/by-path").glob("*") if link.resolve() == device), None)
