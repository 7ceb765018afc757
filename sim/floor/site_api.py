"""The site's HTTP API as the floor's outside world uses it: files in, parcels handed over."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

from sim.site import SitePlan, badges_csv, catalogue_csv, locations_csv

TRIES_MAX, AGAIN_S = 150, 0.2  # half a minute for a small machine
ANSWER_S_MAX = 120.0  # an import of 40,000 lines is one transaction


class ApiRefused(Exception):
    """The site did not do what was asked; `str()` has its words."""


@dataclass(frozen=True)
class SiteApi:
    """A site at `url` (no slash at the end) with its access key."""

    url: str
    key: str

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

    async def get(self, path: str) -> bytes:
        """The body of a page. Raises ApiRefused."""
        return await asyncio.to_thread(self._ask, urllib.request.Request(self.url + path))

    async def _post(self, path: str, body: bytes, kind: str) -> bytes:
        request = urllib.request.Request(self.url + path, data=body, headers={"Content-Type": kind}, method="POST")
        return await asyncio.to_thread(self._ask, request)

    def _ask(self, request: urllib.request.Request) -> bytes:
        request.add_header("Authorization", f"Bearer {self.key}")
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_S_MAX) as answer:
                body: bytes = answer.read()
                return body
        except urllib.error.HTTPError as error:
            with error:
                words = error.read(2_000).decode("utf-8", "replace")
            raise ApiRefused(f"{request.full_url}: {error.code} {words}") from error
        except OSError as error:
            raise ApiRefused(f"{request.full_url}: {error}") from error


async def load(api: SiteApi, site: SitePlan) -> None:
    """Wait until the site is ready, and tell it everything but the orders. Raises ApiRefused."""
    for _ in range(TRIES_MAX):
        if json.loads(await api.get("/healthz")).get("ready"):
            break
        await asyncio.sleep(AGAIN_S)
    await api.send_csv("catalogue", catalogue_csv(site.goods))
    await api.send_csv("locations", locations_csv(site.places))
    await api.send_csv("badges", badges_csv(site.people))
