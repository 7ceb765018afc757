"""Parcels that leave without a grant, on a manifest: each once, few between two grants, none by default.

What was used stands in a file of the guard's own, on the disk before the gate moves: a power cut may cost a manifest,
never allow it twice. The count begins anew with each grant, which shows that central is back.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wire.grant import Grant
from wire.grants import is_genuine_manifest
from wire.manifest import Manifest

GRANT_MARK: Final = "-"  # a line that begins the count anew
USED_MAX: Final = 20_000  # lines of the file; a bench packs fewer in a year of outages


class UsedManifests:
    """The file of manifests that were used at this bench."""

    def __init__(self, file: Path, at_most: int, clock: Callable[[], float] = time.time) -> None:
        self._file, self._at_most, self._clock = file, at_most, clock
        lines = file.read_text(encoding="utf-8").split() if file.exists() else []
        self._used = {line for line in lines if line != GRANT_MARK}
        since = lines[len(lines) - lines[::-1].index(GRANT_MARK) :] if GRANT_MARK in lines else lines
        self._since_grant = len(since)

    def refusal(self, grant: Grant, manifest: Manifest, signature: str, *, key: Ed25519PublicKey, station: str) -> str:
        """Why `manifest` may not release `grant`'s parcel; "": it may."""
        now_s = self._clock()
        asked = (grant.grant_id, grant.order_no, grant.label)
        rules = (
            ("offline_off", self._at_most > 0),
            ("not_genuine", is_genuine_manifest(manifest, signature, key)),
            ("other_station", manifest.station == station),
            ("other_parcel", asked == (manifest.manifest_id, manifest.order_no, manifest.label)),
            ("expired", manifest.issued_utc_s <= now_s < manifest.expires_utc_s),
            ("used", manifest.manifest_id not in self._used),
            ("too_many_offline", self._since_grant < self._at_most and len(self._used) < USED_MAX),
        )
        return next((why for why, kept in rules if not kept), "")

    def use(self, manifest_id: str) -> None:
        """It is spent. Raises OSError: then nothing may be released for it."""
        self._add(manifest_id)
        self._used.add(manifest_id)
        self._since_grant += 1

    def grant_came(self) -> None:
        """Central is back. A mark that cannot be written leaves the count as it is."""
        if self._since_grant:
            self._add(GRANT_MARK)
            self._since_grant = 0

    def _add(self, line: str) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")  # a line of its own, whatever a power cut left before it
            file.flush()
            os.fsync(file.fileno())
