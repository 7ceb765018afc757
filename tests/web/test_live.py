"""The stream of changes: only what changed, not too often, and only while somebody looks."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tests.web.web_floor import WebFloor, dark_zone, lit_zone

pytestmark = [pytest.mark.web, pytest.mark.asyncio(loop_scope="session")]


async def told(floor: WebFloor, have: str = "") -> AsyncGenerator[tuple[str, dict[str, Any]]]:
    """(id, message) of every event."""
    name = ""
    async with floor.client.stream("GET", "/events", params={"have": have}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                name = line[4:]
            elif line.startswith("data: "):
                yield name, json.loads(line[6:])


async def test_the_first_message_is_whole_and_the_next_only_what_changed(floor: WebFloor) -> None:
    floor.beat()
    stream = told(floor)
    async with asyncio.timeout(15):
        whole: set[str] = set()
        while not {"floor", "counts", "waves", "tickets", "bench:bench-1", "zone:A", "people"} <= whole:
            whole |= set((await anext(stream))[1]["parts"])
        for pieces in (7, 8):
            floor.nodes["zone-a"].show(zone=lit_zone("A", "A-06-4", "yellow", pieces))
            message: dict[str, Any] = {"parts": {}}
            while message["parts"].get("faces:A") != {"A-06-4": ["lit", "yellow", pieces]}:
                _, message = await anext(stream)
        assert not {"faces:B", "zone:B", "floor", "bench:bench-1"} & set(message["parts"])
    await stream.aclose()


async def test_a_page_that_comes_back_is_told_only_what_it_missed(floor: WebFloor) -> None:
    async with asyncio.timeout(15):
        stream = told(floor)
        name, _ = await anext(stream)
        await stream.aclose()
        floor.nodes["zone-b"].show(zone=lit_zone("B", "B-06-4", "cyan", 2))
        again = told(floor, name)
        parts: dict[str, Any] = {}
        while "B-06-4" not in parts.get("faces:B", {}):
            parts |= (await anext(again))[1]["parts"]
        await again.aclose()
    assert "floor" not in parts


async def test_a_busy_floor_tells_a_page_at_most_five_times_a_second(floor: WebFloor) -> None:
    stream = told(floor)
    async with asyncio.timeout(20):
        await anext(stream)
        flicker = asyncio.create_task(_flicker(floor))
        began_s, messages = time.monotonic(), 0
        while time.monotonic() - began_s < 2:
            await anext(stream)
            messages += 1
        flicker.cancel()
        await asyncio.gather(flicker, return_exceptions=True)
    await stream.aclose()
    assert 2 <= messages <= 11


async def _flicker(floor: WebFloor) -> None:
    pieces = 0
    while True:
        pieces += 1
        floor.nodes["zone-a"].show(zone=lit_zone("A", "A-06-4", "blue", pieces % 90 + 1))
        floor.nodes["zone-b"].show(zone=dark_zone("B"))
        await asyncio.sleep(0.01)
