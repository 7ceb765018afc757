"""Where everything of one simulated unit lies: its readable and writable cells, from its module profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from edge.drivers.model_file import ModuleFile, Values, words_in
from edge.drivers.model_parts import SEGMENTS, FlagBlock, digits_of
from edge.drivers.module_model import ModuleModel
from edge.drivers.ports import Face

Space = Literal["coil", "discrete", "input", "holding"]
Cell = tuple[Space, int]
What = Literal["face", "lamp", "number", "blank", "blink", "button", "setup", "commission"]
READ_SPACES: Final[dict[int, Space]] = {1: "coil", 2: "discrete", 3: "holding", 4: "input"}
COIL_WRITES: Final = frozenset({5, 15})


@dataclass(frozen=True)
class Spot:
    """What a writable cell belongs to: which part, of which module (or step), and the how-manieth word of it."""

    what: What
    index: int
    offset: int = 0


@dataclass(frozen=True)
class Layout:
    """All cells of a unit."""

    readable: frozenset[Cell]
    writable: dict[Cell, Spot]


def space_of(file: ModuleFile, function: int) -> Space:
    """Which table a function reads or writes; a model with a face block shows its registers by either read."""
    if function == 4 and file.face is not None:
        return "holding"
    if function in READ_SPACES:
        return READ_SPACES[function]
    return "coil" if function in COIL_WRITES else "holding"


def layout_of(model: ModuleModel) -> Layout:
    """The cells of a unit of this model."""
    return Layout(frozenset(_readable(model)), dict(_writable(model)))


def _readable(model: ModuleModel) -> Iterator[Cell]:
    file, last = model.file, model.file.modules.per_unit - 1
    readings = [block.reading for block in model.blocks if block.reading is not None]
    for reading in [*readings, *([model.button] if model.button is not None else [])]:
        address, count = reading.span(0, last)
        spare = model.spare * (8 if reading.function in (1, 2) else 1)
        start = 0 if file.face is not None else address  # a unit with one block has no holes before it
        space = space_of(file, reading.function)
        yield from ((space, at) for at in range(start, address + count + spare))
    base = file.link.address_base
    yield from (("holding", step.address - base) for step in file.commission if step.what != "save")


def _writable(model: ModuleModel) -> Iterator[tuple[Cell, Spot]]:
    file = model.file
    for index in range(file.modules.per_unit):
        yield from _face_cells(model, index)
    buttons, base = file.buttons, file.link.address_base
    if buttons is not None and buttons.clear == "write":
        space = space_of(file, int(buttons.clear_write[2:]))
        for index in range(file.modules.per_unit):
            yield (space, buttons.address - base + index * buttons.stride), Spot("button", index)
    for index, (function, address, words) in enumerate(model.setup):
        for offset in range(len(words)):
            yield (space_of(file, function), address + offset), Spot("setup", index, offset)
    for index, step in enumerate(file.commission):
        yield ("holding", step.address - base), Spot("commission", index)


def _face_cells(model: ModuleModel, index: int) -> Iterator[tuple[Cell, Spot]]:
    file = model.file
    base = file.link.address_base
    if file.face is not None:
        yield from _run("holding", file.face.address - base + index * file.face.stride, file.face.stride, "face", index)
    if (lamp := file.lamp) is not None:
        space, width = space_of(file, int(lamp.write[2:])), len(words_in(lamp.values["off"]))
        yield from _run(space, lamp.address - base + index * lamp.stride, width, "lamp", index)
    if (blink := file.blink) is not None and blink.how in ("flag", "pulse"):
        space, width = space_of(file, int(blink.write[2:])), len(words_in(blink.words))
        yield from _run(space, blink.address - base + index * blink.stride, width, "blink", index)
    if (display := file.display) is not None:
        start = index * display.stride - base
        if display.blank_address is not None:
            width = len(words_in(display.blank))
            yield from _run("holding", display.blank_address + start, width, "blank", index)
        yield from _run("holding", display.address + start, len(digits_of(display, 0)), "number", index)


def _run(space: Space, address: int, count: int, what: What, index: int) -> Iterator[tuple[Cell, Spot]]:
    return (((space, address + offset), Spot(what, index, offset)) for offset in range(count))


def lamp_states(model: ModuleModel) -> dict[tuple[int, ...], Face]:
    """What each value written to a lamp makes it show. A lamp of one colour is said to be white."""
    lamp, blink = model.file.lamp, model.file.blink
    states: dict[tuple[int, ...], Face] = {}
    if lamp is not None:
        states |= {words: Face(colour) for words, colour in _named(lamp.values)}  # type: ignore[arg-type]
    if blink is not None and blink.values is not None:
        lit = [(words, colour) for words, colour in _named(blink.values) if colour != "off"]
        states = {words: Face(colour, blink=True) for words, colour in lit} | states  # type: ignore[arg-type]
    return states


def _named(values: Values) -> Iterable[tuple[tuple[int, ...], str]]:
    """The colour each value stands for; `any` is last, so that a colour of its own wins."""
    ordered = sorted(values.items(), key=lambda item: item[0] != "any")
    return [(words_in(value), "white" if colour == "any" else colour) for colour, value in ordered]


def number_in(model: ModuleModel, words: tuple[int, ...]) -> int:
    """The quantity a display shows for these registers; 0 when blank or unreadable."""
    display = model.file.display
    if display is None or words == words_in(display.blank):
        return 0
    match display.format:
        case "number":
            return words[0]
        case "bcd":
            digits = [word >> shift & 0xF for word in words for shift in (12, 8, 4, 0)]
            text = "".join(map(str, digits))
        case "ascii":
            text = b"".join(word.to_bytes(2, "big") for word in words).decode("ascii", "replace")
        case "segments":
            signs = [sign for word in words for sign in (word >> 8, word & 0xFF)]
            text = "".join(str(SEGMENTS.index(sign)) if sign in SEGMENTS else " " for sign in signs)
    return int(text) if text.strip().isdigit() else 0


def has_flag(model: ModuleModel) -> bool:
    """Blinking is a flag of its own."""
    return any(isinstance(block, FlagBlock) for block in model.blocks)
