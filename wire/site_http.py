"""One request to a site's HTTP API, and its answer: what every client of ours in Python shares."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ANSWER_WAIT_S_MAX: Final = 120.0  # an import of 100,000 lines is one transaction
ANSWER_BYTES_MAX: Final = 64 * 1024 * 1024


@dataclass(frozen=True)
class SiteAnswer:
    """What the site said: an HTTP status, and at most ANSWER_BYTES_MAX bytes."""

    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        """False for a refusal."""
        return self.status < 400


@dataclass(frozen=True)
class SiteHttp:
    """A site at `url` (no slash at the end) with its access key. No proxy, no redirect: they would see the key."""

    url: str
    key: str

    def get(self, path: str, headers: Mapping[str, str]) -> SiteAnswer:
        """Raises OSError, or ValueError for what is no HTTP, if there is no answer."""
        return self._ask(urllib.request.Request(self.url + path, headers=dict(headers)))

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> SiteAnswer:
        """As get."""
        return self._ask(urllib.request.Request(self.url + path, data=body, headers=dict(headers), method="POST"))

    def _ask(self, request: urllib.request.Request) -> SiteAnswer:
        request.add_header("Authorization", f"Bearer {self.key}")
        try:
            with _opener().open(request, timeout=ANSWER_WAIT_S_MAX) as answer:
                return SiteAnswer(answer.status, answer.read(ANSWER_BYTES_MAX))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return SiteAnswer(refusal.code, refusal.read(ANSWER_BYTES_MAX))


def _opener() -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
