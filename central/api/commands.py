"""The JSON API that changes a site: every request becomes one typed command to the site's owner."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Literal, Protocol, TypeVar

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from central.api.problems import Problem
from central.hosts.files import read_badges, read_catalogue, read_locations, read_orders
from wire.commands import (
    AnyCommand,
    CancelOrder,
    Command,
    HandOver,
    ImportBadges,
    ImportCatalogue,
    ImportLocations,
    ImportOrders,
    PlanWave,
    Reply,
    ResolveTicket,
    Trouble,
)
from wire.ids import Count, Sentence, Text

KEY_CHARS_MAX: Final = 64
FORM: Final = "application/x-www-form-urlencoded"
_T = TypeVar("_T")
_C = TypeVar("_C", bound=Command)


class Owner(Protocol):
    """The site's owner as the API asks it; raises OwnerSilent."""

    client: str

    async def ask(self, command: AnyCommand) -> Reply:
        """The reply to `command`."""
        ...


class WaveAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/waves."""

    orders_max: Annotated[int, Meta(ge=1, le=5_000)] = 20
    cut_off_before_utc_s: Count = 0


class CancelAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/orders/{no}/cancel."""

    reason: Sentence = "asked on the page"


class ResolveAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/tickets/{ticket}/resolve."""

    action: Literal["repack", "cancel"]
    note: Sentence = ""


class HandOverAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/handover."""

    labels: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=10_000)]


def command_routes(owner: Owner) -> APIRouter:
    """Every route that changes something."""
    routes = APIRouter(prefix="/api", tags=["commands"])

    def add(path: str, take: Callable[[Request], Any], summary: str) -> None:
        async def change(request: Request) -> Response:
            command, troubles = await take(request)
            return await _done(owner, request, command, troubles)

        routes.add_api_route(path, change, methods=["POST"], summary=summary, name=path)

    frame = _Frame(owner)
    add("/orders", _importer(frame, read_orders, ImportOrders, "orders"), "Import orders (JSON or CSV)")
    add("/catalogue", _importer(frame, read_catalogue, ImportCatalogue, "skus"), "Import SKUs and barcodes")
    add("/locations", _importer(frame, read_locations, ImportLocations, "locations"), "Import locations and stock")
    add("/badges", _importer(frame, read_badges, ImportBadges, "badges"), "Import badges")
    add("/waves", frame.plan_wave, "Release a wave")
    add("/orders/{order_no}/cancel", frame.cancel_order, "Cancel an order")
    add("/tickets/{ticket}/resolve", frame.resolve_ticket, "Close an exception: repack or cancel")
    add("/handover", frame.hand_over, "The carrier took these parcels")
    return routes


class _Frame:
    """Builds commands; everything a command carries besides its body."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def head(self, request: Request) -> dict[str, str]:
        """Key, client and who asks."""
        key = request.headers.get("idempotency-key", "") or f"web-{secrets.token_hex(12)}"
        if len(key) > KEY_CHARS_MAX:
            raise Problem("bad_request", "Idempotency-Key", what=f"longer than {KEY_CHARS_MAX} characters")
        return {"key": key, "client": self._owner.client, "by": "page"}

    async def plan_wave(self, request: Request) -> tuple[AnyCommand, Sequence[Trouble]]:
        asked = await _body(request, WaveAsked)
        return _command(PlanWave, self.head(request), **msgspec.structs.asdict(asked)), ()

    async def cancel_order(self, request: Request) -> tuple[AnyCommand, Sequence[Trouble]]:
        asked = await _body(request, CancelAsked)
        order_no = request.path_params["order_no"]
        return _command(CancelOrder, self.head(request), order_no=order_no, reason=asked.reason), ()

    async def resolve_ticket(self, request: Request) -> tuple[AnyCommand, Sequence[Trouble]]:
        asked = await _body(request, ResolveAsked)
        ticket = request.path_params["ticket"]
        parts = {"ticket": ticket, "action": asked.action, "note": asked.note}
        return _command(ResolveTicket, self.head(request), **parts), ()

    async def hand_over(self, request: Request) -> tuple[AnyCommand, Sequence[Trouble]]:
        asked = await _body(request, HandOverAsked)
        return _command(HandOver, self.head(request), labels=asked.labels), ()


def _command(shape: type[_C], head: dict[str, str], **fields: object) -> _C:
    """A command whose every field keeps the wire's limits. Raises Problem."""
    try:
        return msgspec.convert({**head, **fields}, type=shape)
    except msgspec.ValidationError as error:
        raise Problem("bad_request", "command", what=f"The request is not understood: {error}") from error


def _importer(frame: _Frame, read: Any, command: Any, field: str) -> Callable[[Request], Any]:
    async def take(request: Request) -> tuple[AnyCommand | None, Sequence[Trouble]]:
        head = frame.head(request)
        kind = "csv" if request.headers.get("content-type", "").startswith("text/csv") else "json"
        data = await request.body()
        rows, troubles = await run_in_threadpool(read, data, kind)
        skip_bad = request.query_params.get("skip_bad") == "1"
        if troubles and not skip_bad:
            return None, troubles
        return command(**head, **{field: tuple(rows)}, skip_bad=skip_bad), troubles

    return take


async def _done(owner: Owner, request: Request, command: AnyCommand | None, troubles: Sequence[Trouble]) -> Response:
    if command is None:
        said = f"Nothing was imported: {len(troubles)} problems. Correct them, or send ?skip_bad=1"
        return _reply(Reply(key="file", ok=False, said=said, troubles=tuple(troubles)), 422)
    reply = await owner.ask(command)
    if troubles:
        reply = msgspec.structs.replace(reply, troubles=(*troubles, *reply.troubles))
    if wants_form(request) and reply.ok:
        return RedirectResponse("/tickets", 303)
    return _reply(reply, 200 if reply.ok else 422 if reply.troubles else 409)


def wants_form(request: Request) -> bool:
    """True if a plain HTML form was sent, by a browser without our script."""
    return is_form(request) and "text/html" in request.headers.get("accept", "")


def is_form(request: Request) -> bool:
    """True if the body is an HTML form."""
    return request.headers.get("content-type", "").startswith(FORM)


def _reply(reply: Reply, status: int) -> Response:
    body = {"ok": reply.ok, "done": reply.done, "said": reply.said}
    if not reply.ok:
        body |= {"who": "central", "what": reply.said, "cure": "Nothing was changed"}
    return JSONResponse({**body, "troubles": msgspec.to_builtins(reply.troubles)}, status)


async def _body(request: Request, shape: type[_T]) -> _T:
    """The request's JSON or form as `shape`. Raises Problem."""
    data = await request.body()
    try:
        if is_form(request):
            return msgspec.convert(dict((await request.form()).items()), type=shape, strict=False)
        return msgspec.json.decode(data or b"{}", type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Problem("bad_request", request.url.path, what=f"The body is not understood: {error}") from error
