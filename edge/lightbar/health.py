"""The health of a light bus as the screens show it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from edge.drivers.ports import BusCounters
from edge.profile import ModulePlace
from wire.uplink import BusHealth, UnitHealth


def bus_health(name: str, counters: BusCounters, places: Iterable[ModulePlace] = ()) -> BusHealth:
    """Counters since start, and the units with most errors, each with where it hangs (`places`: the zone's modules)."""
    on_unit: dict[int, list[str]] = {}
    for place in places:
        if place.bus == name:
            on_unit.setdefault(place.unit, []).append(place.location)
    return BusHealth(
        bus=name,
        open=counters.open,
        transactions=counters.transactions,
        errors=counters.errors,
        quarantined=counters.quarantined,
        latency_us=counters.latency_us,
        silent=counters.silent,
        garbled=counters.garbled,
        refused=counters.refused,
        worst=tuple(
            UnitHealth(
                unit=one.unit,
                silent=one.silent,
                garbled=one.garbled,
                refused=one.refused,
                latency_us=one.latency_us,
                location_id=min(on_unit.get(one.unit, ()), default=""),
                places=len(on_unit.get(one.unit, ())),
            )
            for one in counters.units
        ),
    )
