"""The page of one bench: every state in a real browser, large enough for two metres and for gloves, nothing cut off."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from edge.packstation.rules import State
from tests.web.bench_states import EVERY
from tests.web.browser import CONTRASTS, NAMELESS, WIDER, Visitor, visiting
from tests.web.web_floor import WebFloor, idle_bench
from tests.wire.real_broker import until
from wire.phrases import PHRASES

pytestmark = [pytest.mark.web, pytest.mark.asyncio(loop_scope="session")]

TOUCH_PX_MIN: Final = 90  # 15 mm on a 10-inch screen of 1280 x 800, more on a coarser one
SCREENS: Final = {
    (1280, 800): (75, 96),
    (1024, 600): (60, 76),
}  # px: verdict's least letters, and those of most phrases
PICTURES: Final = os.environ.get("STATION_PICTURES", "")  # a folder, to look at them

# What does not fit where it stands, of everything that must be read.
CUT_OFF: Final = """() => [...document.querySelectorAll(
  ".say, .verdict, .todo, .acts, .acts button, .tested, .tested li, .station")]
  .filter((e) => e.checkVisibility())
  .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
  .map((e) => `${e.className} ${e.textContent.trim().slice(0, 40)} ${e.scrollHeight}>${e.clientHeight}`)"""
TARGETS: Final = """() => [...document.querySelectorAll(".acts button")].map((e) => e.getBoundingClientRect())
  .map((box) => [Math.round(box.width), Math.round(box.height), Math.round(box.bottom)])"""
SIZES: Final = """() => ["say", "todo", "acts button", "items .title", "items .count"].map((name) => {
  const found = document.querySelector("." + name);
  return found && [name, parseFloat(getComputedStyle(found).fontSize)];
}).filter(Boolean)"""
# Every phrase in turn where the verdict stands: those that are cut off there.
PHRASES_CUT: Final = """(texts) => {
  const say = document.querySelector(".say"), box = document.querySelector(".verdict");
  return texts.filter((text) => {
    say.textContent = text;
    say.classList.toggle("long", text.length > 30);
    return say.scrollWidth > say.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  });
}"""


@pytest_asyncio.fixture(loop_scope="session", params=list(SCREENS), ids=lambda size: f"{size[0]}x{size[1]}")
async def bench(floor: WebFloor, chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Visitor]:
    """Somebody in front of a 10-inch screen."""
    floor.beat()
    async with visiting(floor, chromium, *request.param) as somebody:
        yield somebody
        assert somebody.complaints == []


async def test_every_state_of_the_table_is_looked_at() -> None:
    assert {live.state for live in EVERY.values()} == {*State}


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_state_is_readable_from_two_metres_and_nothing_is_cut_off(bench: Visitor, lang: str) -> None:
    page, size = bench.page, bench.page.viewport_size
    assert size is not None
    least, usual = SCREENS[size["width"], size["height"]]
    await bench.speaks(lang, "dark", "/station/bench-1")
    for name, live in EVERY.items():
        bench.floor.nodes["bench-1"].show(station=live)
        await expect(page.locator(".bench")).to_have_attribute("data-state", live.state)
        await expect(page.locator(".say")).to_have_text(getattr(PHRASES[live.say], lang))
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / f"{name}-{lang}-{size['width']}.png")
        assert await page.evaluate(CUT_OFF) == [], name
        assert await page.evaluate(WIDER) == 0, name
        assert await page.evaluate(CONTRASTS) == [], name
        assert await page.evaluate(NAMELESS) == [], name
        sizes = dict(await page.evaluate(SIZES))
        long = len(getattr(PHRASES[live.say], lang)) > 30
        assert sizes["say"] >= (least if long else usual), (name, sizes)
        assert sizes["todo"] >= 24, (name, sizes)
        for width, height, bottom in await page.evaluate(TARGETS):
            assert min(width, height) >= TOUCH_PX_MIN, (name, width, height)
            assert bottom <= size["height"], f"{name}: a button is below the screen"


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_phrase_fits_where_the_verdict_stands(bench: Visitor, lang: str) -> None:
    await bench.speaks(lang, "dark", "/station/bench-1")
    texts = [getattr(phrase, lang) for phrase in PHRASES.values()]
    assert await bench.page.evaluate(PHRASES_CUT, texts) == []


async def test_a_scan_that_was_not_read_looks_unlike_a_wrong_item_and_a_repeat(bench: Visitor) -> None:
    await bench.speaks("en", "dark", "/station/bench-1")
    looks = set()
    for name in ("packing_unread", "blocked", "packing_repeat", "packing"):
        bench.floor.nodes["bench-1"].show(station=EVERY[name])
        await expect(bench.page.locator(".say")).to_have_text(PHRASES[EVERY[name].say].en)
        verdict = bench.page.locator(".verdict")
        looks.add(
            await verdict.evaluate(
                "(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).borderTopStyle,"
                " e.querySelector('.shape').innerHTML].join()"
            )
        )
    assert len(looks) == 4


async def test_a_touch_is_the_command_barcode_at_that_bench_and_says_which_parcel_was_shown(bench: Visitor) -> None:
    node = bench.floor.nodes["bench-1"]
    node.show(station=EVERY["packing"])
    await bench.speaks("en", "dark", "/station/bench-1")
    node.presses.clear()

    await bench.page.get_by_role("button", name="Item missing").click()
    await until(lambda: node.presses)
    assert [(press.station, press.text, press.order_no) for press in node.presses] == [
        ("bench-1", "PL:MISSING", "536365")
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"text": "PL:BADGE:S1"}', 400),  # who stands there is scanned, never touched
        ('{"text": "2900000000470"}', 400),
        ('{"text": "PL:ASIDE\\n"}', 400),
        ('{"text": "PL:ASIDE", "more": 1}', 400),
        ('{"text": "PL:ASIDE"}', 200),
    ],
)
async def test_only_a_command_that_is_no_badge_is_passed_on(floor: WebFloor, body: str, status: int) -> None:
    assert (await floor.client.post("/station/bench-1/press", content=body)).status_code == status


async def test_a_touch_without_the_key_or_at_no_bench_is_refused(floor: WebFloor) -> None:
    touch = {"json": {"text": "PL:ASIDE"}}
    assert (await floor.client.post("/station/nowhere/press", **touch)).status_code == 404  # type: ignore[arg-type]
    answer = await floor.client.post("/station/bench-1/press", headers={"authorization": "Bearer no"}, **touch)  # type: ignore[arg-type]
    assert answer.status_code == 401


async def test_a_bench_that_is_away_is_told_and_the_barcode_sheet_named(bench: Visitor) -> None:
    node = bench.floor.nodes["bench-1"]
    node.show(station=EVERY["packing"])
    await bench.speaks("en", "dark", "/station/bench-1")
    node.presence("lost")
    try:
        await expect(bench.page.locator(".stale")).to_contain_text("node lost")
        await bench.page.get_by_role("button", name="Damaged", exact=True).click()
        await expect(bench.page.locator("#said")).to_contain_text("Scan the command barcode on the sheet instead")
    finally:
        node.presence("ready")
    bench.complaints.clear()  # the browser notes the refusal
    node.show(station=idle_bench())
