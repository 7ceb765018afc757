"""What a supervisor does at the page's desk: counting a doubtful place, in a real browser over a real site."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.web.browser import visiting
from tests.web.web_floor import WebFloor
from tests.wire.real_broker import until
from wire.deeds import ShortPicked

pytestmark = [pytest.mark.web, pytest.mark.asyncio(loop_scope="session")]


async def found_empty(floor: WebFloor, order_no: str, place: str) -> None:
    """An order's pick at `place` finds nothing there."""
    rows = ("order_no,label,sku,pieces", f"{order_no},L{order_no},SKU-{place},3")
    assert (await floor.send_csv("orders", *rows)).status_code == 200
    assert (await floor.client.post("/api/waves", json={"orders_max": 1})).json()["done"] == 1
    node = floor.nodes["zone-a"]
    await until(lambda: any(tote.startswith(order_no) for tote, _ in node.picks()))
    tote, pick = next(one for one in node.picks() if one[0].startswith(order_no))
    deed = ShortPicked(
        zone="A",
        pick_id=pick.pick_id,
        tote_id=tote,
        location_id=place,
        sku=pick.sku,
        asked_pieces=3,
        found_pieces=0,
    )
    await node.did(deed, f"pick:{pick.pick_id}")


async def test_a_doubtful_place_is_counted_at_its_alarm_and_the_answer_is_in_the_reader_s_language(
    floor: WebFloor, chromium: Browser
) -> None:
    await found_empty(floor, "970", "A-05-4")
    async with visiting(floor, chromium) as visitor:
        page = visitor.page
        await visitor.goes("/lang/zh")
        alarm = page.locator(".alarms li", has_text="A-05-4")
        box = alarm.get_by_label("A-05-4 盘点件数")
        await box.fill("41")
        await alarm.get_by_role("button", name="保存盘点").click()
        await expect(page.locator("#said")).to_contain_text("清点 41 件")
        await expect(alarm).to_have_count(0)
    stock = (await floor.client.get("/api/stock/SKU-A-05-4")).json()
    assert stock[0]["on_hand_pieces"] == 41


async def test_the_newest_order_in_work_comes_first_in_the_list(floor: WebFloor, chromium: Browser) -> None:
    head = "order_no,label,sku,pieces"
    for order_no in ("981", "980"):
        assert (await floor.send_csv("orders", head, f"{order_no},L{order_no},SKU-B-02-2,1")).status_code == 200
    assert (await floor.client.post("/api/orders/980/cancel", json={})).status_code == 200
    async with visiting(floor, chromium) as visitor:
        await visitor.goes("/orders")
        numbers = await visitor.page.locator("#rows tbody tr td:first-child").all_inner_texts()
        assert numbers[0] == "981"
        assert numbers.index("980") > numbers.index("981")


async def test_a_page_that_is_missing_is_missing_in_chinese_too(floor: WebFloor, chromium: Browser) -> None:
    async with visiting(floor, chromium) as visitor:
        await visitor.speaks("zh", "light")
        await visitor.goes("/orders/none")
        await expect(visitor.page.locator("main")).to_contain_text("订单 none · 404")
        assert "order" not in await visitor.page.locator("main").inner_text()
