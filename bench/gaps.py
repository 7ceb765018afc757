"""Frames of ours that came before the silence they owed, as the simulated lines of all benches judged them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.results import Result, result


@dataclass
class GapTally:
    """Of all lines so far: requests heard, and those among them that broke the silence."""

    requests: int = 0
    broken: int = 0

    def add(self, before: Mapping[str, int], after: Mapping[str, int]) -> None:
        """What one line counted between two looks at it."""
        self.requests += after["requests"] - before["requests"]
        self.broken += after["gap_broken"] - before["gap_broken"]

    def results(self) -> list[Result]:
        """One, or none when no line was driven. It must be 0: there is no bound that a broken silence is within."""
        if not self.requests:
            return []
        what = "requests on the simulated lines of these benches"
        return [
            result("frames_breaking_gap", self.broken, self.requests, what, unit="frames", samples=self.requests),
        ]


GAPS = GapTally()
NOTHING: dict[str, int] = {"requests": 0, "gap_broken": 0}

__all__ = ["GAPS", "NOTHING", "GapTally"]
