"""What happened on the floor, in the past tense: the bodies of a node's journal.

Closed and frozen. A new optional field is a minor change; anything else is a new kind or a new version.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from wire.deed import Deed
from wire.deeds_floor import IN_HAND_MAX as IN_HAND_MAX
from wire.deeds_floor import ConfirmedBy as ConfirmedBy
from wire.deeds_floor import CubbyEmptied as CubbyEmptied
from wire.deeds_floor import PickConfirmed as PickConfirmed
from wire.deeds_floor import PickUndone as PickUndone
from wire.deeds_floor import PutConfirmed as PutConfirmed
from wire.deeds_floor import PutsMissing as PutsMissing
from wire.deeds_floor import ShortPicked as ShortPicked
from wire.deeds_floor import ToteInducted as ToteInducted
from wire.deeds_floor import ZeroChecked as ZeroChecked
from wire.ids import MaybeText, Photo, ScanText, Sentence, Text
from wire.item_deeds import CountKeyed as CountKeyed
from wire.item_deeds import DetailScanned as DetailScanned
from wire.item_deeds import ItemScanned as ItemScanned
from wire.item_deeds import ScanDetail as ScanDetail
from wire.offline_deeds import OfflineParcel
from wire.shift_deeds import PackerSignedIn, PackerSignedOut, ScreenPressed, SelfTestBegun, ShiftTested

Way = Literal["order_first", "item_first", "wall"]


class LabelScanned(Deed, frozen=True, kw_only=True, tag="label_scanned"):
    """A packer scanned what begins a parcel. `challenge` is the guard's, hex, for this verification.

    `label` is the text: a shipping label, or what else the bench's `way` of packing begins with: a tote
    (`order_first`), an item (`item_first`), a cubby (`wall`). `scale`: the bench has one that works; `printer`: it has
    a label printer.
    """

    station: Text
    scan_id: Text
    label: ScanText
    challenge: Text
    packer: MaybeText = ""
    way: Way = "order_first"
    scale: bool = False
    printer: bool = False


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


class BoxClosed(Deed, frozen=True, kw_only=True, tag="box_closed"):
    """The box is full before the order is complete: what is packed so far is one parcel, the rest goes into another."""

    station: Text
    scan_id: Text
    verification: Text
    packer: MaybeText = ""


class ReprintAsked(Deed, frozen=True, kw_only=True, tag="reprint_asked"):
    """The label of the complete parcel is to be printed once more, for the reason scanned from the sheet."""

    station: Text
    scan_id: Text
    verification: Text
    reason: Text
    packer: MaybeText = ""


class LabelPrinted(Deed, frozen=True, kw_only=True, tag="label_printed"):
    """What became of a label that was to be printed. `asked_by`: the scan whose answer wanted it.

    Not `ok`: `why` says what the printer lacks; `unsure`: it may have come out all the same.
    """

    station: Text
    verification: Text
    asked_by: Text
    label: Text
    ok: bool
    why: MaybeText = ""
    unsure: bool = False


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
    | DetailScanned
    | CountKeyed
    | LabelProved
    | ParcelWeighed
    | BoxClosed
    | ReprintAsked
    | LabelPrinted
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
