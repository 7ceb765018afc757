"""A put-to-light wall on the floor page: its cubbies in the drawing, their orders below it, and its light buses."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from central.web.zone_views import LineView, lines_view, wall_view, whole_plan
from tests.web.browser import CONTRASTS, WEIGHT, WIDER, Visitor, visiting
from tests.web.web_floor import WebFloor, stock_the_shelves, web_floor
from wire.uplink import BusHealth, CubbyLive, HandLive, ModuleFace, WallLive, ZoneLive

CUBBIES = [f"W-{n:02d}" for n in range(1, 13)]
WALL = f"""
[[node]]
name = "wall-1"
zone = "W"
[[wall]]
zone = "W"
cubbies = {CUBBIES}
"""


def cubby(name: str, state: str, asked: int = 3, put: int = 1, lit: int = 0) -> CubbyLive:
    order = f"5363{name[2:]}"
    return CubbyLive(cubby=name, order_no=order, state=state, asked_pieces=asked, put_pieces=put, lit_pieces=lit)  # type: ignore[arg-type]


def busy_wall() -> ZoneLive:
    """Something of everything."""
    return ZoneLive(
        zone="W",
        picks_open=2,
        notice="surplus:4",
        modules=(
            ModuleFace(location_id="W-01", state="lit", colour="blue", pieces=2),
            ModuleFace(location_id="W-04", state="unreachable"),
            ModuleFace(location_id="W-03", state="lit", colour="red"),
        ),
        buses=(
            BusHealth(bus="rtu-1", open=True, transactions=9_000, errors=2, quarantined=0),
            BusHealth(bus="rtu-2", open=True, transactions=1_000, errors=30, quarantined=1),
        ),
        wall=WallLive(
            sku="85123A",
            cubbies=(
                cubby("W-01", "filling", lit=2),
                cubby("W-02", "done", put=3),
                cubby("W-03", "aside"),
                cubby("W-04", "held"),
                cubby("W-05", "filling"),
            ),
            hands=(
                HandLive(scanner="W/left", sku="85123A", colour="blue", pieces=2),
                HandLive(scanner="W/right", sku="22423", colour="orange", pieces=1, waits_at=("W-01",)),
            ),
        ),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def walled(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WebFloor]:
    """The small site with a wall of twelve cubbies."""
    async with web_floor(tmp_path_factory.mktemp("walled"), WALL) as site:
        await stock_the_shelves(site)
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def at_wall(walled: WebFloor, chromium: Browser) -> AsyncIterator[Visitor]:
    """Somebody on its floor page."""
    walled.beat()
    walled.nodes["wall-1"].show(zone=busy_wall())
    async with visiting(walled, chromium) as somebody:
        yield somebody
        assert somebody.complaints == []


@pytest.mark.web
@pytest.mark.asyncio(loop_scope="session")
async def test_the_drawing_has_every_cubby_and_says_which_order_is_where_and_done(at_wall: Visitor) -> None:
    zone = at_wall.page.get_by_label("Zone W", exact=True)
    await expect(zone.locator(".face")).to_have_count(12)
    await expect(at_wall.face("W-01")).to_have_class("face lit c-blue")
    await expect(zone.locator(".cubby")).to_have_text(
        [
            "W-03 536303 1/3 take out: cancelled",
            "W-02 536302 3/3 done",
            "W-01 536301 1/3 put 2",
            "W-05 536305 1/3 waits",
            "W-04 536304 1/3 held: exception",
        ]
    )
    await expect(zone.locator(".hand")).to_have_text(
        ["blue W/left · In hand: 85123A", "orange W/right · In hand: 22423 · served next at W-01"]
    )
    await expect(zone).to_contain_text("left over, keep aside: 4")
    await expect(zone.locator(".line")).to_have_text(["rtu-1 well", "rtu-2 errors: 30‰ silent modules: 1"])


@pytest.mark.web
@pytest.mark.asyncio(loop_scope="session")
async def test_the_wall_follows_its_node(at_wall: Visitor) -> None:
    zone = at_wall.page.get_by_label("Zone W", exact=True)
    at_wall.floor.nodes["wall-1"].show(zone=ZoneLive(zone="W", wall=WallLive()))
    await expect(zone.locator(".cubby")).to_have_count(0)
    await expect(zone).to_contain_text("All cubbies are free")


@pytest.mark.web
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("zh", "dark")])
async def test_the_wall_is_readable_light_and_nowhere_too_wide(
    walled: WebFloor, chromium: Browser, lang: str, theme: str, width: int
) -> None:
    walled.beat()
    walled.nodes["wall-1"].show(zone=busy_wall())
    async with visiting(walled, chromium, width=width) as visitor:
        await visitor.speaks(lang, theme)
        await expect(visitor.page.locator(".cubby")).to_have_count(5)
        assert await visitor.page.evaluate(CONTRASTS) == []
        assert await visitor.page.evaluate(WIDER) == 0
        assert await visitor.page.evaluate(WEIGHT) < 200_000


@pytest.mark.web
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ["then zone C", "536400 is done: to zone B"]), ("zh", ["然后去拣货区 C", "536400 已完成，送往拣货区 B"])],
)
async def test_where_a_tote_goes_next_is_shown_whole_and_nothing_of_it_is_cut_off(
    walled: WebFloor, chromium: Browser, lang: str, words: list[str]
) -> None:
    passing = ZoneLive(
        zone="A", tote_id="536401", order_no="536401", next_zone="C", passed_tote="536400", passed_to="B"
    )
    walled.beat()
    walled.nodes["zone-a"].show(zone=passing)
    async with visiting(walled, chromium) as visitor:
        await visitor.speaks(lang, "light")
        line = visitor.page.locator("[id='zone:A'] p")
        for text in words:
            await expect(line).to_contain_text(text)
        assert await line.evaluate("(p) => p.scrollWidth - p.clientWidth") == 0


def test_a_line_is_well_while_its_modules_answer() -> None:
    def line(**more: object) -> LineView:
        bus = {"bus": "a", "open": True, "transactions": 1_000, "errors": 0, "quarantined": 0, **more}
        return lines_view(ZoneLive(zone="A", buses=(BusHealth(**bus),))).lines[0]  # type: ignore[arg-type]

    assert line().is_well
    assert line(errors=5).is_well
    assert not line(errors=6).is_well
    assert not line(quarantined=1).is_well
    assert not line(open=False).is_well
    assert line(transactions=0, errors=9).wrong_permille == 1000


def test_a_zone_that_is_no_wall_shows_none() -> None:
    assert wall_view(ZoneLive(zone="A")).cubbies == ()


def test_cubbies_are_drawn_from_the_top_left() -> None:
    rows = whole_plan((), {"W": CUBBIES})
    assert [(row.location_id, row.level) for row in rows][:1] == [("W-01", 4)]
    assert {row.level for row in rows if row.location_id in CUBBIES[4:8]} == {3}
