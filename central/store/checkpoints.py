"""Copies the write-ahead log into the database file beside the writer, so that no commit waits for it.

SQLite would do it inside the commit that fills the log: every hundredth scan or so then waits for three flushes more.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from pathlib import Path
from typing import Final

EVERY_S: Final = 1.0
BACKSTOP_PAGES: Final = 8_000  # a log of 32 MB: so far behind, a commit does it itself

log = logging.getLogger("central.store")


class Checkpoints:
    """A thread with a connection of its own. It blocks neither readers nor the writer."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="checkpoints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread. Twice is harmless."""
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        with contextlib.closing(sqlite3.connect(self._database, isolation_level=None)) as connection:
            while not self._over.wait(EVERY_S):
                try:
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                except sqlite3.Error as error:  # the writer meets the same disk and says so
                    log.warning("checkpoint_failed error=%r", str(error))
                    return
