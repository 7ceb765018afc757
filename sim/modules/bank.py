"""The registers of one simulated unit, laid out by its module model, and what a hand does to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edge.drivers.module_model import ModuleModel


@dataclass(frozen=True)
class Showing:
    """What the lamp and display of one module show, and since when (CLOCK_MONOTONIC, nanoseconds)."""

    location: str
    colour: str
    pieces: int
    blink: bool
    at_ns: int


OnShowing = Callable[[Showing], None]


class Bank:
    """One unit. Shared by the thread that serves the wire and the hand, hence the lock."""

    def __init__(self, model: ModuleModel, locations: dict[int, str], on_showing: OnShowing) -> None:
        self._model, self._locations, self._on_showing = model, locations, on_showing
        self._colours = {number: colour for colour, number in model.face.colours.items()}
        last = model.modules.per_unit - 1
        self._size = max(sum(model.face_span(0, last)), sum(model.button_span(0, last))) + model.spare.registers
        self._words = [0] * self._size
        self._dead_lamps: set[int] = set()
        self._lock = threading.Lock()
        self.plugged = True
        self.showing = {index: self._showing(index) for index in locations}

    def read(self, address: int, count: int) -> tuple[int, ...] | None:
        """Registers, or None where some of them are not there."""
        with self._lock:
            return tuple(self._words[address : address + count]) if address + count <= self._size else None

    def write(self, address: int, words: Sequence[int]) -> bool:
        """Set registers that may be written. False: some may not, nothing was changed."""
        start, count = self._model.face_span(0, self._model.modules.per_unit - 1)
        if address < start or address + len(words) > start + count:
            return False
        with self._lock:
            self._words[address : address + len(words)] = words
            for index in self._dead_lamps:
                self._words[self._colour_at(index)] = 0
        self._look()
        return True

    def press(self, index: int, *, held: bool = False) -> int:
        """A finger on the button; returns when (CLOCK_MONOTONIC, nanoseconds)."""
        buttons = self._model.buttons
        at = self._model.button_span(index, index)[0] + (buttons.holds if held else buttons.presses)
        with self._lock:
            self._words[at] = (self._words[at] + 1) % (buttons.counter_max + 1)
            return time.monotonic_ns()

    def light(self, index: int, colour: str, pieces: int) -> None:
        """Show this, steadily. Raises KeyError for a colour the model has not."""
        face, words = self._model.face, [0] * self._model.face.stride
        words[face.colour], words[face.pieces] = face.colours[colour], pieces
        self.write(self._model.face_span(index, index)[0], words)

    def power_cycle(self) -> None:
        """All registers as after power-on."""
        with self._lock:
            self._words = [0] * self._size
        self._look()

    def break_lamp(self, index: int, *, broken: bool) -> None:
        """A broken lamp stays off whatever is written, and reads back off."""
        if broken:
            self._dead_lamps.add(index)
            self.write(self._colour_at(index), [0])
        else:
            self._dead_lamps.discard(index)

    def _colour_at(self, index: int) -> int:
        return self._model.face_span(index, index)[0] + self._model.face.colour

    def _look(self) -> None:
        for index, before in self.showing.items():
            now = self._showing(index)
            if (now.colour, now.pieces, now.blink) != (before.colour, before.pieces, before.blink):
                self.showing[index] = now
                self._on_showing(now)

    def _showing(self, index: int) -> Showing:
        face, start = self._model.face, self._model.face_span(index, index)[0]
        colour = self._colours.get(self._words[start + face.colour], "unknown")
        pieces, blink = self._words[start + face.pieces], bool(self._words[start + face.blink])
        return Showing(self._locations[index], colour, pieces, blink, time.monotonic_ns())
