"""What happened at zones and walls: picks and puts, in the past tense. Known by the names of deeds.py."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

from wire.deed import Deed
from wire.ids import MaybeText, Pieces, PiecesOrNone, Text

IN_HAND_MAX: Final = 16  # other parts of a batch; a batch has as many totes as colours, far fewer


ConfirmedBy = Literal["button", "item_scan", "command"]


class PickConfirmed(Deed, frozen=True, kw_only=True, omit_defaults=True, tag="pick_confirmed"):
    """A picker confirmed: all `picked_pieces` asked for were taken into the tote.

    `confirmed_by`: the module's button or, where the module was dead, a scan of the place and then of the item or a
    command barcode.
    """

    zone: Text
    pick_id: Text
    tote_id: Text
    location_id: Text
    sku: Text
    picked_pieces: Pieces
    confirmed_by: ConfirmedBy = "button"


class ToteInducted(Deed, frozen=True, kw_only=True, tag="tote_inducted"):
    """A tote was scanned in at a zone, by `picker` (a badge) where one was shown; `colour` is its lamps' until done."""

    zone: Text
    tote_id: Text
    colour: Text
    picker: MaybeText = ""


class ShortPicked(Deed, frozen=True, kw_only=True, tag="short_picked"):
    """A picker found fewer pieces than asked, perhaps none. `found_pieces` < `asked_pieces`.

    `in_hand`: other open picks of the place whose pieces were taken together with these (a batch's total).
    """

    zone: Text
    pick_id: Text
    tote_id: Text
    location_id: Text
    sku: Text
    asked_pieces: Pieces
    found_pieces: PiecesOrNone
    in_hand: Annotated[tuple[Text, ...], Meta(max_length=IN_HAND_MAX)] = ()

    def __post_init__(self) -> None:
        if self.found_pieces >= self.asked_pieces:
            raise ValueError("found_pieces must be below asked_pieces; send pick_confirmed instead")


class PutConfirmed(Deed, frozen=True, kw_only=True, tag="put_confirmed"):
    """A person put `put_pieces` of a scanned item into an order's cubby; with them the line has `total_pieces` there.

    Intent key: the line and its total, so that the same pieces count once.
    """

    zone: Text
    cubby: Text
    order_no: Text
    line_id: Text
    sku: Text
    put_pieces: Pieces
    total_pieces: Pieces

    def __post_init__(self) -> None:
        if self.total_pieces < self.put_pieces:
            raise ValueError("total_pieces must hold put_pieces")


class CubbyEmptied(Deed, frozen=True, kw_only=True, tag="cubby_emptied"):
    """A person took the order out of its cubby; the cubby is free. Intent key: the order."""

    zone: Text
    cubby: Text
    order_no: Text


class PutsMissing(Deed, frozen=True, kw_only=True, tag="puts_missing"):
    """A person at a wall has nothing left to put, and pieces picked for the order are not in its cubby."""

    zone: Text
    cubby: Text
    order_no: Text


class PickUndone(Deed, frozen=True, kw_only=True, tag="pick_undone"):
    """A picker took a confirm back: the pieces are in their place again. The pick is open again as `again`."""

    zone: Text
    pick_id: Text
    again: Text
    tote_id: Text
    location_id: Text
    sku: Text
    picked_pieces: Pieces


class ZeroChecked(Deed, frozen=True, kw_only=True, tag="zero_checked"):
    """A place that pick `pick_id` should have emptied was looked at: `left_pieces` are there (0: it is empty).

    Not `counted`: something is there, and nobody said how much.
    """

    zone: Text
    pick_id: Text
    location_id: Text
    sku: Text
    left_pieces: PiecesOrNone
    counted: bool = True
