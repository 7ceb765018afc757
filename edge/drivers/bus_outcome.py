"""What a reply or its absence changes in the facts of a bus, and what is reported of it. No wire, no clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from edge.drivers.bus_facts import DEBT_WAITS, MS, BusFacts, Module, Unit, forget, place
from edge.drivers.bus_schedule import HEALTH_NS, RECHECK_NS, Transaction
from edge.drivers.modbus_pdu import WRITE, Words
from edge.drivers.ports import LightReport, ModuleBack, ModuleLost, NotLit, Pressed, Shown
from wire.ids import LocationId

FailureKind = Literal["silent", "garbled", "damaged", "refused"]
TRIES_MAX: Final[dict[FailureKind, int]] = {"silent": 2, "garbled": 6, "damaged": 6, "refused": 6}  # then quarantine
OWES: Final[frozenset[FailureKind]] = frozenset({"silent", "garbled"})  # the true reply may still come
WRITES_MAX: Final = 2  # of a face that reads back otherwise; then it is reported
BACK_OFF_NS_FIRST: Final = 700 * MS
NAMED_NS: Final = 1500 * MS  # in quarantine for longer is said aloud
BACK_OFF_NS_MAX: Final = 30_000 * MS
SICK_SHARE: Final = 20  # a silent unit may cost a twentieth of the bus time
EXPECT_NS: Final = 10 * MS  # after a press its light-off is usually wanted within this
PRESSES_MAX: Final = 100  # more between two polls means that the module restarted and counts from 0


def answered(facts: BusFacts, tx: Transaction, words: Words, now_ns: int) -> list[LightReport]:
    """The unit gave a good reply."""
    unit = facts.units[tx.unit]
    _turn(facts, unit, tx, now_ns)
    unit.failures = 0
    if tx.unit in facts.sick:
        return _recovered(facts, unit)
    match tx.kind:
        case "show":
            reports = list(_shown(facts, unit, tx, words))
        case "read_back":
            reports = list(_read_back(facts, unit, tx, words))
        case _:
            reports = list(_polled(facts, unit, tx, words))
    place(facts, unit)
    if any(isinstance(report, Pressed) for report in reports):
        facts.expect_ns = now_ns + EXPECT_NS
    return reports


def failed(
    facts: BusFacts, tx: Transaction, kind: FailureKind, why: str, *, began_ns: int, now_ns: int
) -> list[LightReport]:
    """The unit gave no good reply. Two silences in a row mean quarantine; a bad reply at least shows that it lives."""
    unit = facts.units[tx.unit]
    _turn(facts, unit, tx, now_ns)
    if kind in OWES and tx.request.function != WRITE:  # an acknowledgement is never trusted without reading back
        unit.debts[tx.request.function, tx.request.count] = began_ns + DEBT_WAITS * facts.reply_wait_ns
    unit.failures += 1
    unit.doubt = True
    if unit.failures < TRIES_MAX[kind]:
        if facts.model.wide_span(*unit.span_of_lit()) is None and tx.unit not in facts.dirty:
            facts.unread.setdefault(tx.unit)
        return []
    facts.sick_budget_ns = max(facts.sick_budget_ns, now_ns + (SICK_SHARE - 1) * (now_ns - began_ns))
    unit.back_off_ns = min(max(unit.back_off_ns * 2, BACK_OFF_NS_FIRST), BACK_OFF_NS_MAX)
    unit.probe_at_ns = now_ns + unit.back_off_ns
    unit.why = why
    if tx.unit in facts.sick:
        return _name(unit)
    unit.sick_since_ns = now_ns
    facts.sick.setdefault(tx.unit)
    place(facts, unit)
    return []  # one more look, or a moment, before anybody is called


def name_lost(facts: BusFacts, now_ns: int) -> list[LightReport]:
    """Units that have been in quarantine for so long that a person must know, even if no probe was possible yet."""
    due = [facts.units[address] for address in facts.sick if facts.units[address].sick_since_ns + NAMED_NS < now_ns]
    return [report for unit in due for report in _name(unit)]


def _name(unit: Unit) -> list[LightReport]:
    if unit.lost:
        return []
    unit.lost = True
    return [ModuleLost(LocationId(module.location), unit.why) for module in unit.modules.values()]


def _turn(facts: BusFacts, unit: Unit, tx: Transaction, now_ns: int) -> None:
    """Whoever was just served stands at the end of its queue."""
    unit.polled_ns, unit.health_ns = now_ns, now_ns + HEALTH_NS
    for queue in (facts.dirty, facts.unread, facts.unknown, facts.lit):
        if tx.unit in queue:
            del queue[tx.unit]
            queue[tx.unit] = None
    facts.turn += 1
    if tx.kind == "poll":
        facts.polled_ns = now_ns


def _recovered(facts: BusFacts, unit: Unit) -> list[LightReport]:
    """Whatever was pressed meanwhile is not counted: nobody knows what the module showed."""
    del facts.sick[unit.address]
    was_lost, unit.lost, unit.back_off_ns = unit.lost, False, 0
    forget(facts, unit)
    return [ModuleBack(LocationId(module.location)) for module in unit.modules.values()] if was_lost else []


def _shown(facts: BusFacts, unit: Unit, tx: Transaction, words: Words) -> Iterator[LightReport]:
    """The wanted faces were written; counters in the same reply belong to the faces before."""
    for module in _modules(unit, tx):
        was_known = module.written is not None and not unit.doubt
        yield from _presses(facts, module, words, count=was_known)
        if tx.request.function == WRITE:
            module.counters = None
        written = facts.model.words_of(module.wanted)
        sent_at = facts.model.face_span(module.index, module.index)[0] - tx.request.write_address
        if tx.request.words[sent_at : sent_at + len(written)] == written:
            module.written = module.wanted
    if tx.covers_faces:
        yield from _verified(facts, unit, tx, words)
    else:
        facts.unread.setdefault(tx.unit)


def _read_back(facts: BusFacts, unit: Unit, tx: Transaction, words: Words) -> Iterator[LightReport]:
    facts.unread.pop(tx.unit, None)
    yield from _verified(facts, unit, tx, words)
    unit.doubt = False


def _polled(facts: BusFacts, unit: Unit, tx: Transaction, words: Words) -> Iterator[LightReport]:
    if tx.covers_faces:
        reports = list(_verified(facts, unit, tx, words))
        unit.doubt = False
    else:
        reports = []
        _recheck_when_due(facts, unit)
    for module in _modules(unit, tx):
        yield from _presses(facts, module, words, count=module.written is not None and not unit.doubt)
    yield from reports


def _recheck_when_due(facts: BusFacts, unit: Unit) -> None:
    """A face that cannot ride in a poll is read back by itself from time to time."""
    if unit.recheck_ns <= unit.polled_ns:
        unit.recheck_ns = unit.polled_ns + RECHECK_NS
        facts.unread.setdefault(unit.address)


def _verified(facts: BusFacts, unit: Unit, tx: Transaction, words: Words) -> Iterator[LightReport]:
    unit.recheck_ns = unit.polled_ns + RECHECK_NS
    for module in _modules(unit, tx):
        if module.written is None:
            continue
        seen = words.at(*facts.model.face_span(module.index, module.index))
        if seen == facts.model.words_of(module.written):
            yield from _agrees(module)
        else:
            yield from _differs(module)


def _agrees(module: Module) -> Iterator[LightReport]:
    module.misreads = 0
    if module.written is not None and module.told != module.written:
        module.told = module.written
        yield Shown(LocationId(module.location), module.written, verified=True)


def _differs(module: Module) -> Iterator[LightReport]:
    """Written once more at once; reported when that did not help; tried again at each later look."""
    module.misreads += 1
    if module.misreads == WRITES_MAX:
        module.told = None
        yield NotLit(LocationId(module.location), module.wanted)
    if module.misreads % WRITES_MAX:
        module.written = module.counters = None


def _presses(facts: BusFacts, module: Module, words: Words, *, count: bool) -> Iterator[LightReport]:
    buttons = facts.model.buttons
    seen = words.at(*facts.model.button_span(module.index, module.index))
    if len(seen) < buttons.stride:
        return
    counters = seen[buttons.presses], seen[buttons.holds]
    before, module.counters = module.counters, counters
    if before is None or before == counters or not count:
        return
    presses, holds = ((new - old) % (buttons.counter_max + 1) for old, new in zip(before, counters, strict=True))
    if max(presses, holds) > PRESSES_MAX:  # it restarted, so what it shows is unknown too
        module.written = module.told = None
    else:
        yield Pressed(LocationId(module.location), holds or presses, held=holds > 0)


def _modules(unit: Unit, tx: Transaction) -> Iterator[Module]:
    return (module for module in unit.modules.values() if tx.first <= module.index <= tx.last)
