"""What is scanned and keyed of a parcel's items: bodies of a node's journal, gathered in deeds.py."""

from __future__ import annotations

import msgspec

from wire.deed import Deed
from wire.ids import Day, MaybeText, Pieces, ScanText, Text


class ScanDetail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a scan says of single pieces: GS1's (21) serial number, (10) lot, (17) or (15) last good day, as YYYY-MM-DD.

    `raw` is the whole text as it was read, where more was read than the barcode.
    """

    serial: MaybeText = ""
    lot: MaybeText = ""
    expires_on: Day = ""
    raw: ScanText = ""


class ItemScanned(Deed, frozen=True, kw_only=True, tag="item_scanned"):
    """A packer scanned an item for the parcel begun with `verification` (the label's scan id)."""

    station: Text
    scan_id: Text
    verification: Text
    barcode: ScanText
    packer: MaybeText = ""
    detail: ScanDetail | None = None


class DetailScanned(Deed, frozen=True, kw_only=True, tag="detail_scanned"):
    """The serial number or lot that central asked for, of the last item: `text`, or what `detail` says of it."""

    station: Text
    scan_id: Text
    verification: Text
    text: ScanText
    packer: MaybeText = ""
    detail: ScanDetail | None = None


class CountKeyed(Deed, frozen=True, kw_only=True, tag="count_keyed"):
    """A packer said how many pieces of the SKU accepted last are in the box in all: keyed, not scanned one by one."""

    station: Text
    scan_id: Text
    verification: Text
    pieces: Pieces
    packer: MaybeText = ""
