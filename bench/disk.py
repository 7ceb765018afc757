"""One durable commit with nothing around it: SQLite, WAL, synchronous=FULL."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from wire.log_room import lay_out


class BareJournal:
    """A table like the journal's, its indexes included, written with plain sqlite3."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute(
            "CREATE TABLE journal (id INTEGER PRIMARY KEY, node TEXT, epoch INTEGER, seq INTEGER, intent TEXT,"
            " kind TEXT, record BLOB, received_utc_ns INTEGER, UNIQUE (node, epoch, seq))"
        )
        self._base.execute("CREATE UNIQUE INDEX journal_intent ON journal (intent)")
        lay_out(path)  # the reference has every advantage that we give ourselves
        self._seq = 0

    def write(self, records: list[bytes]) -> float:
        """Commit these lines in one transaction; returns the seconds it took."""
        rows = []
        for record in records:
            self._seq += 1
            rows.append(("zone-a", 1, self._seq, f"i:{self._seq}", "pick_confirmed", record, time.time_ns()))
        began_s = time.perf_counter()
        self._base.execute("BEGIN IMMEDIATE")
        self._base.executemany(
            "INSERT INTO journal (node, epoch, seq, intent, kind, record, received_utc_ns) VALUES (?,?,?,?,?,?,?)", rows
        )
        self._base.execute("COMMIT")
        return time.perf_counter() - began_s

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()
