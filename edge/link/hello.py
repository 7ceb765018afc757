"""The first word of a connection, from what the outbox and the clock say."""

from __future__ import annotations

from edge.clock import Clock
from edge.link.outbox import Outbox
from wire.uplink import Hello


def hello_of(node: str, outbox: Outbox, clock: Clock, connects: int, software: str) -> Hello:
    """What `node` says of itself now."""
    at, kept = outbox.standing, outbox.stored_desired()
    return Hello(
        node=node,
        store_id=at.store_id,
        epoch=at.epoch,
        first_seq=at.first_seq,
        last_seq=at.last_seq,
        head=at.head,
        boot_id=clock.boot_id,
        connects=connects,
        desired_version=kept.version if kept else 0,
        software=software,
        clock=clock.trust(),
    )
