"""The JSON API over a real site: files in, waves out, orders and exceptions with their history."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.web.browser import visiting
from tests.web.web_floor import WebFloor
from tests.wire.real_broker import until
from wire.deeds import ItemScanned, LabelScanned, PickConfirmed, SetAside, ShortPicked

pytestmark = [pytest.mark.web, pytest.mark.asyncio(loop_scope="session")]

HEAD = "order_no,label,sku,pieces"


async def get(floor: WebFloor, path: str) -> Any:
    """The JSON at `path`."""
    answer = await floor.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def picked(floor: WebFloor, order_no: str, sku: str, pieces: int = 1) -> None:
    """Import an order of one line in zone A, release it and pick it."""
    assert (await floor.send_csv("orders", HEAD, f"{order_no},L{order_no},{sku},{pieces}")).status_code == 200
    assert (await floor.client.post("/api/waves", json={"orders_max": 5})).json()["done"] >= 1
    node = floor.nodes["zone-a"]
    await until(lambda: any(tote.startswith(order_no) for tote, _ in node.picks()))
    for tote, pick in [one for one in node.picks() if one[0].startswith(order_no)]:
        deed = PickConfirmed(
            zone="A",
            pick_id=pick.pick_id,
            tote_id=tote,
            location_id=pick.location_id,
            sku=pick.sku,
            picked_pieces=pick.pieces,
        )
        await node.did(deed, f"pick:{pick.pick_id}")


async def blocked(floor: WebFloor, order_no: str) -> None:
    """Scan the order's label and a foreign item, and set the parcel aside."""
    bench = floor.nodes["bench-1"]
    label, item, aside = (f"{order_no}-{number}" for number in (1, 2, 3))
    scan = LabelScanned(station="bench-1", scan_id=label, label=f"L{order_no}", challenge="c", packer="Wang Wei")
    await bench.did(scan, f"scan:{label}")
    foreign = ItemScanned(station="bench-1", scan_id=item, verification=label, barcode="2900000000470")
    await bench.did(foreign, f"scan:{item}")
    await bench.did(SetAside(station="bench-1", scan_id=aside, verification=label, why="wrong_item"), f"scan:{aside}")


async def test_a_file_with_mistakes_imports_nothing_and_lists_them_all(floor: WebFloor) -> None:
    answer = await floor.send_csv("orders", HEAD, "901,L901,SKU-A-01-1,-1", "902,L902,SKU-A-01-1,1", "902,L903,,1")
    assert answer.status_code == 422
    assert {trouble["line"] for trouble in answer.json()["troubles"]} >= {2, 4}
    assert (await floor.client.get("/api/orders/902")).status_code == 404


async def test_json_orders_are_imported_once_per_idempotency_key(floor: WebFloor) -> None:
    body = [{"order_no": "910", "label": "L910", "lines": [{"sku": "SKU-B-01-1", "pieces": 2}]}]
    key = {"idempotency-key": "order-910"}
    first = await floor.client.post("/api/orders", json=body, headers=key)
    again = await floor.client.post("/api/orders", json=body, headers=key)
    assert first.json()["ok"], first.text
    assert again.json() == first.json()
    cancelled = await floor.client.post("/api/orders/910/cancel", json={"reason": "test is over"})
    assert cancelled.json()["ok"]
    assert (await get(floor, "/api/orders/910"))["order"]["status"] == "cancelled"


async def test_an_order_tells_its_whole_history_and_its_ticket_keeps_the_evidence(floor: WebFloor) -> None:
    await picked(floor, "920", "SKU-A-01-1")
    await blocked(floor, "920")

    story = await get(floor, "/api/orders/920")
    assert [moment["what"] for moment in story["moments"]] == [
        *("imported", "waved", "pick_confirmed", "label_scanned", "item_scanned"),
        *("ticket_opened", "parcel_set_aside"),
    ]
    assert story["lines"][0]["picked_pieces"] == 1
    ticket = story["tickets"][0]
    assert (ticket["kind"], ticket["stage"], ticket["who"]) == ("wrong_item", "picking", "Wang Wei")
    assert ["920-2", "2900000000470", "wrong_item"] in ticket["evidence"]
    assert ticket in await get(floor, "/api/tickets")


async def test_a_cancellation_stands_in_the_order_s_history_with_who_and_why(floor: WebFloor) -> None:
    assert (await floor.send_csv("orders", HEAD, "925,L925,SKU-A-01-1,1")).status_code == 200
    head = {"user-agent": "picklight"}
    await floor.client.post("/api/orders/925/cancel", json={"reason": "customer gone"}, headers=head)
    last = (await get(floor, "/api/orders/925"))["moments"][-1]
    assert (last["what"], last["said"]) == ("cancelled", {"by": "command line", "reason": "customer gone"})


async def test_a_bad_file_is_checked_against_the_record_too_and_changes_nothing(floor: WebFloor) -> None:
    rows = ("926,L926,GHOST,1", "927,L927,SKU-A-01-1,1.5", "928,L928,SKU-A-01-1,1")
    answer = await floor.send_csv("orders", HEAD, *rows)
    said = answer.json()
    assert answer.status_code == 422
    assert [(trouble["line"], trouble["what"]) for trouble in said["troubles"]] == [
        (2, "order 926: SKU GHOST is unknown"),
        (3, "pieces '1.5' is no whole number"),
    ]
    assert said["said"].startswith("Nothing was imported: 2 troubles on 2 lines.")
    assert (await floor.client.get("/api/orders/928")).status_code == 404


async def test_a_place_is_counted(floor: WebFloor) -> None:
    answer = await floor.client.post("/api/locations/A-04-2/count", json={"pieces": 33})
    assert answer.json()["ok"], answer.text
    assert (await get(floor, "/api/stock/SKU-A-04-2"))[0]["on_hand_pieces"] == 33
    nowhere = await floor.client.post("/api/locations/Z-9/count", json={"pieces": 1})
    assert (nowhere.status_code, nowhere.json()["said_zh"]) == (409, "没有库位 Z-9，请先导入")


async def test_an_exception_is_resolved_on_the_page_after_one_question(floor: WebFloor, chromium: Browser) -> None:
    await picked(floor, "930", "SKU-A-01-2")
    await blocked(floor, "930")
    ticket = (await get(floor, "/api/orders/930"))["tickets"][0]["ticket"]
    async with visiting(floor, chromium) as visitor:
        row = visitor.page.locator(f'[id="ticket:{ticket}"]')
        await row.get_by_role("button", name="Cancel order").click()
        await expect(visitor.page.get_by_role("dialog")).to_contain_text("Cancel 1 order: 930?")
        await visitor.page.get_by_role("button", name="Keep it").click()
        await row.get_by_role("button", name="Cancel order").click()
        await visitor.page.get_by_role("button", name="Yes, cancel it").click()
        await expect(row).to_contain_text("put its goods back to stock")
        await row.get_by_role("button", name="Put everything back").click()
        await visitor.page.get_by_role("button", name="Yes, it is so").click()
        await expect(row).to_have_count(0)
        await visitor.goes("/orders/930")
        await expect(visitor.page.locator("h1")).to_contain_text("cancelled")
        await visitor.page.get_by_role("link", name="Wrong item").click()
        await expect(visitor.page.locator("h1")).to_contain_text("resolved")
        await visitor.page.go_back()
        await expect(visitor.page.locator("h1")).to_contain_text("Order 930")
        assert visitor.complaints == []


async def test_a_form_without_script_resolves_too(floor: WebFloor) -> None:
    await picked(floor, "940", "SKU-A-01-3")
    await blocked(floor, "940")
    ticket = (await get(floor, "/api/orders/940"))["tickets"][0]["ticket"]
    form = {"accept": "text/html", "origin": floor.url}
    answer = await floor.client.post(f"/api/tickets/{ticket}/resolve", data={"action": "repack"}, headers=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets")
    assert (await get(floor, f"/api/tickets/{ticket}"))["status"] == "resolved"


async def test_a_short_pick_shows_in_stock_and_history(floor: WebFloor) -> None:
    assert (await floor.send_csv("orders", HEAD, "950,L950,SKU-A-04-4,3")).status_code == 200
    assert (await floor.client.post("/api/waves", json={"orders_max": 1})).json()["done"] == 1
    node = floor.nodes["zone-a"]
    await until(lambda: any(tote.startswith("950") for tote, _ in node.picks()))
    tote, pick = next(one for one in node.picks() if one[0].startswith("950"))
    deed = ShortPicked(
        zone="A",
        pick_id=pick.pick_id,
        tote_id=tote,
        location_id=pick.location_id,
        sku=pick.sku,
        asked_pieces=3,
        found_pieces=0,
    )
    await node.did(deed, f"pick:{pick.pick_id}")
    assert "short_picked" in [moment["what"] for moment in (await get(floor, "/api/orders/950"))["moments"]]
    stock = await get(floor, "/api/stock/SKU-A-04-4")
    assert stock[0]["available_pieces"] == stock[0]["on_hand_pieces"] - stock[0]["reserved_pieces"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/waves", b"{"),
        ("/api/waves", b'{"orders_max": 0}'),
        ("/api/waves", b'{"orders": 3}'),
        ("/api/tickets/T1/resolve", b'{"action": "burn"}'),
        ("/api/handover", b'{"labels": []}'),
        ("/api/locations/A-01-1/count", b'{"pieces": -1}'),
        ("/api/orders/" + "9" * 80 + "/cancel", b"{}"),
        ("/floor/press", b'{"location_id": ""}'),
        ("/floor/scan", b'{"station": "bench-1", "text": ""}'),
    ],
)
async def test_a_request_that_is_not_understood_is_told_why(floor: WebFloor, path: str, body: bytes) -> None:
    answer = await floor.client.post(path, content=body)
    assert answer.status_code == 400
    assert "not understood" in answer.json()["what"]


@pytest.mark.parametrize("path", ["/orders/none", "/tickets/none", "/waves/none", "/station/none", "/nowhere"])
async def test_a_page_that_is_not_there_says_so_in_both_languages(floor: WebFloor, path: str) -> None:
    for lang, words in (("en", "There is nothing at this address"), ("zh", "此地址没有内容")):
        answer = await floor.client.get(path, headers={"accept": "text/html", "cookie": f"lang={lang}"})
        assert answer.status_code == 404
        assert words in answer.text


async def test_what_the_simulated_floor_refuses_is_passed_on(floor: WebFloor) -> None:
    answer = await floor.client.post("/floor/press", json={"location_id": "Z-99-9"})
    assert answer.status_code == 409
    assert answer.json()["what"] == "No light module at Z-99-9"


async def test_lists_page_on_and_filter(floor: WebFloor) -> None:
    rows = [f"96{number},L96{number},SKU-B-02-1,1" for number in range(5)]
    assert (await floor.send_csv("orders", HEAD, *rows)).status_code == 200
    page = await get(floor, "/api/orders?text=96&limit=2")
    rest = await get(floor, f"/api/orders?text=96&after={page[-1]['order_no']}")
    assert [order["order_no"] for order in page + rest] == [f"96{number}" for number in range(5)]
    answers = [floor.client.post(f"/api/orders/96{number}/cancel", json={}) for number in range(5)]
    assert all(answer.json()["ok"] for answer in await asyncio.gather(*answers))


async def test_the_api_describes_itself(floor: WebFloor) -> None:
    paths = (await get(floor, "/openapi.json"))["paths"]
    assert {"/api/orders", "/api/tickets/{ticket}/resolve", "/api/floor", "/api/stock/{sku}"} <= set(paths)
