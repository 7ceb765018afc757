"""The site's HTTP API as the floor's outside world uses it: files in, parcels handed over."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

from sim.site import SitePlan, badges_csv, catalogue_csv, locations_csv

AWAY = (503, 504)
TRIES_MAX, AGAIN_S = 100, 0.2
ANSWER_S_MAX = 120.0  # an import of 40,000 lines is one transaction


class ApiRefused(Exception):
    """The site did not do what was asked; `str()` has its words."""


class SiteAway(ApiRefused):
    """The site's owner did not answer (503, 504); what was asked may be asked again where it counts once."""


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
            refused = SiteAway if error.code in AWAY else ApiRefused
            raise refused(f"{request.full_url}: {error.code} {words}") from error
        except OSError as error:
            raise ApiRefused(f"{request.full_url}: {error}") from error


async def load(api: SiteApi, site: SitePlan) -> None:
    """Tell the site everything but the orders. Raises ApiRefused.

    The first file is sent again while the site says that it is not yet in contact: goods that are known are updated.
    """
    catalogue = catalogue_csv(site.goods)
    for _ in range(TRIES_MAX):
        try:
            await api.send_csv("catalogue", catalogue)
            break
        except SiteAway:
            await asyncio.sleep(AGAIN_S)
    else:
        await api.send_csv("catalogue", catalogue)
    await api.send_csv("locations", locations_csv(site.places))
    await api.send_csv("badges", badges_csv(site.people))
