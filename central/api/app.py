"""The web process's application: door, pages, API and live updates over one site."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from central.api.board import Board
from central.api.commands import command_routes
from central.api.door import BodyTooBig, Door
from central.api.floor_control import floor_routes
from central.api.hands import hands_of
from central.api.importing import Owner
from central.api.pages import Pages, page_routes
from central.api.picture import Picture
from central.api.pressing import Press, press_routes
from central.api.problems import Problem, answer
from central.api.queries import query_routes
from central.link.asker import OwnerSilent
from central.link.watch import Watch
from central.settings import Settings
from central.store.reads import Reads, StoreAway
from central.tasks import keep_all
from central.web.render import STATIC, Renderer, make_renderer

YEAR_S: Final = 365 * 24 * 3600
SMALL_BYTES: Final = 600  # below this, compressing costs more than it saves


def make_app(settings: Settings, reads: Reads, asker: Owner, watch: Watch, press: Press) -> FastAPI:
    """The application for one site; run it with access_log=False, because the first address carries the key.

    Raises OSError if the access key or the simulated floor's key cannot be read, ValueError if the first is empty.
    """
    access_key = settings.access_key_file.read_text(encoding="utf-8").strip()
    if not access_key:
        raise ValueError(f"{settings.access_key_file}: empty. Delete it and start central again: it makes a new key")
    renderer = make_renderer()
    hands = hands_of(settings.floor.control_url, settings.floor.control_key_file)
    picture = Picture(settings, Board(renderer), reads, watch, hands)
    refuse = _Refuse(renderer, settings.site.name)
    app = FastAPI(
        title="picklight",
        lifespan=_living(picture),
        docs_url=None,  # its page would fetch scripts from elsewhere
        redoc_url=None,
        middleware=[
            Middleware(Door, access_key=access_key, refuse=refuse.answer),
            Middleware(GZipMiddleware, minimum_size=SMALL_BYTES),
        ],
    )
    app.add_api_route("/healthz", _health(watch), include_in_schema=False)
    app.include_router(page_routes(Pages(settings, picture, renderer, access_key)))
    app.include_router(query_routes(settings, reads, watch))
    app.include_router(command_routes(asker))
    app.include_router(press_routes(settings, watch, press))
    app.include_router(floor_routes(picture))
    app.mount("/static", _Static(directory=STATIC), name="static")
    refuse.hear(app)
    app.state.board = picture.board
    return app


def _living(picture: Picture) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def living(_app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        works = {"lives": picture.run_lives, "record": picture.run_record, "hands": picture.run_hands}
        keeper = asyncio.create_task(keep_all(works, stop))
        yield
        stop.set()
        await keeper

    return living


def _health(watch: Watch) -> Callable[[], Awaitable[dict[str, bool]]]:
    async def health() -> dict[str, bool]:
        """`ready`: commands reach the site's owner now."""
        return {"ok": True, "ready": watch.in_contact and watch.owner == "ready"}

    return health


class _Static(StaticFiles):
    """A file whose address carries its digest may be kept; any other is asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        keep = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if keep else "no-cache"
        return response


class _Refuse:
    """Turns what was raised into an answer that says who, what and what to do now."""

    def __init__(self, renderer: Renderer, site: str) -> None:
        self._renderer = renderer
        self._site = site

    def answer(self, problem: Problem, request: Request) -> Response:
        """The problem as an answer."""
        return answer(problem, request, self._renderer, self._site)

    def hear(self, app: FastAPI) -> None:
        """Answer for everything the routes may raise."""
        for raised in (Problem, StoreAway, OwnerSilent, BodyTooBig, HTTPException, RequestValidationError, Exception):
            app.add_exception_handler(raised, self._raised)

    async def _raised(self, request: Request, error: Exception) -> Response:
        return self.answer(problem_of(error, request), request)


def problem_of(error: Exception, request: Request) -> Problem:
    """What was raised, as a problem of the request."""
    who = request.url.path
    match error:
        case Problem():
            return error
        case StoreAway():
            return Problem("store_away", "site record")
        case OwnerSilent():
            return Problem("owner_silent", "central", what=str(error).removeprefix("central: "))
        case BodyTooBig():
            return Problem("too_big", who)
        case HTTPException(status_code=404):
            return Problem("not_found", who)
        case HTTPException(status_code=405):
            return Problem("not_allowed", who)
        case HTTPException():
            return Problem("bad_request", who, what=str(error.detail), status=error.status_code)
        case RequestValidationError():
            return Problem("bad_request", who, what=_first_mistake(error))
        case _:
            return Problem("fault", who)


def _first_mistake(error: RequestValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'][1:])}: {first['msg']}"
