"""Which transaction a light bus does next: a pure function of what is known, wanted and due.

Order: faces to write (newly wanted before merely unknown), faces to read back, lamps that blink only by our hand,
latches to clear, units whose own watchdog would bite, a probe of a quarantined unit where its share of the bus allows,
then the lit units in turn, and now and then one unlit unit to see that it lives.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from edge.drivers.bus_facts import MS, BusFacts, Unit, is_blinking, shape_for
from edge.drivers.bus_transaction import Transaction
from edge.drivers.bus_writes import blink_request, clear_request, face_request, setup_request
from edge.drivers.modbus_pdu import READ, Request
from edge.drivers.ports import DARK

HEALTH_NS: Final = 3000 * MS  # an unlit unit is asked this often at most whether it is there
RECHECK_NS: Final = 2000 * MS  # a lit face is read back this often
BLIND_RECHECK_NS: Final = 1500 * MS  # likewise where no button is polled beside
DARK_RECHECK_NS: Final = 60_000 * MS  # a dark face is read back this often, where a button is polled beside
FEW_LIT: Final = 4
HEALTH_SHARES: Final = (
    10,
    40,
)  # looks after unlit units may cost a tenth of the bus while few are lit, else a fortieth
INDEX_MAX: Final = 256
IDLE_NS_MAX: Final = 500 * MS  # a bus with nothing to do still shows that its owner lives


@dataclass(frozen=True)
class Wait:
    """Nothing to send before `until_ns` unless somebody wants a face."""

    until_ns: int


def choose(facts: BusFacts, now_ns: int) -> Transaction | Wait:
    """The next transaction at `now_ns`, or how long to wait."""
    return (
        (_first_show(facts, facts.dirty, now_ns) if facts.dirty else None)
        or (_first_read_back(facts, now_ns) if facts.unread else None)
        or (_first_unknown(facts, now_ns) if facts.unknown else None)
        or (_upkeep(facts, now_ns) if facts.blinking or facts.latched or facts.watched else None)
        or (_probe(facts, now_ns) if facts.sick else None)
        or _poll(facts, now_ns)
        or Wait(_next_due_ns(facts, now_ns))
    )


def _first_show(facts: BusFacts, units: Iterable[int], now_ns: int) -> Transaction | None:
    return next((tx for address in units if (tx := show(facts, facts.units[address], now_ns))), None)


def _first_read_back(facts: BusFacts, now_ns: int) -> Transaction | None:
    return next((tx for address in facts.unread if (tx := _read_back(facts, facts.units[address], now_ns))), None)


def _first_unknown(facts: BusFacts, now_ns: int) -> Transaction | None:
    if facts.lit and facts.turn % 2:  # half of the line for those who may be pressed now
        return None
    return _first_show(facts, facts.unknown, now_ns)


def show(facts: BusFacts, unit: Unit, now_ns: int) -> Transaction | None:
    """Write the wanted faces of the unit, from the first that differs to the last, but over none that is undecided."""
    stale = [module for module in unit.modules.values() if module.is_stale]
    if not stale:
        return None
    if unit.set_up < len(unit.model.setup):
        return Transaction("set_up", unit.address, *unit.span, setup_request(unit))
    if (alone := _alone(unit)) is not None:
        return alone
    number = min(module.done for module in stale)
    block = unit.model.blocks[number]
    behind = [module.index for module in stale if module.done == number]
    first = min(behind)
    barrier = min((m.index for m in unit.modules.values() if m.undecided and m.index > first), default=INDEX_MAX)
    last = max(index for index in behind if index < min(barrier, first + block.run_max))
    faces = {i: unit.modules[i].wanted if i in unit.modules else DARK for i in range(first, last + 1)}
    wide = unit.model.wide_span(first, last)
    request = face_request(facts, unit, block, faces, now_ns, wide=wide)
    if request is None:
        return None
    covers = wide is not None and request.count > 0
    return Transaction("show", unit.address, first, last, request, covers, number, tuple(faces.values()))


def _alone(unit: Unit) -> Transaction | None:
    """One write that lights the only lamp wanted of a unit and puts all others out, where the model has one."""
    lamp = unit.model.file.lamp
    if lamp is None or lamp.alone is None or any(module.undecided for module in unit.modules.values()):
        return None
    lit = [module for module in unit.modules.values() if module.wanted != DARK]
    if len(lit) != 1 or not lit[0].is_stale:
        return None
    number = len(unit.model.blocks) - 1
    first, last = unit.span
    function, address, _ = unit.model.blocks[number].write(lit[0].index, [lit[0].wanted])
    faces = tuple(unit.modules[i].wanted if i in unit.modules else DARK for i in range(first, last + 1))
    request = Request(unit.address, function, write_address=address, words=(lamp.alone,))
    return Transaction("show", unit.address, first, last, request, block=number, faces=faces)


def _read_back(facts: BusFacts, unit: Unit, now_ns: int) -> Transaction | None:
    """Read the next stretch of the faces back."""
    if unit.settled_ns > now_ns or not unit.model.readable:
        return None
    turn, start = unit.look
    number = unit.model.readable[turn % len(unit.model.readable)]
    reading = unit.model.blocks[number].reading
    indexes = [index for index in sorted(unit.modules) if index >= start] or sorted(unit.modules)
    if reading is None:
        return None
    first = indexes[0]
    last = max(index for index in indexes if index < first + reading.run_max)
    address, count = reading.span(first, last)
    shape = shape_for(facts, unit, reading.function, count, now_ns)
    if shape is None:
        return None
    request = Request(unit.address, reading.function, address, shape)
    return Transaction("read_back", unit.address, first, last, request, covers_faces=True, block=number)


def _poll_of(facts: BusFacts, unit: Unit, now_ns: int, *, whole: bool) -> Transaction | None:
    button = unit.model.button
    if button is None:
        return _look_at(facts, unit, now_ns)
    first, last = unit.span if whole else unit.span_of_lit()
    wide = unit.model.wide_span(first, last) if unit.doubt or unit.recheck_ns <= now_ns or not facts.lit else None
    if wide is None and last - first >= button.run_max:
        first = unit.poll_from if first < unit.poll_from <= last else first
        last = min(last, first + button.run_max - 1)
    address, count = wide or button.span(first, last)
    function = READ if wide else button.function
    shape = shape_for(facts, unit, function, count, now_ns)
    if shape is None:
        return None
    known = unit.poll
    if known is not None and (known.first, known.last, known.request.address, known.request.count) == (
        first,
        last,
        address,
        shape,
    ):
        return known
    request = Request(unit.address, function, address, shape)
    unit.poll = Transaction("poll", unit.address, first, last, request, covers_faces=wide is not None)
    return unit.poll


def _look_at(facts: BusFacts, unit: Unit, now_ns: int) -> Transaction | None:
    """A unit without buttons shows that it lives by its lamps, or by taking a face once more."""
    if unit.model.readable:
        return _read_back(facts, unit, now_ns)
    module = next((module for module in unit.modules.values() if not module.undecided), None)
    if module is None:
        return None
    number = len(unit.model.blocks) - 1
    faces = {module.index: module.wanted}
    request = face_request(facts, unit, unit.model.blocks[number], faces, now_ns, wide=None)
    return Transaction("poll", unit.address, module.index, module.index, request) if request is not None else None


def _upkeep(facts: BusFacts, now_ns: int) -> Transaction | None:
    return _first_blink(facts, now_ns) or _first_clear(facts) or _first_watched(facts, now_ns)


def _first_blink(facts: BusFacts, now_ns: int) -> Transaction | None:
    for unit in (facts.units[address] for address in facts.blinking):
        for module in unit.modules.values():
            if is_blinking(module) and module.blink_ns <= now_ns:
                request = blink_request(unit, module)
                number = unit.model.blinks_by_us or 0
                return Transaction("blink", unit.address, module.index, module.index, request, block=number)
    return None


def _first_clear(facts: BusFacts) -> Transaction | None:
    for unit in (facts.units[address] for address in facts.latched):
        module = next(module for module in unit.modules.values() if module.clear)
        return Transaction("clear", unit.address, module.index, module.index, clear_request(unit, module.index))
    return None


def _first_watched(facts: BusFacts, now_ns: int) -> Transaction | None:
    for unit in facts.watched:
        if unit.polled_ns + unit.model.keep_alive_ns <= now_ns and unit.address not in facts.sick:
            return _poll_of(facts, unit, now_ns, whole=True)
    return None


def _probe(facts: BusFacts, now_ns: int) -> Transaction | None:
    if facts.sick_budget_ns > now_ns:
        return None
    unit = min((facts.units[address] for address in facts.sick), key=lambda sick: sick.probe_at_ns)
    return _poll_of(facts, unit, now_ns, whole=True) if unit.probe_at_ns <= now_ns else None


def health_rest_ns(facts: BusFacts, cost_ns: int) -> int:
    """How long no further unlit unit is asked while others are lit, after a look that took `cost_ns`."""
    if not facts.lit:
        return 0
    return (HEALTH_SHARES[len(facts.lit) > FEW_LIT] - 1) * cost_ns


def _poll(facts: BusFacts, now_ns: int) -> Transaction | None:
    if facts.expect_ns > now_ns or facts.polled_ns + facts.poll_spacing_ns > now_ns:
        return None
    return (
        (_health(facts, facts.blind, now_ns) if facts.blind else None)
        or (_health(facts, facts.idle, now_ns) if facts.health_ns <= now_ns else None)
        or _lit(facts, now_ns)
    )


def _lit(facts: BusFacts, now_ns: int) -> Transaction | None:
    for address in facts.lit:
        unit = facts.units[address]
        if unit.polled_ns + facts.poll_period_ns > now_ns:
            return None  # they stand in the order they were polled: nobody behind is due either
        if unit.calm is not None and unit.whole and unit.recheck_ns > now_ns and not unit.debts:
            return unit.calm[0]
        tx = _poll_of(facts, unit, now_ns, whole=False)
        if tx is not None:
            return tx
    return None


def _health(facts: BusFacts, addresses: Iterable[int], now_ns: int) -> Transaction | None:
    for address in addresses:
        unit = facts.units[address]
        if unit.health_ns > now_ns:
            return None  # likewise
        if (tx := _poll_of(facts, unit, now_ns, whole=True)) is not None:
            return tx
    return None


def _next_due_ns(facts: BusFacts, now_ns: int) -> int:
    """When something falls due by time alone; at least a little ahead, so that a wait is never a spin."""
    dues = [now_ns + IDLE_NS_MAX]
    dues += [max(facts.units[address].health_ns, facts.health_ns) for address in itertools.islice(facts.idle, 1)]
    dues += [facts.units[address].health_ns for address in itertools.islice(facts.blind, 1)]
    dues += [max(facts.units[address].probe_at_ns, facts.sick_budget_ns) for address in facts.sick]
    if facts.lit:
        head = facts.units[next(iter(facts.lit))]
        dues.append(max(head.polled_ns + facts.poll_period_ns, facts.polled_ns + facts.poll_spacing_ns))
    dues += [until for address in facts.unread if (until := facts.units[address].settled_ns) > now_ns]
    dues += [unit.polled_ns + unit.model.keep_alive_ns for unit in facts.watched if unit.address not in facts.sick]
    owing = [until for unit in facts.units.values() for until in unit.debts.values()]
    dues += [until for until in owing if until > now_ns]
    until_ns = max(min(dues), facts.expect_ns if facts.expect_ns > now_ns and not facts.dirty else 0, now_ns + MS)
    blinks = [m.blink_ns for address in facts.blinking for m in facts.units[address].modules.values() if is_blinking(m)]
    return min(until_ns, max(min(blinks), now_ns + MS)) if blinks else until_ns
