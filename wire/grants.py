"""Signing a permission to release one parcel: by central; checked by the guard."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.errors import WireError
from wire.grant import Grant, SignedGrant, canonical
from wire.manifest import Manifest
from wire.manifest import canonical as canonical_manifest


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


def sign_manifest(manifest: Manifest, key: Ed25519PrivateKey) -> str:
    """Central's signature over `manifest`."""
    return base64.b64encode(key.sign(canonical_manifest(manifest))).decode("ascii")


def is_genuine_manifest(manifest: Manifest, signature: str, key: Ed25519PublicKey) -> bool:
    """True if `signature` is of `key`'s owner over exactly this manifest."""
    try:
        key.verify(base64.b64decode(signature, validate=True), canonical_manifest(manifest))
    except (InvalidSignature, ValueError):
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
