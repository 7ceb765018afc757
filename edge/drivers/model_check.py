"""What only a look at a whole module profile can find: addresses that cross, values that are missing, functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, get_args

from edge.drivers.model_file import ButtonMap, DisplayMap, LampMap, ModuleFile, Values, words_in
from edge.drivers.model_parts import FUNCTIONS, FaceBlock, LampBlock, blocks_of, button_reading
from edge.drivers.ports import Colour
from wire.toml_check import Mistake, did_you_mean

COLOURS: Final[tuple[str, ...]] = get_args(Colour)
FC06_DIGITS_MAX: Final = {"number": 8, "bcd": 4, "ascii": 2, "segments": 2}  # that fit in one register


def file_mistakes(file: ModuleFile, stem: str) -> Iterator[Mistake]:
    """Everything that would keep this profile from being driven."""
    if file.name != stem:
        yield Mistake("name", f"{file.name!r}, but the file is {stem}.toml", "Make them the same")
    yield from _proof_mistakes(file)
    yield from _value_mistakes(file)
    yield from _button_mistakes(file)
    yield from _display_mistakes(file.display)
    yield from _other_mistakes(file)
    shapes = list(_shape_mistakes(file))
    yield from shapes
    if not shapes:
        yield from _span_mistakes(file)
        yield from _function_mistakes(file)


def _proof_mistakes(file: ModuleFile) -> Iterator[Mistake]:
    if not file.is_drivable and file.proven != "sketched":
        yield Mistake(
            "proven", "nothing here can be lit, shown or pressed", 'Add [lamp] or [face], or write "sketched"'
        )
    if file.proven == "sketched" and not file.unknown:
        yield Mistake("unknown", "missing, and the profile is only sketched", "Say what is unknown")


def _shape_mistakes(file: ModuleFile) -> Iterator[Mistake]:
    """What must be right before blocks can be made of it."""
    if file.face is not None:
        if file.lamp is not None or file.display is not None:
            yield Mistake("face", "together with [lamp] or [display]", "Keep [face], or the other two")
        yield from _colour_mistakes(file.face.colours)
        yield from _offsets("face", file.face.stride, (file.face.colour, file.face.pieces, file.face.blink))
    if file.lamp is not None and "off" not in file.lamp.values:
        yield Mistake("lamp.values.off", "missing", "Add the value that puts the lamp out")
    if file.buttons is not None and file.buttons.kind == "counter":
        offsets = [file.buttons.presses, *([] if file.buttons.holds is None else [file.buttons.holds])]
        yield from _offsets("buttons", file.buttons.stride, [*offsets, *(offset for _, offset in file.keys)])
    elif file.buttons is not None and file.keys:
        yield from _offsets("buttons", file.buttons.stride, [0, *(offset for _, offset in file.keys)])


def _value_mistakes(file: ModuleFile) -> Iterator[Mistake]:
    lamp, blink = file.lamp, file.blink
    if blink is not None and lamp is None:
        yield Mistake("blink", "without a [lamp]", "Add [lamp], or take [blink] away")
    if lamp is None:
        return
    tables: list[tuple[str, Values | None]] = [("lamp.values", lamp.values), ("lamp.seen", lamp.seen)]
    if blink is not None:
        if blink.how == "value" and blink.values is None:
            yield Mistake("blink.values", "missing, and it blinks by a value of its own", "Add the values that blink")
        tables += [("blink.values", blink.values), ("blink.seen", blink.seen)]
    for path, values in tables:
        if values is not None:
            yield from _values(path, values, is_blink=path.startswith("blink"))
    if lamp.write == "fc15" and any(word > 1 for value in lamp.values.values() for word in words_in(value)):
        yield Mistake("lamp.values", "a coil takes 0 or 1", "Write 0 or 1, or use fc05 for other values")
    yield from _lamp_mistakes(lamp, file.modules.per_unit)


def _values(path: str, values: Values, *, is_blink: bool) -> Iterator[Mistake]:
    for colour in sorted(values.keys() - {*COLOURS, "any"}):
        yield Mistake(f"{path}.{colour}", "no such colour", did_you_mean(colour, (*COLOURS, "any")))
    if "any" not in values:
        needed = [colour for colour in COLOURS if colour not in values and not (is_blink and colour == "off")]
        for colour in needed if len(values) > 1 or is_blink else []:
            yield Mistake(f"{path}.{colour}", "missing", "Add its value, or `any` for all colours not listed")
        if not is_blink and len(values) <= 1:
            yield Mistake(f"{path}.any", "missing", "Add the value that lights the lamp")
    if len({len(words_in(value)) for value in values.values()}) > 1:
        yield Mistake(path, "the values differ in length", "Give each as many words as the others")


def _lamp_mistakes(lamp: LampMap, per_unit: int) -> Iterator[Mistake]:
    if lamp.write in ("fc05", "fc06") and any(len(words_in(value)) > 1 for value in lamp.values.values()):
        yield Mistake("lamp.write", f"{lamp.write} writes one value at a time", "Use fc15 or fc16 for several")
    if lamp.write == "fc23":
        yield Mistake("lamp.write", "fc23 is for a [face] block", "Use fc05, fc06, fc15 or fc16")
    if lamp.read == "none" and (lamp.seen is not None or lamp.read_address is not None):
        yield Mistake("lamp.read", "none, yet there is something to be seen", "Say which function reads it")
    if lamp.alone is not None and (per_unit == 1 or lamp.write != "fc06"):
        yield Mistake("lamp.alone", "needs several lamps written by fc06", "Take it away")


def _button_mistakes(file: ModuleFile) -> Iterator[Mistake]:
    buttons = file.buttons
    if buttons is None:
        return
    if buttons.clear != "none" and buttons.kind != "latched":
        yield Mistake("buttons.clear", f"a {buttons.kind} is not cleared", 'Write clear = "none", or kind = "latched"')
    if buttons.kind == "latched" and buttons.clear == "none":
        yield Mistake("buttons.clear", "a latch must be cleared", 'Write clear = "read" or clear = "write"')
    if buttons.kind == "counter" and buttons.read in ("fc01", "fc02"):
        yield Mistake("buttons.read", "a counter is a register", "Use fc03 or fc04")
    if buttons.debounce_ms and buttons.kind != "level":
        yield Mistake("buttons.debounce_ms", f"a {buttons.kind} does not flicker", "Take it away")
    if buttons.hold_ms and buttons.kind != "level":
        yield Mistake("buttons.hold_ms", f"a {buttons.kind} does not tell how long", "Take it away")
    if file.keys and (buttons.bit is not None or buttons.clear == "write"):
        yield Mistake("buttons", "plus, minus and short need cells of their own that nobody clears", "Take them away")
    yield from _bit_mistakes(buttons, file.modules.per_unit)


def _bit_mistakes(buttons: ButtonMap, per_unit: int) -> Iterator[Mistake]:
    if buttons.bit is None:
        return
    if buttons.kind == "counter" or buttons.read in ("fc01", "fc02"):
        yield Mistake("buttons.bit", "only a level or latch in a register has bits", "Take it away")
    if buttons.bit + per_unit > 16:
        yield Mistake("buttons.bit", f"{per_unit} modules from bit {buttons.bit} do not fit in a register", "Lower it")


def _display_mistakes(display: DisplayMap | None) -> Iterator[Mistake]:
    if display is None:
        return
    if (
        display.write == "fc06"
        and display.format != "number"
        and display.digits > (4 if display.format == "bcd" else 2)
    ):
        yield Mistake("display.write", "the number takes several registers", "Use fc16")
    if display.blank_address is not None and display.read != "none":
        yield Mistake("display.read", "a display blanked elsewhere cannot be read back", 'Write read = "none"')


def _other_mistakes(file: ModuleFile) -> Iterator[Mistake]:
    alive = file.keep_alive
    if alive is not None and alive.every_ms * 2 > alive.expires_ms:
        yield Mistake("keep_alive.every_ms", f"no time left before {alive.expires_ms} ms", "At most half of expires_ms")
    if "rtu" in file.link.transports and file.link.unit > 247 and file.link.unit != 255:
        yield Mistake("link.unit", f"no unit {file.link.unit} on a line", "Write 1 to 247")
    for index, step in enumerate(file.commission):
        if step.what in ("baud", "parity") and not step.values:
            yield Mistake(f"commission[{index}].values", "missing", f"Say which number stands for which {step.what}")
        if step.to == "broadcast" and file.link.broadcast == "none":
            yield Mistake(f"commission[{index}].to", "this model hears no broadcast", 'Write to = "unit"')


def _span_mistakes(file: ModuleFile) -> Iterator[Mistake]:
    last, spare = file.modules.per_unit - 1, file.spare.registers
    spans = [(_path(block), block.reading.span(0, last)) for block in blocks_of(file) if block.reading is not None]
    if (button := button_reading(file)) is not None:
        spans.append(("buttons", button.span(0, last)))
    for path, (address, count) in spans:
        if address < 0 or address + count + spare > 65536:
            yield Mistake(f"{path}.address", "the block is not within registers 0 to 65535", "Correct the address")
    if file.face is None or file.buttons is None or file.buttons.read != "fc03":
        return
    (_, faces), (_, buttons) = spans
    if faces[0] < sum(buttons) and buttons[0] < sum(faces):
        yield Mistake("buttons.address", "counters and faces share registers", "Correct an address or a stride")
    for path, (_, count) in spans:
        if count + spare > file.modules.registers_per_read_max:
            yield Mistake(f"{path}.stride", f"{count} registers do not fit in one read", "Lower modules.per_unit")
    if faces[1] > file.modules.registers_per_write_max:
        yield Mistake("face.stride", f"{faces[1]} registers do not fit in one write", "Lower modules.per_unit")


def _function_mistakes(file: ModuleFile) -> Iterator[Mistake]:
    """`link.functions` says what the device knows; nothing else may be used."""
    known = file.link.functions
    used = [(_path(block) + ".write", block.function) for block in blocks_of(file)]
    used += [(_path(block) + ".read", block.reading.function) for block in blocks_of(file) if block.reading is not None]
    if (button := button_reading(file)) is not None:
        used.append(("buttons.read", button.function))
    used += [(f"setup[{index}].write", FUNCTIONS[one.write]) for index, one in enumerate(file.setup)]
    used += [(f"commission[{index}].write", FUNCTIONS[one.write]) for index, one in enumerate(file.commission)]
    for path, function in used:
        if known and function not in known:
            yield Mistake(path, f"function {function} is not in link.functions", f"Use one of {_list(known)}")


def _path(block: object) -> str:
    if isinstance(block, FaceBlock):
        return "face"
    return "lamp" if isinstance(block, LampBlock) else "blink" if not hasattr(block, "display") else "display"


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _colour_mistakes(colours: dict[str, int]) -> Iterator[Mistake]:
    for colour in COLOURS:
        if colour not in colours:
            yield Mistake(f"face.colours.{colour}", "missing", "Add the number this module takes for it")
    for colour in colours.keys() - set(COLOURS):
        yield Mistake(f"face.colours.{colour}", "no such colour", did_you_mean(colour, COLOURS))


def _offsets(part: str, stride: int, offsets: Sequence[int]) -> Iterator[Mistake]:
    if max(offsets) >= stride:
        yield Mistake(f"{part}.stride", f"an offset of {max(offsets)} is outside of {stride}", "Raise the stride")
    if len(set(offsets)) < len(offsets):
        yield Mistake(part, "two offsets are the same", "Give each its own register")
