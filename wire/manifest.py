"""What a bench may pack while central is away: a parcel's contents, signed beforehand. Off by default."""

from __future__ import annotations

import hashlib
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from wire.grant import Signature
from wire.ids import Count, Digest, Pieces, Sentence, Text

ITEMS_MAX: Final = 50  # lines of an order packed without central; larger ones wait for it
BARCODES_MAX: Final = 8  # of one item
TOTES_MAX: Final = 16
MANIFESTS_MAX: Final = 200  # of one bench


class ManifestItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pack `pieces` of `sku`; `barcodes` mean it, each with the pieces one scan counts."""

    sku: Text
    title: Sentence
    pieces: Pieces
    barcodes: Annotated[tuple[tuple[Text, Pieces], ...], Meta(max_length=BARCODES_MAX)]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`label` of `order_no` may leave `station` once, without a grant, between the two times (seconds of UTC).

    `contents`: the digest of the items. The guard sees no more than this; the node holds the items against it.
    """

    manifest_id: Text
    station: Text
    order_no: Text
    label: Text
    contents: Digest
    issued_utc_s: Count
    expires_utc_s: Count


class SignedManifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A manifest with central's signature (base64 Ed25519 over its canonical bytes), its items, and its totes."""

    manifest: Manifest
    signature: Signature
    items: Annotated[tuple[ManifestItem, ...], Meta(min_length=1, max_length=ITEMS_MAX)]
    totes: Annotated[tuple[Text, ...], Meta(max_length=TOTES_MAX)] = ()


def canonical(manifest: Manifest) -> bytes:
    """The bytes that are signed: compact JSON in field order, under a heading of their own."""
    return b"picklight-manifest-v1\n" + msgspec.json.encode(manifest)


def contents_digest(items: tuple[ManifestItem, ...]) -> str:
    """Sha-256 of the items, hex."""
    return hashlib.sha256(msgspec.json.encode(items)).hexdigest()
