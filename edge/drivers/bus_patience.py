"""When a silent unit counts as dead on a line that may be noisy, and how long a unit known to be dead is waited for."""

from __future__ import annotations

from typing import Final

from edge.drivers.bus_facts import MS, BusFacts, Unit

NOISE_SAMPLES: Final = 64  # the noise of a line is a running share of about so many exchanges
NOISY_SHARE: Final = 0.05  # from here on a line is called noisy: two units that die together do not make it so
# Up to that share of failed exchanges on the whole line, so many silences of one unit in a row are no accident: a
# healthy unit is then taken for a dead one at most about once in 10,000 exchanges.
SILENCES: Final = ((0.02, 2), (NOISY_SHARE, 3), (0.12, 5), (1.0, 8))
PROBE_WAIT_NS: Final = 22 * MS  # with the frame's own time and the silence before it below 30 ms at 19200 baud
PATIENT_PROBE: Final = 4  # of a unit never heard, every fourth probe waits as long as its profile says


def noise_after(noise: float, *, failed: bool) -> float:
    """The share of failed exchanges after one more. Only a unit's first failure in a row is an exchange in this sense:
    what follows says something of that unit, not of the line."""
    return noise + (failed - noise) / NOISE_SAMPLES


def is_noisy(noise: float) -> bool:
    """Failures are spread over the whole line."""
    return noise > NOISY_SHARE


def silences_for(noise: float) -> int:
    """How many failures in a row with a silence at the end mean that a unit is dead, on a line with this noise."""
    return next((count for share, count in SILENCES if noise <= share), SILENCES[-1][1])


def probe_wait_ns(facts: BusFacts, unit: Unit) -> int:
    """How long a look after a unit in quarantine waits for the begin of a reply.

    Its usual wait is for a module that is there and slow. A dead one is waited for 22 ms, or half as long again as the
    slowest reply that it, or else one of its model on this line, has given lately (before any was heard: the profile's
    usual one), if that is longer. One that is slower still is heard when its probe is patient. Behind a gateway the
    usual wait stays: the gateway waits for a dead module by its own clock, whatever we do.
    """
    if facts.tells_replies_apart:
        return facts.reply_wait_ns
    slowest_ns = unit.slowest_ns
    if not slowest_ns:
        if unit.probes % PATIENT_PROBE == PATIENT_PROBE - 1:
            return facts.reply_wait_ns
        slowest_ns = max((other.slowest_ns for other in facts.units.values() if other.model is unit.model), default=0)
        slowest_ns = slowest_ns or unit.model.file.link.turnaround_us * 1000
    return min(max(PROBE_WAIT_NS, slowest_ns * 3 // 2), facts.reply_wait_ns)
