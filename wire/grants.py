"""The permission to release one parcel: made and signed by central, checked by the guard."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.errors import WireError
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


def sign(grant: Grant, key: Ed25519PrivateKey) -> SignedGrant:
    """Sign `grant` with central's key."""
    return SignedGrant(grant=grant, signature=base64.b64encode(key.sign(canonical(grant))).decode("ascii"))


def is_genuine(signed: SignedGrant, key: Ed25519PublicKey) -> bool:
    """True if `signed` carries a signature of `key`'s owner over exactly this grant."""
    try:
        key.verify(base64.b64decode(signed.signature, validate=True), canonical(signed.grant))
    except (InvalidSignature, ValueError):  # ValueError: not base64, or not even ASCII
        return False
    return True


def public_key_text(key: Ed25519PublicKey) -> str:
    """The key as a node profile pins it: base64 of its 32 raw bytes."""
    return base64.b64encode(key.public_bytes_raw()).decode("ascii")


def read_public_key(text: str) -> Ed25519PublicKey:
    """Inverse of `public_key_text`. Raises WireError."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.strip(), validate=True))
    except (ValueError, binascii.Error) as error:
        raise WireError("grant_public_key", "not the base64 of 32 bytes") from error
