"""The buttons of one simulated unit: fingers on them, and what its cells say of that."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Final

from edge.drivers.module_model import ModuleModel
from sim.modules.cells import Cell, space_of

PRESS_S: Final = 0.15  # a finger stays on a button that long
HOLD_S: Final = 0.4  # beyond the time that makes a long press


class Keys:
    """Buttons that count, or are down for a while, or are latched; written into the cells they are given."""

    def __init__(self, model: ModuleModel) -> None:
        self._model, self._buttons, self._reading = model, model.buttons, model.button
        self._offsets = (0, *(offset for _, offset in model.keys))
        self._down_until_s: dict[tuple[int, int], float] = {}

    def press(self, cells: dict[Cell, int], index: int, *, held: bool, key: str = "") -> None:
        """A finger on the button, or on a key beside it. Raises KeyError where there is none."""
        buttons, reading = self._buttons, self._reading
        if buttons is None or reading is None:
            raise KeyError(f"module {index} of a {self._model.name}: no button")
        if buttons.kind == "counter":
            offset = buttons.holds if held and buttons.holds is not None else buttons.presses
            offset = self._offset(key) if key else offset
            cell: Cell = (space_of(self._model.file, reading.function), reading.at(index)[0] + offset)
            cells[cell] = (cells.get(cell, 0) + 1) % (buttons.counter_max + 1)
        elif buttons.kind == "latched":
            self._set(cells, index, down=True, offset=self._offset(key))
        else:
            self._down_until_s[index, self._offset(key)] = time.monotonic() + (
                buttons.hold_ms / 1000 + HOLD_S if held else PRESS_S
            )

    def is_down(self, index: int, offset: int = 0) -> bool:
        """A finger is on the button just now, or on the key so many cells further on."""
        return time.monotonic() < self._down_until_s.get((index, offset), 0.0)

    def jam(self, index: int, *, jammed: bool) -> None:
        """The button of a level stays down, or comes up."""
        self._down_until_s[index, 0] = float("inf") if jammed else 0.0

    def refresh(self, cells: dict[Cell, int]) -> None:
        """Levels say how it is now."""
        if self._buttons is not None and self._buttons.kind == "level":
            for index in range(self._model.file.modules.per_unit):
                for offset in self._offsets:
                    self._set(cells, index, down=self.is_down(index, offset), offset=offset)

    def were_read(self, cells: dict[Cell, int], read: Collection[Cell]) -> None:
        """Latches that reading clears are clear."""
        if self._buttons is None or self._reading is None or self._buttons.clear != "read":
            return
        space = space_of(self._model.file, self._reading.function)
        for index in range(self._model.file.modules.per_unit):
            for offset in self._offsets:
                if (space, self._reading.at(index)[0] + offset) in read:
                    self._set(cells, index, down=False, offset=offset)

    def _offset(self, key: str) -> int:
        return dict(self._model.keys)[key] if key else 0  # type: ignore[index]

    def _set(self, cells: dict[Cell, int], index: int, *, down: bool, offset: int) -> None:
        if self._buttons is None or self._reading is None:
            return
        cell: Cell = (space_of(self._model.file, self._reading.function), self._reading.at(index)[0] + offset)
        raw = int(down != self._buttons.active_low)
        if self._buttons.bit is None:
            cells[cell] = raw
            return
        mask = 1 << (self._buttons.bit + index)
        cells[cell] = cells.get(cell, 0) & ~mask | (mask if raw else 0)
