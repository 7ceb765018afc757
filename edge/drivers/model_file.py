"""A module profile as it is written: one model of light module or I/O board, a file in firmware_configs/modules."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from wire.ids import Name, Sentence

Register = Annotated[
    int, Meta(ge=0, le=65536, description="a register address from 0 to 65535, or 1 to 65536 by base 1")
]
Word = Annotated[int, Meta(ge=0, le=65535, description="0 to 65535")]
Offset = Annotated[int, Meta(ge=0, le=63, description="0 to 63 registers")]
Stride = Annotated[int, Meta(ge=1, le=64, description="1 to 64 registers")]
Words = Annotated[int | tuple[Word, ...], Meta(description="a whole number, or a list of them")]
Values = dict[str, Words]  # by colour; "off" and "any" (every colour not listed)
WriteFunction = Literal["fc05", "fc06", "fc15", "fc16", "fc23"]
ReadFunction = Literal["none", "fc01", "fc02", "fc03", "fc04"]
Baud = Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200]
Proven = Literal["sketched", "simulated", "bench", "floor"]
Confidence = Literal["reference", "documented", "third-party", "assumed", "template"]
KeyName = Literal["plus", "minus", "short"]
PROVEN: Final[tuple[str, ...]] = get_args(Proven)


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class LinkManners(_Part, frozen=True, kw_only=True):
    """How it is reached, as it comes from the factory, and its times on the wire (units in the names)."""

    transports: Annotated[
        tuple[Literal["rtu", "tcp"], ...], Meta(min_length=1, description='a list of "rtu" and "tcp"')
    ] = ("rtu", "tcp")
    baud: Baud = 19200
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1
    unit: Annotated[int, Meta(ge=0, le=255, description="a Modbus unit from 0 to 255")] = 1
    tcp_port: Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")] = 502
    address_base: Literal[0, 1] = 0
    functions: tuple[Literal[1, 2, 3, 4, 5, 6, 15, 16, 22, 23], ...] = ()
    reply_ms_max: Annotated[int, Meta(ge=5, le=2000, description="5 to 2000 milliseconds")]
    turnaround_us: Annotated[int, Meta(ge=0, le=500_000, description="0 to 500000 microseconds")]
    gap_us: Annotated[int, Meta(ge=0, le=1_000_000, description="0 to 1000000 microseconds")] = 0
    settle_ms: Annotated[int, Meta(ge=0, le=2000, description="0 to 2000 milliseconds")] = 0
    broadcast: Literal["none", "silent", "answers"] = "none"


class Modules(_Part, frozen=True, kw_only=True):
    """How many modules a unit carries, and what its registers and displays can take."""

    per_unit: Annotated[int, Meta(ge=1, le=64, description="1 to 64 modules")]
    pieces_max: Annotated[int, Meta(ge=0, le=65535, description="0 to 65535 pieces")] = 0
    registers_per_read_max: Annotated[int, Meta(ge=1, le=125, description="1 to 125 registers")] = 125
    registers_per_write_max: Annotated[int, Meta(ge=1, le=121, description="1 to 121 registers")] = 121


class FaceMap(_Part, frozen=True, kw_only=True):
    """Colour, quantity and blink of a module as one block of holding registers, written and read together."""

    address: Register
    stride: Stride
    colour: Offset
    pieces: Offset
    blink: Offset
    write: Literal["fc16", "fc23"]
    colours: dict[str, Word]


class LampMap(_Part, frozen=True, kw_only=True):
    """A lamp: coils or registers, what is written for each colour, and what reads back for it."""

    address: Register
    stride: Stride = 1
    write: WriteFunction
    values: Values
    read: ReadFunction = "none"
    read_address: Register | None = None
    seen: Values | None = None
    alone: Word | None = None


class BlinkMap(_Part, frozen=True, kw_only=True):
    """How a lamp blinks: by a value of its own, by a flag elsewhere, by pulses we renew, by us, or not at all."""

    how: Literal["none", "value", "flag", "pulse", "us"]
    period_ms: Annotated[int, Meta(ge=200, le=10_000, description="200 to 10000 milliseconds")] = 1000
    values: Values | None = None
    seen: Values | None = None
    address: Register = 0
    stride: Stride = 1
    write: WriteFunction = "fc05"
    words: Words = 1


class DisplayMap(_Part, frozen=True, kw_only=True):
    """A quantity display: where the number goes, in which format, and what makes it blank."""

    address: Register
    stride: Stride = 1
    write: Literal["fc06", "fc16"]
    format: Literal["number", "bcd", "ascii", "segments"]
    digits: Annotated[int, Meta(ge=1, le=8, description="1 to 8 digits")]
    read: Literal["none", "fc03", "fc04"] = "none"
    blank: Words = 0
    blank_address: Register | None = None
    blank_write: Literal["fc06", "fc16"] = "fc16"


class ButtonMap(_Part, frozen=True, kw_only=True):
    """A confirm button: counters that wrap after `counter_max`, a level while it is pressed, or a latch.

    `plus`, `minus` and `short` are the module's other keys, of the same kind, so many cells further on.
    `debounce_ms`: a level is up again only once it was up for so long; a hand passing a reach sensor is one.
    """

    kind: Literal["counter", "level", "latched"] = "counter"
    address: Register
    stride: Stride = 1
    read: Literal["fc01", "fc02", "fc03", "fc04"] = "fc03"
    presses: Offset = 0
    holds: Offset | None = None
    plus: Offset | None = None
    minus: Offset | None = None
    short: Offset | None = None
    counter_max: Annotated[int, Meta(ge=255, le=65535, description="255 to 65535")] = 65535
    bit: Annotated[int, Meta(ge=0, le=15, description="a bit from 0 to 15")] | None = None
    active_low: bool = False
    clear: Literal["none", "read", "write"] = "none"
    clear_write: Literal["fc05", "fc06"] = "fc06"
    clear_value: Word = 0
    hold_ms: Annotated[int, Meta(ge=0, le=5000, description="0 to 5000 milliseconds")] = 0
    debounce_ms: Annotated[int, Meta(ge=0, le=2000, description="0 to 2000 milliseconds")] = 0


class SetUp(_Part, frozen=True, kw_only=True):
    """One write, made whenever a unit is met anew: after a start, an outage, or a write it refused."""

    why: Sentence
    address: Register
    write: WriteFunction = "fc06"
    words: Words


class KeepAlive(_Part, frozen=True, kw_only=True):
    """A watchdog in the device: asked at least every `every_ms`; after `expires_ms` of silence outputs drop."""

    every_ms: Annotated[int, Meta(ge=50, le=60_000, description="50 to 60000 milliseconds")]
    expires_ms: Annotated[int, Meta(ge=100, le=120_000, description="100 to 120000 milliseconds")]
    drops_outputs: bool = True
    locks_writes: bool = False


class PowerOn(_Part, frozen=True, kw_only=True):
    """What it shows when its power comes back."""

    lamps: Literal["off", "kept", "unknown"] = "off"
    display: Literal["blank", "kept", "zero", "unknown"] = "blank"


class Commission(_Part, frozen=True, kw_only=True):
    """One write that sets a factory-new unit up, in the order of the file; `values` by what is wanted."""

    what: Literal["unit", "baud", "parity", "save", "other"]
    address: Register
    write: Literal["fc06", "fc16"] = "fc06"
    to: Literal["unit", "broadcast"] = "unit"
    values: dict[str, Word] = {}
    note: Sentence = ""


class Spare(_Part, frozen=True, kw_only=True):
    """Readable registers (or groups of eight bits) after each block."""

    registers: Annotated[int, Meta(ge=0, le=8, description="0 to 8 registers")] = 0


class ModuleFile(_Part, frozen=True, kw_only=True):
    """One model of light module or I/O board, as data."""

    name: Name
    title: Sentence
    source: Sentence
    date: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$", description='a day as "2026-11-24"')]
    confidence: Confidence
    proven: Proven
    unknown: tuple[Sentence, ...] = ()
    link: LinkManners
    modules: Modules
    face: FaceMap | None = None
    lamp: LampMap | None = None
    blink: BlinkMap | None = None
    display: DisplayMap | None = None
    buttons: ButtonMap | None = None
    spare: Spare = Spare()
    setup: tuple[SetUp, ...] = ()
    keep_alive: KeepAlive | None = None
    power_on: PowerOn = PowerOn()
    commission: tuple[Commission, ...] = ()

    @property
    def keys(self) -> tuple[tuple[KeyName, int], ...]:
        """Keys beside the confirm button, and how many cells further on they are."""
        found = self.buttons
        if found is None:
            return ()
        offsets: tuple[tuple[KeyName, int | None], ...] = (
            ("plus", found.plus),
            ("minus", found.minus),
            ("short", found.short),
        )
        return tuple((name, offset) for name, offset in offsets if offset is not None)

    @property
    def is_drivable(self) -> bool:
        """There is something to light, to show or to press."""
        return any(part is not None for part in (self.face, self.lamp, self.display, self.buttons))


def words_in(value: int | tuple[int, ...]) -> tuple[int, ...]:
    """A value of a profile as registers or bits."""
    return value if isinstance(value, tuple) else (value,)
