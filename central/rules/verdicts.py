"""The words of the match: what it is told of an order, a barcode, an item and its lot, and what it may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from wire.phrases import Refusal
from wire.uplink import ItemCount

Tracking = Literal["", "serial", "lot", "lot_expiry"]


@dataclass(frozen=True)
class OrderNow:
    """The system record at this moment: where the order stands, which bench has it ("": none), and whether the platform
    stops it (`hold`, "": it does not)."""

    order_no: str
    status: str
    station: str = ""
    hold: str = ""


@dataclass(frozen=True)
class Meaning:
    """What a barcode means: its owner, how many pieces one scan counts, what is captured of each piece (`tracking`),
    and whether a packer may scan one and key how many there are."""

    sku: str
    pieces: int = 1
    tracking: Tracking = ""
    key_count: bool = False


@dataclass(frozen=True)
class Seen:
    """What was read off the item besides its barcode. `expiry_day`: days since 1970-01-01, 0: not read."""

    serial: str = ""
    lot: str = ""
    expiry_day: int = 0


@dataclass(frozen=True)
class Known:
    """What the record says about the serial number or lot that was read, at this moment; days since 1970-01-01.

    `serial_in`: the order in whose parcel that serial number is. `keeps_lots`: lots of this SKU are on record, and
    `lot_kept`: this one too, good until `expiry_day` (0: for ever). `first_day`: until when the lot is good that should
    go first, `first_lot` (0: none is in stock); one that is good `tolerance_days` longer may go as well.
    """

    today: int = 0
    serial_in: str = ""
    keeps_lots: bool = False
    lot_kept: bool = False
    expiry_day: int = 0
    first_lot: str = ""
    first_day: int = 0
    tolerance_days: int = 0


NOTHING_SEEN: Final = Seen()
NOTHING_KNOWN: Final = Known()


@dataclass(frozen=True)
class Item:
    """An item that was scanned: the SKUs its barcode means, what else was read off it, what the record says of that."""

    owners: tuple[Meaning, ...]
    seen: Seen = NOTHING_SEEN
    known: Known = NOTHING_KNOWN


@dataclass(frozen=True)
class Load:
    """The label is good: pack this order here."""


@dataclass(frozen=True)
class Refuse:
    """Not this one; nothing changes."""

    reason: Refusal
    detail: str = ""


@dataclass(frozen=True)
class Block:
    """Hold the parcel and open a ticket."""

    reason: Refusal
    detail: str = ""


@dataclass(frozen=True)
class Proven:
    """The label on the box is this parcel's."""


@dataclass(frozen=True)
class Want:
    """The item belongs here, and counts once this was read off it too."""

    sku: str
    what: Literal["serial", "lot"]


@dataclass(frozen=True)
class Accept:
    """The item belongs here; more are to come. `count_allowed`: the packer may key how many there are in all."""

    sku: str
    items: tuple[ItemCount, ...]
    count_allowed: bool = False


@dataclass(frozen=True)
class Complete:
    """With this item every count is exact: release."""

    items: tuple[ItemCount, ...]


LabelVerdict = Load | Refuse | Block
ProofVerdict = Proven | Refuse | Block
ItemVerdict = Accept | Complete | Want | Refuse | Block
CountVerdict = Accept | Complete | Refuse | Block
