"""The site's record of label documents: more labels of an order, stored bytes, every printing."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class OrderLabel(SQLModel, table=True):
    """A label of an order besides the one in its own row: for another parcel, or void. `place`: which comes first."""

    __tablename__: ClassVar[str] = "order_label"
    label: str = Field(primary_key=True)
    order_no: str = Field(index=True)
    place: int
    void: bool = False
    why: str = ""  # why it is void


class LabelDocument(SQLModel, table=True):
    """A label as it is printed. Kind: zpl, pdf. Source: host, central (made here, because none was imported)."""

    __tablename__: ClassVar[str] = "label_document"
    label: str = Field(primary_key=True)
    kind: str
    source: str
    body: bytes
    stored_utc_ns: int = Field(sa_type=BigInteger)


class LabelPrint(SQLModel, table=True):
    """A label that a bench was told to print. Reason "": the first time. Result: sent, printed, failed, unsure."""

    __tablename__: ClassVar[str] = "label_print"
    scan_id: str = Field(primary_key=True)
    label: str = Field(index=True)
    order_no: str = Field(index=True)
    station: str
    verification: str
    reason: str = ""
    packer: str = ""
    result: str = "sent"
    why: str = ""
    asked_utc_ns: int = Field(sa_type=BigInteger)
