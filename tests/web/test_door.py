"""Who may come in, from where, and how much they may carry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from central.api.door import BODY_BYTES_MAX, cookie_value, same_key
from central.api.live import CLIENTS_MAX
from tests.web.web_floor import WebFloor

pytestmark = [pytest.mark.web, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(floor: WebFloor) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without the key."""
    async with httpx.AsyncClient(base_url=floor.url, timeout=20) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def browser_like(floor: WebFloor) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody whom the printed address let in: has the cookie, sends no bearer key."""
    async with httpx.AsyncClient(base_url=floor.url, timeout=20) as client:
        await client.get("/", params={"key": floor.key})
        yield client


@pytest.mark.parametrize("path", ["/api/orders", "/events", "/floor/people", "/openapi.json", "/orders"])
async def test_without_the_key_nothing_is_told(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(path)
    assert answer.status_code == 401
    assert set(answer.json()) == {"who", "what", "cure"}


async def test_a_person_without_the_key_is_asked_for_it_in_their_language(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/", headers={"accept": "text/html", "accept-language": "zh-CN"})
    assert answer.status_code == 401
    assert "此页面需要访问密钥" in answer.text
    assert 'name="key"' in answer.text


@pytest.mark.parametrize("key", ["wrong", "x" * 100_000, "ключ"])
async def test_a_wrong_key_opens_nothing(floor: WebFloor, stranger: httpx.AsyncClient, key: str) -> None:
    if len(key) < 1_000:
        assert (await stranger.get("/", params={"key": key})).status_code == 401
    header = {b"authorization": f"Bearer {key}".encode()}
    assert (await stranger.get("/api/orders", headers=header)).status_code in {400, 401, 431}


async def test_an_empty_key_opens_nothing(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/", params={"key": ""})).status_code == 401
    assert not same_key("", "")


async def test_the_cookie_is_kept_from_scripts_and_other_sites_and_is_not_the_key(
    floor: WebFloor, stranger: httpx.AsyncClient
) -> None:
    answer = await stranger.get("/", params={"key": floor.key})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert floor.key not in cookie
    assert cookie_value(floor.key) in cookie


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://127.0.0.1:1"])
async def test_another_sites_page_may_not_change_anything(browser_like: httpx.AsyncClient, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}
    answer = await browser_like.post("/api/waves", json={}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["what"] == "Another site's page may not change anything here"


async def test_our_own_page_may(floor: WebFloor, browser_like: httpx.AsyncClient) -> None:
    answer = await browser_like.post("/floor/people", json={"on": False}, headers={"origin": floor.url})
    assert answer.json() == {"on": False}


@pytest.mark.parametrize("announced", [True, False])
async def test_too_much_is_refused_with_a_sentence(floor: WebFloor, announced: bool) -> None:
    body = b"x" * (BODY_BYTES_MAX + 1)

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 8_192):
            yield body[start : start + 8_192]

    answer = await floor.client.post("/api/waves", content=body if announced else in_pieces())
    assert answer.status_code == 413
    assert answer.json()["cure"] == "Send fewer rows at once"


@pytest.mark.parametrize("path", ["/", "/api/orders", "/nothing", "/static/base.css", "/healthz"])
async def test_every_answer_narrows_what_a_browser_may_do(floor: WebFloor, path: str) -> None:
    headers = (await floor.client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_health_needs_no_key(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/healthz")).json() == {"ok": True, "ready": True}


@pytest.mark.parametrize("back", ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_choosing_a_language_never_leads_to_another_site(browser_like: httpx.AsyncClient, back: str) -> None:
    answer = await browser_like.get("/lang/zh", params={"back": back})
    assert answer.headers["location"] == "/"


async def test_the_streams_are_limited_and_say_so(floor: WebFloor) -> None:
    async with asyncio.timeout(30):
        streams = [floor.client.build_request("GET", "/events") for _ in range(CLIENTS_MAX + 1)]
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=None), timeout=20) as client:
            opened = [await client.send(request, stream=True) for request in streams]
            refused = [answer for answer in opened if answer.status_code == 503]
            for answer in refused:
                await answer.aread()
            for answer in opened:
                await answer.aclose()
    assert refused
    assert refused[0].json()["what"] == "Too many pages are open"
    assert refused[0].headers["retry-after"] == "5"
