"""Results of benches: kept by name in one file, printed as ratios."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

RESULTS: Final = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Result:
    """One comparison. `ratio` is ours / reference; `samples` how many single measurements are behind `ours`."""

    name: str
    ours: float
    reference: float
    reference_name: str
    ratio: float
    unit: str
    samples: int


def result(name: str, ours: float, reference: float, reference_name: str, *, unit: str, samples: int) -> Result:
    """A result, rounded to what a measurement on a shared machine is worth."""
    return Result(name, round(ours, 3), round(reference, 3), reference_name, round(ours / reference, 3), unit, samples)


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def keep(fresh: Iterable[Result], path: Path = RESULTS) -> None:
    """Write `fresh` into the file, each in place of the older one of its name."""
    known: dict[str, dict[str, object]] = {}
    if path.exists():
        known = {entry["name"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))}
    known.update({one.name: asdict(one) for one in fresh})
    path.write_text(json.dumps(list(known.values()), indent=2) + "\n", encoding="utf-8")


def in_words(one: Result) -> str:
    """One line for people."""
    ours, reference = f"{one.ours:g} {one.unit}", f"{one.reference:g} {one.unit}"
    return f"{one.name:<24} {one.ratio:>7.2f} x   {ours:>16} against {reference:>16}  ({one.reference_name})"
