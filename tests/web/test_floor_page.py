"""The floor page in a real browser, over a real site."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.web.browser import CONTRASTS, NAMELESS, SHIFT, WEIGHT, WIDER, Visitor, visiting
from tests.web.web_floor import WebFloor, dark_zone, idle_bench, lit_zone, odd_zone
from tests.wire.real_broker import until
from wire.uplink import ItemCount

pytestmark = [pytest.mark.web, pytest.mark.asyncio(loop_scope="session")]

MUG = ItemCount(sku="SKU-A-01-1", title="Mug number A-01-1", asked_pieces=2, packed_pieces=1)
BLOCKED = idle_bench(
    state="blocked", say="wrong_item", lamp="red", order_no="9", label="LBL9", ticket="T0000009", items=(MUG,)
)
SENT = idle_bench(say="send_it", lamp="green", gate="released")
READY = {
    "stations": [
        {
            "station": "bench-1",
            "parcels": [
                {
                    "label": label,
                    "order_no": label[3:],
                    "items": [{"sku": MUG.sku, "title": MUG.title, "barcode": "2900000000000", "pieces": 2}],
                }
                for label in ("LBL8", "LBL9")
            ],
        }
    ],
    "badges": [{"badge": "S1", "person": "Li Na"}],
    "commands": [{"text": "PL:ASIDE", "en": "Set aside", "zh": "放到一旁"}],
}


async def test_a_module_lights_in_its_colour_with_its_quantity_and_goes_dark_again(visitor: Visitor) -> None:
    node = visitor.floor.nodes["zone-a"]
    node.show(zone=lit_zone("A", "A-02-3", "violet", 7))
    await expect(visitor.face("A-02-3")).to_have_attribute("class", "face lit c-violet")
    await expect(visitor.number("A-02-3")).to_have_text("7")
    await expect(visitor.face("A-02-3")).to_have_attribute(
        "aria-label", "A-02-3: lit violet, 7 pcs. SKU-A-02-3 Mug number A-02-3"
    )

    node.show(zone=dark_zone("A"))
    await expect(visitor.face("A-02-3")).to_have_attribute("class", "face dark")


async def test_unreachable_and_unlit_modules_look_different_and_say_so(visitor: Visitor) -> None:
    visitor.floor.nodes["zone-b"].show(zone=odd_zone("B", unlit="B-01-1", lost="B-01-2"))
    await expect(visitor.number("B-01-1")).to_have_text("!")
    await expect(visitor.number("B-01-2")).to_have_text("×")
    await expect(visitor.face("B-01-2")).to_have_attribute(
        "aria-label", "B-01-2: no answer. SKU-B-01-2 Mug number B-01-2"
    )
    await expect(visitor.page.get_by_label("Zone B", exact=True)).to_contain_text("no answer: 1")


async def test_a_click_presses_a_hold_is_a_short_pick_and_keys_do_the_same(visitor: Visitor) -> None:
    presses = visitor.floor.hands.presses
    presses.clear()
    await visitor.face("A-01-1").click()
    await until(lambda: presses == [("A-01-1", False)])
    await visitor.face("A-01-2").click(delay=750)
    await until(lambda: presses[1:] == [("A-01-2", True)])
    await visitor.face("A-01-3").focus()
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.press("ArrowRight")
    await visitor.page.keyboard.press("s")
    await until(lambda: presses[2:] == [("A-01-3", False), ("A-02-3", True)])


async def test_the_bench_says_in_one_sentence_whether_the_parcel_may_leave(visitor: Visitor) -> None:
    bench = visitor.page.get_by_label("Pack station bench-1")
    visitor.floor.nodes["bench-1"].show(station=BLOCKED)
    await expect(bench.locator(".say")).to_have_text("Not in this order. Set parcel aside")
    await expect(bench).to_contain_text("Holding")
    await expect(bench).to_contain_text("1 to go")
    await expect(bench.get_by_role("link", name="Ticket T0000009")).to_be_visible()

    visitor.floor.nodes["bench-1"].show(station=SENT)
    await expect(bench.locator(".say")).to_have_text("Send the parcel")
    await expect(bench).to_contain_text("Released")


async def test_labels_items_commands_badges_and_typed_text_are_scanned(visitor: Visitor) -> None:
    hands, page = visitor.floor.hands, visitor.page
    hands.scans.clear()
    hands.ready = READY
    await page.get_by_role("button", name="LBL8").click()
    visitor.floor.nodes["bench-1"].show(station=BLOCKED)
    for count, name in enumerate(("1 to go", "Set aside", "Li Na"), start=1):
        await until(lambda count=count: len(hands.scans) >= count)  # type: ignore[misc]  # a request of its own
        await page.get_by_role("button", name=name).click()
    await until(lambda: len(hands.scans) == 4)
    await page.get_by_label("Text to scan at bench-1").fill("anything at all")
    await page.keyboard.press("Enter")
    texts = ["LBL8", "2900000000000", "PL:ASIDE", "PL:BADGE:S1", "anything at all"]
    await until(lambda: hands.scans == [("bench-1", text) for text in texts])
    await expect(page.get_by_label("Text to scan at bench-1")).to_be_focused()


async def test_what_a_person_types_survives_updates(visitor: Visitor) -> None:
    box = visitor.page.get_by_label("Text to scan at bench-1")
    await box.fill("half a lab")
    visitor.floor.hands.ready = {**READY, "badges": []}
    await expect(visitor.page.get_by_role("button", name="Li Na")).to_have_count(0)
    await expect(box).to_have_value("half a lab")
    await expect(box).to_be_focused()


async def test_people_are_sent_to_work_and_home(visitor: Visitor) -> None:
    switch = visitor.page.get_by_role("switch", name="Simulated people")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")
    assert visitor.floor.hands.people_on
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")


async def test_a_silent_node_is_marked_stale_and_comes_back(visitor: Visitor) -> None:
    zone = visitor.page.get_by_label("Zone A", exact=True)
    visitor.floor.nodes["zone-a"].presence("lost")
    await expect(zone).to_have_class("zone is-stale")
    await expect(zone).to_contain_text("node lost · last seen")
    visitor.floor.nodes["zone-a"].presence("ready")
    visitor.floor.beat()
    await expect(zone).to_have_class("zone")


async def test_the_page_says_that_the_connection_is_lost_and_heals_itself(floor: WebFloor, chromium: Browser) -> None:
    async with visiting(floor, chromium) as visitor:
        banner = visitor.page.locator("#banner")
        await expect(banner).to_be_hidden()
        await floor.stop_web()
        await expect(banner).to_contain_text("Connection lost. Trying again")
        await floor.start_web()
        await expect(banner).to_be_hidden(timeout=15_000)
        floor.nodes["zone-a"].show(zone=lit_zone("A", "A-05-1", "cyan", 4))
        await expect(visitor.number("A-05-1")).to_have_text("4")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_every_text_is_readable_and_every_control_has_a_name(visitor: Visitor, lang: str, theme: str) -> None:
    visitor.floor.hands.ready = READY
    for station in (
        BLOCKED,
        idle_bench(lamp="green", gate="released"),
        idle_bench(lamp="amber"),
        idle_bench(lamp="blue"),
    ):
        visitor.floor.nodes["bench-1"].show(station=station)
        visitor.floor.nodes["zone-b"].show(zone=odd_zone("B", unlit="B-01-1", lost="B-01-2"))
        await visitor.speaks(lang, theme)
        await expect(visitor.number("B-01-1")).to_have_text("!")
        await expect(visitor.page.locator(".bench")).to_have_attribute("data-lamp", station.lamp)
        assert await visitor.page.evaluate(CONTRASTS) == []
        assert await visitor.page.evaluate(NAMELESS) == []
    assert await visitor.page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-Hans"}[lang]


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080), (1024, 768), (768, 1024), (390, 844)])
async def test_nothing_is_wider_than_the_screen(floor: WebFloor, chromium: Browser, width: int, height: int) -> None:
    floor.hands.ready = READY
    async with visiting(floor, chromium, width, height) as visitor:
        floor.nodes["bench-1"].show(station=BLOCKED)
        await expect(visitor.page.locator(".tile")).to_be_visible()
        assert await visitor.page.evaluate(WIDER) == 0


async def test_the_page_is_light_and_nothing_jumps_while_it_lives(floor: WebFloor, chromium: Browser) -> None:
    floor.hands.ready = READY
    async with visiting(floor, chromium) as visitor:
        page = visitor.page
        await expect(page.get_by_role("button", name="LBL8")).to_be_visible()
        assert await page.evaluate(WEIGHT) < 200_000
        for pieces, station in (
            (3, BLOCKED),
            (9, idle_bench(say="send_it", lamp="green", gate="released")),
            (5, BLOCKED),
        ):
            floor.nodes["zone-a"].show(zone=lit_zone("A", "A-02-3", "orange", pieces))
            floor.nodes["bench-1"].show(station=station)
            await expect(visitor.number("A-02-3")).to_have_text(str(pieces))
            await expect(page.locator(".bench")).to_have_attribute("data-lamp", station.lamp)
        assert await page.evaluate(SHIFT) < 0.01


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_the_other_pages_are_as_readable(visitor: Visitor, theme: str) -> None:
    visitor.floor.nodes["bench-1"].show(station=BLOCKED)
    for path in ("/station/bench-1", "/orders", "/tickets"):
        await visitor.speaks("zh", theme, path)
        await expect(visitor.page.locator("main")).to_be_visible()
        assert await visitor.page.evaluate(CONTRASTS) == []
        assert await visitor.page.evaluate(NAMELESS) == []
