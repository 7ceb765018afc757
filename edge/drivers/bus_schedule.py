"""Which transaction a light bus does next: a pure function of what is known, wanted and due.

Order: faces to write (newly wanted before merely unknown), faces to read back, a probe of a quarantined unit where
its share of the bus allows, then the lit units in turn, every eighth turn one unlit unit to see that it lives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from edge.drivers.bus_facts import MS, BusFacts, Unit, shape_for
from edge.drivers.modbus_pdu import READ, WRITE, WRITE_READ, Request
from edge.drivers.ports import DARK

HEALTH_NS: Final = 3000 * MS  # an unlit unit is asked this often whether it is there
RECHECK_NS: Final = 2000 * MS  # a lit face is read back this often
HEALTH_TURN: Final = 8  # while modules are lit, at most every eighth poll is of an unlit one
INDEX_MAX: Final = 256
IDLE_NS_MAX: Final = 500 * MS  # a bus with nothing to do still shows that its owner lives

Kind = Literal["show", "read_back", "poll"]


@dataclass(frozen=True)
class Transaction:
    """One request for modules `first`..`last` of a unit. `covers_faces`: the reply carries faces too."""

    kind: Kind
    unit: int
    first: int
    last: int
    request: Request
    covers_faces: bool


@dataclass(frozen=True)
class Wait:
    """Nothing to send before `until_ns` unless somebody wants a face."""

    until_ns: int


def choose(facts: BusFacts, now_ns: int) -> Transaction | Wait:
    """The next transaction at `now_ns`, or how long to wait."""
    return (
        _first_show(facts, facts.dirty, now_ns)
        or _first_read_back(facts, now_ns)
        or _first_unknown(facts, now_ns)
        or _probe(facts, now_ns)
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
    stale = [module.index for module in unit.modules.values() if module.is_stale]
    if not stale:
        return None
    first = min(stale)
    barrier = min((m.index for m in unit.modules.values() if m.undecided and m.index > first), default=INDEX_MAX)
    last = max(index for index in stale if index < barrier)
    wanted = [unit.modules[i].wanted if i in unit.modules else DARK for i in range(first, last + 1)]
    words = tuple(word for face in wanted for word in facts.model.words_of(face))
    write_at = facts.model.face_span(first, last)[0]
    if facts.model.face.write == "fc16":
        request = Request(unit.address, WRITE, write_address=write_at, words=words)
        return Transaction("show", unit.address, first, last, request, covers_faces=False)
    wide = facts.model.wide_span(first, last)
    address, count = wide or facts.model.button_span(first, last)
    shape = shape_for(facts, unit, WRITE_READ, count, now_ns)
    if shape is None:
        return None
    request = Request(unit.address, WRITE_READ, address, shape, write_at, words)
    return Transaction("show", unit.address, first, last, request, covers_faces=wide is not None)


def _read_back(facts: BusFacts, unit: Unit, now_ns: int) -> Transaction | None:
    first, last = unit.span
    address, count = facts.model.face_span(first, last)
    shape = shape_for(facts, unit, READ, count, now_ns)
    if shape is None:
        return None
    request = Request(unit.address, READ, address, shape)
    return Transaction("read_back", unit.address, first, last, request, covers_faces=True)


def _poll_of(facts: BusFacts, unit: Unit, now_ns: int, *, whole: bool) -> Transaction | None:
    first, last = unit.span if whole else unit.span_of_lit()
    wide = facts.model.wide_span(first, last) if whole or unit.doubt or unit.recheck_ns <= now_ns else None
    address, count = wide or facts.model.button_span(first, last)
    shape = shape_for(facts, unit, READ, count, now_ns)
    if shape is None:
        return None
    request = Request(unit.address, READ, address, shape)
    return Transaction("poll", unit.address, first, last, request, covers_faces=wide is not None)


def _probe(facts: BusFacts, now_ns: int) -> Transaction | None:
    if not facts.sick or facts.sick_budget_ns > now_ns:
        return None
    unit = min((facts.units[address] for address in facts.sick), key=lambda sick: sick.probe_at_ns)
    return _poll_of(facts, unit, now_ns, whole=True) if unit.probe_at_ns <= now_ns else None


def _poll(facts: BusFacts, now_ns: int) -> Transaction | None:
    if facts.expect_ns > now_ns or facts.polled_ns + facts.poll_spacing_ns > now_ns:
        return None
    health_turn = facts.turn % HEALTH_TURN == 0
    tx = _health(facts, now_ns) if health_turn else None
    return tx or _lit(facts, now_ns) or (None if health_turn else _health(facts, now_ns))


def _lit(facts: BusFacts, now_ns: int) -> Transaction | None:
    for address in facts.lit:
        unit = facts.units[address]
        if unit.polled_ns + facts.poll_period_ns > now_ns:
            return None  # they stand in the order they were polled: nobody behind is due either
        tx = _poll_of(facts, unit, now_ns, whole=False)
        if tx is not None:
            return tx
    return None


def _health(facts: BusFacts, now_ns: int) -> Transaction | None:
    due = [unit for unit in facts.units.values() if unit.health_ns <= now_ns and _is_idle(facts, unit)]
    due.sort(key=lambda unit: unit.health_ns)
    return next((tx for unit in due if (tx := _poll_of(facts, unit, now_ns, whole=True))), None)


def _is_idle(facts: BusFacts, unit: Unit) -> bool:
    return unit.address not in facts.lit and unit.address not in facts.sick


def _next_due_ns(facts: BusFacts, now_ns: int) -> int:
    """When something falls due by time alone; at least a little ahead, so that a wait is never a spin."""
    dues = [now_ns + IDLE_NS_MAX]
    dues += [unit.health_ns for unit in facts.units.values() if _is_idle(facts, unit)]
    dues += [max(facts.units[address].probe_at_ns, facts.sick_budget_ns) for address in facts.sick]
    if facts.lit:
        head = facts.units[next(iter(facts.lit))]
        dues.append(max(head.polled_ns + facts.poll_period_ns, facts.polled_ns + facts.poll_spacing_ns))
    owing = [until for unit in facts.units.values() for until in unit.debts.values()]
    dues += [until for until in owing if until > now_ns]
    return max(min(dues), facts.expect_ns if facts.expect_ns > now_ns and not facts.dirty else 0, now_ns + MS)
