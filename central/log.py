"""One line a fact on stderr: time, level, who, key=value. Repeats within a minute are counted, not written."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

QUIET_S: Final = 60.0
KINDS_MAX: Final = 1_000  # kinds remembered; what names them may come from outside


def set_up(level: int = logging.INFO) -> None:
    """Log to stderr (systemd's journal adds its own time; ours is for a terminal), UTC."""
    handler = logging.StreamHandler(sys.stderr)
    form = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("alembic", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


@dataclass
class Edges:
    """Says a trouble of one kind when it begins, then at most once a minute with how often it came meanwhile."""

    log: logging.Logger
    clock_s: Callable[[], float] = time.monotonic
    counts: dict[str, int] = field(default_factory=dict)
    _said_s: dict[str, float] = field(default_factory=dict)
    _unsaid: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, text: str) -> bool:
        """Count one trouble of `kind`; True if it was written."""
        if kind not in self.counts and len(self.counts) >= KINDS_MAX:
            kind = "other"
        self.counts[kind] = self.counts.get(kind, 0) + 1
        now_s = self.clock_s()
        if now_s - self._said_s.get(kind, -QUIET_S) < QUIET_S:
            self._unsaid[kind] = self._unsaid.get(kind, 0) + 1
            return False
        self._said_s[kind] = now_s
        again = self._unsaid.pop(kind, 0)
        self.log.warning("%s kind=%s count=%d unsaid=%d", text, kind, self.counts[kind], again)
        return True
