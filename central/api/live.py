"""Live updates by server-sent events: one stream a page, only what changed, at most five times a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

from starlette.requests import Request
from starlette.responses import StreamingResponse

from central.api.board import BEAT_S, UPDATE_S_MIN, Board
from central.api.picture import Picture
from central.api.problems import Problem, lang_of
from central.web.words import Lang

CLIENTS_MAX: Final = 64  # a few dozen screens; each costs one open connection
VERSION_CHARS_MAX: Final = 40


def events(request: Request, picture: Picture) -> StreamingResponse:
    """The stream for one page. Raises Problem when too many are open."""
    if picture.clients >= CLIENTS_MAX:
        raise Problem("busy", "live updates")
    known = request.headers.get("last-event-id") or request.query_params.get("have", "")
    after = known_version(known, picture.board)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(picture, after, lang_of(request)), media_type="text/event-stream", headers=headers)


def known_version(text: str, board: Board) -> int:
    """The version a page says it has; 0 if it is of another start, or nonsense."""
    nonce, _, version = text[:VERSION_CHARS_MAX].partition("-")
    return int(version) if nonce == board.nonce and version.isascii() and version.isdigit() else 0


async def _stream(picture: Picture, after: int, lang: Lang) -> AsyncIterator[bytes]:
    board = picture.board
    picture.came()
    try:
        yield b"retry: 1000\n\n"
        while not board.closed:
            if await board.changed(after, BEAT_S):
                at, parts = board.version, board.since(after, lang)
                yield _event(f"{board.nonce}-{at}", parts)
                after = at
                await asyncio.sleep(UPDATE_S_MIN)
            else:
                yield _event(f"{board.nonce}-{after}", b"{}")
    finally:
        picture.went()


def _event(name: str, parts: bytes) -> bytes:
    return b'id: %s\ndata: {"now":%d,"parts":%s}\n\n' % (name.encode(), int(time.time() * 1000), parts)
