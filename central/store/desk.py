"""What needs or identifies a person: tickets, badges, alarms; and what was asked and sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from central.rules.tickets import BadgeHolder
from central.store.database import Database, Prepared

EVIDENCE_ROWS_MAX: Final = 50  # a loose wire must not fill the record
_COLUMNS: Final = "ticket, kind, status, order_no, verification, sku"
_TICKETS: Final = Prepared("SELECT max(ticket) FROM ticket")
_OPEN: Final = Prepared(
    "INSERT INTO ticket (ticket, kind, stage, status, order_no, sku, station, verification, who, tote, evidence,"
    " opened_utc_ns, closed_utc_ns, closed_by, closed_why) VALUES (:ticket, :kind, :stage, 'open', :order_no, :sku,"
    " :station, :verification, :who, coalesce((SELECT group_concat(name, ', ') FROM (SELECT DISTINCT tote_id AS name"
    " FROM pick WHERE :order_no <> '' AND order_no = :order_no AND status <> 'cancelled' ORDER BY 1 LIMIT 8)), ''),"
    " :evidence, :now, 0, '', '')"
)
_ADD_EVIDENCE: Final = Prepared(
    "UPDATE ticket SET evidence = json_insert(evidence, '$[#]', json_array(:scan, :text, :verdict))"
    " WHERE ticket = :ticket AND json_array_length(evidence) < :rows_max"
)
_CLOSE: Final = Prepared(
    "UPDATE ticket SET status = :status, closed_utc_ns = :now, closed_by = :by, closed_why = :why"
    " WHERE ticket = :ticket"
)
_ONE: Final = Prepared(f"SELECT {_COLUMNS} FROM ticket WHERE ticket = :ticket")  # noqa: S608
_OF_ORDER: Final = Prepared(
    f"SELECT {_COLUMNS} FROM ticket WHERE order_no = :order_no AND status = 'open' ORDER BY ticket"  # noqa: S608
)
_AT: Final = Prepared(
    f"SELECT {_COLUMNS} FROM ticket WHERE kind = :kind AND status = 'open' AND station = :station LIMIT 1"  # noqa: S608
)
_BADGE: Final = Prepared("SELECT badge, person, role FROM badge WHERE badge = :badge")
_BADGE_SET: Final = Prepared("UPDATE badge SET person = :person, role = :role WHERE badge = :badge")
_BADGE_ADD: Final = Prepared("INSERT INTO badge (badge, person, role) VALUES (:badge, :person, :role)")
_ALARM_AGAIN: Final = Prepared(
    "UPDATE alarm SET detail = :detail, cleared_utc_ns = 0,"
    " raised_utc_ns = CASE WHEN cleared_utc_ns = 0 THEN raised_utc_ns ELSE :now END"
    " WHERE node = :node AND alarm = :alarm AND subject = :subject"
)
_ALARM_ADD: Final = Prepared(
    "INSERT INTO alarm (node, alarm, subject, detail, raised_utc_ns, cleared_utc_ns)"
    " VALUES (:node, :alarm, :subject, :detail, :now, 0)"
)
_ALARM_OVER: Final = Prepared(
    "UPDATE alarm SET cleared_utc_ns = :now"
    " WHERE node = :node AND alarm = :alarm AND subject = :subject AND cleared_utc_ns = 0"
)
_DONE: Final = Prepared("SELECT reply FROM command_done WHERE key = :key")
_DO: Final = Prepared("INSERT INTO command_done (key, kind, reply, done_utc_ns) VALUES (:key, :kind, :reply, :now)")
_DESIRED: Final = Prepared("SELECT version, body FROM desired_state WHERE node = :node")
_DESIRED_SET: Final = Prepared("UPDATE desired_state SET version = :version, body = :body WHERE node = :node")
_DESIRED_ADD: Final = Prepared("INSERT INTO desired_state (node, version, body) VALUES (:node, :version, :body)")


class TicketRow(NamedTuple):
    """A ticket as the writer sees it."""

    ticket: str
    kind: str
    status: str
    order_no: str
    verification: str
    sku: str


class NewTicket(NamedTuple):
    """An exception about to be opened."""

    kind: str
    stage: str
    order_no: str = ""
    sku: str = ""
    station: str = ""
    verification: str = ""
    who: str = ""
    evidence: str = "[]"


def open_ticket(database: Database, new: NewTicket, now_utc_ns: int) -> str:
    """Store it; its name."""
    last = (database.row(_TICKETS) or (None,))[0]
    name = f"T{int(last[1:]) + 1 if last else 1:07d}"
    database.run(_OPEN, ticket=name, now=now_utc_ns, **new._asdict())
    return name


def add_evidence(database: Database, ticket: str, evidence: tuple[str, str, str]) -> None:
    """One more row of evidence, up to EVIDENCE_ROWS_MAX."""
    scan, text, verdict = evidence
    rows_max = EVIDENCE_ROWS_MAX
    database.run(_ADD_EVIDENCE, ticket=ticket, scan=scan, text=text, verdict=verdict, rows_max=rows_max)


def close_ticket(database: Database, ticket: str, status: str, *, by: str, why: str, now_utc_ns: int) -> None:
    """Overridden or resolved."""
    database.run(_CLOSE, ticket=ticket, status=status, by=by, why=why, now=now_utc_ns)


def ticket(database: Database, name: str) -> TicketRow | None:
    """By name."""
    found = database.row(_ONE, ticket=name)
    return TicketRow(*found) if found else None


def open_tickets(database: Database, order_no: str) -> list[TicketRow]:
    """Open ones of an order."""
    return [TicketRow(*row) for row in database.rows(_OF_ORDER, order_no=order_no)]


def open_ticket_at(database: Database, kind: str, station: str) -> TicketRow | None:
    """An open one of this kind at this bench."""
    found = database.row(_AT, kind=kind, station=station)
    return TicketRow(*found) if found else None


def badge_holder(database: Database, badge: str) -> BadgeHolder | None:
    """Whose badge it is."""
    found = database.row(_BADGE, badge=badge)
    return BadgeHolder(*found) if found else None


def put_badge(database: Database, badge: str, person: str, role: str) -> None:
    """Add or change a badge."""
    if not database.run(_BADGE_SET, badge=badge, person=person, role=role):
        database.run(_BADGE_ADD, badge=badge, person=person, role=role)


def raise_alarm(database: Database, node: str, alarm: str, subject: str, *, detail: str, now_utc_ns: int) -> None:
    """Raise, or keep raised since when it was."""
    values = {"node": node, "alarm": alarm, "subject": subject, "detail": detail[:200], "now": now_utc_ns}
    if not database.run(_ALARM_AGAIN, **values):
        database.run(_ALARM_ADD, **values)


def clear_alarm(database: Database, node: str, alarm: str, subject: str, *, now_utc_ns: int) -> None:
    """It is over."""
    database.run(_ALARM_OVER, node=node, alarm=alarm, subject=subject, now=now_utc_ns)


def reply_given(database: Database, key: str) -> bytes | None:
    """The reply a command already got."""
    found = database.row(_DONE, key=key)
    return bytes(found[0]) if found else None


def keep_reply(database: Database, key: str, kind: str, reply: bytes, now_utc_ns: int) -> None:
    """The command with this key has counted."""
    database.run(_DO, key=key, kind=kind, reply=reply, now=now_utc_ns)


def desired_of(database: Database, node: str) -> tuple[int, bytes]:
    """(version, body) last made for a node; (0, b"") if none."""
    found = database.row(_DESIRED, node=node)
    return (int(found[0]), bytes(found[1])) if found else (0, b"")


def keep_desired(database: Database, node: str, version: int, body: bytes) -> None:
    """The newest document of a node."""
    if not database.run(_DESIRED_SET, node=node, version=version, body=body):
        database.run(_DESIRED_ADD, node=node, version=version, body=body)


def evidence_json(evidence: Sequence[tuple[str, str, str]]) -> str:
    """(scan or pick, text, verdict) as the evidence of a ticket."""
    return msgspec.json.encode(evidence).decode()
