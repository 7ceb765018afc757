"""Is this folder on a disk? And putting a damaged store aside so that both names change durably."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from edge.link.errors import OutboxUnsafe

_FORGETS: Final = {"tmpfs", "ramfs", "overlay", "aufs", "squashfs", "zram"}  # gone after a reboot, or read only
_CANNOT_LOCK: Final = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "vboxsf"}  # no dependable sync or lock


def filesystem_of(folder: Path, mounts: str) -> str:
    """The type of the file system `folder` is on; `mounts` is the text of /proc/self/mountinfo."""
    where, best, kind = folder.resolve(), -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(before.split(" ")[4].encode().decode("unicode_escape"))
        depth = len(point.parts)
        if where.is_relative_to(point) and depth >= best:  # the later mount covers the earlier one
            best, kind = depth, after.split(" ")[0]
    return kind


def refuse_unsafe(folder: Path) -> None:
    """Raise OutboxUnsafe if what is written to `folder` may be gone after a power cut."""
    kind = filesystem_of(folder, Path("/proc/self/mountinfo").read_text(encoding="utf-8"))
    if kind in _FORGETS:
        raise OutboxUnsafe(
            f"{folder} is on {kind}, which forgets at reboot. Set state_dir to a folder on the data disk"
        )
    if kind in _CANNOT_LOCK:
        raise OutboxUnsafe(f"{folder} is on {kind}, a network disk. Set state_dir to a folder on a local disk")


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
