"""The hands of a simulated floor: what a visitor may press and scan, asked of the floor's own control server."""

from __future__ import annotations

import asyncio
import http.client
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from central.api.problems import Kind, Problem
from central.web.bench_views import Button, WaitingParcel

ANSWER_S_MAX: Final = 3.0
REPLY_BYTES_MAX: Final = 1024 * 1024

_T = TypeVar("_T")


class StationBench(msgspec.Struct, frozen=True):
    """The parcels that wait at one bench."""

    station: str
    parcels: tuple[WaitingParcel, ...] = ()


class BadgeCard(msgspec.Struct, frozen=True):
    """A badge on its hook."""

    badge: str
    person: str


class Bench(msgspec.Struct, frozen=True):
    """Everything that lies ready to be scanned."""

    stations: tuple[StationBench, ...] = ()
    badges: tuple[BadgeCard, ...] = ()
    commands: tuple[Button, ...] = ()

    def badge_buttons(self) -> tuple[Button, ...]:
        """The badges as a scanner reads them."""
        return tuple(Button(_badge_text(card.badge), card.person, card.person) for card in self.badges)


class People(msgspec.Struct, frozen=True):
    """Whether simulated people are at work."""

    on: bool


@dataclass(frozen=True)
class Hands:
    """The control server of the simulated floor. Every call raises Problem."""

    url: str
    key: str

    async def people(self) -> bool:
        """True while simulated people work."""
        return (await self._ask("GET", "/people", None, People)).on

    async def set_people(self, on: bool) -> bool:
        """Send the people to work or home; what is true afterwards."""
        return (await self._ask("POST", "/people", {"on": on}, People)).on

    async def press(self, location_id: str, hold: bool) -> None:
        """Press a module's button, or hold it."""
        await self._ask("POST", "/press", {"location_id": location_id, "hold": hold}, object)

    async def scan(self, station: str, text: str) -> None:
        """Scan `text` at a bench."""
        await self._ask("POST", "/scan", {"station": station, "text": text}, object)

    async def bench(self) -> Bench:
        """What lies ready to be scanned."""
        return await self._ask("GET", "/bench", None, Bench)

    async def _ask(self, method: str, path: str, body: object, shape: type[_T]) -> _T:
        status, payload = await asyncio.to_thread(_exchange, self, method, path, body)
        if status >= 400:
            kind: Kind = "hands_away" if status >= 500 else "refused"
            raise Problem(kind, "simulated floor", what=_said(payload), what_zh="模拟现场未接受此操作")
        try:
            return msgspec.json.decode(payload or b"null", type=shape)
        except msgspec.MsgspecError as error:
            raise Problem("hands_away", "simulated floor", what=f"unreadable answer to {path}: {error}") from error


def hands_of(control_url: str, key_file: str) -> Hands | None:
    """The hands behind this site, or None. Raises OSError if the key cannot be read."""
    if not control_url:
        return None
    return Hands(control_url.rstrip("/"), Path(key_file).read_text(encoding="utf-8").strip())


def _exchange(hands: Hands, method: str, path: str, body: object) -> tuple[int, bytes]:
    parts = urlsplit(hands.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=ANSWER_S_MAX)
    headers = {"Authorization": f"Bearer {hands.key}", "Content-Type": "application/json"}
    try:
        connection.request(method, parts.path + path, None if body is None else msgspec.json.encode(body), headers)
        response = connection.getresponse()
        return response.status, response.read(REPLY_BYTES_MAX)
    except (OSError, http.client.HTTPException) as error:
        raise Problem("hands_away", "simulated floor", what=f"The simulated floor does not answer: {error}") from error
    finally:
        connection.close()


def _said(payload: bytes) -> str:
    try:
        answer: Any = msgspec.json.decode(payload)
    except msgspec.MsgspecError:
        return ""
    if not isinstance(answer, dict):
        return ""
    return str(next((answer[name] for name in ("what", "detail", "said") if answer.get(name)), ""))[:200]


def _badge_text(badge: str) -> str:
    return badge if badge.startswith("PL:") else f"PL:BADGE:{badge}"
