"""What the readings of a button mean: counters that count up, levels while it is down, latches until cleared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from edge.drivers.bus_facts import MS, Module, Unit
from edge.drivers.modbus_pdu import Words
from edge.drivers.model_file import ButtonMap
from edge.drivers.model_parts import pressed_bit
from edge.drivers.ports import ButtonFreed, ButtonStuck, KeyPressed, Pressed
from wire.ids import LocationId

PRESSES_MAX: Final = 100  # more between two polls means that the module restarted and counts from 0
STUCK_NS: Final = 10_000 * MS  # no finger stays on a button for so long

Touch = Pressed | KeyPressed | ButtonStuck | ButtonFreed


def presses(unit: Unit, module: Module, words: Words, now_ns: int, *, count: bool) -> Iterator[Touch]:
    """What was pressed since the last reading. Without `count` the reading is only taken as what was there before."""
    buttons, reading = unit.model.buttons, unit.model.button
    if buttons is None or reading is None:
        return
    seen = words.at(*reading.at(module.index))
    if len(seen) < reading.width:
        return
    if unit.model.keys:
        yield from _keys(unit, module, seen, count=count)
    if buttons.kind == "counter":
        yield from _counted(buttons, module, seen, count=count)
        return
    before, module.counters = module.counters, (pressed_bit(buttons, module.index, seen[0]),)
    if buttons.debounce_ms:
        module.counters = _debounced(buttons.debounce_ms * MS, module, before, now_ns)
    if buttons.kind == "latched":
        yield from _latched(unit, module, before, count=count)
    else:
        yield from _level(buttons, module, before, now_ns, count=count)
        yield from _stuck(module, now_ns)


def _debounced(quiet_ns: int, module: Module, before: tuple[int, ...] | None, now_ns: int) -> tuple[int, ...]:
    """A level that was down stays so until it was up for `quiet_ns`, however often it flickers meanwhile."""
    if before != (1,) or module.counters == (1,):
        module.up_ns = 0
        return module.counters or (0,)
    module.up_ns = module.up_ns or now_ns
    return (1,) if now_ns - module.up_ns < quiet_ns else (0,)


def _keys(unit: Unit, module: Module, seen: tuple[int, ...], *, count: bool) -> Iterator[KeyPressed]:
    """The keys beside the confirm button, of the same kind as that."""
    buttons = unit.model.buttons
    if buttons is None:
        return
    counts = buttons.kind == "counter"
    now = tuple(seen[at] if counts else int(bool(seen[at]) != buttons.active_low) for _, at in unit.model.keys)
    before, module.keys = module.keys, now
    if before is None or before == now or not count:
        return
    for (name, _), old, new in zip(unit.model.keys, before, now, strict=True):
        times = (new - old) % (buttons.counter_max + 1) if counts else int(new > old)
        if 0 < times <= PRESSES_MAX:
            yield KeyPressed(LocationId(module.location), name, times)


def _stuck(module: Module, now_ns: int) -> Iterator[ButtonStuck | ButtonFreed]:
    """A level that does not come up again, whether it was pressed for something or not."""
    if module.counters != (1,):
        was_stuck, module.since_ns, module.stuck = module.stuck, 0, False
        if was_stuck:
            yield ButtonFreed(LocationId(module.location))
        return
    module.since_ns = module.since_ns or now_ns
    if not module.stuck and now_ns - module.since_ns >= STUCK_NS:
        module.stuck = True
        yield ButtonStuck(LocationId(module.location))


def _counted(buttons: ButtonMap, module: Module, seen: tuple[int, ...], *, count: bool) -> Iterator[Pressed]:
    counters = (seen[buttons.presses], seen[buttons.holds] if buttons.holds is not None else 0)
    before, module.counters = module.counters, counters
    if before is None or before == counters or not count:
        return
    short, held = ((new - old) % (buttons.counter_max + 1) for old, new in zip(before, counters, strict=True))
    if max(short, held) > PRESSES_MAX:  # it restarted, so what it shows is unknown too
        module.written = module.told = None
        module.done = 0
    else:
        yield _pressed(module, held or short, held=held > 0)


def _latched(unit: Unit, module: Module, before: tuple[int, ...] | None, *, count: bool) -> Iterator[Pressed]:
    """A latch is a press when it is first seen set. Where reading clears it, each time it is seen set."""
    is_set = module.counters == (1,)
    if unit.model.clears:
        module.clear = is_set
        if before != (0,):
            return
    if is_set and count and before is not None:
        yield _pressed(module, 1, held=False)


def _level(
    buttons: ButtonMap, module: Module, before: tuple[int, ...] | None, now_ns: int, *, count: bool
) -> Iterator[Pressed]:
    """A press is the edge; where long presses are told apart, it is known when the button comes up or is held on."""
    is_down = module.counters == (1,)
    if before == (0,) and is_down and count:
        module.down_ns = now_ns
        if not buttons.hold_ms:
            module.down_ns = 0
            yield _pressed(module, 1, held=False)
    elif module.down_ns and is_down and now_ns - module.down_ns >= buttons.hold_ms * MS:
        module.down_ns = 0
        yield _pressed(module, 1, held=True)
    elif module.down_ns and not is_down:
        module.down_ns = 0
        yield _pressed(module, 1, held=False)


def _pressed(module: Module, times: int, *, held: bool) -> Pressed:
    return Pressed(LocationId(module.location), times, held=held)
