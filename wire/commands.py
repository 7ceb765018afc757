"""Pages, API and command line to the site's owner: everything that changes a site and is not a node's deed."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wire.ids import Count, Day, MaybeText, Pieces, PiecesOrNone, Sentence, Text
from wire.labels import DOCUMENT_BYTES_MAX, LabelKind
from wire.uplink import Version


class OrderLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`pieces` of one SKU."""

    sku: Text
    pieces: Pieces


MORE_LABELS_MAX = 50  # parcels of one order besides its first


class NewOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order as a host or a file gives it. `cut_off_utc_s` 0: none. `line` is where it stood in the file.

    `labels`: more labels than `label`, for an order that may need several parcels.
    """

    order_no: Text
    label: Text
    lines: Annotated[tuple[OrderLine, ...], Meta(min_length=1, max_length=2_000)]
    cut_off_utc_s: Count = 0
    country: MaybeText = ""
    line: Count = 0
    labels: Annotated[tuple[Text, ...], Meta(max_length=MORE_LABELS_MAX)] = ()


class NewSku(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A SKU with the barcodes that mean it: (text, pieces); a pack barcode counts its pieces.

    `scan_first`: what is scanned before a pick of it counts. `style`: SKUs that look alike have the same; `-`: none
    looks like it. `weight_g`: of one piece; 0: stays as it is. `tracking`: what a bench captures of its pieces.
    `key_count`: a bench may scan one and key how many. `active` no: its barcodes mean nothing any more and another SKU
    may have them. Empty, each stays as it is.
    """

    sku: Text
    title: Sentence
    barcodes: tuple[tuple[Text, Pieces], ...]
    line: Count = 0
    scan_first: Literal["", "no", "location", "item", "both"] = ""
    style: MaybeText = ""
    weight_g: Annotated[int, Meta(ge=0, le=100_000)] = 0
    tracking: Literal["", "no", "serial", "lot", "lot_expiry"] = ""
    key_count: Literal["", "no", "yes"] = ""
    active: Literal["", "no", "yes"] = ""


class NewLot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lot of a SKU: its last good day (YYYY-MM-DD, "": it does not expire) and how many pieces are in stock now."""

    sku: Text
    lot: Text
    expires_on: Day
    pieces: PiecesOrNone
    line: Count = 0


class NewLocation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One SKU's place: zone, bay (column), level (row) and the counted pieces in it."""

    location_id: Text
    zone: Text
    bay: Text
    level: Count
    sku: Text
    on_hand_pieces: PiecesOrNone
    line: Count = 0


class NewBadge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's badge barcode and role."""

    badge: Text
    person: Text
    role: Literal["picker", "packer", "supervisor", "technician", "administrator"]
    line: Count = 0


class NewLabel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The document of a label, as the carrier made it; with `order_no`, one more label of that order."""

    label: Text
    document: LabelKind
    body: Annotated[bytes, Meta(max_length=DOCUMENT_BYTES_MAX)]
    order_no: MaybeText = ""
    line: Count = 0


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Base. `key` makes the command count once; `client` is where the reply goes; `by` who asks."""

    v: Version = 1
    key: Text
    client: Text
    by: MaybeText = ""


class ImportOrders(Command, frozen=True, kw_only=True, tag="import_orders"):
    """All or nothing, unless `skip_bad`: then the good ones, and the problems are listed.

    `check_only`, here and in every import: nothing changes, the reply lists what would stand against it.
    """

    orders: tuple[NewOrder, ...]
    skip_bad: bool = False
    check_only: bool = False


class ImportCatalogue(Command, frozen=True, kw_only=True, tag="import_catalogue"):
    """SKUs and barcodes; known ones are updated."""

    skus: tuple[NewSku, ...]
    skip_bad: bool = False
    check_only: bool = False


class ImportLocations(Command, frozen=True, kw_only=True, tag="import_locations"):
    """Places and first counts; a known place with stock keeps its count: `CountPlace` changes it."""

    locations: tuple[NewLocation, ...]
    skip_bad: bool = False
    check_only: bool = False


class ImportBadges(Command, frozen=True, kw_only=True, tag="import_badges"):
    """People and roles."""

    badges: tuple[NewBadge, ...]
    skip_bad: bool = False
    check_only: bool = False


class ImportLots(Command, frozen=True, kw_only=True, tag="import_lots"):
    """Lots of SKUs; a known one takes the file's day and pieces."""

    lots: tuple[NewLot, ...]
    skip_bad: bool = False
    check_only: bool = False


class ImportLabels(Command, frozen=True, kw_only=True, tag="import_labels"):
    """Label documents; one that was not printed yet may be replaced."""

    labels: tuple[NewLabel, ...]
    skip_bad: bool = False
    check_only: bool = False


class VoidLabel(Command, frozen=True, kw_only=True, tag="void_label"):
    """`label` counts no more, `new_label` stands in its place: the only way to a new number."""

    label: Text
    new_label: Text
    reason: Sentence


class CountPlace(Command, frozen=True, kw_only=True, tag="count_place"):
    """Somebody counted a place: `pieces` lie there now. Refused below what is promised from it."""

    location_id: Text
    pieces: PiecesOrNone


class PlanWave(Command, frozen=True, kw_only=True, tag="plan_wave"):
    """Release up to `orders_max` allocated orders, earliest cut-off first. `cut_off_before_utc_s` 0: any."""

    orders_max: Annotated[int, Meta(ge=1, le=5_000)]
    cut_off_before_utc_s: Count = 0


class CancelOrder(Command, frozen=True, kw_only=True, tag="cancel_order"):
    """Stop the order wherever it is, unless the parcel has left."""

    order_no: Text
    reason: Sentence


Hold = Literal["on_hold", "frozen", "risk_control", "address_changed", "other_warehouse"]


class HoldOrder(Command, frozen=True, kw_only=True, tag="hold_order"):
    """Stop the order wherever it is for now, for a reason of the platform; `hold` "" lets it go on."""

    order_no: Text
    hold: Hold | Literal[""]
    reason: Sentence


Resolving = Literal["repick", "replace_label", "return_stock", "write_off", "ship_partial", "repack", "cancel", "close"]


class ResolveTicket(Command, frozen=True, kw_only=True, tag="resolve_ticket"):
    """One step of resolving a ticket; central.rules.resolving says which are possible when.

    `repick`: `pieces` of `sku` are gone or unusable, have them picked anew. `replace_label`: the label of the item or
    the box was replaced. `return_stock`: `pieces` of `sku` lie at `location_id` again (no `sku`: everything the order
    took, each where it came from). `write_off`: they are gone. `ship_partial`: what was not packed (or not picked) is
    left out, the rest may be packed and sent. `repack` sends the order back to the bench (a short pick
    is picked again), `cancel` cancels it, `close` only closes the ticket.
    """

    ticket: Text
    action: Resolving
    note: Sentence = ""
    sku: MaybeText = ""
    pieces: PiecesOrNone = 0
    location_id: MaybeText = ""


class HandOver(Command, frozen=True, kw_only=True, tag="hand_over"):
    """The carrier took these released parcels."""

    labels: Annotated[tuple[Text, ...], Meta(max_length=10_000)]


AnyCommand = (
    ImportOrders
    | ImportCatalogue
    | ImportLocations
    | ImportBadges
    | ImportLabels
    | VoidLabel
    | ImportLots
    | CountPlace
    | PlanWave
    | CancelOrder
    | HoldOrder
    | ResolveTicket
    | HandOver
)


class Trouble(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing wrong with an import: line of the file (0: none), what, and the cure."""

    line: Count
    what: str
    cure: str


class Reply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The owner's answer to the command with `key`. `done`: things changed.

    `said` is one sentence for a person, `said_zh` the same in Chinese; empty: there is only the English one.
    """

    v: Version = 1
    key: Text
    ok: bool
    done: Count = 0
    said: str = ""
    said_zh: str = ""
    troubles: tuple[Trouble, ...] = ()
