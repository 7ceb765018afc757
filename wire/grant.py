"""The permission to release one parcel, as words: what is signed. Who signs and checks is in wire.grants.

A node only hands it on: it needs no cryptography, which is 7 MB of its memory.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from wire.ids import Text

Signature = Annotated[str, msgspec.Meta(max_length=128)]


class Grant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Release `label` of `order_no` at `station`, once, in answer to the guard's `challenge`."""

    grant_id: Text
    station: Text
    order_no: Text
    label: Text
    challenge: Text


class SignedGrant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`grant` as it was signed, and the base64 Ed25519 signature over its canonical bytes."""

    grant: Grant
    signature: Signature


def canonical(grant: Grant) -> bytes:
    """The bytes that are signed: compact JSON in field order, under a fixed heading so no other use can collide."""
    return b"picklight-grant-v1\n" + msgspec.json.encode(grant)
