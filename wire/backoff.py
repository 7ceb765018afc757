"""How long to wait before the next connection: full jitter, quick at first, slow where haste does harm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

EndKind = Literal["unreachable", "dropped", "refused", "taken"]

QUICK_S: Final = 0.2  # ceiling of the first wait: a broker that restarts is back within a second
SLOW_S_MAX: Final = 60.0  # ceiling of every later wait, so that a site is back within a minute of its broker
REFUSED_S: Final = (2.0, 15.0, 300.0)  # wrong password or certificate: a person must come, 1 attempt in 5 min is plenty
TAKEN_S: Final = (3.0, 10.0, 30.0, 60.0)  # another client uses our id: each attempt throws the other one out
SHORT_LIFE_S: Final = 15.0  # a connection ended sooner than this, and open again at once, was probably taken over
TAKEN_MIN: Final = 3  # so often in a row before we believe it


@dataclass(frozen=True)
class Ended:
    """One connection (or the attempt at one) is over. `resumed`: the broker still knew our session when it opened."""

    kind: EndKind
    lived_s: float = 0.0
    resumed: bool = False


@dataclass(frozen=True)
class BackOff:
    """Memory between attempts: failures since the last good connection, refusals, suspected take-overs."""

    failures: int = 0
    refusals: int = 0
    takings: int = 0

    def after(self, ended: Ended) -> BackOff:
        """The memory once `ended` is known."""
        match ended.kind:
            case "unreachable":
                return BackOff(failures=self.failures + 1)
            case "refused":
                return replace(self, failures=0, refusals=self.refusals + 1)
            case "taken":
                return BackOff(takings=max(self.takings + 1, TAKEN_MIN))
            case "dropped":
                suspicious = ended.resumed and self.failures <= 1 and ended.lived_s < self._long_life_s()
                return BackOff(failures=1, takings=self.takings + 1 if suspicious else 0)

    def shared_id(self) -> bool:
        """True once another client with the same id is the likely reason."""
        return self.takings >= TAKEN_MIN

    def wait_s(self, luck: float) -> float:
        """Seconds to wait, for `luck` in 0..1: anywhere below the ceiling, for slow cases in its upper half."""
        if self.refusals:
            return _slow(REFUSED_S, self.refusals - 1, luck)
        if self.shared_id():
            return _slow(TAKEN_S, self.takings - TAKEN_MIN, luck)
        return float(min(SLOW_S_MAX, QUICK_S * 2 ** min(max(self.failures - 1, 0), 16)) * luck)

    def _long_life_s(self) -> float:
        return 4 * TAKEN_S[-1] if self.shared_id() else SHORT_LIFE_S


def _slow(ceilings_s: tuple[float, ...], step: int, luck: float) -> float:
    ceiling_s = ceilings_s[min(step, len(ceilings_s) - 1)]
    return ceiling_s * (1 + luck)
