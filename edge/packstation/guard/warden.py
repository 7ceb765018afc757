"""A second, tiny process that ends a guard which stands still while released: `python -m …guard.warden PIDFD PIPE …`.

A thread cannot do it: a process that is stopped (SIGSTOP, a debugger, a wedged C call that holds Python) takes its
threads with it, and its lines stay as they are. So the guard tells this process through a pipe what it does: RELEASED
when it drives an output, BEAT ten times a second, HELD when all outputs have fallen. If the beats end, or the release
lasts longer than its lease, the guard is killed. The kernel then takes its lines back, and they fall to the level that
their resistors give: holding. This process owns no line and decides nothing else. Standard library only: it is small.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from dataclasses import dataclass, replace
from typing import Final

RELEASED, BEAT, HELD = b"R", b"B", b"H"
READ_BYTES: Final = 4096


@dataclass(frozen=True)
class Watch:
    """What this process knows: since when, and whether, the guard releases; when it was heard last (s, monotonic)."""

    lease_s: float
    silence_s: float
    released_at: float | None = None
    heard_at: float = 0.0

    def heard(self, words: bytes, now: float) -> Watch:
        """After the guard said `words`."""
        after = replace(self, heard_at=now)
        for word in (words[index : index + 1] for index in range(len(words))):
            if word == RELEASED:
                after = replace(after, released_at=now)
            elif word == HELD:
                after = replace(after, released_at=None)
        return after

    def ends_in(self, now: float) -> float | None:
        """How long (s) until the guard must be ended, at 0 now; None: it holds, nothing is to be watched."""
        if self.released_at is None:
            return None
        return max(0.0, min(self.released_at + self.lease_s, self.heard_at + self.silence_s) - now)


def run(pidfd: int, pipe: int, watch: Watch) -> int:
    """Watch until the guard is gone (0) or had to be killed (1)."""
    while True:
        ready, _, _ = select.select([pipe], [], [], watch.ends_in(time.monotonic()))
        if not ready:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            sys.stderr.write("warden: the guard stood still while released and was killed; its lines fall\n")
            return 1
        words = os.read(pipe, READ_BYTES)
        if not words:
            return 0
        watch = watch.heard(words, time.monotonic())


def main() -> int:
    """The command line is the guard's own: PIDFD PIPE LEASE_S SILENCE_S."""
    pidfd, pipe = int(sys.argv[1]), int(sys.argv[2])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends with its guard, not before
    return run(pidfd, pipe, Watch(float(sys.argv[3]), float(sys.argv[4])))


if __name__ == "__main__":
    sys.exit(main())
