"""A module model ready to be driven: its profile and what follows from it. Loads firmware_configs/modules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from edge.drivers.model_check import file_mistakes
from edge.drivers.model_file import ButtonMap, KeyName, ModuleFile, words_in
from edge.drivers.model_parts import FUNCTIONS, Block, FaceBlock, Reading, blocks_of, button_reading
from edge.drivers.ports import Face
from wire.toml_check import Mistake, TomlWrong, did_you_mean, read_toml

MODELS_DIR: Final = Path(__file__).parents[2] / "firmware_configs" / "modules"
WIDE_REGISTERS_MAX: Final = 16  # a read of counters and faces together pays while it is not longer than this


@dataclass(frozen=True)
class ModuleModel:
    """One model of light module or I/O board, as its bus owner uses it."""

    file: ModuleFile

    @cached_property
    def name(self) -> str:
        """The model."""
        return self.file.name

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What is written to show a face, in the order of writing."""
        return blocks_of(self.file)

    @cached_property
    def readable(self) -> tuple[int, ...]:
        """Those of `blocks`, by number, that read back."""
        return tuple(number for number, block in enumerate(self.blocks) if block.reading is not None)

    @cached_property
    def button(self) -> Reading | None:
        """Where the buttons are read."""
        return button_reading(self.file)

    @cached_property
    def buttons(self) -> ButtonMap | None:
        """What the buttons are."""
        return self.file.buttons

    @cached_property
    def keys(self) -> tuple[tuple[KeyName, int], ...]:
        """Keys beside the confirm button, and how many cells further on they are."""
        return self.file.keys

    @cached_property
    def is_block(self) -> bool:
        """Faces and counters are holding registers that may be read together."""
        return isinstance(self.blocks[0] if self.blocks else None, FaceBlock) and (
            self.button is not None and self.button.function == FUNCTIONS["fc03"]
        )

    @cached_property
    def blinks_by_us(self) -> int | None:
        """The number of the block whose blinking needs us, or None."""
        return next((number for number, block in enumerate(self.blocks) if block.pulses), None)

    @cached_property
    def setup(self) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
        """Writes for a unit met anew: function, address, words."""
        base = self.file.link.address_base
        return tuple((FUNCTIONS[one.write], one.address - base, words_in(one.words)) for one in self.file.setup)

    @cached_property
    def spare(self) -> int:
        """Readable registers (or groups of eight bits) after each block."""
        return self.file.spare.registers

    @cached_property
    def clears(self) -> bool:
        """Its buttons are latches that we clear."""
        return self.file.buttons is not None and self.file.buttons.clear == "write"

    @cached_property
    def settle_ns(self) -> int:
        """How long a written lamp takes until it reads back."""
        return self.file.link.settle_ms * 1_000_000

    @cached_property
    def keep_alive_ns(self) -> int:
        """A unit must hear something within this; 0: it need not."""
        return self.file.keep_alive.every_ms * 1_000_000 if self.file.keep_alive is not None else 0

    def words_of(self, face: Face) -> tuple[int, ...]:
        """The registers of a block module that shows `face`. Raises IndexError for one that has none."""
        block = self.blocks[0]
        return block.words(face) if isinstance(block, FaceBlock) else block.write(0, [face])[2]

    def wide_span(self, first: int, last: int) -> tuple[int, int] | None:
        """One read that covers counters and faces, or None where it would be too long to be worth it."""
        reading, button = self.blocks[0].reading if self.blocks else None, self.button
        if not self.is_block or reading is None or button is None:
            return None
        spans = (reading.span(first, last), button.span(first, last))
        start = min(address for address, _ in spans)
        count = max(address + count for address, count in spans) - start
        return (start, count) if count <= WIDE_REGISTERS_MAX else None


def load_file(name: str, folder: Path = MODELS_DIR) -> ModuleFile:
    """The profile called `name` in `folder`. Raises TomlWrong with every mistake, also when there is no such model."""
    file = folder / f"{name}.toml"
    if not file.is_file():
        known = [path.stem for path in folder.glob("*.toml")]
        raise TomlWrong(file, [Mistake("profile", f"no module model {name!r}", did_you_mean(name, known))])
    return read_file(file)


def read_file(file: Path) -> ModuleFile:
    """The profile in `file`. Raises TomlWrong with every mistake."""
    return read_toml(file, ModuleFile, lambda parsed: file_mistakes(parsed, file.stem))


def load_model(name: str, folder: Path = MODELS_DIR) -> ModuleModel:
    """The model called `name` for a bus to drive. Raises TomlWrong, also for one that is only sketched."""
    found = load_file(name, folder)
    if not found.is_drivable:
        what = f"{name!r} is only sketched and cannot be driven: {'; '.join(found.unknown)}"
        raise TomlWrong(folder / f"{name}.toml", [Mistake("proven", what, "Complete its map, or use another model")])
    return ModuleModel(found)


def shipped(folder: Path = MODELS_DIR) -> list[str]:
    """Names of all profiles in `folder`, in order."""
    return sorted(path.stem for path in folder.glob("*.toml"))
