"""Central's judgement of a pack scan; rides in the acknowledgement of that scan's journal line."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wire.grant import SignedGrant
from wire.ids import MaybeText, Nanoseconds, Text
from wire.labels import DOCUMENT_BYTES_MAX, LabelKind
from wire.phrases import Refusal
from wire.uplink import ItemCount


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Base: `scan_id` is the scan that is answered; an answer to any other scan than the open one is never acted on."""

    scan_id: Text


class OrderLoaded(Answer, frozen=True, kw_only=True, tag="order_loaded"):
    """The label is good: pack these items."""

    order_no: Text
    label: Text
    items: tuple[ItemCount, ...]


class ItemAccepted(Answer, frozen=True, kw_only=True, tag="item_accepted"):
    """The item belongs here; `items` are the counts after it. `count_allowed`: its count may be keyed."""

    sku: Text
    items: tuple[ItemCount, ...]
    count_allowed: bool = False


class DetailWanted(Answer, frozen=True, kw_only=True, tag="detail_wanted"):
    """The item belongs here, and counts once its serial number or lot is scanned; `items` are the counts before it."""

    order_no: Text
    label: Text
    sku: Text
    what: Literal["serial", "lot"]
    items: tuple[ItemCount, ...]


class WeighWanted(Answer, frozen=True, kw_only=True, tag="weigh_wanted"):
    """The contents agree: weigh the box. It should weigh `expected_g` ± `tolerance_g` grams (0: not known yet)."""

    order_no: Text
    label: Text
    items: tuple[ItemCount, ...]
    expected_g: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    tolerance_g: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class LabelJob(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stored label, to be printed as it is. `body` is base64 on the wire."""

    print_kind: LabelKind
    body: Annotated[bytes, Meta(max_length=DOCUMENT_BYTES_MAX)]


class LabelWanted(Answer, frozen=True, kw_only=True, omit_defaults=True, tag="label_wanted"):
    """The contents agree: scan the shipping label that is on the box. `job`: print it first; None: it is on paper."""

    order_no: Text
    label: Text
    items: tuple[ItemCount, ...]
    job: LabelJob | None = None


class Verified(Answer, frozen=True, kw_only=True, omit_defaults=True, tag="verified"):
    """Label, items and system record agree, exact quantities: release this parcel.

    `more`: it is one of several; the rest of the order waits for the next box.
    """

    items: tuple[ItemCount, ...]
    grant: SignedGrant
    more: bool = False


class Refused(Answer, frozen=True, kw_only=True, tag="refused"):
    """Not this one: nothing changed, the bench stays where it was. `detail` may name the SKU or bench meant."""

    reason: Refusal
    detail: MaybeText = ""


class Blocked(Answer, frozen=True, kw_only=True, tag="blocked"):
    """Hold: a ticket is open for this parcel. Set it aside, or a supervisor overrides."""

    reason: Refusal
    ticket: Text
    detail: MaybeText = ""


class AsideNoted(Answer, frozen=True, kw_only=True, tag="aside_noted"):
    """The parcel's exception is recorded under `ticket` ("" where none was needed); the bench is free."""

    ticket: MaybeText = ""


class Overridden(Answer, frozen=True, kw_only=True, tag="overridden"):
    """A supervisor's override was accepted: go on with these counts; the refused item is out of the box."""

    order_no: Text
    items: tuple[ItemCount, ...]


class SignedIn(Answer, frozen=True, kw_only=True, tag="signed_in"):
    """The badge is known: `person` packs at this bench from now on."""

    person: Text
    badge: Text


class SelfTestHeard(Answer, frozen=True, kw_only=True, tag="self_test_heard"):
    """Central heard that the self-test begins. `utc_ns`: its wall time then."""

    utc_ns: Nanoseconds


AnyAnswer = (
    OrderLoaded
    | ItemAccepted
    | DetailWanted
    | WeighWanted
    | LabelWanted
    | Verified
    | Refused
    | Blocked
    | AsideNoted
    | Overridden
    | SignedIn
    | SelfTestHeard
)
