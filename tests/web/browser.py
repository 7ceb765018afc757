"""A visitor with a real browser, and what can be measured of a page."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import Browser, Page, expect

from tests.web.web_floor import WebFloor

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-sync"),
]

WAIT_MS_MAX: Final = 10_000

# Every text on the page with the contrast between it and what is painted behind it, WCAG 2 formula.
CONTRASTS: Final = """() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const solid = (text) => { const [r, g, b, a = 1] = channels(text); return a > 0.99 ? [r, g, b] : null; };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      if (e.classList.contains("face")) {
        const fill = getComputedStyle(e.querySelector("rect")).fill;
        if (fill.startsWith("rgb")) return solid(fill);
      }
      const found = solid(getComputedStyle(e).backgroundColor);
      if (found) return found;
    }
    return [255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest("script, .unseen, [disabled]")) continue;
    const style = getComputedStyle(element);
    const ink = solid(element.closest("svg") ? style.fill : style.color);
    const [a, b] = [light(ink), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${node.data.trim().slice(0, 30)} ${ratio.toFixed(2)} ${element.outerHTML.slice(0, 80)}`);
  }
  return low;
}"""

NAMELESS: Final = """() => [...document.querySelectorAll("a, button, input, select, [role=button], svg[role=img]")]
  .filter((e) => e.checkVisibility())
  .filter((e) => !(e.getAttribute("aria-label") || e.labels?.length || e.textContent.trim()))
  .map((e) => e.outerHTML.slice(0, 120))"""

SHIFT: Final = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""

WEIGHT: Final = """() => performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
  .reduce((sum, e) => sum + e.transferSize, 0)"""

WIDER: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


expect.set_options(timeout=WAIT_MS_MAX)


@dataclass
class Visitor:
    """A person at a page. `complaints`: what the browser's console said."""

    page: Page
    floor: WebFloor
    complaints: list[str] = field(default_factory=list)

    def face(self, location: str) -> Any:
        """The module at a location."""
        return self.page.locator(f'[data-l="{location}"]')

    def number(self, location: str) -> Any:
        """What the module at a location displays."""
        return self.page.locator(f'[data-l="{location}"] text.n')

    async def goes(self, path: str) -> None:
        """Open a page of the site."""
        await self.page.goto(self.floor.url + path)

    async def speaks(self, lang: str, theme: str, path: str = "/") -> None:
        """Choose language and theme, and look at a page."""
        await self.goes(f"/lang/{lang}")
        await self.goes(f"/theme/{theme}?back={path}")


@contextlib.asynccontextmanager
async def visiting(floor: WebFloor, chromium: Browser, width: int = 1280, height: int = 800) -> AsyncIterator[Visitor]:
    """Somebody whom the printed address let in, on the floor page."""
    context = await chromium.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    page = await context.new_page()
    page.set_default_timeout(WAIT_MS_MAX)
    visitor = Visitor(page, floor)
    page.on("console", lambda said: visitor.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    await page.goto(floor.door)
    await page.wait_for_url(f"{floor.url}/")
    try:
        yield visitor
    finally:
        await context.close()
