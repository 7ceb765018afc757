"""/floor/…: what a visitor may do on a simulated floor, passed on to its control server."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from central.api.hands import Hands
from central.api.picture import Picture
from central.api.problems import Problem
from wire.ids import SCAN_MAX, Text

ScanAnything = Annotated[str, Meta(min_length=1, max_length=SCAN_MAX)]
_T = TypeVar("_T")


class PressAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /floor/press; `hold` is a short pick."""

    location_id: Text
    hold: bool = False


class ScanAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /floor/scan."""

    station: Text
    text: ScanAnything


class PeopleAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /floor/people."""

    on: bool


def floor_routes(picture: Picture) -> APIRouter:
    """Routes that answer only where a simulated floor stands behind the site."""
    routes = APIRouter(prefix="/floor", tags=["simulated floor"])

    @routes.get("/people")
    async def people() -> Response:
        """Whether simulated people are at work."""
        return _json({"on": await _hands(picture).people()})

    @routes.post("/people")
    async def set_people(request: Request) -> Response:
        """Send the simulated people to work, or home."""
        asked = await _asked(request, PeopleAsked)
        on = await _hands(picture).set_people(asked.on)
        picture.board.put("people", on)
        picture.board.commit()
        return _json({"on": on})

    @routes.post("/press")
    async def press(request: Request) -> Response:
        """Press a module's button, or hold it."""
        asked = await _asked(request, PressAsked)
        await _hands(picture).press(asked.location_id, asked.hold)
        return _json({"ok": True})

    @routes.post("/scan")
    async def scan(request: Request) -> Response:
        """Scan a text at a bench."""
        asked = await _asked(request, ScanAsked)
        await _hands(picture).scan(asked.station, asked.text)
        return _json({"ok": True})

    @routes.get("/bench")
    async def bench() -> Response:
        """What lies ready to be scanned."""
        return _json(await _hands(picture).bench())

    return routes


def _hands(picture: Picture) -> Hands:
    if picture.hands is None:
        raise Problem("no_hands", "simulated floor")
    return picture.hands


async def _asked(request: Request, shape: type[_T]) -> _T:
    try:
        return msgspec.json.decode(await request.body(), type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Problem("bad_request", request.url.path, what=f"The body is not understood: {error}") from error


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
