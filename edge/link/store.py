"""The node's journal on disk: one SQLite file, one connection, used by one thread."""

from __future__ import annotations

import sqlite3
import uuid
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from edge.link.errors import OutboxBroken, OutboxFull, OutboxUnsafe, StoreCorrupt
from edge.link.folder import sync_folder
from edge.link.marks import asked_by
from wire.codec import chain, decode_down, encode
from wire.downlink import Desired
from wire.errors import WireError
from wire.log_room import lay_out

KEPT_ROWS: Final = 5_000  # acknowledged rows kept, should central come back with an older state
PRUNE_ROWS: Final = 500  # so many beyond that are deleted at once
LAYOUT: Final = 1
_DAMAGE: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH}
_SCHEMA: Final = (
    """CREATE TABLE event (
        seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, intent TEXT NOT NULL UNIQUE, prev TEXT NOT NULL,
        record BLOB NOT NULL, utc_ns INTEGER NOT NULL, mono_ns INTEGER NOT NULL, boot_id TEXT NOT NULL,
        crc INTEGER NOT NULL) STRICT""",
    "CREATE TABLE done_pick (pick_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT",
    "CREATE TABLE known (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    f"PRAGMA user_version = {LAYOUT}",
)
_COLUMNS: Final = "seq, epoch, intent, prev, record, utc_ns, mono_ns, boot_id"


@dataclass(frozen=True)
class Row:
    """One journal line: `record` are the exact bytes that are chained, `prev` the chain head before it."""

    seq: int
    epoch: int
    intent: str
    prev: str
    record: bytes
    utc_ns: int
    mono_ns: int
    boot_id: str

    def head(self) -> str:
        """The chain head after this line."""
        return chain(self.prev, self.epoch, self.seq, self.record)

    def checksum(self) -> int:
        """Guards every column."""
        facts = f"{self.seq}|{self.epoch}|{self.intent}|{self.prev}|{self.utc_ns}|{self.mono_ns}|{self.boot_id}|"
        return zlib.crc32(self.record, zlib.crc32(facts.encode()))


@dataclass(frozen=True)
class Standing:
    """Where the journal stands. `epoch` 0: central has not met this store yet. `starts`: times it was opened."""

    store_id: str
    epoch: int = 0
    first_seq: int = 1
    last_seq: int = 0
    acked_through: int = 0
    head: str = ""
    central_head: str = ""
    starts: int = 0

    def waiting(self) -> int:
        """Rows central has not acknowledged."""
        return self.last_seq - self.acked_through


@dataclass(frozen=True)
class Stamp:
    """When something happened."""

    utc_ns: int
    mono_ns: int
    boot_id: str


class Store:
    """The file. Every method may raise sqlite3.Error, after which the store must be closed and opened anew."""

    def __init__(self, path: Path, *, lock_wait_s_max: float = 5.0) -> None:
        """Open or create, check every line. Raises StoreCorrupt, OutboxUnsafe or OutboxBroken."""
        self._path = path
        self._db: sqlite3.Connection | None = None
        try:
            self._db = sqlite3.connect(path, timeout=lock_wait_s_max, isolation_level=None, check_same_thread=False)
            self._prepare(self._db)
            lay_out(path)
            self.standing = self._read_all()
        except sqlite3.Error as error:
            self.close()
            raise _reason(path, error) from error
        except (StoreCorrupt, OutboxUnsafe):
            self.close()
            raise
        sync_folder(path.parent)

    @property
    def db(self) -> sqlite3.Connection:
        """The open connection. Raises OutboxBroken once closed."""
        if self._db is None:
            raise OutboxBroken(f"{self._path}: closed. Restart the node")
        return self._db

    def close(self) -> None:
        """Let go of the file. Twice is harmless."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def write_out(self) -> None:
        """Copy the log into the file and sync both: after a failed sync only freshly written pages can be believed."""
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction: on disk when the block ends. On any error nothing of it is kept."""
        before = self.standing
        self.db.execute("BEGIN IMMEDIATE")
        done = False
        try:
            yield
            self.db.execute("COMMIT")
            done = True
        finally:
            if not done:
                self.standing = before
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")

    # ---- inside a batch ----

    def append(
        self, intent: str, record: bytes, stamp: Stamp, done_picks: Sequence[str] = (), *, rows_max: int
    ) -> Row | int:
        """The new line, or the seq of the line that already carries `intent`. Raises OutboxFull."""
        known = self.db.execute("SELECT seq FROM event WHERE intent = ?", (intent,)).fetchone()
        if known is not None:
            return int(known[0])
        at = self.standing
        if at.waiting() >= rows_max:
            raise OutboxFull(f"{at.waiting()} events wait for central. Check the network and central")
        row = Row(at.last_seq + 1, at.epoch, intent, at.head, record, stamp.utc_ns, stamp.mono_ns, stamp.boot_id)
        self._insert(row)
        picks = [(pick_id, row.seq) for pick_id in done_picks]
        self.db.executemany("INSERT OR IGNORE INTO done_pick VALUES (?, ?)", picks)
        self.standing = replace(at, last_seq=row.seq, head=row.head())
        return row

    def acknowledge(self, through: int, central_head: str) -> None:
        """Central has everything up to `through`; older lines than the last `KEPT_ROWS` of them go."""
        self.standing = replace(self.standing, acked_through=through, central_head=central_head)
        self._know(acked_through=through, central_head=central_head)
        last_out = through - KEPT_ROWS
        if last_out - self.standing.first_seq >= PRUNE_ROWS:
            self.db.execute("DELETE FROM event WHERE seq <= ?", (last_out,))
            self.standing = replace(self.standing, first_seq=last_out + 1)

    def adopt(self, epoch: int, through: int, central_head: str) -> None:
        """A new epoch: the lines after `through` belong to it and are chained to central's head."""
        self._know(epoch=epoch, acked_through=through, central_head=central_head)
        head = central_head
        for row in self.rows(through, -1):
            moved = replace(row, epoch=epoch, prev=head)
            self.db.execute(
                "UPDATE event SET epoch = ?, prev = ?, crc = ? WHERE seq = ?",
                (epoch, head, moved.checksum(), row.seq),
            )
            head = moved.head()
        self.standing = replace(self.standing, epoch=epoch, acked_through=through, head=head, central_head=central_head)

    def keep_desired(self, desired: Desired) -> None:
        """Keep it, and forget done picks that central has acknowledged and no longer asks for."""
        self._know(desired=encode(desired))
        is_asked = asked_by(desired)
        done = self.db.execute("SELECT pick_id FROM done_pick WHERE seq <= ?", (self.standing.acked_through,))
        settled = [(pick_id,) for (pick_id,) in done.fetchall() if not is_asked(pick_id)]
        self.db.executemany("DELETE FROM done_pick WHERE pick_id = ?", settled)

    # ---- reading ----

    def rows(self, after_seq: int, rows_max: int) -> list[Row]:
        """Up to `rows_max` lines after `after_seq` (-1: all)."""
        asked = f"SELECT {_COLUMNS} FROM event WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608 constant
        return [Row(*found) for found in self.db.execute(asked, (after_seq, rows_max))]

    def speaks_as(self, epoch: int, after_seq: int) -> bool:
        """Does this store have `epoch`, and every line after `after_seq` too?"""
        asked = "SELECT 1 FROM event WHERE seq > ? AND epoch <> ? LIMIT 1"
        return self.standing.epoch == epoch and self.db.execute(asked, (after_seq, epoch)).fetchone() is None

    def done_picks(self) -> dict[str, int]:
        """Picks done here and still to be masked, with the seq of the deed."""
        return dict(self.db.execute("SELECT pick_id, seq FROM done_pick").fetchall())

    def desired(self) -> Desired | None:
        """The desired state kept last; None if there is none that can be read."""
        found = self.db.execute("SELECT value FROM known WHERE name = 'desired'").fetchone()
        try:
            kept = decode_down(bytes(found[0])) if found else None
        except WireError:
            return None
        return kept if isinstance(kept, Desired) else None

    # ---- opening ----

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Durable settings, read back: a distribution may have compiled other defaults."""
        for setting, wanted in (("locking_mode", "exclusive"), ("journal_mode", "wal"), ("synchronous", 2)):
            db.execute(f"PRAGMA {setting} = {wanted}")
            found = db.execute(f"PRAGMA {setting}").fetchone()[0]
            if found != wanted:
                raise OutboxUnsafe(f"{self._path}: SQLite keeps {setting}={found}, not {wanted}. Use Debian's SQLite")

    def _read_all(self) -> Standing:
        layout = int(self.db.execute("PRAGMA user_version").fetchone()[0])
        if layout > LAYOUT:
            raise OutboxUnsafe(f"{self._path}: written by a newer picklight. Install that version")
        self.db.execute("BEGIN IMMEDIATE")
        if layout == 0:
            for statement in _SCHEMA:
                self.db.execute(statement)
            self._know(store_id=uuid.uuid4().hex)
        standing = self._check()
        self._know(starts=standing.starts + 1)
        self.db.execute("COMMIT")
        return replace(standing, starts=standing.starts + 1)

    def _check(self) -> Standing:
        """Walk every page and every line. Raises StoreCorrupt."""
        verdict = str(self.db.execute("PRAGMA quick_check(1)").fetchone()[0])
        if verdict != "ok":
            raise StoreCorrupt(f"{self._path}: {verdict}")
        known = {name: bytes(value) for name, value in self.db.execute("SELECT name, value FROM known")}
        standing = _standing(self._path, known)
        last: Row | None = None
        asked = f"SELECT {_COLUMNS}, crc FROM event ORDER BY seq"  # noqa: S608 constant
        for *found, crc in self.db.execute(asked):
            row = Row(*found)
            _check_line(self._path, last, row, crc)
            standing = standing if last else replace(standing, first_seq=row.seq)
            last = row
        if last is not None:
            standing = replace(standing, last_seq=last.seq, head=last.head())
        if standing.acked_through > standing.last_seq:
            raise StoreCorrupt(f"{self._path}: lines {standing.last_seq + 1} to {standing.acked_through} are missing")
        return standing

    def _insert(self, row: Row) -> None:
        self.db.execute(
            f"INSERT INTO event ({_COLUMNS}, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 constant
            (*(getattr(row, name) for name in _COLUMNS.split(", ")), row.checksum()),
        )

    def _know(self, **facts: int | str | bytes) -> None:
        values = [(name, value if isinstance(value, bytes) else str(value).encode()) for name, value in facts.items()]
        self.db.executemany("INSERT OR REPLACE INTO known VALUES (?, ?)", values)


def _standing(path: Path, known: dict[str, bytes]) -> Standing:
    text = {name: value for name, value in known.items() if name != "desired"}
    try:
        return msgspec.convert({name: value.decode() for name, value in text.items()}, Standing, strict=False)
    except (msgspec.ValidationError, UnicodeDecodeError) as error:
        raise StoreCorrupt(f"{path}: {error}") from error


def _check_line(path: Path, last: Row | None, row: Row, crc: int) -> None:
    if row.checksum() != crc:
        raise StoreCorrupt(f"{path}: line {row.seq} is damaged")
    if last is None:
        return
    if row.seq != last.seq + 1:
        raise StoreCorrupt(f"{path}: lines {last.seq + 1} to {row.seq - 1} are missing")
    if row.epoch == last.epoch and row.prev != last.head():
        raise StoreCorrupt(f"{path}: line {row.seq} does not follow line {last.seq}")


def _reason(path: Path, error: sqlite3.Error) -> OutboxBroken | OutboxUnsafe | StoreCorrupt:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGE:
        return StoreCorrupt(f"{path}: {error}")
    if code == sqlite3.SQLITE_BUSY:
        return OutboxUnsafe(f"{path}: in use by another process. Stop the other node that uses this state_dir")
    return OutboxBroken(f"{path}: {error}. Check the disk")
