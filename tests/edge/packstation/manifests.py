"""Manifests for the tests of packing without central."""

from __future__ import annotations

import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire.grants import sign_manifest
from wire.manifest import Manifest, ManifestItem, SignedManifest, contents_digest

LABEL, ITEM = "LP00000000000001", "5901234123457"
ITEMS = (ManifestItem(sku="MUG-RED", title="Red mug", pieces=2, barcodes=((ITEM, 1), ("PACK-OF-2", 2))),)


def manifest(key: Ed25519PrivateKey, **changed: object) -> SignedManifest:
    """For two mugs at bench-1, that holds for an hour from now."""
    now = int(time.time())
    fields = {
        "manifest_id": "M1",
        "station": "bench-1",
        "order_no": "O-1",
        "label": LABEL,
        "contents": contents_digest(ITEMS),
        "issued_utc_s": now - 60,
        "expires_utc_s": now + 3600,
        **changed,
    }
    head = Manifest(**fields)  # type: ignore[arg-type]
    return SignedManifest(manifest=head, signature=sign_manifest(head, key), items=ITEMS, totes=("TOTE-7",))
