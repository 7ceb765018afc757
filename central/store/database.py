"""The site's database, opened durably: one connection, one writer thread, statements prepared once.

SQLAlchemy Core compiles each statement once for the dialect at hand; the hot path then hands it to the driver's own
cursor (2 µs instead of 20 µs a statement).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

from central.store.checkpoints import BACKSTOP_PAGES, Checkpoints
from central.store.errors import SiteTaken, StoreBroken, StoreUnsafe
from central.store.migrate import migrate
from wire.log_room import lay_out

BUSY_WAIT_MS_MAX: Final = 10_000  # longest wait for another process' lock; readers in WAL never hold one that long
CACHE_KIB: Final = 32_768  # page cache; the writer stays below 200 MB
FULL: Final = 2  # PRAGMA synchronous

Row = tuple[Any, ...]


class Prepared:
    """One SQL statement with `:name` parameters."""

    __slots__ = ("sql",)

    def __init__(self, sql: str) -> None:
        self.sql = sql


class Database:
    """Owned by one thread. `database` is a SQLite file or a SQLAlchemy URL.

    Raises SiteTaken if another writer has it, StoreUnsafe if a commit would not be durable.
    """

    def __init__(self, database: Path | str) -> None:
        url = f"sqlite:///{database}" if isinstance(database, Path) or "://" not in str(database) else str(database)
        self._lock = _take_lock(url)
        self._engine = open_engine(url)
        self._compiled: dict[Prepared, str] = {}
        with self._engine.connect() as connection:
            migrate(connection)
        self._connection: Connection = self._engine.connect()
        driver = self._engine.dialect.dbapi
        if driver is None:  # pragma: no cover - create_engine always loads one
            raise StoreUnsafe(f"{url}: no database driver")
        # What one item may fail with without the batch: its own content, never the disk.
        self.item_errors: tuple[type[Exception], ...] = (
            *(ValueError, LookupError, TypeError, ArithmeticError),
            driver.IntegrityError,
            driver.DataError,
            driver.InterfaceError,
            driver.ProgrammingError,
        )
        self._broken: type[BaseException] = driver.OperationalError
        raw: Any = self._connection.connection.dbapi_connection
        self._cursor: Any = raw.cursor()
        _check_durable(self._cursor, self._engine, url)
        self._checkpoints = self._beside(url)

    def run(self, statement: Prepared, /, **values: object) -> int:
        """Execute; how many rows it touched."""
        self._cursor.execute(self._text(statement), values)
        return int(self._cursor.rowcount)

    def many(self, statement: Prepared, rows: Sequence[dict[str, object]]) -> None:
        """Execute once for each of `rows`."""
        if rows:
            self._cursor.executemany(self._text(statement), rows)

    def row(self, statement: Prepared, /, **values: object) -> Row | None:
        """The first row, or None."""
        found: Row | None = self._cursor.execute(self._text(statement), values).fetchone()
        return found

    def rows(self, statement: Prepared, /, **values: object) -> list[Row]:
        """Every row."""
        found: list[Row] = self._cursor.execute(self._text(statement), values).fetchall()
        return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block did, or nothing of it. Raises StoreBroken when the disk fails."""
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
            yield
            self._cursor.execute("COMMIT")
        except self._broken as error:
            self._undo()
            raise StoreBroken(f"{self._engine.url}: {error}. Check the disk, then start central again") from error
        except BaseException:
            self._undo()
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block did if it raises; the transaction goes on."""
        self._cursor.execute("SAVEPOINT item")
        try:
            yield
        except BaseException:
            self._cursor.execute("ROLLBACK TO item")
            self._cursor.execute("RELEASE item")
            raise
        self._cursor.execute("RELEASE item")

    def close(self) -> None:
        """Let go of the file and the writer's lock."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        self._cursor.close()
        self._connection.close()
        self._engine.dispose()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _beside(self, url: str) -> Checkpoints | None:
        """For a file: room for its log, and somebody who empties it."""
        file = make_url(url).database
        if self._engine.dialect.name != "sqlite" or not file or file == ":memory:":
            return None
        self._cursor.execute(f"PRAGMA wal_autocheckpoint={BACKSTOP_PAGES}")
        lay_out(Path(file))
        return Checkpoints(Path(file))

    def _undo(self) -> None:
        raw: Any = self._connection.connection.dbapi_connection
        raw.rollback()

    def _text(self, statement: Prepared) -> str:
        found = self._compiled.get(statement)
        if found is None:
            found = str(text(statement.sql).compile(dialect=self._engine.dialect))
            self._compiled[statement] = found
        return found


def open_engine(url: str) -> Engine:
    """A SQLAlchemy engine with the pragmas that make SQLite durable; transactions are begun by hand."""
    engine = create_engine(url, paramstyle="named") if url.startswith("sqlite") else create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # the driver must not begin or commit on its own
    cursor = raw.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_WAIT_MS_MAX}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _check_durable(cursor: Any, engine: Engine, url: str) -> None:
    if engine.dialect.name != "sqlite":
        return
    mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if mode != "wal" or level != FULL:
        raise StoreUnsafe(f"{url}: journal_mode={mode} synchronous={level}. Put the site's database on a local disk")


def _take_lock(url: str) -> int:
    path = make_url(url).database
    if not url.startswith("sqlite") or not path or path == ":memory:":
        return -1
    handle = os.open(f"{path}.writer", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise SiteTaken(f"{path}: another central writes it. Stop that one first") from error
    return handle
