"""POST /station/…/press: a touch of a bench's page, passed on to its node like a scan of its command barcode."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Annotated

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from central.api.problems import Problem
from central.link.watch import Watch
from central.settings import Settings
from wire.downlink import BenchPressed
from wire.ids import TEXT_MAX, MaybeText

Press = Callable[[str, BenchPressed], bool]
Command = Annotated[str, Meta(pattern=r"^PL:(?!BADGE)[A-Z][!-~]*$(?!\n)", max_length=TEXT_MAX)]


class TouchAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /station/{station}/press. `order_no`: what the page showed on the bench."""

    text: Command
    order_no: MaybeText = ""


def press_routes(settings: Settings, watch: Watch, press: Press) -> APIRouter:
    """The one route. The node judges every touch again: it alone knows what is on the bench now."""
    routes = APIRouter(tags=["benches"])

    @routes.post("/station/{station}/press")
    async def touched(station: str, request: Request) -> Response:
        """Do what this command barcode does at the bench."""
        node = settings.node_of_station.get(station)
        if node is None:
            raise Problem("not_found", f"bench {station}")
        try:
            asked = msgspec.json.decode(await request.body(), type=TouchAsked)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Problem("bad_request", request.url.path, what=f"The body is not understood: {error}") from error
        seen = watch.nodes().get(node)
        sent = BenchPressed(station=station, press_id=secrets.token_hex(10), text=asked.text, order_no=asked.order_no)
        if seen is None or seen.presence != "ready" or not press(node, sent):
            raise Problem("bench_away", f"bench {station}")
        return JSONResponse({"ok": True})

    return routes
