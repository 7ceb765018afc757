"""How the light buses are, under a zone on the floor page: in a word, and in numbers for who looks closer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from central.web.zone_views import UNITS_MAX, lines_view
from tests.web.browser import CONTRASTS, WIDER, Visitor, visiting
from tests.web.web_floor import WebFloor, locations
from wire.uplink import BusHealth, ModuleFace, UnitHealth, WrongScan, ZoneAsk, ZoneLive

TIRED = BusHealth(
    bus="rtu-1",
    open=True,
    transactions=1_000,
    errors=42,
    quarantined=1,
    latency_us=11_840,
    silent=30,
    garbled=11,
    refused=1,
    worst=(
        UnitHealth(unit=4, silent=30, latency_us=0, location_id="A-02-4", places=1),
        UnitHealth(unit=9, garbled=11, refused=1, latency_us=8_260, location_id="A-03-1", places=16),
    ),
)
WELL = BusHealth(bus="tcp-1", open=True, transactions=9_000, errors=0, quarantined=0, latency_us=2_140)


def tired_zone() -> ZoneLive:
    """A lit place, a dead one, a wrong scan, and a bus that makes errors."""
    lit, unlit, lost = locations("A")[:3]
    return ZoneLive(
        zone="A",
        tote_id="1-A",
        order_no="1",
        picks_open=3,
        notice="not_this_one",
        modules=(
            ModuleFace(location_id=lit, state="lit", colour="blue", pieces=3),
            ModuleFace(location_id=unlit, state="unlit", colour="blue", pieces=1),
            ModuleFace(location_id=lost, state="unreachable", colour="blue", pieces=2),
        ),
        asks=(ZoneAsk(location_id=lost, step="dead_scan", tote_id="1-A", colour="blue", pieces=2),),
        buses=(TIRED, WELL),
        wrong_scan=WrongScan(code="4006381333948", location_id=lit, tote_id="1-A", sku="MUG-RED", who="ann", count=2),
    )


@pytest_asyncio.fixture(loop_scope="session")
async def looking(floor: WebFloor, chromium: Browser) -> AsyncIterator[Visitor]:
    """A technician at the floor page."""
    floor.beat()
    floor.nodes["zone-a"].show(zone=tired_zone())
    async with visiting(floor, chromium) as somebody:
        yield somebody
        assert somebody.complaints == []


@pytest.mark.web
@pytest.mark.asyncio(loop_scope="session")
async def test_numbers_by_bus_and_kind_and_the_worst_places_are_there_for_who_opens_them(looking: Visitor) -> None:
    zone = looking.page.get_by_label("Zone A", exact=True)
    await expect(zone.locator(".line")).to_have_text(["rtu-1 errors: 42‰ silent modules: 1", "tcp-1 well"])
    await zone.get_by_text("Light buses, in numbers").click()
    await expect(zone.locator(".lines tbody tr")).to_have_text(
        [
            "rtu-112301111",
            "A-02-4 unit 4–3000",
            "A-03-1 +15 unit 98.30111",
            "tcp-12.10000",
        ]
    )

    worse = lines_changed(tired_zone(), silent=31)
    looking.floor.nodes["zone-a"].show(zone=worse)
    await expect(zone.locator(".lines tbody tr").first).to_have_text("rtu-112311111")
    await expect(zone.locator(".lines table")).to_be_visible()  # what was opened stays open


@pytest.mark.web
@pytest.mark.asyncio(loop_scope="session")
async def test_a_dead_module_and_a_wrong_scan_say_who_what_and_what_now(looking: Visitor) -> None:
    lost = locations("A")[2]
    head = looking.page.get_by_label("Zone A", exact=True)
    await expect(head).to_contain_text(f"{lost} lamp dead: scan the place, take 2")
    await expect(head).to_contain_text(
        f"ann: 4006381333948 is not for {locations('A')[0]}. Put it back, take MUG-RED. Wrong scans: 2"
    )
    await expect(looking.number(lost)).to_have_text("×")


@pytest.mark.web
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1280), ("zh", "dark", 390)])
async def test_the_numbers_are_readable_and_nowhere_too_wide(
    floor: WebFloor, chromium: Browser, lang: str, theme: str, width: int
) -> None:
    floor.beat()
    floor.nodes["zone-a"].show(zone=tired_zone())
    async with visiting(floor, chromium, width=width) as visitor:
        await visitor.speaks(lang, theme)
        await visitor.page.locator("#lines\\:A summary").click()
        await expect(visitor.page.locator("#lines\\:A tbody tr")).to_have_count(4)
        assert await visitor.page.evaluate(CONTRASTS) == []
        assert await visitor.page.evaluate(WIDER) == 0


def lines_changed(live: ZoneLive, silent: int) -> ZoneLive:
    """The same zone with another count on its first bus."""
    first = BusHealth(**{name: getattr(TIRED, name) for name in TIRED.__struct_fields__} | {"silent": silent})
    return ZoneLive(**{name: getattr(live, name) for name in live.__struct_fields__} | {"buses": (first, WELL)})


def test_at_most_so_many_units_of_a_bus_are_named_and_what_never_answered_has_no_latency() -> None:
    many = tuple(UnitHealth(unit=n, silent=1) for n in range(1, 40))
    bus = BusHealth(bus="a", open=True, transactions=100, errors=39, quarantined=0, worst=many)
    line = lines_view(ZoneLive(zone="A", buses=(bus,))).lines[0]

    assert [unit.unit for unit in line.worst] == list(range(1, UNITS_MAX + 1))
    assert line.latency_ms == ""
