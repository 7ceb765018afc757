"""How much memory every process of the floor has used at most."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from pathlib import Path

LOOK_EVERY_S = 2.0
PROC = Path("/proc")


def peak_mb(pid: int) -> float:
    """The most memory (resident, MB) process `pid` ever had; 0 if it is gone."""
    try:
        for line in (PROC / str(pid) / "status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        return 0.0
    return 0.0


def family(root: int) -> dict[int, str]:
    """`root` and all processes under it: pid and what it runs."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)):
            children[parent].append(int(entry.name))
    found: dict[int, str] = {}
    queue = [root]
    while queue:
        pid = queue.pop()
        found[pid] = _name(pid)
        queue.extend(children[pid])
    return found


async def watch_peaks(peaks: dict[str, float]) -> None:
    """Keep `peaks` (MB by program) up to date until cancelled."""
    while True:
        for pid, name in (await asyncio.to_thread(family, os.getpid())).items():
            peaks[name] = max(peaks.get(name, 0.0), peak_mb(pid))
        await asyncio.sleep(LOOK_EVERY_S)


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _name(pid: int) -> str:
    """`module argument` for python -m, otherwise the program's name; the floor itself is 'floor'."""
    if pid == os.getpid():
        return "floor"
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return "gone"
    if "-m" in words[:4]:
        at = words.index("-m")
        tail = [Path(word).stem for word in words[at + 2 : at + 5] if word and not word.startswith("-")]
        return " ".join(words[at + 1 : at + 2] + tail)
    return Path(words[0]).name
