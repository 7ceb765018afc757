"""The node's journal of deeds: what was recorded is on disk before anybody is told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

from edge.clock import Clock
from edge.link.errors import OutboxError, StoreCorrupt
from edge.link.folder import put_aside, refuse_unsafe
from edge.link.store import Row, Stamp, Standing, Store
from edge.link.writer import AckKnown, Job, Settled, Writer
from wire.codec import decode_record, encode
from wire.deeds import AlarmCleared, AlarmRaised, AnyDeed, ShortPicked
from wire.downlink import Desired
from wire.uplink import Record

ROWS_AT_ONCE: Final = 1_000  # read back in one go after a start
RECENT_ROWS_MAX: Final = 1_000  # newest lines kept in memory, so that sending them needs no disk
ALARM_ROWS: Final = 1_000  # room for alarms beyond `rows_max`: a full store must still be able to say so
ACK_ROWS: Final = 500  # acknowledgements are written with the next deed, or after so many rows
FILLING_PERCENT: Final = 80

_log = logging.getLogger("edge.outbox")
_SHORT: Final = str(ShortPicked.__struct_config__.tag).encode()  # most lines need not be decoded
_T = TypeVar("_T")


class Outbox:
    """Bounded journal on SQLite (WAL, synchronous=FULL). One writer thread; whatever waits shares one commit.

    Raises OutboxUnsafe or OutboxBroken at once if the store cannot keep its promises; a damaged file is kept aside and
    a new store begun (`alarms` says so). `production`: refuse file systems that forget.
    """

    def __init__(self, path: Path, *, production: bool, clock: Clock, rows_max: int = 200_000) -> None:
        self.rows_max = rows_max
        self.alarms: dict[str, str] = {}  # what is wrong now, with a detail; changes are followed by `on_change`
        self.on_change: list[Callable[[], None]] = []  # called on the loop after every batch
        self._path, self._clock = path, clock
        if production:
            refuse_unsafe(path.parent)
        store = self._open()
        self._standing, self._acked = store.standing, store.standing.acked_through
        self._done, self._desired = store.done_picks(), store.desired()
        self._recent: dict[int, Row] = {}
        self._ack_given = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer = Writer(store, self._open, self._post)

    # ---- deeds ----

    async def record(self, deed: AnyDeed, intent: str, *, done_picks: Sequence[str] = ()) -> int:
        """The seq of `deed`, once it is on disk. The same intent again returns the first seq.

        Raises OutboxFull (100 %: nothing more is taken), OutboxBroken (disk error: ask again with the same intent) and
        WireError if the deed breaks the contract.
        """
        clock = self._clock
        stamp = Stamp(clock.utc_ns(), clock.mono_ns(), clock.boot_id)
        line = Record(
            intent=intent,
            at_utc_ns=stamp.utc_ns,
            mono_ns=stamp.mono_ns,
            boot_id=stamp.boot_id,
            clock=clock.trust(),
            deed=deed,
        )
        raw = encode(line)
        decode_record(raw)
        rows_max = self.rows_max + (ALARM_ROWS if isinstance(deed, AlarmRaised | AlarmCleared) else 0)

        def append(store: Store) -> Row | int:
            return store.append(intent, raw, stamp, done_picks, rows_max=rows_max)

        def remember(made: Row | int) -> None:
            if isinstance(made, Row):
                self._recent[made.seq] = made
                self._done.update((pick_id, made.seq) for pick_id in done_picks)

        made = await self._ask(append, remember)
        return made if isinstance(made, int) else made.seq

    def done_picks(self) -> frozenset[str]:
        """Picks done here that a desired state may still ask for: to be masked."""
        return frozenset(self._done)

    # ---- what should be true ----

    def stored_desired(self) -> Desired | None:
        """The desired state kept last."""
        return self._desired

    async def keep_desired(self, desired: Desired) -> None:
        """Return once `desired` is on disk. Done picks it no longer asks for are forgotten. Raises OutboxBroken."""

        def keep(store: Store) -> dict[str, int]:
            store.keep_desired(desired)
            return store.done_picks()

        def remember(done: dict[str, int]) -> None:
            self._desired, self._done = desired, done

        await self._ask(keep, remember)

    # ---- for the conversation with central ----

    @property
    def standing(self) -> Standing:
        """Where the journal stands, acknowledgements included."""
        return replace(self._standing, acked_through=self._acked)

    @property
    def rows(self) -> int:
        """Events central has not acknowledged."""
        return self._standing.last_seq - self._acked

    @property
    def fill_percent(self) -> int:
        """How full, 0 to 100."""
        return min(100, self.rows * 100 // self.rows_max)

    @property
    def progress_ns(self) -> int:
        """When the thread that writes last showed life (CLOCK_MONOTONIC)."""
        return self._writer.progress_ns

    def recent(self, seq: int) -> Row | None:
        """Line `seq` if it is still in memory."""
        return self._recent.get(seq)

    async def read(self, after_seq: int, rows_max: int) -> list[Row]:
        """Up to `rows_max` lines after `after_seq`. Raises OutboxBroken."""
        return await self._ask(lambda store: store.rows(after_seq, rows_max), _nothing)

    async def shorts_after(self, seq: int) -> list[tuple[int, ShortPicked]]:
        """The short picks after line `seq`, as far as lines are kept, with their numbers. Raises OutboxBroken."""
        found: list[tuple[int, ShortPicked]] = []
        rows = await self.read(seq, ROWS_AT_ONCE)
        while rows:
            deeds = ((row.seq, decode_record(row.record).deed) for row in rows if _SHORT in row.record)
            found += [(number, deed) for number, deed in deeds if isinstance(deed, ShortPicked)]
            rows = await self.read(rows[-1].seq, ROWS_AT_ONCE)
        return found

    def acknowledge(self, through: int, central_head: str) -> None:
        """Central has everything of this epoch up to `through` (checked by the caller). Never waits for the disk."""
        self._acked = through
        self._writer.know_ack(AckKnown(self._standing.epoch, through, central_head))
        if through - self._ack_given >= ACK_ROWS:
            self._ack_given = through
            self._put(_no_change, _nothing)
        self._watch_fill()

    async def welcome(self, epoch: int, through: int, central_head: str) -> None:
        """Central's word at the start of a conversation: the epoch to use and what is safe. Raises OutboxBroken."""

        def adopt(store: Store) -> None:
            if store.speaks_as(epoch, through):
                store.acknowledge(through, central_head)
            else:
                store.adopt(epoch, through, central_head)

        def remember(_result: None) -> None:
            self._acked = self._ack_given = through
            self._recent.clear()

        self._writer.know_ack(None)
        await self._ask(adopt, remember)

    def close(self) -> None:
        """Finish what was asked, write what is known, let go of the file. Twice is harmless."""
        self._writer.stop()

    # ---- on the loop ----

    async def _ask(self, act: Callable[[Store], _T], then: Callable[[_T], None]) -> _T:
        result: _T = await self._put(act, then)
        return result

    def _put(self, act: Callable[[Store], Any], then: Callable[[Any], None]) -> asyncio.Future[Any]:
        self._loop = self._loop or asyncio.get_running_loop()
        done: asyncio.Future[Any] = self._loop.create_future()
        done.add_done_callback(_heard)
        self._writer.put(Job(act, then, done))
        return done

    def _settle(self, settled: Settled) -> None:
        if settled.standing is None:
            self.alarms["outbox_disk"] = f"{self._path}: the disk failed"
        else:
            self.alarms.pop("outbox_disk", None)
            self._standing = settled.standing
        if settled.reload is not None:
            self._recent.clear()
            self._done, self._desired = settled.reload
            self._acked = self._standing.acked_through
        for job, result in settled.results:
            self._tell(job, result)
        while len(self._recent) > RECENT_ROWS_MAX:
            del self._recent[next(iter(self._recent))]
        self._watch_fill()
        for changed in self.on_change:
            changed()

    def _tell(self, job: Job, result: Any) -> None:
        if not isinstance(result, OutboxError):
            job.then(result)
        if job.done.cancelled():
            return
        if isinstance(result, OutboxError):
            job.done.set_exception(result)
        else:
            job.done.set_result(result)

    def _watch_fill(self) -> None:
        self._edge("outbox_filling", self.fill_percent >= FILLING_PERCENT, self.fill_percent < FILLING_PERCENT - 10)
        self._edge("outbox_full", self.rows >= self.rows_max, self.fill_percent < 95)

    def _edge(self, alarm: str, begins: bool, ends: bool) -> None:
        if begins and alarm not in self.alarms:
            self.alarms[alarm] = f"{self.rows} of {self.rows_max} events wait for central"
            _log.warning("%s rows=%d rows_max=%d", alarm, self.rows, self.rows_max)
        elif ends and self.alarms.pop(alarm, None) is not None:
            _log.info("%s_over rows=%d", alarm, self.rows)

    # ---- on the writer's thread (and at construction) ----

    def _open(self) -> Store:
        """The store; a damaged file is put aside first."""
        try:
            return self._new_store()
        except StoreCorrupt as error:
            aside = put_aside(self._path, self._clock.utc_ns())
            self.alarms["outbox_damaged"] = f"kept aside as {aside.name}: {error}"[:200]
            _log.error("outbox_damaged error=%r kept_aside=%s to_do='send that file to support'", str(error), aside)
            return self._new_store()

    def _new_store(self) -> Store:
        return Store(self._path)

    def _post(self, settled: Settled) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits any more
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._settle, settled)


def _no_change(_store: Store) -> None:
    """Only so that what is known gets written."""


def _heard(done: asyncio.Future[Any]) -> None:
    """An error nobody waits for any more is in `alarms` too."""
    if not done.cancelled():
        done.exception()


def _nothing(_result: object) -> None:
    """Nothing to remember."""
