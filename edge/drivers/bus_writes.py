"""The requests by which a unit is written: faces, blinking by our hand, latches, and the writes of a first meeting."""

from __future__ import annotations

from typing import Final

from edge.drivers.bus_facts import BusFacts, Module, Unit, shape_for
from edge.drivers.modbus_pdu import WRITE_READ, Request
from edge.drivers.model_file import words_in
from edge.drivers.model_parts import COIL_ON, FUNCTIONS, Block
from edge.drivers.ports import DARK, Face

WRITE_COIL: Final = FUNCTIONS["fc05"]


def face_request(
    facts: BusFacts, unit: Unit, block: Block, faces: dict[int, Face], now_ns: int, *, wide: tuple[int, int] | None
) -> Request | None:
    """The write of `faces` by module; with a read in the same frame where the model can. None: wait."""
    first = next(iter(faces))
    function, address, words = block.write(first, list(faces.values()))
    if function != WRITE_READ or unit.model.button is None:
        return Request(unit.address, function, write_address=address, words=words)
    read_at, count = wide or unit.model.button.span(first, first + len(faces) - 1)
    shape = shape_for(facts, unit, WRITE_READ, count, now_ns)
    if shape is None:
        return None
    return Request(unit.address, WRITE_READ, read_at, shape, address, words)


def blink_request(unit: Unit, module: Module) -> Request:
    """The next beat of a lamp that blinks by our hand: the other phase, or one more pulse."""
    blink = unit.model.file.blink
    if blink is not None and blink.how == "pulse":
        address = blink.address - unit.model.file.link.address_base + module.index * blink.stride
        return _write(unit, FUNCTIONS[blink.write], address, words_in(blink.words))
    block = unit.model.blocks[unit.model.blinks_by_us or 0]
    face = DARK if module.phase else module.wanted
    function, address, words = block.write(module.index, [face])
    return _write(unit, function, address, words)


def blink_period_ns(unit: Unit, *, beats: bool) -> int:
    """How long one beat of its blinking lasts; half of a period where we write both phases."""
    blink = unit.model.file.blink
    if blink is None:
        return 0
    return blink.period_ms * 1_000_000 // (2 if beats and blink.how == "us" else 1)


def clear_request(unit: Unit, index: int) -> Request:
    """Let go of the latch of module `index`."""
    buttons = unit.model.file.buttons
    if buttons is None:
        raise ValueError(f"{unit.model.name} has no buttons to clear")
    address = buttons.address - unit.model.file.link.address_base
    address += 0 if buttons.bit is not None else index * buttons.stride
    function = FUNCTIONS[buttons.clear_write]
    value = buttons.clear_value * COIL_ON if function == WRITE_COIL and buttons.clear_value < 2 else buttons.clear_value
    return _write(unit, function, address, (value,))


def setup_request(unit: Unit) -> Request:
    """The next of the writes that a unit met anew needs."""
    function, address, words = unit.model.setup[unit.set_up]
    return _write(unit, function, address, words)


def _write(unit: Unit, function: int, address: int, words: tuple[int, ...]) -> Request:
    return Request(unit.address, function, write_address=address, words=words)
