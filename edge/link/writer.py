"""The one thread that writes the store: whatever waits shares one commit, and a failed disk is tried again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from edge.link.errors import OutboxBroken, OutboxError, OutboxFull
from edge.link.store import Standing, Store
from wire.downlink import Desired

BATCH_MAX: Final = 200  # jobs that share one commit
BEAT_S: Final = 1.0  # how often the thread shows life while nothing is asked of it
REOPEN_PAUSE_S: Final = 1.0  # between attempts to open a store whose disk failed

_log = logging.getLogger("edge.outbox")


@dataclass(frozen=True)
class Job:
    """Do `act` in a transaction; then, on the loop, `then` with its result."""

    act: Callable[[Store], Any]
    then: Callable[[Any], None]
    done: asyncio.Future[Any]


@dataclass(frozen=True)
class AckKnown:
    """Central has everything of `epoch` up to `through`."""

    epoch: int
    through: int
    central_head: str


@dataclass(frozen=True)
class Settled:
    """What a batch came to: per job a result or an error, and where the journal stands now (None: the disk failed).

    `reload`: the store was opened anew; these are its done picks and desired state.
    """

    results: list[tuple[Job, Any]]
    standing: Standing | None
    reload: tuple[dict[str, int], Desired | None] | None = None


class Writer:
    """Owns the store from construction on. `post` is called on the writer's thread after every batch."""

    def __init__(self, store: Store, open_again: Callable[[], Store], post: Callable[[Settled], None]) -> None:
        self.stopped = False
        self.progress_ns = time.monotonic_ns()  # last sign of life of the thread
        self._store: Store | None = store
        self._open_again, self._post = open_again, post
        self._ack: AckKnown | None = None
        self._reopen_after_s = 0.0
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queue `job`. Raises OutboxBroken once stopped."""
        if self.stopped:
            raise OutboxBroken("the node's store is closed. The node is stopping")
        self._jobs.put(job)

    def know_ack(self, ack: AckKnown | None) -> None:
        """Write this with the next batch: a lost acknowledgement costs a repeat, no more."""
        self._ack = ack

    def stop(self) -> None:
        """Finish what is queued, close the store. Twice is harmless."""
        if not self.stopped:
            self.stopped = True
            self._jobs.put(None)
        self._thread.join()

    # ---- on the thread ----

    def _work(self) -> None:
        try:
            while jobs := self._next_jobs():
                self._post(self._commit(jobs))
        finally:
            self._finish()

    def _next_jobs(self) -> list[Job]:
        """Whatever waits, at least one; none: stop."""
        jobs: list[Job] = []
        while (job := self._next_job()) is not None:
            jobs.append(job)
            if len(jobs) == BATCH_MAX or self._jobs.empty():
                return jobs
        if jobs:
            self._jobs.put(None)
        return jobs

    def _next_job(self) -> Job | None:
        while True:
            self.progress_ns = time.monotonic_ns()
            with contextlib.suppress(queue.Empty):
                return self._jobs.get(timeout=BEAT_S)

    def _commit(self, jobs: list[Job]) -> Settled:
        reopened = self._store is None
        try:
            store = self._store = self._store or self._reopen()
            reload = (store.done_picks(), store.desired()) if reopened else None
            with store.batch():
                self._write_ack(store)
                results = [(job, _perform(job, store)) for job in jobs]
            return Settled(results, store.standing, reload)
        except (sqlite3.Error, OSError, OutboxError) as error:
            self._drop_store(error)
            broken = OutboxBroken(f"{error}. Check the disk of the node")
            return Settled([(job, broken) for job in jobs], None)

    def _drop_store(self, error: Exception) -> None:
        if self._store is not None:
            _log.error("outbox_disk error=%r to_do='check the disk; trying again'", str(error))
            store, self._store = self._store, None
            with contextlib.suppress(sqlite3.Error):
                store.close()

    def _reopen(self) -> Store:
        """After a disk error the page cache may lie: check every line and write it out anew before it is believed."""
        now_s = time.monotonic()
        if now_s < self._reopen_after_s:
            raise OutboxBroken("the disk failed a moment ago")
        self._reopen_after_s = now_s + REOPEN_PAUSE_S
        store = self._open_again()
        store.write_out()
        _log.info("outbox_disk_over lines=%d", store.standing.last_seq)
        return store

    def _write_ack(self, store: Store) -> None:
        ack, self._ack = self._ack, None
        if ack is not None and ack.epoch == store.standing.epoch:
            store.acknowledge(ack.through, ack.central_head)

    def _finish(self) -> None:
        self.stopped = True
        if self._store is not None:
            with contextlib.suppress(sqlite3.Error, OutboxError):
                with self._store.batch():
                    self._write_ack(self._store)
                self._store.close()
        broken, leftover = OutboxBroken("the node's store is closed"), []
        while not self._jobs.empty():
            if (job := self._jobs.get()) is not None:
                leftover.append((job, broken))
        if leftover:
            self._post(Settled(leftover, None))


def _perform(job: Job, store: Store) -> Any:
    try:
        return job.act(store)
    except OutboxFull as full:  # raised before anything was changed: the others of the batch go on
        return full
