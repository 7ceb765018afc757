"""What a bus owner knows of its modules: wanted and written faces, buttons, failures. Values, no wire."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from edge.drivers.bus_transaction import Transaction
from edge.drivers.modbus_pdu import BITS, Words
from edge.drivers.module_model import ModuleModel
from edge.drivers.ports import DARK, Face

MS: Final = 1_000_000  # nanoseconds
PRESSABLE: Final = Face("white")  # wanted of a button whose lamp hangs on another bus: it is always asked
DEBT_WAITS: Final = 12  # a reply may come this many reply times late and still never be taken for another's


@dataclass(slots=True)
class Module:
    """One light module. `written` None: nobody knows what it shows. `told` is the last face reported as shown.

    `undecided`: nobody has said yet what it should show, so it is left as it is. `faceless`: only its button is used
    here. `done`: so many blocks of the wanted face are written. `agreed`: so many read back. `counters`: as last read,
    short and long presses, or a level. `down_ns`: since when a level is down, or 0 once that was reported. `phase`: of
    a lamp that we blink, lit. `clear`: its latch waits to be cleared. `keys`: its other keys, as last read. `since_ns`:
    since when a level is down, pressed or not; `stuck`: that was said to be too long.
    """

    location: str
    index: int
    wanted: Face = DARK
    written: Face | None = None
    told: Face | None = None
    misreads: int = 0
    counters: tuple[int, ...] | None = None
    undecided: bool = False
    faceless: bool = False
    done: int = 0
    agreed: int = 0
    down_ns: int = 0
    up_ns: int = 0  # since when a level that counts as down reads up
    keys: tuple[int, ...] | None = None
    since_ns: int = 0
    stuck: bool = False
    blink_ns: int = 0
    phase: bool = True
    clear: bool = False

    @property
    def is_stale(self) -> bool:
        """Something else must be written than what is known to be there."""
        return not self.undecided and not self.faceless and self.written != self.wanted

    @property
    def is_known(self) -> bool:
        """What it shows is known, so that a press means what it says."""
        return self.faceless or self.written is not None


@dataclass(slots=True)
class Unit:
    """One Modbus unit and its modules by index. `doubt`: it may have restarted since it last answered.

    `set_up`: so many of the model's first writes are done. `settled_ns`: before that a lamp does not read back.
    `look`: which readable block is next, from which module; `poll_from`: which module's button. `poll`: the last one;
    `calm`: a poll and its reply that told nothing new, so that the same reply once more tells nothing either; `whole`:
    that poll asks all that is lit. `slowest_ns`: the slowest reply lately; `probes`: looks after it in quarantine.
    """

    address: int
    modules: dict[int, Module]
    model: ModuleModel
    failures: int = 0
    back_off_ns: int = 0
    probe_at_ns: int = 0
    sick_since_ns: int = 0
    why: str = ""
    lost: bool = False
    doubt: bool = False
    polled_ns: int = 0
    health_ns: int = 0
    recheck_ns: int = 0
    debts: dict[tuple[int, int], int] = field(default_factory=dict)  # (function, size) → until when a reply may come
    set_up: int = 0
    settled_ns: int = 0
    look: tuple[int, int] = (0, 0)
    poll_from: int = 0
    poll: Transaction | None = None
    calm: tuple[Transaction, Words] | None = None
    whole: bool = False
    slowest_ns: int = 0
    probes: int = 0

    @property
    def has_buttons(self) -> bool:
        """It can be pressed."""
        return self.model.buttons is not None

    @property
    def span(self) -> tuple[int, int]:
        """First and last module index in use."""
        return min(self.modules), max(self.modules)

    def span_of_lit(self) -> tuple[int, int]:
        """First and last index that is wanted lit; the whole unit when none is."""
        lit = [module.index for module in self.modules.values() if module.wanted != DARK]
        return (min(lit), max(lit)) if lit else self.span


@dataclass
class BusFacts:
    """A whole bus. The dicts are ordered sets of unit addresses: who needs what, oldest need first."""

    model: ModuleModel
    units: dict[int, Unit]
    reply_wait_ns: int
    tells_replies_apart: bool  # the link itself matches replies to requests (Modbus TCP's transaction number)
    poll_spacing_ns: int = 0  # between any two polls; 0 on a line that is slow enough by itself
    poll_period_ns: int = 0  # between two polls of one unit
    dirty: dict[int, None] = field(default_factory=dict)  # a face waits to be written
    unread: dict[int, None] = field(default_factory=dict)  # a written face waits to be read back
    unknown: dict[int, None] = field(default_factory=dict)  # should be dark, but nobody knows what it shows
    lit: dict[int, None] = field(default_factory=dict)  # to be polled for presses, longest unpolled first
    blind: dict[int, None] = field(default_factory=dict)  # lit, but without buttons: looked at by time
    idle: dict[int, None] = field(default_factory=dict)  # nothing lit: asked now and then whether they live
    sick: dict[int, None] = field(default_factory=dict)  # in quarantine
    blinking: dict[int, None] = field(default_factory=dict)  # a lamp blinks only because we make it
    latched: dict[int, None] = field(default_factory=dict)  # a latch waits to be cleared
    watched: tuple[Unit, ...] = ()  # units with a watchdog of their own
    sick_budget_ns: int = 0  # no probe of a sick unit before this
    expect_ns: int = 0  # until then a new face is likely: no polls
    polled_ns: int = 0
    health_ns: int = 0  # no poll of an unlit unit before this while others are lit
    turn: int = 0  # polls so far
    noise: float = 0.0  # share of exchanges that failed lately, on the line as a whole
    places: dict[str, tuple[Unit, Module]] = field(default_factory=dict)
    apart: dict[str, tuple[Unit, Module]] = field(default_factory=dict)  # buttons that hang elsewhere than the lamp


def make_facts(
    model: ModuleModel,
    places: Iterable[tuple[str, int, int]],
    *,
    reply_wait_ns: int,
    tells_replies_apart: bool,
    poll_spacing_ns: int = 0,
    poll_period_ns: int = 0,
    undecided: Collection[str] = (),
    buttons: Iterable[tuple[str, int, int]] = (),
    models: Mapping[int, ModuleModel] = {},
) -> BusFacts:
    """Facts of a bus whose modules hang at `places`: location, unit, index. All faces unknown, all wanted dark.

    But those at `undecided` locations are left as they are until somebody wants something of them. `buttons` hang apart
    from their lamps; `models` are those of units that are not of the bus's usual `model`.
    """
    facts = BusFacts(model, {}, reply_wait_ns, tells_replies_apart, poll_spacing_ns, poll_period_ns)
    for location, address, index in places:
        unit = _unit(facts, address, models)
        unit.modules[index] = module = Module(location, index, undecided=location in undecided)
        facts.places[location] = unit, module
    for location, address, index in buttons:
        unit = _unit(facts, address, models)
        unit.modules[index] = button = Module(location, index, faceless=True)
        if location in facts.places:
            facts.apart[location] = unit, button
        else:
            button.wanted = PRESSABLE
    facts.watched = tuple(unit for unit in facts.units.values() if unit.model.keep_alive_ns)
    forget_all(facts)
    return facts


def _unit(facts: BusFacts, address: int, models: Mapping[int, ModuleModel]) -> Unit:
    return facts.units.setdefault(address, Unit(address, {}, models.get(address, facts.model)))


def wish(facts: BusFacts, location: str, face: Face) -> None:
    """Somebody wants `face` at `location`. Raises KeyError for a location that is not here."""
    unit, module = facts.places[location]
    facts.expect_ns = 0
    if module.undecided or module.wanted != face:
        module.wanted, module.misreads, module.undecided, module.done = face, 0, False, 0
        place(facts, unit)
        if location in facts.apart:
            _expect_button(facts, *facts.apart[location], face)


def _expect_button(facts: BusFacts, unit: Unit, button: Module, face: Face) -> None:
    """A button apart from its lamp is asked while the lamp is lit; what was pressed before counts for nothing."""
    if button.wanted == DARK and face != DARK:
        button.counters, button.keys, button.down_ns = None, None, 0
    button.wanted = face
    place(facts, unit)


def forget_all(facts: BusFacts) -> None:
    """The line was away: whatever was known of the modules is old."""
    facts.sick.clear()
    facts.sick_budget_ns = facts.expect_ns = 0
    for unit in facts.units.values():
        unit.failures = unit.probe_at_ns = unit.back_off_ns = unit.probes = 0
        unit.lost = False
        unit.debts.clear()
        forget(facts, unit)


def forget(facts: BusFacts, unit: Unit) -> None:
    """The unit was away: its faces and counters are unknown."""
    for module in unit.modules.values():
        module.written = module.told = module.counters = module.keys = None
        module.misreads = module.done = module.agreed = module.down_ns = 0
        module.clear, module.phase = False, True
    unit.doubt = False
    unit.set_up = unit.settled_ns = unit.poll_from = 0
    unit.look = (0, 0)
    facts.unread.pop(unit.address, None)
    place(facts, unit)


def place(facts: BusFacts, unit: Unit) -> None:
    """Put the unit into the sets its faces call for."""
    unit.calm = None
    modules, healthy = unit.modules.values(), unit.address not in facts.sick
    dirty = any(m.is_stale and (m.written is not None or m.wanted != DARK) for m in modules)
    unknown = any(m.is_stale and m.written is None for m in modules)
    _keep(facts.dirty, unit.address, wanted=healthy and dirty)
    _keep(facts.unknown, unit.address, wanted=healthy and unknown and not dirty)
    lit = healthy and any(m.wanted != DARK for m in modules)
    _keep(facts.lit, unit.address, wanted=lit and unit.has_buttons)
    _keep(facts.blind, unit.address, wanted=lit and not unit.has_buttons)
    _keep(facts.idle, unit.address, wanted=healthy and not lit)
    if unit.model.blinks_by_us is not None:
        _keep(facts.blinking, unit.address, wanted=healthy and any(is_blinking(m) for m in modules))
    if unit.model.clears:
        _keep(facts.latched, unit.address, wanted=healthy and any(m.clear for m in modules))
    if not healthy:
        facts.unread.pop(unit.address, None)


def is_blinking(module: Module) -> bool:
    """It shows a blinking face, as far as we know."""
    return module.wanted.blink and module.written == module.wanted and module.wanted != DARK


def size_of(function: int, count: int) -> tuple[int, int]:
    """What a reply of `count` cells can be told by: its function and its length."""
    return function, -(-count // 8) if function in BITS else count


def shape_for(facts: BusFacts, unit: Unit, function: int, count: int, now_ns: int) -> int | None:
    """How many cells to ask for so that no reply still owed by the unit fits; None: wait until one is void."""
    if facts.tells_replies_apart:
        return count
    unit.debts = {shape: until for shape, until in unit.debts.items() if until > now_ns} if unit.debts else unit.debts
    step = 8 if function in BITS else 1
    for asked in range(count, count + step * unit.model.spare + 1, step):
        if size_of(function, asked) not in unit.debts:
            return asked
    return None


def _keep(ordered: dict[int, None], address: int, *, wanted: bool) -> None:
    if wanted:
        ordered.setdefault(address)
    else:
        ordered.pop(address, None)
