"""What happened on the floor, in the past tense: the bodies of a node's journal.

Closed and frozen. A new optional field is a minor change; anything else is a new kind or a new version.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

from wire.deed import Deed
from wire.ids import MaybeText, Photo, Pieces, PiecesOrNone, ScanText, Sentence, Text
from wire.offline_deeds import OfflineParcel
from wire.shift_deeds import PackerSignedIn, PackerSignedOut, ScreenPressed, SelfTestBegun, ShiftTested

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


Way = Literal["order_first", "item_first", "wall"]


class LabelScanned(Deed, frozen=True, kw_only=True, tag="label_scanned"):
    """A packer scanned what begins a parcel. `challenge` is the guard's, hex, for this verification.

    `label` is the text: a shipping label, or what else the bench's `way` of packing begins with: a tote
    (`order_first`), an item (`item_first`), a cubby (`wall`). `scale`: the bench has one that works.
    """

    station: Text
    scan_id: Text
    label: ScanText
    challenge: Text
    packer: MaybeText = ""
    way: Way = "order_first"
    scale: bool = False


class ItemScanned(Deed, frozen=True, kw_only=True, tag="item_scanned"):
    """A packer scanned an item for the parcel begun with `verification` (the label's scan id)."""

    station: Text
    scan_id: Text
    verification: Text
    barcode: ScanText
    packer: MaybeText = ""


class LabelProved(Deed, frozen=True, kw_only=True, tag="label_proved"):
    """The contents are complete, and the packer scanned the shipping label that is on the box."""

    station: Text
    scan_id: Text
    verification: Text
    label: ScanText
    packer: MaybeText = ""


class ParcelWeighed(Deed, frozen=True, kw_only=True, tag="parcel_weighed"):
    """The contents are complete, and the scale is at rest under the box."""

    station: Text
    scan_id: Text
    verification: Text
    grams: Annotated[int, Meta(ge=0, le=1_000_000)]
    packer: MaybeText = ""


Problem = Literal[
    "missing_item", "unreadable_barcode", "damaged_item", "packing_damaged", "label_damaged", "wrong_item_found"
]  # fmt: skip


class ProblemDeclared(Deed, frozen=True, kw_only=True, tag="problem_declared"):
    """A packer declared that this parcel cannot be finished. Central opens a ticket and answers `set_aside`."""

    station: Text
    scan_id: Text
    verification: Text
    problem: Problem
    packer: MaybeText = ""


class OverrideAsked(Deed, frozen=True, kw_only=True, tag="override_asked"):
    """A supervisor's badge and reason at a blocked bench: let this verification go on. Central judges.

    `photo`: the bench camera's JPEG in base64, ""; `no_photo`: why a camera that is there made none, "".
    """

    station: Text
    scan_id: Text
    verification: Text
    badge: Text
    reason: Text
    photo: Photo = ""
    no_photo: MaybeText = ""


class SetAside(Deed, frozen=True, kw_only=True, tag="parcel_set_aside"):
    """The packer put the blocked or abandoned parcel aside; the bench is free."""

    station: Text
    scan_id: Text
    verification: Text
    why: Text


class ParcelReleased(Deed, frozen=True, kw_only=True, tag="parcel_released"):
    """The guard released one parcel for grant `grant_id`, and holds again if `ended`. Intent key: the grant id."""

    station: Text
    order_no: Text
    label: Text
    grant_id: Text


class InterlockFaulted(Deed, frozen=True, kw_only=True, tag="interlock_faulted"):
    """An interlock is not as it should be, or the guard is gone. All hold. `fault`: forced, welded, e_stop, …"""

    station: Text
    fault: Text
    interlock: MaybeText = ""
    verification: MaybeText = ""


class StaleAnswer(Deed, frozen=True, kw_only=True, tag="stale_answer"):
    """An answer came after its window and was not acted on."""

    station: Text
    scan_id: Text


class AlarmRaised(Deed, frozen=True, kw_only=True, tag="alarm_raised"):
    """Something on the node needs a person. `alarm` names it, `subject` what it is about."""

    alarm: Text
    subject: MaybeText = ""
    detail: Sentence = ""


class AlarmCleared(Deed, frozen=True, kw_only=True, tag="alarm_cleared"):
    """The alarm of that name and subject is over."""

    alarm: Text
    subject: MaybeText = ""


AnyDeed = (
    PickConfirmed
    | ShortPicked
    | ToteInducted
    | PickUndone
    | ZeroChecked
    | PutConfirmed
    | CubbyEmptied
    | PutsMissing
    | LabelScanned
    | ItemScanned
    | LabelProved
    | ParcelWeighed
    | ProblemDeclared
    | OverrideAsked
    | SetAside
    | ParcelReleased
    | ScreenPressed
    | PackerSignedIn
    | PackerSignedOut
    | SelfTestBegun
    | ShiftTested
    | OfflineParcel
    | InterlockFaulted
    | StaleAnswer
    | AlarmRaised
    | AlarmCleared
)
