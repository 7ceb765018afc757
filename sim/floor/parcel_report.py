"""What a run of parcels came to: each kind of slip and what caught it, what left wrong, what was right and stayed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from central.handlers.verify import verify
from sim.floor.record import dead_letters, released_labels, tickets_of
from sim.slips import KINDS, PASSING, Slip
from sim.world import World
from wire.phrases import Refusal


@dataclass(frozen=True)
class Seen:
    """What those who packed can tell. `said`: by order, the screen's word at a slip or when a parcel stayed."""

    slips: Mapping[str, Slip]
    said: Mapping[str, str]
    scans: int
    back: int
    seconds: float
    faults: tuple[str, ...]


@dataclass(frozen=True)
class KindReport:
    """One kind: parcels it happened to, those caught, by what (tickets, else the screen's word) and how often."""

    injected: int
    caught: int
    how: dict[str, int]
    tickets: int


@dataclass(frozen=True)
class ParcelReport:
    """`right_blocked`: right parcels that did not leave, by their ticket or else the screen's last word.

    `came_back`: boxes set aside without a ticket, that came back from the shelf and were packed again.
    """

    parcels: int
    released: int
    wrong_released: int
    right_blocked: dict[str, int]
    kinds: dict[str, KindReport]
    came_back: int
    scans: int
    seconds: float
    dead_letters: int
    faults: tuple[str, ...] = field(default=())

    @property
    def good(self) -> bool:
        """True if nothing wrong left, every slip was caught and nothing right stayed without a documented reason."""
        return (
            self.wrong_released == self.dead_letters == 0
            and all(kind.injected == kind.caught for kind in self.kinds.values())
            and all(reason in set(Refusal) for reason in self.right_blocked)
            and not self.faults
        )


def account(database: Path, world: World, seen: Seen) -> ParcelReport:
    """Hold what hands did against what the record says."""
    for label in sorted(released_labels(database) - world.left.keys()):
        world.leave(label)
    tickets = tickets_of(database)
    left = {world.order_of_label[label] for label in world.left}
    right = set(world.orders) - seen.slips.keys()
    blocked = Counter((tickets.get(one) or (seen.said.get(one, ""),))[0] for one in right - left)
    return ParcelReport(
        parcels=len(world.orders),
        released=len(left),
        wrong_released=len(world.wrong),
        right_blocked=dict(blocked),
        kinds={kind: _of_kind(kind, seen, tickets, left) for kind in KINDS},
        came_back=seen.back,
        scans=seen.scans,
        seconds=round(seen.seconds, 1),
        dead_letters=dead_letters(database),
        faults=(*seen.faults, *verify(database)),
    )


def _of_kind(kind: str, seen: Seen, tickets: Mapping[str, tuple[str, ...]], left: set[str]) -> KindReport:
    """A slip is caught if a ticket holds its parcel back, or the screen said its word and the right parcel left."""
    orders = [slip.order_no for slip in seen.slips.values() if slip.kind == kind]
    word = PASSING.get(kind)
    held = [one for one in orders if tickets.get(one) and one not in left]
    passed = [one for one in orders if word is not None and seen.said.get(one) == word and one in left]
    how = Counter((tickets.get(one) or (seen.said.get(one, ""),))[0] for one in orders)
    return KindReport(len(orders), len({*held, *passed}), dict(how), sum(1 for one in orders if tickets.get(one)))


def write(report: ParcelReport, path: Path) -> None:
    """Write the numbers to `path` as JSON."""
    path.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")


def in_words(report: ParcelReport) -> str:
    """The report for people."""
    blocked = ", ".join(f"{count} {why or 'no reason'}" for why, count in sorted(report.right_blocked.items()))
    lines = [
        f"Parcels    {report.parcels}, {report.released} left, {report.wrong_released} of them wrong",
        f"Blocked    right parcels that did not leave: {blocked or 'none'}",
        f"Shelf      {report.came_back} boxes were set aside without a ticket and packed again",
        f"{'Slip':<21}{'made':>6}{'caught':>8}{'tickets':>9}  how",
    ]
    for kind, one in report.kinds.items():
        how = ", ".join(f"{count} {why or 'not at all'}" for why, count in sorted(one.how.items()))
        lines.append(f"{kind.replace('_', ' '):<21}{one.injected:>6}{one.caught:>8}{one.tickets:>9}  {how}")
    pace = report.parcels / report.seconds if report.seconds else 0.0
    lines += [
        f"Pace       {report.scans} scans in {report.seconds:.0f} s, {pace:.1f} parcels a second",
        f"Journal    {report.dead_letters} dead letters",
        *(f"Fault      {fault}" for fault in report.faults),
        "Every promise was kept." if report.good else "NOT every promise was kept.",
    ]
    return "\n".join(lines)
