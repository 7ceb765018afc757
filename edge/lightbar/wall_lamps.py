"""What is known of a wall's modules: lit, not lit, silent, and which of it a person was told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from edge.drivers.ports import DARK, Face, ModuleBack, ModuleLost, NotLit, Shown
from edge.lightbar.events import LineFound, LineLost
from edge.lightbar.state import ALARMS_MAX, ClearAlarm, RaiseAlarm
from wire.uplink import ModuleState

LampReport = Shown | NotLit | ModuleLost | ModuleBack | LineLost | LineFound
AlarmEffect = RaiseAlarm | ClearAlarm


@dataclass(frozen=True)
class Lamps:
    """`shown` holds only modules known to be lit; `unlit` those told to light that read back dark."""

    shown: Mapping[str, Face] = field(default_factory=dict)
    unlit: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()  # silent modules
    down: Mapping[str, frozenset[str]] = field(default_factory=dict)  # modules on buses that are gone, by bus
    alarms: frozenset[tuple[str, str]] = frozenset()  # alarm and subject, raised and not yet cleared

    def is_away(self, location: str) -> bool:
        """True while the module cannot be told anything."""
        return location in self.lost or any(location in here for here in self.down.values())

    def is_seen(self, location: str, face: Face) -> bool:
        """True if the module shows `face`, or is known to be unable to show anything (the screen does then)."""
        return self.shown.get(location) == face or location in self.unlit

    def state_of(self, location: str, face: Face) -> ModuleState:
        """How the module stands that is wanted to show `face`."""
        if self.is_away(location):
            return "unreachable"
        if location in self.unlit:
            return "unlit"
        return "lit" if face != DARK and self.shown.get(location) == face else "dark"


def hear(lamps: Lamps, report: LampReport, wanted: Mapping[str, Face]) -> tuple[Lamps, tuple[AlarmEffect, ...]]:
    """The lamps after `report`, and the alarms that begin or end with it. `wanted`: the faces wanted before it."""
    match report:
        case Shown(location, face):
            lit = {location: face} if face != DARK else {}
            seen = replace(lamps, shown=_without(lamps.shown, {location}) | lit, unlit=lamps.unlit - {location})
            return clear_alarms(seen, [("module_not_lit", location)])
        case NotLit(location, face):
            unlit = lamps.unlit | {location} if face != DARK and wanted.get(location) == face else lamps.unlit
            dark = replace(lamps, shown=_without(lamps.shown, {location}), unlit=unlit)
            return raise_alarm(
                dark, "module_not_lit", location, "Reads back another face than it was told. Check its lamp"
            )
        case ModuleLost(location, why):
            gone = _forget(lamps, frozenset({location}))
            return raise_alarm(replace(gone, lost=gone.lost | {location}), "module_unreachable", location, why)
        case ModuleBack(location):
            return clear_alarms(replace(lamps, lost=lamps.lost - {location}), [("module_unreachable", location)])
        case LineLost(bus, locations, why):
            return _line_lost(lamps, bus, locations, why)
        case LineFound(bus):
            down = {name: here for name, here in lamps.down.items() if name != bus}
            return clear_alarms(replace(lamps, down=down), [("bus_down", bus)])


def _line_lost(lamps: Lamps, bus: str, locations: frozenset[str], why: str) -> tuple[Lamps, tuple[AlarmEffect, ...]]:
    gone = _forget(lamps, locations)
    down = replace(gone, lost=gone.lost - locations, down={**gone.down, bus: locations})
    quiet, cleared = clear_alarms(down, [one for one in lamps.alarms if one[0] != "bus_down" and one[1] in locations])
    loud, raised = raise_alarm(quiet, "bus_down", bus, why)
    return loud, cleared + raised


def _forget(lamps: Lamps, locations: frozenset[str]) -> Lamps:
    return replace(lamps, shown=_without(lamps.shown, locations), unlit=lamps.unlit - locations)


def _without(shown: Mapping[str, Face], locations: Iterable[str]) -> dict[str, Face]:
    gone = frozenset(locations)
    return {location: face for location, face in shown.items() if location not in gone}


def raise_alarm(lamps: Lamps, alarm: str, subject: str, detail: str) -> tuple[Lamps, tuple[AlarmEffect, ...]]:
    """Name it to central, unless that was done, or too many are named."""
    if (alarm, subject) in lamps.alarms or len(lamps.alarms) >= ALARMS_MAX:
        return lamps, ()
    return replace(lamps, alarms=lamps.alarms | {(alarm, subject)}), (RaiseAlarm(alarm, subject, detail),)


def clear_alarms(lamps: Lamps, alarms: Iterable[tuple[str, str]]) -> tuple[Lamps, tuple[AlarmEffect, ...]]:
    """Those that were raised are over."""
    over = [one for one in alarms if one in lamps.alarms]
    cleared = tuple(ClearAlarm(alarm, subject) for alarm, subject in over)
    return replace(lamps, alarms=lamps.alarms.difference(over)), cleared
