"""The health of a light bus as the screens show it. Pure."""

from __future__ import annotations

from edge.drivers.ports import BusCounters
from wire.uplink import BusHealth, UnitHealth


def bus_health(name: str, counters: BusCounters) -> BusHealth:
    """Counters since start, and the units with most errors."""
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
            )
            for one in counters.units
        ),
    )
