"""The site's HTTP API as the floor's outside world uses it: files in, parcels handed over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.site import SitePlan, badges_csv, catalogue_csv, locations_csv
from wire.site_http import SiteAnswer, SiteHttp

TRIES_MAX, AGAIN_S = 150, 0.2  # half a minute for a small machine
WORDS_BYTES_MAX = 2_000  # of a refusal


class ApiRefused(Exception):
    """The site did not do what was asked; `str()` has its words."""


@dataclass(frozen=True)
class SiteApi:
    """A site, asked without stopping the floor."""

    site: SiteHttp

    async def send_csv(self, what: str, body: bytes) -> None:
        """POST a file to /api/`what`. Raises ApiRefused."""
        await self._post(f"/api/{what}", body, "text/csv")

    async def hand_over(self, labels: Sequence[str]) -> None:
        """The carrier took these parcels. Raises ApiRefused."""
        await self._post("/api/handover", json.dumps({"labels": list(labels)}).encode(), "application/json")

    async def resolve(self, ticket: str, action: str, note: str) -> None:
        """A supervisor's decision. Raises ApiRefused."""
        body = json.dumps({"action": action, "note": note}).encode()
        await self._post(f"/api/tickets/{ticket}/resolve", body, "application/json")

    async def cancel(self, order_no: str) -> None:
        """The customer does not want it any more. Raises ApiRefused."""
        await self._post(f"/api/orders/{order_no}/cancel", b'{"reason": "customer"}', "application/json")

    async def hold(self, order_no: str, hold: str) -> None:
        """The platform stops the order, or ("") lets it go on. Raises ApiRefused."""
        body = json.dumps({"hold": hold, "reason": "platform"}).encode()
        await self._post(f"/api/orders/{order_no}/hold", body, "application/json")

    async def get(self, path: str) -> bytes:
        """The body of a page. Raises ApiRefused."""
        return await self._heard(path, lambda: self.site.get(path, {}))

    async def _post(self, path: str, body: bytes, kind: str) -> bytes:
        return await self._heard(path, lambda: self.site.post(path, body, {"Content-Type": kind}))

    async def _heard(self, path: str, ask: Callable[[], SiteAnswer]) -> bytes:
        try:
            answer = await asyncio.to_thread(ask)
        except OSError as error:
            raise ApiRefused(f"{self.site.url}{path}: {error}") from error
        if not answer.ok:
            words = answer.body[:WORDS_BYTES_MAX].decode("utf-8", "replace")
            raise ApiRefused(f"{self.site.url}{path}: {answer.status} {words}")
        return answer.body


async def ready(api: SiteApi) -> None:
    """Wait until the site is ready, or long enough. Raises ApiRefused."""
    for _ in range(TRIES_MAX):
        if json.loads(await api.get("/healthz")).get("ready"):
            break
        await asyncio.sleep(AGAIN_S)


async def load(api: SiteApi, site: SitePlan) -> None:
    """Wait until the site is ready, and tell it everything but the orders. Raises ApiRefused."""
    await ready(api)
    await api.send_csv("catalogue", catalogue_csv(site.goods))
    await api.send_csv("locations", locations_csv(site.places))
    await api.send_csv("badges", badges_csv(site.people))
