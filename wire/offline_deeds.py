"""What a bench did while central was away."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wire.deed import Deed
from wire.ids import MaybeText, ScanText, Text


class OfflineScan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scan that the bench judged without central."""

    text: ScanText
    verdict: Text


class OfflineParcel(Deed, frozen=True, kw_only=True, tag="offline_parcel"):
    """A parcel was packed on a manifest while central was away: it is complete, or was set aside (`reason`, if any).

    `scan_id`: of the scan that began it. Complete, it may leave: the release is said by its own deed.
    """

    station: Text
    scan_id: Text
    manifest_id: Text
    order_no: Text
    label: Text
    outcome: Literal["complete", "aside"]
    reason: MaybeText = ""
    scans: Annotated[tuple[OfflineScan, ...], Meta(max_length=500)] = ()
    packer: MaybeText = ""
