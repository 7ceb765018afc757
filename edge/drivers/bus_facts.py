"""What a bus owner knows of its modules: wanted and written faces, counters, failures. Values, no wire."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from edge.drivers.module_model import ModuleModel
from edge.drivers.ports import DARK, Face

MS: Final = 1_000_000  # nanoseconds
DEBT_WAITS: Final = 12  # a reply may come this many reply times late and still never be taken for another's


@dataclass(slots=True)
class Module:
    """One light module. `written` None: nobody knows what it shows. `told` is the last face reported as shown.

    `undecided`: nobody has said yet what it should show, so it is left as it is.
    """

    location: str
    index: int
    wanted: Face = DARK
    written: Face | None = None
    told: Face | None = None
    misreads: int = 0
    counters: tuple[int, int] | None = None  # short and long presses
    undecided: bool = False

    @property
    def is_stale(self) -> bool:
        """Something else must be written than what is known to be there."""
        return not self.undecided and self.written != self.wanted


@dataclass(slots=True)
class Unit:
    """One Modbus unit and its modules by index. `doubt`: it may have restarted since it last answered."""

    address: int
    modules: dict[int, Module]
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
    debts: dict[tuple[int, int], int] = field(default_factory=dict)  # (function, count) → until when a reply may come

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
    sick: dict[int, None] = field(default_factory=dict)  # in quarantine
    sick_budget_ns: int = 0  # no probe of a sick unit before this
    expect_ns: int = 0  # until then a new face is likely: no polls
    polled_ns: int = 0
    turn: int = 0  # polls so far
    places: dict[str, tuple[Unit, Module]] = field(default_factory=dict)


def make_facts(
    model: ModuleModel,
    places: Iterable[tuple[str, int, int]],
    *,
    reply_wait_ns: int,
    tells_replies_apart: bool,
    poll_spacing_ns: int = 0,
    poll_period_ns: int = 0,
    undecided: Collection[str] = (),
) -> BusFacts:
    """Facts of a bus whose modules hang at `places`: location, unit, index. All faces unknown, all wanted dark.

    But those at `undecided` locations are left as they are until somebody wants something of them.
    """
    facts = BusFacts(model, {}, reply_wait_ns, tells_replies_apart, poll_spacing_ns, poll_period_ns)
    for location, address, index in places:
        unit = facts.units.setdefault(address, Unit(address, {}))
        unit.modules[index] = module = Module(location, index, undecided=location in undecided)
        facts.places[location] = unit, module
    forget_all(facts)
    return facts


def wish(facts: BusFacts, location: str, face: Face) -> None:
    """Somebody wants `face` at `location`. Raises KeyError for a location that is not here."""
    unit, module = facts.places[location]
    facts.expect_ns = 0
    if module.undecided or module.wanted != face:
        module.wanted, module.misreads, module.undecided = face, 0, False
        place(facts, unit)


def forget_all(facts: BusFacts) -> None:
    """The line was away: whatever was known of the modules is old."""
    facts.sick.clear()
    facts.sick_budget_ns = facts.expect_ns = 0
    for unit in facts.units.values():
        unit.failures = unit.probe_at_ns = unit.back_off_ns = 0
        unit.lost = False
        unit.debts.clear()
        forget(facts, unit)


def forget(facts: BusFacts, unit: Unit) -> None:
    """The unit was away: its faces and counters are unknown."""
    for module in unit.modules.values():
        module.written = module.told = module.counters = None
        module.misreads = 0
    unit.doubt = False
    facts.unread.pop(unit.address, None)
    place(facts, unit)


def place(facts: BusFacts, unit: Unit) -> None:
    """Put the unit into the sets its faces call for."""
    modules, healthy = unit.modules.values(), unit.address not in facts.sick
    dirty = any(m.is_stale and (m.written is not None or m.wanted != DARK) for m in modules)
    unknown = any(m.is_stale and m.written is None for m in modules)
    _keep(facts.dirty, unit.address, wanted=healthy and dirty)
    _keep(facts.unknown, unit.address, wanted=healthy and unknown and not dirty)
    _keep(facts.lit, unit.address, wanted=healthy and any(m.wanted != DARK for m in modules))
    if not healthy:
        facts.unread.pop(unit.address, None)


def shape_for(facts: BusFacts, unit: Unit, function: int, count: int, now_ns: int) -> int | None:
    """How many registers to ask for so that no reply still owed by the unit fits; None: wait until one is void."""
    if facts.tells_replies_apart:
        return count
    unit.debts = {shape: until for shape, until in unit.debts.items() if until > now_ns} if unit.debts else unit.debts
    for asked in range(count, count + facts.model.spare.registers + 1):
        if (function, asked) not in unit.debts:
            return asked
    return None


def _keep(ordered: dict[int, None], address: int, *, wanted: bool) -> None:
    if wanted:
        ordered.setdefault(address)
    else:
        ordered.pop(address, None)
