"""The pages: the floor, one bench, orders, exceptions and waves, each with its own address."""

from __future__ import annotations

import time
from typing import Any, Final

import msgspec
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from central.api.door import COOKIE, cookie_value
from central.api.live import events
from central.api.picture import Picture
from central.api.problems import Problem, lang_of, theme_of
from central.api.queries import found
from central.settings import Settings
from central.store.reads_decisions import decided_of_attempt, decided_of_order
from central.store.reads_history import lines_of, story
from central.web.render import Renderer
from central.web.views import TicketsView, WavesView, wave_view

YEAR_S: Final = 365 * 24 * 3600
ROWS: Final = 100
MISPICK_DAYS: Final = 7  # on the page of tickets
STATUSES: Final = (
    *("imported", "allocated", "waved", "picking", "picked", "at_bench", "verified", "released", "handed_over"),
    *("exception", "cancelled"),
)


class Pages:
    """Draws pages from the record and from the board."""

    def __init__(self, settings: Settings, picture: Picture, renderer: Renderer, access_key: str) -> None:
        self._settings = settings
        self._picture = picture
        self._reads = picture.reads
        self._renderer = renderer
        self._cookie = cookie_value(access_key)

    async def floor(self, request: Request) -> Response:
        """The whole floor; with `?key=` it lets a browser in first."""
        if "key" in request.query_params:
            return self._entered(request)
        return await self._live("floor.html", request, here="floor", stations=sorted(self._settings.node_of_station))

    async def station(self, request: Request) -> Response:
        """One bench, large."""
        name = request.path_params["station"]
        if name not in self._settings.node_of_station:
            raise Problem("not_found", f"bench {name}")
        return await self._live("station.html", request, here="", station=name)

    async def orders(self, request: Request) -> Response:
        """Orders, those in work first and the newest of them at the top, filtered."""
        text, status = request.query_params.get("q", "").strip()[:64], request.query_params.get("status", "")
        page = _page_number(request.query_params.get("page", ""))
        rows = await run_in_threadpool(
            lambda: self._reads.orders_newest(status=status, text=text, skip=page * ROWS, limit=ROWS + 1)
        )
        more = page + 1 if len(rows) > ROWS else 0
        values = {"orders": rows[:ROWS], "text": text, "status": status, "statuses": STATUSES, "next_page": more}
        return self._page("orders.html", request, here="orders", **values)

    async def order(self, request: Request) -> Response:
        """One order with its whole history."""
        order_no = request.path_params["order_no"]
        told = await found(f"order {order_no}", lambda: story(self._reads, order_no))
        decided = await run_in_threadpool(lambda: decided_of_order(self._reads, order_no))
        return self._page("order.html", request, here="orders", story=told, decided=decided)

    async def tickets(self, request: Request) -> Response:
        """Every open exception."""
        rows = await run_in_threadpool(lambda: self._reads.tickets(limit=500))
        part = self._renderer.part(TicketsView(rows), lang_of(request))
        days = await run_in_threadpool(self._reads.mispicks, MISPICK_DAYS)
        return self._page("tickets.html", request, here="tickets", part=part, mispicks=days)

    async def ticket(self, request: Request) -> Response:
        """One exception with its evidence."""
        name = request.path_params["ticket"]
        row = await found(f"ticket {name}", lambda: self._reads.ticket(name))
        lines = await run_in_threadpool(lambda: lines_of(self._reads, row.order_no))
        decided = await run_in_threadpool(lambda: decided_of_attempt(self._reads, row.verification))
        return self._page("ticket.html", request, here="tickets", ticket=row, lines=lines, decided=decided)

    async def photo(self, request: Request) -> Response:
        """What the bench's camera saw when an override was asked for."""
        name = request.path_params["ticket"]
        jpeg = await found(f"photo of ticket {name}", lambda: self._reads.photo(name))
        return Response(jpeg, media_type="image/jpeg", headers={"x-content-type-options": "nosniff"})

    async def wave(self, request: Request) -> Response:
        """One wave and its orders."""
        name = request.path_params["wave"]
        row = await found(f"wave {name}", lambda: self._reads.wave(name))
        orders = await run_in_threadpool(lambda: self._reads.orders(wave=name, limit=500))
        part = self._renderer.part(WavesView((wave_view(row, time.time()),)), lang_of(request))
        return self._page("wave.html", request, here="", wave=row, orders=orders, part=part)

    async def choose(self, request: Request) -> Response:
        """Keep a language or theme in a cookie and go back to where the reader was."""
        what, value = request.url.path.strip("/").split("/", 1)
        response = RedirectResponse(local_path(request.query_params.get("back", "/")), 303)
        response.set_cookie(what, value, max_age=YEAR_S, samesite="lax", httponly=True)
        return response

    async def stream(self, request: Request) -> Response:
        """Live updates."""
        return events(request, self._picture)

    async def _live(self, template: str, request: Request, **values: Any) -> Response:
        await self._picture.fresh()
        board = self._picture.board
        lang = lang_of(request)
        state = msgspec.to_builtins(board.plain())
        values |= {"version": f"{board.nonce}-{board.version}", "parts": board.pages(lang), "state": state}
        return self._page(template, request, hands=self._picture.hands is not None, **values)

    def _page(self, template: str, request: Request, **values: Any) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        theme = theme_of(request) or ("dark" if template == "station.html" else "")
        frame = {"site": self._settings.site.name, "theme": theme, "back": request.url.path + query}
        return HTMLResponse(self._renderer.page(template, lang_of(request), **frame, **values))

    def _entered(self, request: Request) -> Response:
        """The key was right (the door looked): remember it, and leave it out of the address from now on."""
        response = HTMLResponse(self._renderer.page("entered.html", lang_of(request)))
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, self._cookie, max_age=YEAR_S, httponly=True, samesite="strict", secure=secure)
        return response


def local_path(back: str) -> str:
    """`back` if it is a path of this site, else the floor."""
    local = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() and len(back) < 500
    return back if local else "/"


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def page_routes(pages: Pages) -> APIRouter:
    """Every address a person may visit."""
    routes = APIRouter(include_in_schema=False)
    for path, draw in {
        "/": pages.floor,
        "/station/{station}": pages.station,
        "/orders": pages.orders,
        "/orders/{order_no}": pages.order,
        "/tickets": pages.tickets,
        "/tickets/{ticket}": pages.ticket,
        "/tickets/{ticket}/photo": pages.photo,
        "/waves/{wave}": pages.wave,
        "/events": pages.stream,
        **{f"/{choice}": pages.choose for choice in ("lang/en", "lang/zh", "theme/dark", "theme/light")},
    }.items():
        routes.add_api_route(path, draw, methods=["GET"], response_class=HTMLResponse)
    return routes
