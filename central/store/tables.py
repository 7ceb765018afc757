"""The site's record: every table, with the rules the database itself enforces."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class Node(SQLModel, table=True):
    """An edge node as central knows it: its store's epoch and how far its journal is committed."""

    __tablename__: ClassVar[str] = "node"
    name: str = Field(primary_key=True)
    store_id: str = ""
    epoch: int = 0
    acked_through: int = Field(default=0, sa_type=BigInteger)
    head: str = ""  # the node's chain head after acked_through
    state: str = "lost"  # ready, disconnected, lost, turned_away
    connects: int = Field(default=0, sa_type=BigInteger)
    software: str = ""
    seen_utc_ns: int = Field(default=0, sa_type=BigInteger)


class NodeStore(SQLModel, table=True):
    """Every outbox file a node ever had, and the epoch it was granted; an old one that speaks again is refused."""

    __tablename__: ClassVar[str] = "node_store"
    store_id: str = Field(primary_key=True)
    node: str = Field(index=True)
    epoch: int
    granted_utc_ns: int = Field(sa_type=BigInteger)


class JournalLine(SQLModel, table=True):
    """Append-only and hash-chained. Lines of central itself (commands, timers) have node 'central', epoch 0."""

    __tablename__: ClassVar[str] = "journal"
    __table_args__ = (
        UniqueConstraint("node", "epoch", "seq"),
        Index("journal_intent", "intent", unique=True, sqlite_where=text("counted"), postgresql_where=text("counted")),
    )
    id: int | None = Field(default=None, primary_key=True)
    node: str
    epoch: int
    seq: int = Field(sa_type=BigInteger)
    intent: str
    counted: bool  # False: a repeat of a deed that already counted; kept for the chain, without effect
    kind: str = Field(index=True)
    record: bytes  # the exact bytes the node hashed
    received_utc_ns: int = Field(sa_type=BigInteger)
    node_head: str  # the node's chain head after this line
    site_head: str  # this site's chain head: sha-256(previous site_head + "\n" + node_head + ":" + id)


class DeadLetter(SQLModel, table=True):
    """A journal line that could not be applied, kept with its reason; it never blocks the line behind it."""

    __tablename__: ClassVar[str] = "dead_letter"
    id: int | None = Field(default=None, primary_key=True)
    node: str
    epoch: int
    seq: int = Field(sa_type=BigInteger)
    payload: bytes
    reason: str
    received_utc_ns: int = Field(sa_type=BigInteger)


class CommandDone(SQLModel, table=True):
    """A command counts once: its key and the reply it got."""

    __tablename__: ClassVar[str] = "command_done"
    key: str = Field(primary_key=True)
    kind: str
    reply: bytes
    done_utc_ns: int = Field(sa_type=BigInteger)


class Product(SQLModel, table=True):
    """A SKU; see NewSku."""

    __tablename__: ClassVar[str] = "product"
    sku: str = Field(primary_key=True)
    title: str
    scan_first: str = ""
    style: str = ""
    weight_g: int = 0  # of one piece; 0: not known
    tracking: str = ""  # serial, lot, lot_expiry: what a bench captures of its pieces
    key_count: bool = False
    active: bool = True


class Barcode(SQLModel, table=True):
    """What a barcode means: one active owner; a pack barcode counts `pieces`."""

    __tablename__: ClassVar[str] = "barcode"
    barcode: str = Field(primary_key=True)
    sku: str = Field(index=True)
    pieces: int = 1
    __table_args__ = (CheckConstraint("pieces >= 1"),)


class Location(SQLModel, table=True):
    """One SKU's place on the floor and the stock in it. 0 <= reserved <= on_hand is the database's own rule."""

    __tablename__: ClassVar[str] = "location"
    location_id: str = Field(primary_key=True)
    zone: str = Field(index=True)
    bay: str
    level: int
    sku: str = Field(index=True)
    on_hand: int
    reserved: int = 0
    version: int = 1
    __table_args__ = (
        CheckConstraint("on_hand >= 0"),
        CheckConstraint("reserved >= 0"),
        CheckConstraint("reserved <= on_hand"),
    )


class Order(SQLModel, table=True):
    """A customer's order. Status: imported, allocated, waved, picking, picked, at_bench, verified, released,
    handed_over; or exception, cancelled."""

    __tablename__: ClassVar[str] = "orders"
    order_no: str = Field(primary_key=True)
    label: str = Field(unique=True)
    status: str = Field(index=True)
    why: str = ""  # named reason while in exception or cancelled
    wave: str = Field(default="", index=True)
    cut_off_utc_s: int = Field(default=0, sa_type=BigInteger)
    country: str = ""
    hold: str = ""  # why the platform stops it for now: see HoldOrder; "": it does not
    imported_utc_ns: int = Field(sa_type=BigInteger)
    station: str = ""  # bench that has it open
    grant_id: str = ""
    released_utc_ns: int = Field(default=0, sa_type=BigInteger)
    __table_args__ = (Index("orders_to_wave", "status", "cut_off_utc_s", "order_no"),)


class OrderLine(SQLModel, table=True):
    """Pieces of one SKU in an order; `packed` have left in parcels, `waived` a supervisor let go without."""

    __tablename__: ClassVar[str] = "order_line"
    order_no: str = Field(primary_key=True)
    line_no: int = Field(primary_key=True)
    sku: str
    pieces: int
    packed: int = 0
    waived: int = 0
    __table_args__ = (CheckConstraint("pieces >= 1"),)


class Wave(SQLModel, table=True):
    """Orders released together. Status: open, done."""

    __tablename__: ClassVar[str] = "wave"
    wave: str = Field(primary_key=True)
    status: str = Field(index=True)
    released_utc_ns: int = Field(sa_type=BigInteger)
    cut_off_utc_s: int = Field(default=0, sa_type=BigInteger)
    orders: int


class PickRow(SQLModel, table=True):
    """Take `asked` pieces at a location. Status: planned, released, held, confirmed, short, cancelled."""

    __tablename__: ClassVar[str] = "pick"
    pick_id: str = Field(primary_key=True)
    order_no: str = Field(index=True)
    line_no: int
    wave: str = Field(default="", index=True)
    zone: str
    location_id: str
    sku: str
    asked: int
    picked: int = 0
    tote_id: str = Field(index=True)
    sequence: int
    status: str
    done_utc_ns: int = Field(default=0, sa_type=BigInteger)
    __table_args__ = (CheckConstraint("asked >= 1"), Index("pick_zone_status", "zone", "status"))


class WallCubby(SQLModel, table=True):
    """A cubby of a put-to-light wall and the order in it; no row: free."""

    __tablename__: ClassVar[str] = "wall_cubby"
    zone: str = Field(primary_key=True)
    cubby: str = Field(primary_key=True)
    order_no: str = Field(unique=True)


class WallLine(SQLModel, table=True):
    """Pieces of one SKU that an order collects in its cubby; kept when the cubby is free again."""

    __tablename__: ClassVar[str] = "wall_line"
    line_id: str = Field(primary_key=True)
    order_no: str = Field(index=True)
    zone: str
    cubby: str
    sku: str
    asked: int
    put: int = 0
    __table_args__ = (CheckConstraint("put >= 0"), CheckConstraint("put <= asked"))


class Badge(SQLModel, table=True):
    """A person's badge barcode and role."""

    __tablename__: ClassVar[str] = "badge"
    badge: str = Field(primary_key=True)
    person: str
    role: str


class Alarm(SQLModel, table=True):
    """Something on a node that needs a person, until cleared."""

    __tablename__: ClassVar[str] = "alarm"
    node: str = Field(primary_key=True)
    alarm: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    detail: str = ""
    raised_utc_ns: int = Field(sa_type=BigInteger)
    cleared_utc_ns: int = Field(default=0, sa_type=BigInteger)


class DesiredState(SQLModel, table=True):
    """The newest desired document of a node: its version and bytes."""

    __tablename__: ClassVar[str] = "desired_state"
    node: str = Field(primary_key=True)
    version: int
    body: bytes
