"""Exceptions as pages and the API show them: with their steps, what is left, and what can be done now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Table, func, select
from sqlmodel import SQLModel

from central.rules.next_steps import said
from central.rules.resolving import TicketNow, next_step, possible
from central.store import tables, tables_bench
from central.store.reads_rows import MispickDay, StepRow, TicketRow

LIT: Final = ("planned", "released", "held")
DAY_NS: Final = 86_400 * 1_000_000_000


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def tickets_of(connection: Connection, where: ColumnElement[bool], *, limit: int) -> tuple[TicketRow, ...]:
    """Exceptions that fulfil `where`, oldest first."""
    ticket, product, order = table(tables_bench.Ticket), table(tables.Product), table(tables.Order)
    photo = table(tables_bench.TicketPhoto)
    query = (
        select(
            ticket,
            product.c.title,
            order.c.status.label("order_status"),
            order.c.hold,
            select(func.count()).where(photo.c.ticket == ticket.c.ticket).scalar_subquery().label("has_photo"),
            _lit(ticket.c.order_no).label("to_pick"),
            (_taken(ticket.c.order_no) - _gone(ticket.c.order_no)).label("in_hand"),
        )
        .join_from(ticket, product, ticket.c.sku == product.c.sku, isouter=True)
        .join(order, ticket.c.order_no == order.c.order_no, isouter=True)
        .where(where)
        .order_by(ticket.c.opened_utc_ns, ticket.c.ticket)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    steps = _steps(connection, [row.ticket for row in rows])
    return tuple(_ticket(row, tuple(steps.get(row.ticket, ()))) for row in rows)


def mispicks_by_day(connection: Connection, days: int) -> tuple[MispickDay, ...]:
    """Days of UTC on which there were any, the newest first, at most `days`."""
    mispick = table(tables_bench.Mispick)
    day = func.date(mispick.c.at_utc_ns / 1_000_000_000, "unixepoch").label("day")
    query = select(day, mispick.c.reason, func.count()).group_by(day, mispick.c.reason).order_by(day.desc())
    by_day: dict[str, dict[str, int]] = {}
    for name, reason, count in connection.execute(query):
        by_day.setdefault(name, {})[reason] = count
    return tuple(MispickDay(name, sum(reasons.values()), reasons) for name, reasons in list(by_day.items())[:days])


def evidence(text: str) -> tuple[tuple[str, ...], ...]:
    """The stored evidence [[scan_id, text, verdict], ...]; anything else reads as one row of itself."""
    try:
        rows = json.loads(text)
    except json.JSONDecodeError:
        return ((text,),) if text else ()
    if not isinstance(rows, list):
        return ((text,),)
    return tuple(tuple(str(cell) for cell in row) if isinstance(row, list) else (str(row),) for row in rows)


def _ticket(row: Row[Any], steps: tuple[StepRow, ...]) -> TicketRow:
    now = TicketNow(
        kind=row.kind,
        status=row.status,
        order_status=row.order_status or "",
        hold=row.hold or "",
        done=frozenset(step.action for step in steps),
        to_pick=row.to_pick,
        in_hand=max(0, row.in_hand),
    )
    what = said(next_step(now))
    given = {name: getattr(row, name) for name in _STORED}
    return TicketRow(
        **{**given, "title": row.title or "", "evidence": evidence(row.evidence)},
        order_status=now.order_status,
        has_photo=bool(row.has_photo),
        to_pick=now.to_pick,
        in_hand=now.in_hand,
        steps=steps,
        possible=possible(now),
        next_step=what.en,
        next_step_zh=what.zh,
    )


_STORED: Final = (
    *("ticket", "kind", "stage", "status", "order_no", "sku", "title", "station", "verification", "who", "tote"),
    *("evidence", "opened_utc_ns", "closed_utc_ns", "closed_by", "closed_why"),
)


def _steps(connection: Connection, names: Iterable[str]) -> dict[str, list[StepRow]]:
    step = table(tables_bench.TicketStep)
    columns = [step.c[name] for name in StepRow.__dataclass_fields__]
    query = select(step.c.ticket, *columns).where(step.c.ticket.in_(list(names))).order_by(step.c.ticket, step.c.step)
    found: dict[str, list[StepRow]] = {}
    for ticket, *values in connection.execute(query):
        found.setdefault(ticket, []).append(StepRow(*values))
    return found


def _lit(order_no: ColumnElement[str]) -> ScalarSelect[int]:
    pick = table(tables.PickRow)
    where = (pick.c.order_no == order_no, pick.c.status.in_(LIT))
    return select(func.coalesce(func.sum(pick.c.asked), 0)).where(*where).scalar_subquery()


def _taken(order_no: ColumnElement[str]) -> ScalarSelect[int]:
    pick = table(tables.PickRow)
    return select(func.coalesce(func.sum(pick.c.picked), 0)).where(pick.c.order_no == order_no).scalar_subquery()


def _gone(order_no: ColumnElement[str]) -> ScalarSelect[int]:
    step = table(tables_bench.TicketStep)
    where = (step.c.order_no == order_no, step.c.order_no != "")
    return select(func.coalesce(func.sum(step.c.gone), 0)).where(*where).scalar_subquery()
