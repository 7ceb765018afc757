"""How long a bench waits for what it asked: one wait at a time, and the newest replaces the one before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from edge.packstation import events as ev

GUARD_WAIT_S: Final = 2.0  # a gate that takes longer to move is in a fault
GATE_RETURN_S: Final = 2.0  # after its lease
PHOTO_S: Final = 12.0  # a camera gives up by itself after 10 s at most
SELF_TEST_S: Final = 45.0  # for the packer to look at the lamp and to scan one code


class Patience:
    """Tells of what did not come in time. `lease_s`: how long the gate may stay released, as the guard said last."""

    def __init__(self, answer_wait_s: float, tell: Callable[[ev.Overdue], None]) -> None:
        self._answer_wait_s, self._tell, self.lease_s = answer_wait_s, tell, 0.0
        self._deadline: asyncio.TimerHandle | None = None

    def wait(self, effect: ev.Await | None) -> None:
        """Wait for what `effect` names from now on; None: for nothing."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if effect is not None:
            waits_s = {
                "answer": self._answer_wait_s,
                "guard": GUARD_WAIT_S,
                "gate_return": self.lease_s + GATE_RETURN_S,
                "self_test": SELF_TEST_S,
                "photo": PHOTO_S,
            }
            loop = asyncio.get_running_loop()
            self._deadline = loop.call_later(waits_s[effect.what], self._tell, ev.Overdue(effect.scan_id))
