"""One simulated unit: its cells laid out by its module profile, its quirks, and what a hand does to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from edge.drivers.model_file import words_in
from edge.drivers.module_model import ModuleModel
from edge.drivers.ports import DARK, Face
from sim.modules.cells import Cell, Spot, What, has_flag, lamp_states, layout_of, number_in, space_of
from sim.modules.keys import Keys

DONE, ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE, FAILURE = 0, 1, 2, 3, 4
PULSE_UNIT_S: Final = 0.1  # boards count the length of a pulse in tenths of a second


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

    def __init__(self, model: ModuleModel, locations: dict[int, str], on_showing: OnShowing, unit: int = 1) -> None:
        self.model, self._locations, self._on_showing, self.unit = model, locations, on_showing, unit
        self._layout, self._states = layout_of(model), lamp_states(model)
        self._places: dict[tuple[What, int], list[Cell]] = {}
        for cell, spot in self._layout.writable.items():
            self._places.setdefault((spot.what, spot.index), []).append(cell)
        self._cells: dict[Cell, int] = {}  # as written
        self._seen: dict[Cell, int] = {}  # where something else reads back
        self._settling: dict[int, tuple[dict[Cell, int], float]] = {}
        self._blanked: set[int] = set(locations)
        self._dead_lamps: set[int] = set()
        self._lock = threading.RLock()
        self._alive_s = 0.0  # when the unit last heard anything; 0: never
        self.locked = False
        self.plugged = True
        self._keys = Keys(model)
        self._pulse_until_s: dict[int, float] = {}
        self._released = 0  # so many of the writes that release a bitten watchdog have come
        self._cells = self._fresh()
        self.showing = {index: self._showing(index) for index in locations}

    # ---- from the wire ----

    def knows(self, function: int) -> bool:
        """The device has this function."""
        functions = self.model.file.link.functions
        return not functions or function in functions

    def read(self, function: int, address: int, count: int) -> tuple[int, ...] | int:
        """Registers or bits, or the exception code."""
        with self._lock:
            self._hear()
            space = space_of(self.model.file, function)
            if count > self.model.file.modules.registers_per_read_max * (16 if space in ("coil", "discrete") else 1):
                return ILLEGAL_VALUE
            cells: list[Cell] = [(space, at) for at in range(address, address + count)]
            if not self._layout.readable.issuperset(cells):
                return ILLEGAL_ADDRESS
            self._refresh()
            words = tuple(self._seen.get(cell, self._cells.get(cell, 0)) for cell in cells)
            self._keys.were_read(self._cells, cells)
            return words

    def write(self, function: int, address: int, words: Sequence[int]) -> int:
        """Set cells that may be written. Not 0: the exception code, nothing was changed."""
        space = space_of(self.model.file, function)
        spots = [self._layout.writable.get((space, address + at)) for at in range(len(words))]
        with self._lock:
            self._hear()
            if any(spot is None for spot in spots):
                return ILLEGAL_ADDRESS
            if self.locked and any(spot is not None and spot.what != "setup" for spot in spots):
                return FAILURE
            before, self._cells = self._cells, dict(self._cells)
            for at, (spot, word) in enumerate(zip(spots, words, strict=True)):
                if spot is not None:
                    self._take(spot, (space, address + at), word)
            if not all(self._is_lamp_value(spot.index) for spot in spots if spot is not None and spot.what == "lamp"):
                self._cells = before
                return ILLEGAL_VALUE
            self._refresh()
        self.look()
        return DONE

    def _take(self, spot: Spot, cell: Cell, word: int) -> None:
        self._cells[cell] = word
        match spot.what:
            case "lamp":
                self._pulse_until_s.pop(spot.index, None)
                self._take_alone(spot, word)
            case "blink":
                self._take_blink(spot, word)
            case "number":
                self._blanked.discard(spot.index)
            case "blank":
                self._blanked.add(spot.index)
            case "setup":
                self._take_setup(cell[1], word)
            case "commission" if self.model.file.commission[spot.index].what == "unit":
                self.unit = word

    def _take_alone(self, spot: Spot, word: int) -> None:
        """The command that lights one lamp and puts all others out."""
        lamp = self.model.file.lamp
        if lamp is None or lamp.alone is None or word != lamp.alone:
            return
        for index in range(self.model.file.modules.per_unit):
            self._cells |= self._lamp_off(index)
        self._cells[self._cells_of("lamp", spot.index)[0]] = words_in(lamp.values["any"])[0]

    def _is_lamp_value(self, index: int) -> bool:
        return self._words_of("lamp", index) in self._states

    def _take_blink(self, spot: Spot, word: int) -> None:
        """A pulse lights the lamp for a while, after which it is off by itself."""
        blink = self.model.file.blink
        if blink is not None and blink.how == "pulse" and spot.offset == len(words_in(blink.words)) - 1:
            self._pulse_until_s[spot.index] = time.monotonic() + word * PULSE_UNIT_S
            self._cells |= self._lamp_off(spot.index)

    def _take_setup(self, address: int, word: int) -> None:
        """All of the first writes, in their order, release a unit whose watchdog has bitten."""
        wanted = [(start + at, value) for _, start, words in self.model.setup for at, value in enumerate(words)]
        self._released = self._released + 1 if (address, word) == wanted[self._released] else 0
        if self._released == len(wanted):
            self.locked, self._released = False, 0

    def _hear(self) -> None:
        """Any telegram feeds the watchdog; after too long a silence it has bitten."""
        alive, now_s = self.model.file.keep_alive, time.monotonic()
        self._bite(now_s)
        self._alive_s = now_s if alive is not None else 0.0

    def _bite(self, now_s: float) -> None:
        alive = self.model.file.keep_alive
        if alive is None or not self._alive_s or now_s - self._alive_s <= alive.expires_ms / 1000 or self.locked:
            return
        if alive.drops_outputs:
            self._cells = self._fresh()
        self.locked = alive.locks_writes

    # ---- by hand ----

    def press(self, index: int, *, held: bool = False, key: str = "") -> int:
        """A finger on the button; returns when (CLOCK_MONOTONIC, nanoseconds). Raises KeyError where there is none."""
        with self._lock:
            self._keys.press(self._cells, index, held=held, key=key)
            return time.monotonic_ns()

    def jam(self, index: int, *, jammed: bool) -> None:
        """The button stays down, or comes up."""
        self._keys.jam(index, jammed=jammed)

    def is_down(self, index: int) -> bool:
        """A finger is on the button just now."""
        return self._keys.is_down(index)

    def light(self, index: int, colour: str, pieces: int) -> None:
        """Show this, steadily. Raises KeyError for a colour the model has not."""
        for block in self.model.blocks:
            function, address, words = block.write(index, [Face(colour, pieces)])  # type: ignore[arg-type]
            self.write(function, address, [min(word, 1) for word in words] if function == 5 else words)

    def power_cycle(self) -> None:
        """All as after power-on."""
        with self._lock:
            lit = [cell for cell, spot in self._layout.writable.items() if spot.what == "lamp"]
            kept = {cell: self._cells[cell] for cell in lit} if self.model.file.power_on.lamps == "kept" else {}
            self._cells = self._fresh() | kept
            self._blanked = set(self._locations)
            self.locked, self._alive_s = False, 0.0
            self._pulse_until_s.clear()
            self._refresh()
        self.look()

    def break_lamp(self, index: int, *, broken: bool) -> None:
        """A broken lamp stays off whatever is written, and reads back off."""
        (self._dead_lamps.add if broken else self._dead_lamps.discard)(index)
        with self._lock:
            self._refresh()
        self.look()

    def look(self) -> None:
        """Tell of what has changed since the last look."""
        with self._lock:
            self._bite(time.monotonic())
            self._refresh()
            changed = []
            for index, before in self.showing.items():
                now = self._showing(index)
                if (now.colour, now.pieces, now.blink) != (before.colour, before.pieces, before.blink):
                    self.showing[index] = now
                    changed.append(now)
        for showing in sorted(changed, key=lambda showing: showing.colour != "off"):  # out before lit
            self._on_showing(showing)

    # ---- cells ----

    def _fresh(self) -> dict[Cell, int]:
        """Lamps off, all else 0."""
        cells: dict[Cell, int] = {}
        lamp = self.model.file.lamp
        for index in range(self.model.file.modules.per_unit) if lamp is not None else ():
            cells |= self._lamp_off(index)
        return cells

    def _lamp_off(self, index: int) -> dict[Cell, int]:
        lamp = self.model.file.lamp
        cells = self._cells_of("lamp", index)
        return dict(zip(cells, words_in(lamp.values["off"]), strict=True)) if lamp is not None else {}

    def _cells_of(self, what: What, index: int) -> list[Cell]:
        return self._places.get((what, index), [])

    def _words_of(self, what: What, index: int) -> tuple[int, ...]:
        return tuple(self._cells.get(cell, 0) for cell in self._cells_of(what, index))

    def _refresh(self) -> None:
        """What reads back follows from what was written: lamps that say it otherwise, dead ones, levels, pulses."""
        face = self.model.file.face
        for index in self._dead_lamps if face is not None else ():
            if face is not None:
                self._cells[self._cells_of("face", index)[face.colour]] = 0
        for index in range(self.model.file.modules.per_unit) if self.model.file.lamp is not None else ():
            self._refresh_lamp(index)
        self._keys.refresh(self._cells)

    def _refresh_lamp(self, index: int) -> None:
        lamp, blink, reading = self.model.file.lamp, self.model.file.blink, self.model.blocks[-1].reading
        if self._pulse_until_s.get(index, float("inf")) <= time.monotonic():
            del self._pulse_until_s[index]
        if lamp is None or reading is None:
            return
        face, values = self._lamp_face(index), lamp.seen or lamp.values
        if face.blink and blink is not None and blink.how == "value":
            values = blink.seen or blink.values or values
        seen = words_in(values[face.colour] if face.colour in values else values["any"])
        space, start = space_of(self.model.file, reading.function), reading.at(index)[0]
        self._settle(index, {(space, start + at): word for at, word in enumerate(seen)})

    def _settle(self, index: int, cells: dict[Cell, int]) -> None:
        """A relay's contact moves a while after it was told; until then it reads back as before."""
        target, until_s = self._settling.get(index, ({}, 0.0))
        if cells != target:
            until_s = time.monotonic() + self.model.file.link.settle_ms / 1000 if target else 0.0
            self._settling[index] = cells, until_s
        if time.monotonic() >= until_s:
            self._seen |= cells

    def _lamp_face(self, index: int) -> Face:
        """What the lamp of module `index` does, dead ones included."""
        if index in self._dead_lamps:
            return DARK
        if index in self._pulse_until_s:
            return Face("white", blink=True)
        face = self._states.get(self._words_of("lamp", index), DARK)
        if has_flag(self.model) and face != DARK and any(self._words_of("blink", index)):
            return Face(face.colour, blink=True)
        return face

    def _showing(self, index: int) -> Showing:
        face = self._face(index)
        return Showing(self._locations[index], face.colour, face.pieces, face.blink, time.monotonic_ns())

    def _face(self, index: int) -> Face:
        file = self.model.file
        if (block := file.face) is not None:
            words = self._words_of("face", index)
            colour = next((name for name, number in block.colours.items() if number == words[block.colour]), "unknown")
            return Face(colour, words[block.pieces], bool(words[block.blink]))  # type: ignore[arg-type]
        lamp = self._lamp_face(index) if file.lamp is not None else None
        pieces = 0 if index in self._blanked else number_in(self.model, self._words_of("number", index))
        if lamp is None:
            return Face("white", pieces) if pieces else DARK
        return Face(lamp.colour, pieces, lamp.blink)
