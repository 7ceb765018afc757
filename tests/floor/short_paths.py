"""A folder with a short path: sockets of a floor lie in it, and the kernel allows them 107 bytes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def short_folder() -> Iterator[Path]:
    """A fresh folder, gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="plt-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
