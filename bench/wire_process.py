"""The simulated modules, as little late as the machine grants: an instrument must not add to what it measures."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import Final

from sim.modules.__main__ import main
from sim.modules.rtu_line import RtuLine

PR_SET_TIMERSLACK: Final = 29
PRIORITY: Final = 50
AWAKE_S: Final = 0.0001

if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)
    with contextlib.suppress(OSError):  # only root may
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    sys.setswitchinterval(0.0001)
    RtuLine.awake_s = AWAKE_S
    sys.exit(main())
