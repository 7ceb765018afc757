"""What the tests of the match share: orders, boxes and items in a packer's words."""

from __future__ import annotations

from central.rules.match import Item, Known, Meaning, OrderNow, Seen
from central.rules.verdicts import Tracking
from wire.uplink import ItemCount

HERE = "bench-1"
TODAY = 20_000


def at(status: str, station: str = "", hold: str = "") -> OrderNow:
    """The order as the record has it."""
    return OrderNow("1", status, station, hold)


def items(**asked_and_packed: tuple[int, int]) -> tuple[ItemCount, ...]:
    """A box: what was asked and is packed of each SKU."""
    return tuple(
        ItemCount(sku=sku, title=sku, asked_pieces=asked, packed_pieces=packed)
        for sku, (asked, packed) in asked_and_packed.items()
    )


def item(
    sku: str = "", pieces: int = 1, tracking: Tracking = "", seen: Seen | None = None, known: Known | None = None
) -> Item:
    """One that was scanned; "": with a barcode that nobody knows."""
    owners = (Meaning(sku, pieces, tracking),) if sku else ()
    return Item(owners, seen or Seen(), known or Known(today=TODAY))
