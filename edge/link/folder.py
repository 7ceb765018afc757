"""Is this folder on a disk? And putting a damaged store aside so that both names change durably."""

from __future__ import annotations

import os
from pathlib import Path

from edge.link.errors import OutboxUnsafe
from wire.disk import why_unsafe


def refuse_unsafe(folder: Path) -> None:
    """Raise OutboxUnsafe if what is written to `folder` may be gone after a power cut."""
    why = why_unsafe(folder)
    if why:
        raise OutboxUnsafe(why)


def sync_folder(folder: Path) -> None:
    """Make names made or changed in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_aside(path: Path, stamp: int) -> Path:
    """Rename the store at `path` and its log; the new name ends in `.damaged-<stamp>`. Nothing is deleted."""
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for ending in ("-wal", "-shm", "-journal", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    sync_folder(path.parent)
    return aside
