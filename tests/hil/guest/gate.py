"""A gate on simulated GPIO lines: its contact follows the output, and a parcel passes the beam while it is open."""

from __future__ import annotations

import threading
import time
from typing import Final, Self

from tests.hil.guest.gpio import GpioSim

LOOK_S: Final = 0.02
PASSING_S: Final = 0.5  # from the gate's opening until a parcel is in the beam, and as long again until it is through


class Gate:
    """Moves while the context lasts. Lines: `output` released while high, `contact` high while it holds, `beam`."""

    def __init__(self, output: int = 17, contact: int = 27, beam: int = 22) -> None:
        self._chip, self._output, self._contact, self._beam = GpioSim(), output, contact, beam
        self.releases = 0
        self._over = threading.Event()
        self._mover = threading.Thread(target=self._move, name="gate")

    def __enter__(self) -> Self:
        self._mover.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._mover.join()

    def _move(self) -> None:
        opened_s: float | None = None
        while not self._over.wait(LOOK_S):
            released = bool(self._chip.value(self._output))
            self._chip.pull(self._contact, 0 if released else 1)
            if not released:
                opened_s = None
            elif opened_s is None:
                opened_s = time.monotonic()
                self.releases += 1
            since_s = time.monotonic() - opened_s if opened_s is not None else 0.0
            self._chip.pull(self._beam, 1 if PASSING_S < since_s < 2 * PASSING_S else 0)
