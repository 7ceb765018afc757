"""What a bus owner counts for each unit: kinds of error, and how long its good replies take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from edge.drivers.bus_outcome import FailureKind
from edge.drivers.ports import BusCounters, UnitCounters

SMOOTHING: Final = 8  # the latency told is a running mean over about so many replies
WORST_MAX: Final = 4


@dataclass
class UnitTally:
    """One unit since start. `latency_us`: from the request's first byte to the reply's last, lately."""

    unit: int
    silent: int = 0
    garbled: int = 0
    refused: int = 0
    latency_us: int = 0

    @property
    def errors(self) -> int:
        """All kinds together."""
        return self.silent + self.garbled + self.refused


class BusTally:
    """Written by the owner thread, read by others; each number is right by itself."""

    def __init__(self, units: Iterable[int]) -> None:
        self.units = {unit: UnitTally(unit) for unit in units}

    def answered(self, unit: int, took_ns: int) -> None:
        """A good reply."""
        tally, took_us = self.units[unit], took_ns // 1000
        tally.latency_us += (took_us - tally.latency_us) // SMOOTHING if tally.latency_us else took_us

    def failed(self, unit: int, kind: FailureKind) -> None:
        """No good reply, and why."""
        tally = self.units[unit]
        match kind:
            case "silent":
                tally.silent += 1
            case "refused":
                tally.refused += 1
            case _:
                tally.garbled += 1

    def added_to(self, whole: BusCounters) -> BusCounters:
        """The counters of the line with what is known of its units."""
        units = self.units.values()
        return replace(
            whole,
            latency_us=self.latency_us(),
            units=self.worst(),
            silent=sum(unit.silent for unit in units),
            garbled=sum(unit.garbled for unit in units),
            refused=sum(unit.refused for unit in units),
        )

    def latency_us(self) -> int:
        """The mean over the units that have answered; 0 when none has."""
        known = [tally.latency_us for tally in self.units.values() if tally.latency_us]
        return sum(known) // len(known) if known else 0

    def worst(self) -> tuple[UnitCounters, ...]:
        """The units with most errors, those without left out."""
        troubled = [tally for tally in self.units.values() if tally.errors]
        first = sorted(troubled, key=lambda tally: -tally.errors)[:WORST_MAX]
        return tuple(UnitCounters(one.unit, one.silent, one.garbled, one.refused, one.latency_us) for one in first)
