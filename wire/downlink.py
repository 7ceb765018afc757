"""Central to node: welcome, acknowledgements with answers, and the versioned desired state."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from wire.answers import AnyAnswer
from wire.ids import Count, Digest, MaybeText, Pieces, Sentence, Text
from wire.manifest import MANIFESTS_MAX, SignedManifest
from wire.uplink import Version
from wire.wall import WallWork

BARCODES_MAX: Final = 8  # of one item; each packaging level has one
LOOK_ALIKES_MAX: Final = 8  # neighbours of one place


class Down(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """Base of every downlink message."""

    v: Version = 1


class Welcome(Down, frozen=True, kw_only=True, tag="welcome"):
    """Answer to hello: the epoch to use, what is already safe, and from where to (re)send.

    `store_id` repeats the hello's: a late welcome to another store is not obeyed ("": not said).
    """

    epoch: Annotated[int, Meta(ge=1)]
    acked_through: Count
    head: Digest
    store_id: MaybeText = ""


class Turned(Down, frozen=True, kw_only=True, tag="turned_away"):
    """Answer to a hello that is refused (unknown node, cloned card): keep all data, call a technician."""

    why: Sentence


class Ack(Down, frozen=True, kw_only=True, tag="ack"):
    """Everything of `epoch` up to `through` is committed at central, whose chain head for this node is `head`.

    `rewind`: a gap was seen; send again from through + 1.
    """

    epoch: Annotated[int, Meta(ge=1)]
    through: Count
    head: Digest
    rewind: bool = False
    answers: tuple[AnyAnswer, ...] = ()


class Pick(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Take `pieces` of `sku` at `location_id` into the tote. `empties`: by the count, nothing is left there then.

    `scan_first`: what must be scanned before the press counts, beyond what the zone asks. `barcodes`: the item's.
    `look_alikes`: places nearby that hold the same in another colour or size.
    """

    pick_id: Text
    location_id: Text
    sku: Text
    title: Sentence
    pieces: Pieces
    empties: bool = False
    scan_first: Literal["", "location", "item", "both"] = ""
    barcodes: Annotated[tuple[Text, ...], Meta(max_length=BARCODES_MAX)] = ()
    look_alikes: Annotated[tuple[Text, ...], Meta(max_length=LOOK_ALIKES_MAX)] = ()


class ToteWork(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tote's picks in this zone, in walking order. `next_zone`: where it is passed on to, or ""."""

    tote_id: Text
    order_no: Text
    wave: Text
    colour: Text
    picks: tuple[Pick, ...]
    next_zone: MaybeText = ""


class ZoneWork(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Totes of a zone in the sequence in which they are worked."""

    zone: Text
    totes: tuple[ToteWork, ...]


class Desired(Down, frozen=True, kw_only=True, tag="desired"):
    """What should be true at this node, whole. A newer `version` wins; an older or equal one is ignored.

    `knows`: the node's journal line up to which central had read when this version was made (None: not said).
    `manifests`: parcels the node's bench may pack while central is away.
    """

    version: Annotated[int, Meta(ge=1)]
    zone: ZoneWork | None = None
    note: MaybeText = ""
    wall: WallWork | None = None
    knows: Count | None = None
    manifests: Annotated[tuple[SignedManifest, ...], Meta(max_length=MANIFESTS_MAX)] = ()


class BenchPressed(Down, frozen=True, kw_only=True, tag="bench_pressed"):
    """Somebody touched a button on the page of `station`: as if its command barcode `text` had been scanned there.

    `order_no`: what the page showed on the bench then; with another parcel there the touch is for nothing.
    """

    station: Text
    press_id: Text
    text: Text
    order_no: MaybeText = ""


AnyDown = Welcome | Turned | Ack | Desired | BenchPressed
