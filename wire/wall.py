"""A put-to-light wall as its node needs to know it: cubbies, the orders in them, and what barcodes mean."""

from __future__ import annotations

from typing import Literal

import msgspec

from wire.ids import Pieces, PiecesOrNone, ScanText, Sentence, Text

CubbyState = Literal["filling", "held", "done", "aside"]


class CubbyItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One SKU of a cubby's order: asked, batch-picked for it so far, and put into the cubby so far (pieces)."""

    line_id: Text
    sku: Text
    title: Sentence
    asked_pieces: Pieces
    ready_pieces: PiecesOrNone
    put_pieces: PiecesOrNone


class CubbyWork(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order's cubby. held: an exception is open, put nothing; done: complete; aside: cancelled, take it out."""

    cubby: Text
    order_no: Text
    wave: Text
    state: CubbyState
    items: tuple[CubbyItem, ...] = ()


class WallBarcode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a barcode means: one scan of it is `pieces` of `sku`."""

    barcode: ScanText
    sku: Text
    pieces: Pieces = 1


class WallWork(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Occupied cubbies, the most urgent order first, and every barcode that may be scanned for them."""

    zone: Text
    cubbies: tuple[CubbyWork, ...]
    barcodes: tuple[WallBarcode, ...] = ()
