"""Small files and ports of the guest: read, write, find, and wait for what becomes true."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

WAIT_S_MAX: Final = 30.0  # an emulated processor on a busy machine takes its time
T = TypeVar("T")


def wait_for(check: Callable[[], T | None], what: str, wait_s_max: float = WAIT_S_MAX) -> T:
    """What `check` returns as soon as that is true. Raises TimeoutError, which names `what`."""
    due_s = time.monotonic() + wait_s_max
    while True:
        if value := check():
            return value
        if time.monotonic() > due_s:
            raise TimeoutError(f"{what}: not within {wait_s_max:.0f} s")
        time.sleep(0.02)


def read(path: Path | str) -> str:
    """A file's text without the space around it."""
    return Path(path).read_text(encoding="utf-8", errors="replace").strip()


def write(path: Path | str, value: object) -> None:
    """Write one value to a file of the kernel's."""
    Path(path).write_text(str(value), encoding="utf-8")


def virtio_port(name: str) -> Path | None:
    """The device of the virtio port `name`."""
    for named in Path("/sys/class/virtio-ports").glob("*/name"):
        if read(named) == name:
            return Path("/dev") / named.parent.name
    return None
