"""Opens the real lines. lgpio wants a folder it can write to, at the moment it is imported, and leaves a pipe there.

lgpio makes a pipe `.lgd-nfy0` for its notices in the folder LG_WD, and its Python half opens it in the working folder:
both must be the same and writable, and two programs in one folder would read each other's edges. So the import happens
here, in a folder of our own below `room`, which is removed at once: the open pipe lives on without a name.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from pathlib import Path
from typing import Any

from edge.packstation.guard.errors import GpioGone


def open_lines(room: Path) -> Any:
    """gpiozero's factory of the board's lines. `room`: a folder this process may write to. Raises GpioGone."""
    before, named = Path.cwd(), os.environ.get("LG_WD")
    try:
        with tempfile.TemporaryDirectory(prefix="lgpio-", dir=room) as folder:
            os.environ["LG_WD"] = folder
            os.chdir(folder)
            try:
                lines = importlib.import_module("edge.packstation.guard.lines")
            finally:
                os.chdir(before)
                _restore("LG_WD", named)
    except (ImportError, OSError) as error:
        cure = f"Is {room} writable, and is lgpio installed?"
        raise GpioGone(f"the library for GPIO lines cannot be loaded: {error}. {cure}") from error
    return lines.make()


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
