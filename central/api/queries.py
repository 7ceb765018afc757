"""The JSON API that reads: orders, waves, exceptions, stock and the floor as it is now."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

import msgspec
from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from central.api.picture import heard_utc_s
from central.api.problems import Problem
from central.link.watch import NodeSeen, Watch
from central.settings import Settings
from central.store.reads import PAGE_MAX, Reads
from central.store.reads_history import story
from central.store.reads_rows import MispickDay, OrderRow, OrderStory, StockRow, TicketRow, WaveRow
from central.web.views import WaveView, wave_view

Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Name = Annotated[str, Query(max_length=64)]
WAVES_SHOWN: Final = 100
_T = TypeVar("_T")


def query_routes(settings: Settings, reads: Reads, watch: Watch) -> APIRouter:
    """Every route that only reads; times end in their unit and are UTC."""
    routes = APIRouter(prefix="/api", tags=["queries"])
    _add_orders(routes, reads)
    _add_tickets(routes, reads)

    @routes.get("/waves")
    async def waves(limit: Limit = WAVES_SHOWN) -> tuple[WaveView, ...]:
        """The newest waves first."""
        rows: tuple[WaveRow, ...] = await run_in_threadpool(reads.waves, limit)
        return tuple(wave_view(row, time.time()) for row in rows)

    @routes.get("/stock/{sku}")
    async def stock(sku: str) -> tuple[StockRow, ...]:
        """Where a SKU lies and how many."""
        return await run_in_threadpool(reads.stock, sku)

    @routes.get("/floor")
    async def floor() -> Response:
        """What every node shows now, as it last said."""
        nodes = {node.name: watch.nodes().get(node.name) or NodeSeen(node.name) for node in settings.node}
        shown = {name: _node(seen) for name, seen in nodes.items()}
        body = {"site": settings.site.name, "in_contact": watch.in_contact, "nodes": shown}
        return Response(msgspec.json.encode(body), media_type="application/json")

    return routes


def _add_orders(routes: APIRouter, reads: Reads) -> None:
    @routes.get("/orders")
    async def orders(
        status: Name = "", wave: Name = "", after: Name = "", text: Name = "", limit: Limit = 100
    ) -> tuple[OrderRow, ...]:
        """Orders by number; the next page begins `after` the last one of this."""
        return await run_in_threadpool(
            lambda: reads.orders(status=status, wave=wave, after=after, text=text, limit=limit)
        )

    @routes.get("/orders/{order_no}")
    async def order(order_no: str) -> OrderStory:
        """One order with its whole history."""
        return await found(f"order {order_no}", lambda: story(reads, order_no))


def _add_tickets(routes: APIRouter, reads: Reads) -> None:
    @routes.get("/tickets")
    async def tickets(status: Name = "open", limit: Limit = 100) -> tuple[TicketRow, ...]:
        """Exceptions of that status, oldest first."""
        return await run_in_threadpool(lambda: reads.tickets(status=status, limit=limit))

    @routes.get("/tickets/{ticket}")
    async def ticket(ticket: str) -> TicketRow:
        """One exception with its evidence."""
        return await found(f"ticket {ticket}", lambda: reads.ticket(ticket))

    @routes.get("/mispicks")
    async def mispicks(days: Annotated[int, Query(ge=1, le=366)] = 7) -> tuple[MispickDay, ...]:
        """Overrides per day of UTC, the newest first; days without any are left out."""
        return await run_in_threadpool(reads.mispicks, days)


async def found(who: str, read: Callable[[], _T | None]) -> _T:
    """What `read` finds. Raises Problem if it finds nothing."""
    value = await run_in_threadpool(read)
    if value is None:
        raise Problem("not_found", who)
    return value


def _node(seen: NodeSeen) -> dict[str, Any]:
    return {"presence": seen.presence, "heard_utc_s": heard_utc_s(seen), "live": seen.live}
