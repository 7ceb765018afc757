"""The door in front of every request: the access key, the origin, the size, and headers that narrow a browser."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.api.problems import Problem

COOKIE: Final = "picklight_key"
BODY_BYTES_MAX: Final = 64 * 1024  # a form or a small command
IMPORT_BYTES_MAX: Final = 8 * 1024 * 1024  # about 100,000 order lines; as a command it stays below the wire's 12 MiB
IMPORTS: Final = frozenset(
    {"/api/orders", "/api/catalogue", "/api/locations", "/api/badges", "/api/labels", "/api/handover"}
)
OPEN_PATHS: Final = ("/healthz", "/static/")
KEY_CHARS_MAX: Final = 512

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class BodyTooBig(Exception):
    """More bytes came than this address takes."""


class Door:
    """ASGI middleware. `refuse` turns a problem into an answer."""

    def __init__(self, app: ASGIApp, access_key: str, refuse: Callable[[Problem, Request], Response]) -> None:
        self._app = app
        self._key = access_key
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            self._check(request)
            await self._app(scope, _measured(request, receive), _narrowed(send, request))
        except Problem as problem:
            await self._refuse(problem, request)(scope, receive, _narrowed(send, request))
        except BodyTooBig:
            await self._refuse(_too_big(request), request)(scope, receive, _narrowed(send, request))

    def _check(self, request: Request) -> None:
        if request.url.path.startswith(OPEN_PATHS):
            return
        bearer = request.headers.get("authorization", "")
        if bearer.lower().startswith("bearer "):
            if not same_key(bearer[7:].strip(), self._key):
                raise Problem("wrong_key", "access key")
        else:
            self._check_browser(request)
        if int_or_none(request.headers.get("content-length", "")) > size_max(request.url.path):
            raise _too_big(request)

    def _check_browser(self, request: Request) -> None:
        asked = request.query_params.get("key")
        if request.method == "GET" and request.url.path == "/" and asked is not None:
            if not same_key(asked, self._key):
                raise Problem("wrong_key", "access key")
            return
        if not hmac.compare_digest(_cookie(request).encode(), cookie_value(self._key).encode()):
            raise Problem("no_key", "access key")
        if request.method not in {"GET", "HEAD"} and not _same_origin(request):
            raise Problem("foreign_page", "origin check")


def cookie_value(access_key: str) -> str:
    """What the cookie holds: not the key itself, so a stolen cookie jar does not open the API for ever."""
    return hmac.new(access_key.encode(), b"picklight page cookie v1", hashlib.sha256).hexdigest()


def same_key(asked: str, key: str) -> bool:
    """Compare in constant time; an empty key opens nothing."""
    return bool(key) and len(asked) <= KEY_CHARS_MAX and hmac.compare_digest(asked.encode(), key.encode())


def size_max(path: str) -> int:
    """How many bytes a request to `path` may carry."""
    return IMPORT_BYTES_MAX if path in IMPORTS else BODY_BYTES_MAX


def int_or_none(text: str) -> int:
    """The number in a header, 0 if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _too_big(request: Request) -> Problem:
    limit = size_max(request.url.path)
    return Problem("too_big", request.url.path, what=f"The request is bigger than {limit} bytes")


def _cookie(request: Request) -> str:
    try:
        found = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _same_origin(request: Request) -> bool:
    return request.headers.get("origin", "") == f"{request.url.scheme}://{request.headers.get('host', '')}"


def _measured(request: Request, receive: Receive) -> Receive:
    limit = size_max(request.url.path)
    taken = 0

    async def measured() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooBig
        return message

    return measured


def _narrowed(send: Send, request: Request) -> Send:
    fresh = not request.url.path.startswith("/static/")

    async def narrowed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if fresh and "cache-control" not in Headers(raw=message["headers"]):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return narrowed
