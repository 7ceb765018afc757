"""The guard's end of its warden: starts it, tells it what the outputs do, starts another when it is gone."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import time
from typing import Final

from edge.packstation.guard.warden import BEAT, HELD, RELEASED

GRACE_S: Final = 0.25  # the guard itself ends a lease, and notices a stall of its loop; only then comes the warden
AGAIN_S: Final = 1.0  # between two attempts to start one
END_S_MAX: Final = 1.0  # for a warden to notice that its guard has let go of it
log = logging.getLogger("guard")


class Wardship:
    """One warden process. `lease_s`: longest release; `silence_s`: longest time without a beat while released."""

    def __init__(self, lease_s: float, silence_s: float) -> None:
        self._limits = (f"{lease_s + GRACE_S:.3f}", f"{silence_s + GRACE_S:.3f}")
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: int | None = None
        self._tried_s = 0.0

    @property
    def watches(self) -> bool:
        """Whether a warden runs. Without one nothing may be released."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start one. It inherits its pipe and a handle on this process, and no GPIO line: those close on exec."""
        self._tried_s = time.monotonic()
        pidfd = os.pidfd_open(os.getpid())
        heard, self._pipe = os.pipe()
        os.set_blocking(self._pipe, False)
        command = [sys.executable, "-m", "edge.packstation.guard.warden", str(pidfd), str(heard), *self._limits]
        try:
            self._process = subprocess.Popen(command, pass_fds=(pidfd, heard), stdin=subprocess.DEVNULL)
        except OSError as error:
            log.error("warden_cannot_start why=%s", error)  # noqa: TRY400 (no traceback in a line for people)
        finally:
            os.close(pidfd)
            os.close(heard)

    def renew(self) -> bool:
        """Start another if it is gone. True: it was gone."""
        if self.watches:
            return False
        if time.monotonic() - self._tried_s >= AGAIN_S:
            log.warning("warden_gone starting=another")
            self.stop()
            self.start()
        return True

    def released(self) -> None:
        """An output is about to be driven."""
        self._say(RELEASED)

    def beat(self) -> None:
        """The guard's loop runs."""
        self._say(BEAT)

    def held(self) -> None:
        """All outputs have fallen."""
        self._say(HELD)

    def stop(self) -> None:
        """End it: its pipe closes."""
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None
        if self._process is not None:
            try:
                self._process.wait(END_S_MAX)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _say(self, word: bytes) -> None:
        if self._pipe is not None:
            with contextlib.suppress(BrokenPipeError, BlockingIOError):  # gone: `watches` says so; full: it is behind
                os.write(self._pipe, word)
