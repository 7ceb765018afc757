"""The parts of a face on the wire: which request shows them, and what reads back. Values made from a module profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edge.drivers.model_file import BlinkMap, ButtonMap, DisplayMap, FaceMap, LampMap, ModuleFile, Values, words_in
from edge.drivers.ports import DARK, Face

FUNCTIONS: Final = {f"fc{number:02}": number for number in (1, 2, 3, 4, 5, 6, 15, 16, 23)} | {"none": 0}
SEGMENTS: Final = (0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F)  # digits 0 to 9; bits 0..6 are a..g
COIL_ON: Final = 0xFF00

Write = tuple[int, int, tuple[int, ...]]  # function, address, words


@dataclass(frozen=True)
class Reading:
    """A block that can be read: `width` cells per module, `stride` apart."""

    function: int
    address: int
    stride: int
    width: int
    run_max: int  # modules in one request

    def at(self, index: int) -> tuple[int, int]:
        """Address and count of one module's cells."""
        return self.address + index * self.stride, self.width

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Address and count of the cells of modules `first`..`last`."""
        return self.address + first * self.stride, (last - first) * self.stride + self.width


@dataclass(frozen=True)
class FaceBlock:
    """Colour, quantity and blink in one block of holding registers."""

    face: FaceMap
    pieces_max: int
    function: int
    address: int
    run_max: int
    reading: Reading | None
    pulses: bool = False

    def words(self, face: Face) -> tuple[int, ...]:
        """The registers that make one module show `face`; a quantity beyond the display shows its largest."""
        words = [0] * self.face.stride
        words[self.face.colour] = self.face.colours[face.colour]
        words[self.face.pieces] = min(face.pieces, self.pieces_max)
        words[self.face.blink] = int(face.blink)
        return tuple(words)

    def write(self, first: int, faces: Sequence[Face]) -> Write:
        """The write that makes the modules from `first` on show `faces`."""
        words = tuple(word for face in faces for word in self.words(face))
        return self.function, self.address + first * self.face.stride, words

    def agrees(self, face: Face, seen: tuple[int, ...], *, phase: bool) -> bool:
        """Whether `seen` is what a module reads back that shows `face`."""
        del phase
        return seen == self.words(face)


@dataclass(frozen=True)
class LampBlock:
    """A lamp per module. Where we blink it, its written value is that of the steady face."""

    lamp: LampMap
    blink: BlinkMap
    function: int
    address: int
    run_max: int
    reading: Reading | None
    bits: bool

    @property
    def pulses(self) -> bool:
        """Somebody must keep it blinking: it has no blink of its own."""
        return self.blink.how in ("pulse", "us")

    def words(self, face: Face) -> tuple[int, ...]:
        """What is written for `face`."""
        own = self.blink.how == "value" and face.blink and face.colour != "off"
        return _of(self.blink.values if own and self.blink.values else self.lamp.values, face.colour)

    def write(self, first: int, faces: Sequence[Face]) -> Write:
        """The write that makes the modules from `first` on show `faces`."""
        words = tuple(word for face in faces for word in self.words(face))
        if self.function == FUNCTIONS["fc05"] and words[0] in (0, 1):
            words = (words[0] * COIL_ON,)
        return self.function, self.address + first * self.lamp.stride, words

    def agrees(self, face: Face, seen: tuple[int, ...], *, phase: bool) -> bool:
        """Whether `seen` is what a module reads back that shows `face`; `phase` of a blinking one: lit just now."""
        if face.blink and self.blink.how in ("pulse", "flag"):
            return seen in (self._seen(face), self._seen(DARK))
        return seen == self._seen(face if phase or self.blink.how != "us" or not face.blink else DARK)

    def _seen(self, face: Face) -> tuple[int, ...]:
        own = self.blink.how == "value" and face.blink and face.colour != "off"
        if own and (found := self.blink.seen or self.blink.values):
            return _of(found, face.colour)
        return _of(self.lamp.seen or self.lamp.values, face.colour)


@dataclass(frozen=True)
class FlagBlock:
    """A blink flag of its own, such as the start of a pulse output."""

    blink: BlinkMap
    function: int
    address: int
    run_max: int = 1
    reading: Reading | None = None
    pulses: bool = False

    def write(self, first: int, faces: Sequence[Face]) -> Write:
        """The write that makes module `first` blink or not."""
        on = faces[0].blink and faces[0].colour != "off"
        words = words_in(self.blink.words) if on else (0,) * len(words_in(self.blink.words))
        if self.function == FUNCTIONS["fc05"] and words[0] in (0, 1):
            words = (words[0] * COIL_ON,)
        return self.function, self.address + first * self.blink.stride, words

    def agrees(self, face: Face, seen: tuple[int, ...], *, phase: bool) -> bool:
        """It is not read back."""
        del face, seen, phase
        return True


@dataclass(frozen=True)
class DisplayBlock:
    """A quantity display."""

    display: DisplayMap
    pieces_max: int
    function: int
    address: int
    blank_address: int
    reading: Reading | None
    run_max: int = 1
    pulses: bool = False

    def words(self, face: Face) -> tuple[int, ...]:
        """What is written for `face`."""
        return digits_of(self.display, min(face.pieces, self.pieces_max)) if _has_number(face) else self._blank

    def write(self, first: int, faces: Sequence[Face]) -> Write:
        """The write that makes module `first` show its quantity, or nothing."""
        offset, face = first * self.display.stride, faces[0]
        if _has_number(face) or self.display.blank_address is None:
            return self.function, self.address + offset, self.words(face)
        return FUNCTIONS[self.display.blank_write], self.blank_address + offset, self._blank

    def agrees(self, face: Face, seen: tuple[int, ...], *, phase: bool) -> bool:
        """Whether `seen` is what a module reads back that shows `face`."""
        del phase
        return seen == self.words(face)

    @property
    def _blank(self) -> tuple[int, ...]:
        return words_in(self.display.blank)


Block = FaceBlock | LampBlock | FlagBlock | DisplayBlock


def digits_of(display: DisplayMap, pieces: int) -> tuple[int, ...]:
    """`pieces` as the registers of the display's format."""
    match display.format:
        case "number":
            return (pieces,)
        case "bcd":
            return _packed([int(digit) for digit in f"{pieces:0{-(-display.digits // 4) * 4}}"], 4, 4)
        case "ascii":
            text = f"{pieces:>{-(-display.digits // 2) * 2}}"
            return _packed([ord(sign) for sign in text], 2, 8)
    text = f"{pieces:>{-(-display.digits // 2) * 2}}"
    return _packed([SEGMENTS[int(sign)] if sign.isdigit() else 0 for sign in text], 2, 8)


def blocks_of(file: ModuleFile) -> tuple[Block, ...]:
    """Everything that is written to show a face, in the order of writing: the number before the light."""
    base, wide = file.link.address_base, file.modules.registers_per_write_max
    blocks: list[Block] = []
    if (face := file.face) is not None:
        at, run = face.address - base, max(wide // face.stride, 1)
        reading = Reading(3, at, face.stride, face.stride, _run(file, face.stride, face.stride, bits=False))
        blocks.append(FaceBlock(face, file.modules.pieces_max, FUNCTIONS[face.write], at, run, reading))
    if (display := file.display) is not None:
        width = len(digits_of(display, 0))
        reading_ = _reading(file, display.read, display.address, display.stride, width)
        blank = (display.blank_address if display.blank_address is not None else display.address) - base
        function = FUNCTIONS[display.write]
        largest = file.modules.pieces_max or 10**display.digits - 1
        blocks.append(DisplayBlock(display, largest, function, display.address - base, blank, reading_))
    blink = file.blink or BlinkMap(how="none")
    if file.lamp is not None and blink.how == "flag":
        blocks.append(FlagBlock(blink, FUNCTIONS[blink.write], blink.address - base))
    if file.lamp is not None:
        blocks.append(_lamp(file, file.lamp, blink))
    return tuple(blocks)


def button_reading(file: ModuleFile) -> Reading | None:
    """Where the buttons are read; None for a module without any."""
    buttons = file.buttons
    if buttons is None:
        return None
    used = [offset for _, offset in file.keys]
    used += [buttons.presses, buttons.holds or 0] if buttons.kind == "counter" else [0]
    width = max(used) + 1
    stride = 0 if buttons.bit is not None else buttons.stride
    whole = stride if buttons.kind == "counter" else 1
    return _reading(file, buttons.read, buttons.address, stride, max(width, whole))


def pressed_bit(buttons: ButtonMap, index: int, word: int) -> int:
    """1 while the button of module `index` is down, as a level or latch shows it."""
    raw = bool(word) if buttons.bit is None else bool(word >> (buttons.bit + index) & 1)
    return int(raw != buttons.active_low)


def _lamp(file: ModuleFile, lamp: LampMap, blink: BlinkMap) -> LampBlock:
    width, function = len(words_in(lamp.values["off"])), FUNCTIONS[lamp.write]
    bits = function == FUNCTIONS["fc15"]
    single = lamp.write in ("fc05", "fc06") or width != lamp.stride
    most = file.modules.registers_per_write_max * (8 if bits else 1)
    start = lamp.read_address if lamp.read_address is not None else lamp.address
    reading = _reading(file, lamp.read, start, lamp.stride, len(words_in((lamp.seen or lamp.values)["off"])))
    run = 1 if single else max(most // width, 1)
    return LampBlock(lamp, blink, function, lamp.address - file.link.address_base, run, reading, bits)


def _reading(file: ModuleFile, function: str, address: int, stride: int, width: int) -> Reading | None:
    number = FUNCTIONS[function]
    if not number:
        return None
    run = _run(file, stride, width, bits=number in (1, 2))
    return Reading(number, address - file.link.address_base, stride, width, run)


def _run(file: ModuleFile, stride: int, width: int, *, bits: bool) -> int:
    most = file.modules.registers_per_read_max * (16 if bits else 1)
    return max((most - width) // stride + 1, 1) if stride else file.modules.per_unit


def _of(values: Values, colour: str) -> tuple[int, ...]:
    return words_in(values[colour] if colour in values else values["any"])


def _has_number(face: Face) -> bool:
    return face.colour != "off" and face.pieces > 0


def _packed(digits: list[int], per_word: int, bits: int) -> tuple[int, ...]:
    words = []
    for start in range(0, len(digits), per_word):
        word = 0
        for digit in digits[start : start + per_word]:
            word = word << bits | digit
        words.append(word)
    return tuple(words)
