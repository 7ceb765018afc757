"""The whole story of one order: every line of the journal that touched it, and what central made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, get_args

import msgspec
from sqlalchemy import Connection, Row, Table, func, select

from central.store import tables, tables_bench
from central.store.reads import Reads, order_columns
from central.store.reads_rows import LineRow, Moment, OrderRow, OrderStory, TicketRow
from central.store.reads_tickets import evidence, table, tickets_of
from wire.codec import decode_record
from wire.commands import Resolving
from wire.errors import WireError

INTENTS_AT_ONCE: Final = 500  # below SQLite's limit of bound values
SHOWN: Final = frozenset(  # fields of a deed that a person wants to read
    {
        *("location_id", "sku", "picked_pieces", "found_pieces", "asked_pieces", "tote_id", "station", "label"),
        *("barcode", "problem", "reason", "why", "fault", "packer", "cubby", "put_pieces", "text", "pieces"),
    }
)
ACTIONS: Final = get_args(Resolving)  # how a ticket is settled
COMMANDS_MAX: Final = 20
PUTS_MAX: Final = 500  # pieces of one line put into a cubby that the story tells one by one
MOMENTS_MAX: Final = 5_000  # an order of 1,000 lines, each picked and scanned twice


def story(reads: Reads, order_no: str) -> OrderStory | None:
    """The order's story, or None. Raises StoreAway."""
    order = table(tables.Order)
    ticket = table(tables_bench.Ticket)
    with reads.reading() as connection:
        found = connection.execute(select(*order_columns()).where(order.c.order_no == order_no)).first()
        if found is None:
            return None
        tickets = tickets_of(connection, ticket.c.order_no == order_no, limit=200)
        row = OrderRow(*found)
        moments = [*_of_central(connection, row, tickets), *_of_journal(connection, order_no)]
        moments += _of_commands(connection, row)
        return OrderStory(
            order=row,
            lines=_lines(connection, order_no),
            tickets=tickets,
            moments=tuple(sorted(moments, key=lambda moment: moment.at_utc_ns)[:MOMENTS_MAX]),
        )


def lines_of(reads: Reads, order_no: str) -> tuple[LineRow, ...]:
    """The order's lines; none if there is no such order. Raises StoreAway."""
    with reads.reading() as connection:
        return _lines(connection, order_no) if order_no else ()


def _rows(connection: Connection, source: Table, order_no: str) -> Sequence[Row[Any]]:
    return connection.execute(select(source).where(source.c.order_no == order_no)).all()


def _lines(connection: Connection, order_no: str) -> tuple[LineRow, ...]:
    line, product = table(tables.OrderLine), table(tables.Product)
    picks = [pick for pick in _rows(connection, table(tables.PickRow), order_no) if pick.status != "cancelled"]
    query = (
        select(line.c.line_no, line.c.sku, line.c.pieces, product.c.title)
        .join_from(line, product, line.c.sku == product.c.sku, isouter=True)
        .where(line.c.order_no == order_no)
        .order_by(line.c.line_no)
    )
    return tuple(
        LineRow(
            line_no=row.line_no,
            sku=row.sku,
            title=row.title or "",
            asked_pieces=row.pieces,
            picked_pieces=sum(pick.picked for pick in picks if pick.line_no == row.line_no),
            locations=tuple(pick.location_id for pick in picks if pick.line_no == row.line_no),
        )
        for row in connection.execute(query)
    )


def _of_central(connection: Connection, order: OrderRow, tickets: Iterable[TicketRow]) -> Iterator[Moment]:
    yield Moment(order.imported_utc_ns, "imported", "central", {"country": order.country} if order.country else {})
    wave = table(tables.Wave)
    for row in connection.execute(select(wave).where(wave.c.wave == order.wave)):
        yield Moment(row.released_utc_ns, "waved", "central", {"wave": row.wave})
    for parcel in _rows(connection, table(tables_bench.Parcel), order.order_no):
        yield Moment(parcel.granted_utc_ns, "granted", "central", {"station": parcel.station, "label": parcel.label})
    for ticket in tickets:
        yield Moment(ticket.opened_utc_ns, "ticket_opened", "central", {"ticket": ticket.ticket, "reason": ticket.kind})
        if ticket.closed_utc_ns:
            said = {"ticket": ticket.ticket, "by": ticket.closed_by, **_why(ticket.closed_why)}
            yield Moment(ticket.closed_utc_ns, f"ticket_{ticket.status}", "central", said)


def _why(closed_why: str) -> dict[str, str]:
    """What was decided, and the note of who decided."""
    action, _, note = closed_why.partition(" ")
    if action not in ACTIONS:
        return {"reason": closed_why}
    return {"reason": action, "note": note} if note else {"reason": action}


def _of_commands(connection: Connection, order: OrderRow) -> Iterator[Moment]:
    """A hold, a cancellation or a handing over that named this order; looked for only where there was one."""
    if order.hold:
        yield from _commands(connection, "hold_order", "held", order.order_no)
    if order.status == "cancelled":
        yield from _commands(connection, "cancel_order", "cancelled", order.order_no)
    if order.status == "handed_over":
        yield from _commands(connection, "hand_over", "handed_over", order.label)


def _commands(connection: Connection, kind: str, name: str, named: str) -> Iterator[Moment]:
    line = table(tables.JournalLine)
    names_it = func.instr(line.c.record, msgspec.json.encode(named)) > 0
    query = select(line).where(line.c.kind == kind, line.c.counted, names_it).order_by(line.c.id)
    for row in connection.execute(query.limit(COMMANDS_MAX)):
        command = msgspec.json.decode(bytes(row.record)).get("command", {})
        if named in (command.get("order_no"), *command.get("labels", ())):
            said = {word: str(command.get(word, "")) for word in ("by", "hold", "reason")}
            yield Moment(row.received_utc_ns, name, "central", {key: value for key, value in said.items() if value})


def _of_journal(connection: Connection, order_no: str) -> Iterator[Moment]:
    intents = {f"pick:{pick.pick_id}": "" for pick in _rows(connection, table(tables.PickRow), order_no)}
    for attempt in _rows(connection, table(tables_bench.Verification), order_no):
        intents[f"scan:{attempt.verification}"] = ""
        scans = [row for row in evidence(attempt.evidence) if len(row) == 3]
        intents.update({f"scan:{scan_id}": verdict for scan_id, _, verdict in scans})
    for parcel in _rows(connection, table(tables_bench.Parcel), order_no):
        intents[f"release:{parcel.grant_id}"] = ""
    intents |= _of_wall(connection, order_no)
    line = table(tables.JournalLine)
    names = list(intents)
    for start in range(0, len(names), INTENTS_AT_ONCE):
        some = names[start : start + INTENTS_AT_ONCE]
        for row in connection.execute(select(line).where(line.c.counted, line.c.intent.in_(some))):
            yield _moment(row, intents[row.intent])


def _of_wall(connection: Connection, order_no: str) -> dict[str, str]:
    """Every intent under which pieces may have come into the order's cubby, or the order out of it."""
    lines = _rows(connection, table(tables.WallLine), order_no)
    totals = ((line.line_id, total) for line in lines for total in range(1, min(line.put, PUTS_MAX) + 1))
    return {f"put:{line_id}:{total}": "" for line_id, total in totals} | ({f"cubby:{order_no}": ""} if lines else {})


def _moment(row: Row[Any], verdict: str) -> Moment:
    where = f"{row.node} #{row.seq}"
    said = {"verdict": verdict} if verdict else {}
    try:
        record = decode_record(row.record)
    except WireError:
        return Moment(row.received_utc_ns, row.kind, where, said)
    fields = msgspec.to_builtins(record.deed)
    shown = {name: str(value) for name, value in fields.items() if name in SHOWN and value != ""}
    return Moment(record.at_utc_ns or row.received_utc_ns, row.kind, where, {**shown, **said})
