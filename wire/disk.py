"""Is this folder on a disk that keeps its word? Asked by every store that promises durability."""

from __future__ import annotations

from pathlib import Path
from typing import Final

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


def why_unsafe(folder: Path) -> str:
    """Why what is written to `folder` may be gone after a power cut, and what to do; "" where it is safe."""
    kind = filesystem_of(folder, Path("/proc/self/mountinfo").read_text(encoding="utf-8"))
    if kind in _FORGETS:
        return f"{folder} is on {kind}, which forgets at reboot. Set state_dir to a folder on the data disk"
    if kind in _CANNOT_LOCK:
        return f"{folder} is on {kind}, a network disk. Set state_dir to a folder on a local disk"
    return ""


def plainly(error: BaseException) -> str:
    """What went wrong for a person: an operating system's error without its number, with the file it is about."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
