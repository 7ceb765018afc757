"""A supervisor at two in the morning: what to do now comes first, one question before each step, nothing hidden."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.web.browser import CONTRASTS, NAMELESS, WIDER, visiting
from tests.web.test_api import blocked, get, picked
from tests.web.web_floor import WebFloor

pytestmark = [pytest.mark.web, pytest.mark.asyncio(loop_scope="session")]
SHOTS = Path(os.environ.get("PICKLIGHT_SHOTS", "")) if os.environ.get("PICKLIGHT_SHOTS") else None


async def ticket_of(floor: WebFloor, order_no: str) -> str:
    await picked(floor, order_no, "SKU-A-01-4")
    await blocked(floor, order_no)
    return str((await get(floor, f"/api/orders/{order_no}"))["tickets"][0]["ticket"])


@pytest.mark.parametrize(("lang", "order_no"), [("en", "951"), ("zh", "952")])
async def test_a_ticket_says_first_what_to_do_and_takes_every_step_by_keyboard(
    floor: WebFloor, chromium: Browser, lang: str, order_no: str
) -> None:
    ticket = await ticket_of(floor, order_no)
    async with visiting(floor, chromium) as visitor:
        page = visitor.page
        await visitor.goes(f"/lang/{lang}?back=/tickets/{ticket}")
        now = page.locator(".now")
        sentence = (await get(floor, f"/api/tickets/{ticket}"))["next_step_zh" if lang == "zh" else "next_step"]
        await expect(now.locator(".big")).to_have_text(sentence)
        assert await page.evaluate(CONTRASTS) == []
        assert await page.evaluate(NAMELESS) == []
        assert await page.evaluate(WIDER) == 0
        if SHOTS is not None:
            await page.screenshot(path=SHOTS / f"ticket-{lang}.png", full_page=True)

        await page.locator("#by-whom").fill("Chen")
        await page.locator("#by-whom").blur()
        await page.keyboard.press("2")  # cancel
        await page.locator("#ask [value=yes]").click()
        await expect(page.locator("#steps")).to_contain_text("Chen")
        await expect(now.locator("button")).to_have_count(3)  # put back all, write off all, put back some
        if SHOTS is not None:
            await page.screenshot(path=SHOTS / f"ticket-{lang}-cancelled.png", full_page=True)
        await page.keyboard.press("1")
        await page.locator("#ask [value=yes]").click()
        await expect(page.locator("h1")).to_contain_text("已处理" if lang == "zh" else "resolved")
        assert visitor.complaints == []
    steps = (await get(floor, f"/api/tickets/{ticket}"))["steps"]
    assert [(step["action"], step["by"]) for step in steps] == [("cancel", "Chen"), ("return_stock", "Chen")]


async def test_a_piece_is_picked_anew_from_the_page_and_the_ticket_says_what_is_left(
    floor: WebFloor, chromium: Browser
) -> None:
    ticket = await ticket_of(floor, "953")
    async with visiting(floor, chromium) as visitor:
        page = visitor.page
        await visitor.goes(f"/lang/en?back=/tickets/{ticket}")
        form = page.locator(".goods").first
        await form.get_by_role("button", name="Pick again").click()
        await page.get_by_role("button", name="Yes, it is so").click()
        await expect(page.locator(".now")).to_contain_text("still to pick: 1")
        await expect(page.locator(".now .big")).to_contain_text("The lights ask for the missing pieces")
        if SHOTS is not None:
            await page.screenshot(path=SHOTS / "ticket-repick.png", full_page=True)
        await visitor.goes("/tickets")
        await expect(page.locator(f'[id="ticket:{ticket}"]')).to_contain_text("The lights ask")
        if SHOTS is not None:
            await page.screenshot(path=SHOTS / "tickets.png", full_page=True)
        assert visitor.complaints == []


async def test_an_impossible_step_is_refused_in_the_reader_s_language(floor: WebFloor) -> None:
    ticket = await ticket_of(floor, "954")
    answer = await floor.client.post(f"/api/tickets/{ticket}/resolve", json={"action": "close"})
    assert answer.status_code == 409
    assert "still waits for a decision. Choose: repack" in answer.json()["what"]
    assert "还需处理，请选择：重新打包" in answer.json()["said_zh"]


async def test_mispicks_are_counted_per_day(floor: WebFloor) -> None:
    assert isinstance(await get(floor, "/api/mispicks?days=3"), list)
    assert (await floor.client.get("/tickets/none/photo")).status_code == 404
