"""One small site and one browser for all tests of the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.web.browser import CHROMIUM, FLAGS, Visitor, visiting
from tests.web.web_floor import WebFloor, stock_the_shelves, web_floor


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def floor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WebFloor]:
    """A running site with goods on its shelves."""
    async with web_floor(tmp_path_factory.mktemp("site")) as site:
        await stock_the_shelves(site)
        site.beat()
        yield site


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(floor: WebFloor, chromium: Browser) -> AsyncIterator[Visitor]:
    """Somebody on the floor page at 1280 x 800, in English."""
    floor.beat()
    async with visiting(floor, chromium) as somebody:
        yield somebody
        assert somebody.complaints == []
