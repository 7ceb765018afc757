"""Room for SQLite's write-ahead log, laid out before it is needed.

A flush of a file that grows must also write down its new length; one of a file that does not is two to six times
quicker (measured on ext4, docs/benches.md). SQLite starts its log anew at the file's beginning and never shortens it,
so what is laid out once stays. Zeros after the last frame end the log for SQLite: no frame has them for a salt.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

ROOM_BYTES: Final = 4_200_000  # 1,000 frames of a page and its header: so many, and SQLite copies the log into the file
_ZEROS: Final = bytes(65_536)


def lay_out(database: Path) -> None:
    """Lengthen the log beside the open `database` with zeros to `ROOM_BYTES`.

    Call before the first transaction that matters, while nobody writes. A full disk is for the next commit to tell.
    """
    log = database.with_name(f"{database.name}-wal")
    with contextlib.suppress(OSError), log.open("r+b", buffering=0) as file:
        left = ROOM_BYTES - file.seek(0, os.SEEK_END)
        while left > 0:
            left -= file.write(_ZEROS[:left])
