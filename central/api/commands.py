"""The JSON API that changes a site: every request becomes one typed command to the site's owner."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from central.api.importing import Importer, Owner
from central.api.problems import Problem, lang_of
from central.hosts.catalogue import read_catalogue
from central.hosts.files import read_badges, read_locations, read_orders
from central.hosts.label_files import read_labels
from central.hosts.lots import read_lots
from wire.commands import (
    AnyCommand,
    CancelOrder,
    Command,
    CountPlace,
    HandOver,
    Hold,
    HoldOrder,
    ImportBadges,
    ImportCatalogue,
    ImportLabels,
    ImportLocations,
    ImportLots,
    ImportOrders,
    PlanWave,
    Reply,
    ResolveTicket,
    Resolving,
    VoidLabel,
)
from wire.ids import Count, MaybeText, PiecesOrNone, Sentence, Text

KEY_CHARS_MAX: Final = 64
FORM: Final = "application/x-www-form-urlencoded"
_T = TypeVar("_T")
_C = TypeVar("_C", bound=Command)


class WaveAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/waves."""

    orders_max: Annotated[int, Meta(ge=1, le=5_000)] = 20
    cut_off_before_utc_s: Count = 0


class CancelAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/orders/{no}/cancel."""

    reason: Sentence = "asked on the page"


class HoldAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/orders/{no}/hold; `hold` "" lets the order go on."""

    hold: Hold | Literal[""]
    reason: Sentence = "asked by the host"


class ResolveAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/tickets/{ticket}/resolve: one step. `who` does it: a badge or a name."""

    action: Resolving
    note: Sentence = ""
    sku: MaybeText = ""
    pieces: PiecesOrNone = 0
    location_id: MaybeText = ""
    who: MaybeText = ""


class CountAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/locations/{location_id}/count: what a person counted there."""

    pieces: PiecesOrNone


class VoidAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/labels/{label}/void."""

    new_label: Text
    reason: Sentence = "asked on the page"


class HandOverAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/handover."""

    labels: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=10_000)]


def command_routes(owner: Owner) -> APIRouter:
    """Every route that changes something."""
    routes = APIRouter(prefix="/api", tags=["commands"])

    def add(path: str, take: Callable[[Request], Any], summary: str) -> None:
        async def change(request: Request) -> Response:
            return await _done(owner, request, await take(request))

        routes.add_api_route(path, change, methods=["POST"], summary=summary, name=path)

    def bring(path: str, importer: Importer, summary: str) -> None:
        async def change(request: Request) -> Response:
            return _replied(request, await importer.bring(owner, request, frame.head(request)))

        routes.add_api_route(path, change, methods=["POST"], summary=summary, name=path)

    frame = _Frame(owner)
    bring("/orders", Importer(read_orders, ImportOrders, "orders"), "Import orders (JSON or CSV)")
    bring("/catalogue", Importer(read_catalogue, ImportCatalogue, "skus"), "Import SKUs and barcodes")
    bring("/locations", Importer(read_locations, ImportLocations, "locations"), "Import locations and stock")
    bring("/labels", Importer(read_labels, ImportLabels, "labels"), "Store label documents")
    bring("/lots", Importer(read_lots, ImportLots, "lots"), "Import lots: last good days and pieces")
    bring("/badges", Importer(read_badges, ImportBadges, "badges"), "Import badges")
    add("/waves", frame.plan_wave, "Release a wave")
    add("/orders/{order_no}/cancel", frame.cancel_order, "Cancel an order")
    add("/orders/{order_no}/hold", frame.hold_order, "Stop an order for now, or let it go on")
    add("/tickets/{ticket}/resolve", frame.resolve_ticket, "One step of settling an exception")
    add("/locations/{location_id}/count", frame.count_place, "Somebody counted a place")
    add("/labels/{label}/void", frame.void_label, "A label gets a new number; the old one counts no more")
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
        return {"key": key, "client": self._owner.client, "by": _who(request)}

    async def plan_wave(self, request: Request) -> AnyCommand:
        asked = await _body(request, WaveAsked)
        return _command(PlanWave, self.head(request), **msgspec.structs.asdict(asked))

    async def cancel_order(self, request: Request) -> AnyCommand:
        asked = await _body(request, CancelAsked)
        order_no = request.path_params["order_no"]
        return _command(CancelOrder, self.head(request), order_no=order_no, reason=asked.reason)

    async def hold_order(self, request: Request) -> AnyCommand:
        asked = await _body(request, HoldAsked)
        order_no = request.path_params["order_no"]
        return _command(HoldOrder, self.head(request), order_no=order_no, hold=asked.hold, reason=asked.reason)

    async def resolve_ticket(self, request: Request) -> AnyCommand:
        asked = await _body(request, ResolveAsked)
        ticket = request.path_params["ticket"]
        parts = msgspec.structs.asdict(asked)
        who = parts.pop("who")
        head = self.head(request)
        return _command(ResolveTicket, {**head, "by": who or head["by"]}, ticket=ticket, **parts)

    async def count_place(self, request: Request) -> AnyCommand:
        asked = await _body(request, CountAsked)
        location_id = request.path_params["location_id"]
        return _command(CountPlace, self.head(request), location_id=location_id, pieces=asked.pieces)

    async def void_label(self, request: Request) -> AnyCommand:
        asked = await _body(request, VoidAsked)
        label = request.path_params["label"]
        return _command(VoidLabel, self.head(request), label=label, new_label=asked.new_label, reason=asked.reason)

    async def hand_over(self, request: Request) -> AnyCommand:
        asked = await _body(request, HandOverAsked)
        return _command(HandOver, self.head(request), labels=asked.labels)


def _who(request: Request) -> str:
    """By which way it came: a person at the page has the cookie; a program and the command line have the key."""
    if "authorization" not in request.headers:
        return "page"
    return "command line" if request.headers.get("user-agent", "").startswith("picklight") else "api"


def _command(shape: type[_C], head: dict[str, str], **fields: object) -> _C:
    """A command whose every field keeps the wire's limits. Raises Problem."""
    try:
        return msgspec.convert({**head, **fields}, type=shape)
    except msgspec.ValidationError as error:
        raise Problem("bad_request", "command", what=f"The request is not understood: {error}") from error


async def _done(owner: Owner, request: Request, command: AnyCommand) -> Response:
    reply = await owner.ask(command)
    if wants_form(request) and reply.ok:
        return RedirectResponse("/" if isinstance(command, CountPlace) else "/tickets", 303)
    return _replied(request, reply)


def _replied(request: Request, reply: Reply) -> Response:
    return _reply(request, reply, 200 if reply.ok else 422 if reply.troubles else 409)


def wants_form(request: Request) -> bool:
    """True if a plain HTML form was sent, by a browser without our script."""
    return is_form(request) and "text/html" in request.headers.get("accept", "")


def is_form(request: Request) -> bool:
    """True if the body is an HTML form."""
    return request.headers.get("content-type", "").startswith(FORM)


def _reply(request: Request, reply: Reply, status: int) -> Response:
    """What the owner said, in both languages; what went wrong in the reader's."""
    is_zh = lang_of(request) == "zh"
    said = (reply.said_zh if is_zh else "") or reply.said
    body = {"ok": reply.ok, "done": reply.done, "said": reply.said, "said_zh": reply.said_zh}
    if not reply.ok:
        body |= {"who": "central", "what": said, "cure": "没有任何改动" if is_zh else "Nothing was changed"}
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
