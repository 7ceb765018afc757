"""What a reply or its absence changes in the facts of a bus, and what is reported of it. No wire, no clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from edge.drivers.bus_facts import DEBT_WAITS, MS, BusFacts, Module, Unit, forget, place, size_of
from edge.drivers.bus_patience import is_noisy, noise_after, silences_for
from edge.drivers.bus_presses import presses
from edge.drivers.bus_schedule import BLIND_RECHECK_NS, DARK_RECHECK_NS, HEALTH_NS, RECHECK_NS, health_rest_ns
from edge.drivers.bus_transaction import Transaction
from edge.drivers.bus_writes import blink_period_ns
from edge.drivers.modbus_pdu import ACKNOWLEDGED, Words
from edge.drivers.ports import DARK, LightReport, ModuleBack, ModuleLost, NotLit, Pressed, Shown
from wire.ids import LocationId

FailureKind = Literal["silent", "garbled", "damaged", "refused"]
TRIES_MAX: Final = 6  # bad replies in a row; then quarantine. Of silences fewer are enough: see bus_patience
OWES: Final[frozenset[FailureKind]] = frozenset({"silent", "garbled"})  # the true reply may still come
WRITES_MAX: Final = 2  # of a face that reads back otherwise; then it is reported
AGAIN_NS: Final = 300 * MS  # after a silence of a dark unit it is asked again
SLOWEST_REPLIES: Final = 64  # a slow reply is remembered for about so many
BACK_OFF_NS_FIRST: Final = 700 * MS
NAMED_NS: Final = 1500 * MS  # in quarantine for longer is said aloud
BACK_OFF_NS_MAX: Final = 30_000 * MS
SICK_SHARE: Final = 20  # a silent unit may cost a twentieth of the bus time
EXPECT_NS: Final = 10 * MS  # after a press its light-off is usually wanted within this


def answered(
    facts: BusFacts, tx: Transaction, words: Words, *, began_ns: int, now_ns: int, delay_ns: int = 0
) -> list[LightReport]:
    """The unit gave a good reply, which began `delay_ns` after its request had ended."""
    unit = facts.units[tx.unit]
    unit.slowest_ns = max(delay_ns, unit.slowest_ns - unit.slowest_ns // SLOWEST_REPLIES)
    if not unit.failures:
        facts.noise = noise_after(facts.noise, failed=False)
    known = unit.calm
    if known is not None and known[0] is tx and known[1] is words and unit.recheck_ns > now_ns and tx.unit in facts.lit:
        return _nothing_new(facts, unit, now_ns)
    _turn(facts, unit, tx, began_ns, now_ns)
    unit.failures = 0
    if tx.unit in facts.sick:
        return _recovered(facts, unit)
    match tx.kind:
        case "show":
            reports = list(_shown(facts, unit, tx, words, now_ns))
        case "read_back":
            reports = list(_read_back(facts, unit, tx, words))
        case "poll":
            reports = list(_polled(facts, unit, tx, words, now_ns))
        case _:
            reports = []
            _kept_up(unit, tx, now_ns)
    place(facts, unit)
    if any(isinstance(report, Pressed) for report in reports):
        facts.expect_ns = now_ns + EXPECT_NS
    if tx.kind == "poll" and not reports and _tells_all(unit, tx):
        unit.calm = tx, words
        lit = unit.span_of_lit()
        unit.whole = tx.first <= lit[0] and lit[1] <= tx.last
    return reports


def _nothing_new(facts: BusFacts, unit: Unit, now_ns: int) -> list[LightReport]:
    """The reply to a lit unit's poll was that to its last one: it only goes to the end of its queue."""
    unit.polled_ns = facts.polled_ns = now_ns
    facts.turn += 1
    del facts.lit[unit.address]
    facts.lit[unit.address] = None
    return []


def _tells_all(unit: Unit, tx: Transaction) -> bool:
    """The reply was only counters, all known before: no time is running, nothing is in doubt."""
    counts = unit.model.buttons is not None and unit.model.buttons.kind == "counter"
    return counts and not tx.covers_faces and not unit.doubt and all(m.counters is not None for m in _modules(unit, tx))


def failed(
    facts: BusFacts, tx: Transaction, kind: FailureKind, why: str, *, began_ns: int, now_ns: int
) -> list[LightReport]:
    """The unit gave no good reply. Some silences in a row mean quarantine; a bad reply at least shows that it lives."""
    unit = facts.units[tx.unit]
    _turn(facts, unit, tx, began_ns, now_ns)
    unit.calm = None
    if (
        kind in OWES and tx.request.function not in ACKNOWLEDGED
    ):  # an acknowledgement is never trusted without reading back
        unit.debts[size_of(tx.request.function, tx.request.count)] = began_ns + DEBT_WAITS * facts.reply_wait_ns
    unit.failures += 1
    if unit.failures == 1:
        unit.sick_since_ns = now_ns
        facts.noise = noise_after(facts.noise, failed=True) if kind != "refused" else facts.noise
    unit.doubt = True
    if kind == "refused" and unit.model.setup:
        unit.set_up = 0  # its watchdog may have locked it
    if tx.kind == "blink":
        unit.modules[tx.first].blink_ns = now_ns + blink_period_ns(unit, beats=True)
    silences = silences_for(facts.noise)
    if unit.failures < (silences if kind == "silent" else max(silences, TRIES_MAX)):
        _look_again(facts, unit, now_ns)
        if unit.model.readable and unit.model.wide_span(*unit.span_of_lit()) is None and tx.unit not in facts.dirty:
            facts.unread.setdefault(tx.unit)
        return []
    facts.sick_budget_ns = max(facts.sick_budget_ns, now_ns + (SICK_SHARE - 1) * (now_ns - began_ns))
    longer_ns = BACK_OFF_NS_FIRST if is_noisy(facts.noise) else unit.back_off_ns * 2  # noise may have hit the probe too
    unit.back_off_ns = min(max(longer_ns, BACK_OFF_NS_FIRST), BACK_OFF_NS_MAX)
    unit.probe_at_ns = now_ns + unit.back_off_ns
    unit.why = why
    if tx.unit in facts.sick:
        unit.probes += 1
        return name_lost(facts, now_ns) if is_noisy(facts.noise) else _name(unit)
    facts.sick.setdefault(tx.unit)
    place(facts, unit)
    return []  # one more look, or a moment, before anybody is called


def _look_again(facts: BusFacts, unit: Unit, now_ns: int) -> None:
    """A dark unit that may be dead is asked before all other dark ones, so that its turn is not a whole round away."""
    if unit.address in facts.idle:
        unit.health_ns = now_ns
        facts.health_ns = min(facts.health_ns, now_ns + AGAIN_NS)
        facts.idle = {unit.address: None, **facts.idle}


def name_lost(facts: BusFacts, now_ns: int) -> list[LightReport]:
    """Units that have been in quarantine for so long that a person must know, even if no probe was possible yet."""
    due = [facts.units[address] for address in facts.sick if facts.units[address].sick_since_ns + NAMED_NS < now_ns]
    return [report for unit in due for report in _name(unit)]


def _name(unit: Unit) -> list[LightReport]:
    if unit.lost:
        return []
    unit.lost = True
    return [ModuleLost(LocationId(module.location), unit.why) for module in unit.modules.values()]


def _turn(facts: BusFacts, unit: Unit, tx: Transaction, began_ns: int, now_ns: int) -> None:
    """Whoever was just served stands at the end of its queue."""
    health_ns = BLIND_RECHECK_NS if tx.unit in facts.blind else HEALTH_NS
    unit.polled_ns, unit.health_ns = now_ns, now_ns + health_ns
    for queue in (facts.dirty, facts.unread, facts.unknown, facts.lit, facts.idle, facts.blind):
        if tx.unit in queue:
            del queue[tx.unit]
            queue[tx.unit] = None
    facts.turn += 1
    if tx.kind == "poll":
        facts.polled_ns = now_ns
        if tx.unit in facts.idle:
            facts.health_ns = now_ns + health_rest_ns(facts, now_ns - began_ns)


def _recovered(facts: BusFacts, unit: Unit) -> list[LightReport]:
    """Whatever was pressed meanwhile is not counted: nobody knows what the module showed."""
    del facts.sick[unit.address]
    was_lost, unit.lost, unit.back_off_ns, unit.probes = unit.lost, False, 0, 0
    forget(facts, unit)
    back = [module.location for module in unit.modules.values() if not _other_half_lost(facts, unit, module)]
    return [ModuleBack(LocationId(location)) for location in back] if was_lost else []


def _other_half_lost(facts: BusFacts, unit: Unit, module: Module) -> bool:
    """The lamp of this button, or the button of this lamp, hangs on a unit that is still lost."""
    halves = [facts.places.get(module.location), facts.apart.get(module.location)]
    return any(half is not None and half[0] is not unit and half[0].lost for half in halves)


def _shown(facts: BusFacts, unit: Unit, tx: Transaction, words: Words, now_ns: int) -> Iterator[LightReport]:
    """A block of the wanted faces was written; counters in the same reply belong to the faces before."""
    unit.settled_ns = now_ns + unit.model.settle_ns
    for module in _modules(unit, tx):
        if module.faceless:
            continue
        was_dark = module.written == DARK  # then a press is told before the light is, and so it is said and not obeyed
        known = was_dark or (module.written is not None and not unit.doubt)
        yield from presses(unit, module, words, now_ns, count=known)
        if tx.request.function in ACKNOWLEDGED and module.written in (None, DARK):  # pressed before it is lit
            module.counters, module.keys, module.down_ns = None, None, 0
        if tx.faces[module.index - tx.first] == module.wanted and not module.undecided:
            _write_done(unit, module, tx, now_ns)
    if tx.request.function in ACKNOWLEDGED and tx.unit in facts.lit:  # the sooner its button is read, the better
        unit.polled_ns = now_ns - facts.poll_period_ns
        facts.lit = {tx.unit: None, **facts.lit}
    if tx.covers_faces:
        yield from _verified(facts, unit, tx, words)
    elif unit.model.readable:
        facts.unread.setdefault(tx.unit)
        unit.look = (0, 0)
    else:
        yield from _believed(unit, tx)


def _write_done(unit: Unit, module: Module, tx: Transaction, now_ns: int) -> None:
    module.agreed = 0
    module.done = max(module.done, tx.block + 1)
    if module.done >= len(unit.model.blocks):
        module.written, module.done = module.wanted, 0
        module.phase, module.blink_ns = True, now_ns + blink_period_ns(unit, beats=True)


def _believed(unit: Unit, tx: Transaction) -> Iterator[LightReport]:
    """It took the face and cannot be asked whether it shows it."""
    for module in _modules(unit, tx):
        if module.written is not None and module.told != module.written:
            module.told = module.written
            yield Shown(LocationId(module.location), module.written, verified=False)


def _kept_up(unit: Unit, tx: Transaction, now_ns: int) -> None:
    """A first write, a beat of blinking or a cleared latch was taken."""
    module = unit.modules[tx.first]
    match tx.kind:
        case "set_up":
            unit.set_up += 1
        case "blink":
            module.phase = not module.phase
            module.blink_ns = now_ns + blink_period_ns(unit, beats=True)
        case _:
            module.clear, module.counters = False, (0,)


def _read_back(facts: BusFacts, unit: Unit, tx: Transaction, words: Words) -> Iterator[LightReport]:
    turn, _ = unit.look
    if tx.last < unit.span[1]:
        unit.look = (turn, tx.last + 1)
    elif turn + 1 < len(unit.model.readable):
        unit.look = (turn + 1, 0)
    else:
        unit.look = (0, 0)
        facts.unread.pop(tx.unit, None)
    yield from _verified(facts, unit, tx, words)
    unit.doubt = unit.doubt and tx.unit in facts.unread


def _polled(facts: BusFacts, unit: Unit, tx: Transaction, words: Words, now_ns: int) -> Iterator[LightReport]:
    if tx.covers_faces:
        reports = list(_verified(facts, unit, tx, words))
        unit.doubt = False
    else:
        reports = []
        unit.poll_from = tx.last + 1
        _recheck_when_due(facts, unit)
    for module in _modules(unit, tx):
        yield from presses(unit, module, words, now_ns, count=module.is_known and not unit.doubt)
    yield from reports


def _recheck_when_due(facts: BusFacts, unit: Unit) -> None:
    """A face that cannot ride in a poll is read back by itself from time to time."""
    if not unit.model.readable:
        unit.doubt = False
    elif unit.recheck_ns <= unit.polled_ns:
        unit.recheck_ns = unit.polled_ns + RECHECK_NS
        facts.unread.setdefault(unit.address)


def _verified(facts: BusFacts, unit: Unit, tx: Transaction, words: Words) -> Iterator[LightReport]:
    unit.recheck_ns = unit.polled_ns + (DARK_RECHECK_NS if unit.address in facts.idle else RECHECK_NS)
    block, all_read = unit.model.blocks[tx.block], sum(1 << number for number in unit.model.readable)
    if block.reading is None:
        return
    for module in _modules(unit, tx):
        if module.written is None:
            continue
        seen = words.at(*block.reading.at(module.index))
        if not block.agrees(module.written, seen, phase=module.phase):
            yield from _differs(module)
            continue
        module.agreed |= 1 << tx.block
        if module.agreed == all_read:
            yield from _agrees(module)


def _agrees(module: Module) -> Iterator[LightReport]:
    module.misreads = module.agreed = 0
    if module.written is not None and module.told != module.written:
        module.told = module.written
        yield Shown(LocationId(module.location), module.written, verified=True)


def _differs(module: Module) -> Iterator[LightReport]:
    """Written once more at once; reported when that did not help; tried again at each later look."""
    module.misreads += 1
    module.agreed = 0
    if module.misreads == WRITES_MAX:
        module.told = None
        yield NotLit(LocationId(module.location), module.wanted)
    if module.misreads % WRITES_MAX:
        module.written = module.counters = None
        module.done = 0


def _modules(unit: Unit, tx: Transaction) -> Iterator[Module]:
    return (module for module in unit.modules.values() if tx.first <= module.index <= tx.last)
