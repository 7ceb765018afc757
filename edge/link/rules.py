"""What central's words mean for the journal: decided here, done elsewhere."""

from __future__ import annotations

from enum import StrEnum

from edge.link.store import Row, Standing
from wire.downlink import Ack, Welcome

OTHER_BOOT_MS_MIN = 60_000  # age of a deed from before a reboot, whatever the wall clock says: never fresh again


class AckMeans(StrEnum):
    """What an acknowledgement is."""

    PROGRESS = "progress"
    REPEAT = "repeat"  # known already; answers in it may still be wanted
    OTHER_EPOCH = "other_epoch"  # of another life of this node: nothing of it is believed
    FUTURE = "future"  # of lines never made: nothing of it is believed


def judge_ack(standing: Standing, ack: Ack) -> AckMeans:
    """May lines be forgotten for `ack`?"""
    if ack.epoch != standing.epoch:
        return AckMeans.OTHER_EPOCH
    if ack.through > standing.last_seq:
        return AckMeans.FUTURE
    return AckMeans.PROGRESS if ack.through > standing.acked_through else AckMeans.REPEAT


def welcome_is_possible(standing: Standing, welcome: Welcome) -> bool:
    """False if central claims lines this store never made: then somebody else spoke for us, or this card is a copy."""
    return welcome.acked_through <= standing.last_seq


def age_ms(row: Row, boot_id: str, mono_ns: int, utc_ns: int) -> int:
    """How long ago `row` happened: by the time since boot; after a reboot by wall time, at least a minute."""
    if row.boot_id == boot_id:
        return max(0, mono_ns - row.mono_ns) // 1_000_000
    return max(OTHER_BOOT_MS_MIN, (utc_ns - row.utc_ns) // 1_000_000)
