"""Records deeds and says on standard output what it was promised; run under strace by the tests beside it.

Arguments: path of the store, `full` or `normal` (the mutant: synchronous=NORMAL), number of rounds.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from pathlib import Path

from edge.clock import ManualClock
from edge.link.errors import OutboxBroken
from edge.link.outbox import Outbox
from edge.link.store import Store
from wire.deeds import PickConfirmed
from wire.downlink import Desired

CHECKPOINT_PAGES = 40  # often, so that cuts fall into check-points too


class TestedStore(Store):
    """The store with frequent check-points and, as a mutant, without a sync at each commit."""

    relaxed = False

    def _prepare(self, db: sqlite3.Connection) -> None:
        super()._prepare(db)
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        if self.relaxed:
            db.execute("PRAGMA synchronous = NORMAL")


class TestedOutbox(Outbox):
    """The outbox on that store."""

    def _new_store(self) -> Store:
        return TestedStore(self._path)


def say(text: str) -> None:
    """In one write, so that the record of system calls has it in one place."""
    os.write(1, f"{text}\n".encode())


async def record(outbox: Outbox, number: int) -> None:
    """Confirm pick `number`; after a disk error ask again with the same intent, as the shells do."""
    name = f"p{number}"
    deed = PickConfirmed(zone="A", pick_id=name, tote_id="T", location_id="A-1", sku="MUG" * 20, picked_pieces=1)
    while True:
        try:
            seq = await outbox.record(deed, f"pick:{name}", done_picks=[name])
        except OutboxBroken:
            say(f"broken {number}")
            await asyncio.sleep(0.05)
        else:
            say(f"recorded {number} {seq}")
            return


async def keep(outbox: Outbox, version: int) -> None:
    """Keep a desired state."""
    while True:
        try:
            await outbox.keep_desired(Desired(version=version))
        except OutboxBroken:
            say("broken desired")
            await asyncio.sleep(0.05)
        else:
            say(f"desired {version}")
            return


async def work(path: Path, rounds: int) -> None:
    """One deed alone, three together, a welcome, acknowledgements, desired states."""
    outbox = TestedOutbox(path, production=False, clock=ManualClock())
    number = 0
    for one in range(1, rounds + 1):
        await record(outbox, number)
        await asyncio.gather(*(record(outbox, number + more) for more in (1, 2, 3)))
        number += 4
        if one == 5:
            await outbox.welcome(1, 0, "")
            say("welcomed 1")
        if one % 4 == 0:
            await keep(outbox, one)
            outbox.acknowledge(outbox.standing.last_seq - 2, "")
    say("end")
    outbox.close()


if __name__ == "__main__":
    TestedStore.relaxed = sys.argv[2] == "normal"
    asyncio.run(work(Path(sys.argv[1]), int(sys.argv[3])))
