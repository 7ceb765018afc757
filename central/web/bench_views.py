"""What the page shows of a pack station, and of the hands of a simulated floor at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from central.web.bench_acts import HELD, acts, may_count, sort_of
from wire.phrases import Refusal
from wire.shift_deeds import PartResult
from wire.uplink import ItemCount, SelfTestLive, StationLive

PARCELS_SHOWN: Final = 6  # per bench; the rest are counted
EMPTY: Final = frozenset({"ready", "gate_fault"})  # no parcel is in work
ABOUT_A_TICKET: Final = frozenset(
    {Refusal.IN_EXCEPTION, Refusal.RELEASE_UNKNOWN, Refusal.ALREADY_SHIPPED, Refusal.ORDER_CANCELLED, "set_aside_done"}
)


@dataclass(frozen=True)
class BenchView:
    """A pack station: `live` is None until its node was heard. `codes` are the barcodes a visitor's hand may scan.

    `reasons`: the site's words for an override.
    """

    station: str
    node: str
    live: StationLive | None
    codes: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[ItemCount, ...]:
        """In the order of the order, so that a tile stays where it is."""
        return self.live.items if self.live else ()

    @property
    def acts(self) -> tuple[str, ...]:
        """The command barcodes that may be touched now."""
        return acts(self.live, self.reasons)

    @property
    def may_count(self) -> bool:
        """Whether the pieces may be keyed now."""
        return may_count(self.live)

    @property
    def sort(self) -> str:
        """What kind of thing the bench says."""
        return sort_of(self.live)

    @property
    def test(self) -> SelfTestLive | None:
        """The self-test to show; a parcel on the bench comes first."""
        return self.live.test if self.live and not self.live.order_no else None

    @property
    def tested(self) -> tuple[tuple[str, PartResult | None], ...]:
        """Each part with what was found, None: not yet."""
        if self.test is None:
            return ()
        found = {result.part: result for result in self.test.results}
        return tuple((part, found.get(part)) for part in self.test.parts)

    @property
    def test_passed(self) -> bool:
        """Whether every part is well."""
        return all(result is not None and result.ok for _, result in self.tested)

    @property
    def ticket(self) -> str:
        """The ticket of what the bench says now, "" if that is about no ticket."""
        live = self.live
        if live and live.say == "set_aside_done":
            return live.ticket or live.detail
        return live.ticket if live and (live.state in HELD or live.say in ABOUT_A_TICKET) else ""

    @property
    def detail(self) -> str:
        """The detail of what the bench says now; of an earlier saying it would only confuse."""
        live = self.live
        if live is None or not (live.say in {*Refusal, "gate_refused"} or live.state == "gate_fault"):
            return ""
        return "" if live.detail == live.ticket else live.detail

    @property
    def label(self) -> str:
        """The label of the parcel in work."""
        live = self.live
        return live.label if live and (live.order_no or live.state not in EMPTY) else ""


@dataclass(frozen=True)
class Item:
    """A SKU in a waiting parcel, with the barcode a hand would scan."""

    sku: str
    title: str
    barcode: str
    pieces: int


@dataclass(frozen=True)
class WaitingParcel:
    """A parcel that waits at a bench."""

    label: str
    order_no: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Button:
    """Something a hand can scan with one touch."""

    text: str
    en: str
    zh: str


@dataclass(frozen=True)
class HandsView:
    """What hands can do at one bench of a simulated floor. `label`: the parcel on the bench, "" if there is none."""

    station: str
    parcels: tuple[WaitingParcel, ...] = ()
    more: int = 0
    commands: tuple[Button, ...] = ()
    badges: tuple[Button, ...] = ()
    label: str = ""


def hands_view(
    before: HandsView,
    waiting: Iterable[WaitingParcel],
    on_bench: WaitingParcel | None,
    commands: Sequence[Button],
    badges: Sequence[Button],
) -> HandsView:
    """What hands can do now; the parcel on the bench keeps the row it had `before`."""
    parcels = [parcel for parcel in waiting if on_bench is None or parcel.label != on_bench.label]
    if on_bench is not None:
        rows = [parcel.label for parcel in before.parcels]
        row = rows.index(on_bench.label) if on_bench.label in rows else 0
        parcels.insert(min(row, len(parcels)), on_bench)
    return HandsView(
        station=before.station,
        parcels=tuple(parcels[:PARCELS_SHOWN]),
        more=max(0, len(parcels) - PARCELS_SHOWN),
        commands=tuple(commands),
        badges=tuple(badges),
        label=on_bench.label if on_bench else "",
    )
