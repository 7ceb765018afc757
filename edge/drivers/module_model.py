"""A light module's model: its registers and its manners on the wire, read from firmware_configs/modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from edge.drivers.ports import Colour, Face
from wire.ids import Name, Sentence
from wire.toml_check import Mistake, TomlWrong, did_you_mean, read_toml

MODELS_DIR: Final = Path(__file__).parents[2] / "firmware_configs" / "modules"
WIDE_REGISTERS_MAX: Final = 16  # a read of counters and faces together pays while it is not longer than this

Register = Annotated[int, Meta(ge=0, le=65535, description="a register address from 0 to 65535")]
Offset = Annotated[int, Meta(ge=0, le=63, description="0 to 63 registers")]
Stride = Annotated[int, Meta(ge=1, le=64, description="1 to 64 registers")]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class LinkManners(_Part, frozen=True, kw_only=True):
    """Times on the wire: milliseconds and microseconds as named."""

    reply_ms_max: Annotated[int, Meta(ge=5, le=2000, description="5 to 2000 milliseconds")]
    turnaround_us: Annotated[int, Meta(ge=0, le=500_000, description="0 to 500000 microseconds")]
    gap_us: Annotated[int, Meta(ge=0, le=1_000_000, description="0 to 1000000 microseconds")] = 0


class Modules(_Part, frozen=True, kw_only=True):
    """How many modules a unit carries, and what its registers and displays can take."""

    per_unit: Annotated[int, Meta(ge=1, le=64, description="1 to 64 modules")]
    pieces_max: Annotated[int, Meta(ge=0, le=65535, description="0 to 65535 pieces")]
    registers_per_read_max: Annotated[int, Meta(ge=1, le=125, description="1 to 125 registers")] = 125
    registers_per_write_max: Annotated[int, Meta(ge=1, le=121, description="1 to 121 registers")] = 121


class FaceMap(_Part, frozen=True, kw_only=True):
    """Where a module's face is: block address, registers per module, offsets within, and the colours' numbers."""

    address: Register
    stride: Stride
    colour: Offset
    pieces: Offset
    blink: Offset
    write: Literal["fc16", "fc23"]
    colours: dict[str, Annotated[int, Meta(ge=0, le=65535)]]


class ButtonMap(_Part, frozen=True, kw_only=True):
    """Where the counters of short and long presses are; they count up and wrap after `counter_max`."""

    address: Register
    stride: Stride
    presses: Offset
    holds: Offset
    counter_max: Annotated[int, Meta(ge=255, le=65535, description="255 to 65535")] = 65535


class Spare(_Part, frozen=True, kw_only=True):
    """Readable registers after each block."""

    registers: Annotated[int, Meta(ge=0, le=8, description="0 to 8 registers")] = 0


class ModuleModel(_Part, frozen=True, kw_only=True):
    """One model of light module, as data."""

    name: Name
    title: Sentence
    source: Sentence
    date: str
    proven: Literal["sketched", "simulated", "bench", "floor"]
    link: LinkManners
    modules: Modules
    face: FaceMap
    buttons: ButtonMap
    spare: Spare = Spare()

    def words_of(self, face: Face) -> tuple[int, ...]:
        """The registers that make one module show `face`; a quantity beyond the display shows its largest."""
        words = [0] * self.face.stride
        words[self.face.colour] = self.face.colours[face.colour]
        words[self.face.pieces] = min(face.pieces, self.modules.pieces_max)
        words[self.face.blink] = int(face.blink)
        return tuple(words)

    def face_span(self, first: int, last: int) -> tuple[int, int]:
        """Address and count of the face registers of modules `first`..`last` of a unit."""
        return self.face.address + first * self.face.stride, (last - first + 1) * self.face.stride

    def button_span(self, first: int, last: int) -> tuple[int, int]:
        """Address and count of the counters of modules `first`..`last` of a unit."""
        return self.buttons.address + first * self.buttons.stride, (last - first + 1) * self.buttons.stride

    def wide_span(self, first: int, last: int) -> tuple[int, int] | None:
        """One read that covers counters and faces, or None where it would be too long to be worth it."""
        spans = (self.face_span(first, last), self.button_span(first, last))
        start = min(address for address, _ in spans)
        count = max(address + count for address, count in spans) - start
        return (start, count) if count <= WIDE_REGISTERS_MAX else None


def load_model(name: str, folder: Path = MODELS_DIR) -> ModuleModel:
    """The model called `name` in `folder`. Raises TomlWrong with every mistake, also when there is no such model."""
    file = folder / f"{name}.toml"
    if not file.is_file():
        known = [path.stem for path in folder.glob("*.toml")]
        raise TomlWrong(file, [Mistake("profile", f"no module model {name!r}", did_you_mean(name, known))])
    return read_toml(file, ModuleModel, lambda model: _whole(model, file.stem))


def _whole(model: ModuleModel, stem: str) -> Iterator[Mistake]:
    if model.name != stem:
        yield Mistake("name", f"{model.name!r}, but the file is {stem}.toml", "Make them the same")
    yield from _colour_mistakes(model.face.colours)
    yield from _offset_mistakes("face", model.face.stride, (model.face.colour, model.face.pieces, model.face.blink))
    yield from _offset_mistakes("buttons", model.buttons.stride, (model.buttons.presses, model.buttons.holds))
    faces, buttons = (span(0, model.modules.per_unit - 1) for span in (model.face_span, model.button_span))
    if faces[0] < sum(buttons) and buttons[0] < sum(faces):
        yield Mistake("buttons.address", "counters and faces share registers", "Correct an address or a stride")
    for part, (address, count) in (("face", faces), ("buttons", buttons)):
        if count + model.spare.registers > model.modules.registers_per_read_max:
            yield Mistake(f"{part}.stride", f"{count} registers do not fit in one read", "Lower modules.per_unit")
        if address + count + model.spare.registers > 65536:
            yield Mistake(f"{part}.address", "the block ends beyond register 65535", "Correct the address")
    if faces[1] > model.modules.registers_per_write_max:
        yield Mistake("face.stride", f"{faces[1]} registers do not fit in one write", "Lower modules.per_unit")


def _colour_mistakes(colours: dict[str, int]) -> Iterator[Mistake]:
    known = get_args(Colour)
    for colour in known:
        if colour not in colours:
            yield Mistake(f"face.colours.{colour}", "missing", "Add the number this module takes for it")
    for colour in colours.keys() - set(known):
        yield Mistake(f"face.colours.{colour}", "no such colour", did_you_mean(colour, known))


def _offset_mistakes(part: str, stride: int, offsets: Sequence[int]) -> Iterator[Mistake]:
    if max(offsets) >= stride:
        yield Mistake(f"{part}.stride", f"an offset of {max(offsets)} is outside of {stride}", "Raise the stride")
    if len(set(offsets)) < len(offsets):
        yield Mistake(part, "two offsets are the same", "Give each its own register")
