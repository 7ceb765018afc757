"""What a run of the floor came to: the numbers for machines, and the same in words for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

ORDERS_NAMED_MAX: Final = 12


@dataclass(frozen=True)
class Report:
    """The keys of the report file. Times are of the run's working hours: from the first light to the last order's end.

    `seconds_per_order` is that time divided by the orders; memory is the largest resident size, in MB.
    """

    orders_total: int
    orders_handed_over: int
    orders_in_exception: int
    wrong_released: int
    mistakes_injected: int
    mistakes_caught: int
    mistakes_by_kind: dict[str, int]
    lines_per_hour: float
    seconds_per_order: float
    lost_events: int
    doubled_events: int
    peak_rss_mb: float
    peak_rss_mb_by_process: dict[str, float] = field(default_factory=dict)
    exceptions_by_reason: dict[str, int] = field(default_factory=dict)
    open_tickets: dict[str, str] = field(default_factory=dict)
    orders_unfinished: int = 0
    parcels_unseen: int = 0
    dead_letters: int = 0
    lines_total: int = 0
    orders_sorted: int = 0  # at the put-to-light wall
    scans_total: int = 0
    seconds: float = 0.0
    faults: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """True if every promise was kept."""
        return (
            self.wrong_released == 0
            and self.orders_unfinished == 0
            and self.mistakes_caught == self.mistakes_injected
            and self.lost_events == self.doubled_events == self.dead_letters == 0
            and not self.faults
        )


def write(report: Report, path: Path) -> None:
    """Write the keys to `path` as JSON."""
    path.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")


def _counted(kinds: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {in_plain(kind)}" for kind, count in kinds) or "none"


def in_plain(key: str) -> str:
    """A key of the record as people say it."""
    return key.replace("_", " ")


def _deciding(tickets: Mapping[str, str]) -> Iterator[str]:
    """The orders a supervisor must decide about, by what is wrong."""
    for kind in sorted(set(tickets.values())):
        orders = sorted(order for order, why in tickets.items() if why == kind)
        more = f" and {len(orders) - ORDERS_NAMED_MAX} more" if len(orders) > ORDERS_NAMED_MAX else ""
        yield f"           {in_plain(kind)}: order {', '.join(orders[:ORDERS_NAMED_MAX])}{more}"


def in_words(report: Report) -> str:
    """The report for people."""
    kinds = _counted(sorted(report.mistakes_by_kind.items()))
    reasons = _counted(Counter(report.exceptions_by_reason).most_common())
    memory = sorted(report.peak_rss_mb_by_process.items(), key=lambda entry: -entry[1])[:4]
    largest = ", ".join(f"{name} {peak:.0f}" for name, peak in memory)
    lines = [
        f"Orders     {report.orders_total}: {report.orders_handed_over} handed over",
        f"Unfinished {report.orders_unfinished}",
        f"Exception  {report.orders_in_exception} ({reasons})",
        *_deciding(report.open_tickets),
        f"Released   {report.wrong_released} wrong parcels",
        f"Mistakes   {report.mistakes_injected} made ({kinds}), {report.mistakes_caught} found in a ticket",
        f"Journal    {report.lost_events} lost, {report.doubled_events} doubled, {report.dead_letters} dead letters",
        *([f"Wall       {report.orders_sorted} orders sorted"] if report.orders_sorted else []),
        f"Pace       {report.lines_total} lines and {report.scans_total} scans in {report.seconds:.0f} s",
        f"           {report.lines_per_hour:.0f} lines per hour, {report.seconds_per_order:.2f} s per order",
        f"Memory     at most {report.peak_rss_mb:.0f} MB in one process ({largest})",
        *(f"Fault      {fault}" for fault in report.faults),
        "Every promise was kept." if report.good else "NOT every promise was kept.",
    ]
    return "\n".join(lines)
