"""What the read queries give: plain frozen rows, with units in their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PlanRow:
    """One location's place on the floor."""

    location_id: str
    zone: str
    bay: str
    level: int
    sku: str
    title: str


@dataclass(frozen=True)
class WaveRow:
    """A wave and how far it is. `cut_off_utc_s` 0: none. Orders are counted by their status, picks by theirs."""

    wave: str
    status: str
    released_utc_ns: int
    cut_off_utc_s: int
    orders: int
    orders_by_status: Mapping[str, int]
    picks_by_status: Mapping[str, int]


@dataclass(frozen=True)
class StepRow:
    """A step of resolving a ticket. `gone`: pieces of `sku` that the order has no more because of it."""

    action: str
    by: str
    sku: str
    pieces: int
    gone: int
    location_id: str
    note: str
    done_utc_ns: int


@dataclass(frozen=True)
class TicketRow:
    """An exception. Times are nanoseconds of UTC, 0: not yet. `title` is the SKU's, "" if unknown.

    `to_pick`: pieces of its order that are lit. `in_hand`: pieces taken for it and neither put back nor written off.
    `possible`: what can be done now, the likeliest first. `next_step`: what to do now, in a sentence.
    """

    ticket: str
    kind: str
    stage: str
    status: str
    order_no: str
    sku: str
    title: str
    station: str
    verification: str
    who: str
    evidence: tuple[tuple[str, ...], ...]
    opened_utc_ns: int
    closed_utc_ns: int
    closed_by: str
    closed_why: str
    tote: str = ""
    order_status: str = ""
    has_photo: bool = False
    to_pick: int = 0
    in_hand: int = 0
    steps: tuple[StepRow, ...] = ()
    possible: tuple[str, ...] = ()
    next_step: str = ""
    next_step_zh: str = ""


@dataclass(frozen=True)
class MispickDay:
    """Overrides of one day of UTC (`2026-11-24`), by reason."""

    day: str
    mispicks: int
    by_reason: Mapping[str, int]


@dataclass(frozen=True)
class AlarmRow:
    """Something on a node that needs a person."""

    node: str
    alarm: str
    subject: str
    detail: str
    raised_utc_ns: int


@dataclass(frozen=True)
class OrderRow:
    """An order as lists show it."""

    order_no: str
    label: str
    status: str
    why: str
    wave: str
    cut_off_utc_s: int
    country: str
    imported_utc_ns: int
    station: str
    released_utc_ns: int
    hold: str


@dataclass(frozen=True)
class LineRow:
    """One SKU of an order: asked, picked so far."""

    line_no: int
    sku: str
    title: str
    asked_pieces: int
    picked_pieces: int
    locations: tuple[str, ...]


@dataclass(frozen=True)
class Moment:
    """Something that happened to an order. `what` is a deed's kind or central's own word; `said` are its details.

    `where` is the node and journal number ("bench-1 #41"), or "central".
    """

    at_utc_ns: int
    what: str
    where: str
    said: Mapping[str, str]


@dataclass(frozen=True)
class OrderStory:
    """An order with its lines, tickets and whole history, oldest first."""

    order: OrderRow
    lines: tuple[LineRow, ...]
    tickets: tuple[TicketRow, ...]
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class StockRow:
    """One location's stock of a SKU, in pieces. Available is on hand minus reserved."""

    location_id: str
    zone: str
    on_hand_pieces: int
    reserved_pieces: int
    available_pieces: int
    version: int


@dataclass(frozen=True)
class Overview:
    """Everything of the record the floor page shows, read in one transaction."""

    orders_by_status: Mapping[str, int]
    waves: tuple[WaveRow, ...]
    tickets: tuple[TicketRow, ...]
    tickets_open: int
    alarms: tuple[AlarmRow, ...]
