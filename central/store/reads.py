"""Read queries for pages and API, on a connection that cannot write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.exc import DatabaseError

from central.store import tables, tables_bench
from central.store.reads_rows import AlarmRow, MispickDay, OrderRow, Overview, PlanRow, StockRow, TicketRow, WaveRow
from central.store.reads_tickets import mispicks_by_day, table, tickets_of

LOCATIONS_MAX: Final = 20_000  # modules one floor page may draw
TICKETS_MAX: Final = 50  # open exceptions on the floor page; the rest are counted
ALARMS_MAX: Final = 50
WAVES_MAX: Final = 12  # open waves on the floor page
WAVES_DONE_SHOWN: Final = 2
FINISHED: Final = ("released", "handed_over", "cancelled")
PAGE_MAX: Final = 500  # rows of one API page


class StoreAway(Exception):
    """The site's database cannot be read now."""


class Reads:
    """Queries of one site's database. Every method may be called from any thread and raises StoreAway."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._engine = read_only_engine(database)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One read transaction. Raises StoreAway."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except (DatabaseError, sqlite3.Error) as error:
            reason = str(getattr(error, "orig", None) or error)
            raise StoreAway(f"the database {self._database.name} cannot be read: {reason}") from error

    def plan(self) -> tuple[PlanRow, ...]:
        """Every location, by zone, bay, level and name: at most LOCATIONS_MAX."""
        place, product = table(tables.Location), table(tables.Product)
        query = (
            select(place.c.location_id, place.c.zone, place.c.bay, place.c.level, place.c.sku, product.c.title)
            .join_from(place, product, place.c.sku == product.c.sku, isouter=True)
            .order_by(place.c.zone, place.c.bay, place.c.level, place.c.location_id)
            .limit(LOCATIONS_MAX)
        )
        with self.reading() as connection:
            return tuple(PlanRow(*row[:5], row.title or "") for row in connection.execute(query))

    def overview(self) -> Overview:
        """Counts, waves, exceptions and alarms of this moment."""
        ticket = table(tables_bench.Ticket)
        with self.reading() as connection:
            return Overview(
                orders_by_status=_order_counts(connection),
                waves=_waves(connection, _shown_waves(connection)),
                tickets=tickets_of(connection, ticket.c.status == "open", limit=TICKETS_MAX),
                tickets_open=_count(connection, ticket, ticket.c.status == "open"),
                alarms=_alarms(connection),
            )

    def wave(self, name: str) -> WaveRow | None:
        """One wave, or None."""
        with self.reading() as connection:
            return next(iter(_waves(connection, [name])), None)

    def waves(self, limit: int) -> tuple[WaveRow, ...]:
        """The newest waves first."""
        wave = table(tables.Wave)
        with self.reading() as connection:
            query = select(wave.c.wave).order_by(wave.c.released_utc_ns.desc()).limit(min(limit, PAGE_MAX))
            return _waves(connection, list(connection.scalars(query)))

    def orders(
        self, *, status: str = "", wave: str = "", after: str = "", text: str = "", limit: int = 100
    ) -> tuple[OrderRow, ...]:
        """Orders by number, from the first after `after`; `text` is the beginning of a number or a whole label."""
        order = table(tables.Order)
        query = select(*order_columns()).where(order.c.order_no > after)
        if status:
            query = query.where(order.c.status == status)
        if wave:
            query = query.where(order.c.wave == wave)
        if text:
            query = query.where(order.c.order_no.startswith(text, autoescape=True) | (order.c.label == text))
        query = query.order_by(order.c.order_no).limit(min(limit, PAGE_MAX))
        with self.reading() as connection:
            return tuple(OrderRow(*row) for row in connection.execute(query))

    def orders_newest(self, *, status: str, text: str, skip: int, limit: int) -> tuple[OrderRow, ...]:
        """Orders in work before finished ones, the last imported first; `text` as for `orders`."""
        order = table(tables.Order)
        query = select(*order_columns())
        if status:
            query = query.where(order.c.status == status)
        if text:
            query = query.where(order.c.order_no.startswith(text, autoescape=True) | (order.c.label == text))
        finished = order.c.status.in_(FINISHED)
        query = query.order_by(finished, order.c.imported_utc_ns.desc(), order.c.order_no.desc())
        with self.reading() as connection:
            return tuple(OrderRow(*row) for row in connection.execute(query.offset(skip).limit(limit)))

    def tickets(self, *, status: str = "open", limit: int = 100) -> tuple[TicketRow, ...]:
        """Exceptions of that status, oldest first."""
        ticket = table(tables_bench.Ticket)
        with self.reading() as connection:
            return tickets_of(connection, ticket.c.status == status, limit=min(limit, PAGE_MAX))

    def photo(self, ticket: str) -> bytes | None:
        """The JPEG that a bench's camera made for an override, or None."""
        photo = table(tables_bench.TicketPhoto)
        with self.reading() as connection:
            return connection.scalar(select(photo.c.jpeg).where(photo.c.ticket == ticket))

    def mispicks(self, days: int) -> tuple[MispickDay, ...]:
        """Mispicks of the last `days` days of UTC on which there were any, the newest first."""
        with self.reading() as connection:
            return mispicks_by_day(connection, days)

    def ticket(self, name: str) -> TicketRow | None:
        """One exception, or None."""
        with self.reading() as connection:
            return next(iter(tickets_of(connection, table(tables_bench.Ticket).c.ticket == name, limit=1)), None)

    def stock(self, sku: str) -> tuple[StockRow, ...]:
        """Where a SKU lies and how many."""
        place = table(tables.Location)
        query = select(
            place.c.location_id,
            place.c.zone,
            place.c.on_hand,
            place.c.reserved,
            place.c.on_hand - place.c.reserved,
            place.c.version,
        ).where(place.c.sku == sku)
        with self.reading() as connection:
            return tuple(StockRow(*row) for row in connection.execute(query.order_by(place.c.location_id)))


def read_only_engine(database: Path) -> Engine:
    """An engine whose connections refuse to write."""
    engine = create_engine(f"sqlite:///file:{database}?mode=ro&uri=true", connect_args={"timeout": 2.0}, pool_size=4)

    @event.listens_for(engine, "connect")
    def _never_write(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    return engine


def order_columns() -> list[ColumnElement[Any]]:
    """The columns of an OrderRow, in its order."""
    order = table(tables.Order)
    return [order.c[name] for name in OrderRow.__dataclass_fields__]


def _order_counts(connection: Connection) -> dict[str, int]:
    order = table(tables.Order)
    query = select(order.c.status, func.count()).group_by(order.c.status)
    return {row[0]: row[1] for row in connection.execute(query)}


def _count(connection: Connection, counted: Table, where: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(counted).where(where)) or 0


def _shown_waves(connection: Connection) -> list[str]:
    wave = table(tables.Wave)
    opened = select(wave.c.wave).where(wave.c.status == "open").order_by(wave.c.released_utc_ns).limit(WAVES_MAX)
    done = (
        select(wave.c.wave)
        .where(wave.c.status == "done")
        .order_by(wave.c.released_utc_ns.desc())
        .limit(WAVES_DONE_SHOWN)
    )
    return [*connection.scalars(opened), *connection.scalars(done)]


def _waves(connection: Connection, names: Sequence[str]) -> tuple[WaveRow, ...]:
    if not names:
        return ()
    wave = table(tables.Wave)
    orders = _by_status(connection, table(tables.Order), names)
    picks = _by_status(connection, table(tables.PickRow), names)
    found = {row.wave: row for row in connection.execute(select(wave).where(wave.c.wave.in_(names)))}
    return tuple(
        WaveRow(
            wave=name,
            status=row.status,
            released_utc_ns=row.released_utc_ns,
            cut_off_utc_s=row.cut_off_utc_s,
            orders=row.orders,
            orders_by_status=orders.get(name, {}),
            picks_by_status=picks.get(name, {}),
        )
        for name in names
        if (row := found.get(name)) is not None
    )


def _by_status(connection: Connection, counted: Table, waves: Sequence[str]) -> dict[str, dict[str, int]]:
    query = (
        select(counted.c.wave, counted.c.status, func.count())
        .where(counted.c.wave.in_(waves))
        .group_by(counted.c.wave, counted.c.status)
    )
    counts: dict[str, dict[str, int]] = {}
    for wave, status, count in connection.execute(query):
        counts.setdefault(wave, {})[status] = count
    return counts


def _alarms(connection: Connection) -> tuple[AlarmRow, ...]:
    alarm = table(tables.Alarm)
    query = (
        select(alarm.c.node, alarm.c.alarm, alarm.c.subject, alarm.c.detail, alarm.c.raised_utc_ns)
        .where(alarm.c.cleared_utc_ns == 0)
        .order_by(alarm.c.raised_utc_ns)
        .limit(ALARMS_MAX)
    )
    return tuple(AlarmRow(*row) for row in connection.execute(query))
