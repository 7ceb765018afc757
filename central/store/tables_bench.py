"""The site's record of its benches: verifications with their evidence, parcels, exceptions."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel


class Verification(SQLModel, table=True):
    """One attempt to verify a parcel at a bench, with its evidence. State: open, blocked, verified, aside, abandoned.

    `counts` is JSON {sku: packed pieces}; `evidence` JSON [[scan_id, text, verdict], ...], written when the state
    changes (in between, the scans are in scan_answer).
    """

    __tablename__: ClassVar[str] = "verification"
    verification: str = Field(primary_key=True)
    station: str = Field(index=True)
    order_no: str = Field(index=True)
    label: str
    challenge: str
    packer: str = ""
    opened_by: str = "label"  # label, tote, cubby, item
    proved: bool = False  # its label was shown on the box
    weighs: bool = False  # it is weighed before it may leave
    grams: int = -1  # what it weighed; -1: not yet
    printer: bool = False  # its bench has a label printer
    closed: bool = False  # the box was full before the order was complete
    last_sku: str = ""  # counted last: the one whose count may be keyed
    waiting: str = ""  # JSON: the item that waits for its serial number or lot
    state: str
    counts: str = "{}"
    evidence: str = "[]"
    ticket: str = ""
    begun_utc_ns: int = Field(sa_type=BigInteger)
    ended_utc_ns: int = Field(default=0, sa_type=BigInteger)


class WeightLearned(SQLModel, table=True):
    """Parcels of the same contents that were weighed and found right: see central/rules/weight.py."""

    __tablename__: ClassVar[str] = "weight_learned"
    contents: str = Field(primary_key=True)
    samples: int
    mean_g: float
    squares: float


class ManifestDealt(SQLModel, table=True):
    """An order that one bench may pack while central is away. Times are seconds of UTC."""

    __tablename__: ClassVar[str] = "manifest"
    manifest_id: str = Field(primary_key=True)
    order_no: str = Field(unique=True)
    label: str
    station: str = Field(index=True)
    issued_utc_s: int = Field(sa_type=BigInteger)
    expires_utc_s: int = Field(sa_type=BigInteger)


class Parcel(SQLModel, table=True):
    """A grant that was issued and what became of it. `contents` is JSON {sku: pieces}; `last`: nothing is left to pack.

    `handed_utc_ns`: the carrier took it.
    """

    __tablename__: ClassVar[str] = "parcel"
    grant_id: str = Field(primary_key=True)
    label: str = Field(index=True)
    order_no: str = Field(index=True)
    station: str
    verification: str
    contents: str = "{}"
    last: bool = True
    granted_utc_ns: int = Field(sa_type=BigInteger)
    released_utc_ns: int = Field(default=0, sa_type=BigInteger)
    handed_utc_ns: int = Field(default=0, sa_type=BigInteger)


class Ticket(SQLModel, table=True):
    """An exception. Status: open, overridden, resolved. Stage: put_away, picking, packing, host_data, device."""

    __tablename__: ClassVar[str] = "ticket"
    ticket: str = Field(primary_key=True)
    kind: str = Field(index=True)
    stage: str
    status: str = Field(index=True)
    order_no: str = Field(default="", index=True)
    sku: str = ""
    station: str = ""
    verification: str = ""
    who: str = ""
    tote: str = ""  # totes of its order, or the order's cubby
    evidence: str = "[]"
    opened_utc_ns: int = Field(sa_type=BigInteger)
    closed_utc_ns: int = Field(default=0, sa_type=BigInteger)
    closed_by: str = ""
    closed_why: str = ""


class ScanAnswer(SQLModel, table=True):
    """A scan at a bench, central's verdict, and the answer, which goes out again if it was lost on the way.

    The evidence of a verification as it grows; `body` is the answer without its item counts, which are the
    verification's.
    """

    __tablename__: ClassVar[str] = "scan_answer"
    scan_id: str = Field(primary_key=True)
    verification: str = Field(index=True)
    station: str
    text: str  # label, barcode, problem or reason as scanned
    verdict: str
    rule: str = ""  # the rule that gave the verdict: central/rules/rule_names.py
    body: bytes
    answered_utc_ns: int = Field(sa_type=BigInteger)


class TicketStep(SQLModel, table=True):
    """A step of resolving a ticket. `gone`: pieces of `sku` that the order has no more because of it."""

    __tablename__: ClassVar[str] = "ticket_step"
    ticket: str = Field(primary_key=True)
    step: int = Field(primary_key=True)
    order_no: str = Field(default="", index=True)
    action: str
    sku: str = ""
    pieces: int = 0
    gone: int = 0
    location_id: str = ""
    by: str = ""
    note: str = ""
    done_utc_ns: int = Field(sa_type=BigInteger)


class TicketPhoto(SQLModel, table=True):
    """What the bench's camera saw when an override was asked for."""

    __tablename__: ClassVar[str] = "ticket_photo"
    ticket: str = Field(primary_key=True)
    jpeg: bytes
    taken_utc_ns: int = Field(sa_type=BigInteger)


class Mispick(SQLModel, table=True):
    """An override: a wrong piece reached a bench, and a second person let the order go on without it."""

    __tablename__: ClassVar[str] = "mispick"
    ticket: str = Field(primary_key=True)
    order_no: str
    sku: str = ""
    station: str
    packer: str = ""
    decided_by: str
    reason: str
    at_utc_ns: int = Field(index=True, sa_type=BigInteger)


class CapturedRow(SQLModel, table=True):
    """The serial number or lot of pieces in a box, by the scan that gave it; kept for parcels that left."""

    __tablename__: ClassVar[str] = "captured"
    __table_args__ = (Index("captured_serial", "sku", "serial"), Index("captured_lot", "sku", "lot", "has_left"))
    scan_id: str = Field(primary_key=True)
    verification: str = Field(index=True)
    order_no: str = Field(index=True)
    sku: str
    pieces: int
    serial: str = ""
    lot: str = ""
    expires_on: str = ""  # YYYY-MM-DD
    has_left: bool = False


class Lot(SQLModel, table=True):
    """A lot of a SKU and its pieces in stock, as last imported less what has left since."""

    __tablename__: ClassVar[str] = "lot"
    __table_args__ = (CheckConstraint("pieces >= 0"),)
    sku: str = Field(primary_key=True)
    lot: str = Field(primary_key=True)
    expires_on: str = ""  # YYYY-MM-DD; "": it does not expire
    pieces: int
