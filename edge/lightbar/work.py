"""What a zone is for, as the shell that runs it sees it: a pure machine, and how its deeds are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from edge.drivers.ports import Scan
from edge.lightbar.events import CalmLooked, CentralHeard, NoticeRead, StoreLooked
from edge.lightbar.lines import LineReport
from edge.lightbar.recorder import Recorder
from edge.lightbar.state import ClearAlarm, RaiseAlarm, ShowFace
from edge.link.outbox import Outbox
from wire.downlink import Desired
from wire.uplink import BusHealth, ZoneLive

State = TypeVar("State")
Event = TypeVar("Event")
Deed = TypeVar("Deed")

AnyZoneEvent = LineReport | CentralHeard | StoreLooked | NoticeRead | CalmLooked  # what happens to zones of any kind
AnyZoneEffect = ShowFace | RaiseAlarm | ClearAlarm


@dataclass(frozen=True)
class Kept(Generic[Event]):
    """What came of a deed: what happens now, and what happens `later_s` seconds after it."""

    now: Event | None = None
    later: Event | None = None
    later_s: float = 0


class Work(Protocol[State, Event, Deed]):
    """A kind of zone: to pick from, or to put into. Keeps nothing between two calls but what is its own to tell apart.

    `State` is a value; `Event` and `Deed` are what only this kind knows, beside AnyZoneEvent and AnyZoneEffect.
    """

    def begin(self, *, trusted: bool) -> State:
        """The zone that knows nothing yet; `trusted`: central was heard since the process began."""

    async def remembered(self, outbox: Outbox) -> Event | None:
        """What the journal says that the stored document does not know yet. Raises OutboxBroken."""

    def may_be_lit(self, stored: Desired | None, done: frozenset[str]) -> Collection[str]:
        """Where lights may still be on from before the process began, and be right."""

    def lit(self, state: State) -> Collection[str] | None:
        """What is wanted lit, once that is known; None before."""

    def arrived(self, desired: Desired, done: frozenset[str]) -> Event:
        """Central says what should be true; `done` is already on this disk."""

    def scanned(self, scan: Scan, scanner: str) -> Event | None:
        """A person scanned something with the scanner of that name; None if it means nothing here."""

    def advance(self, state: State, event: Event | AnyZoneEvent) -> tuple[State, Sequence[Deed | AnyZoneEffect]]:
        """The zone after `event`, and what it wants done, in order."""

    async def keep(self, deed: Deed, recorder: Recorder) -> Kept[Event]:
        """Have `deed` recorded."""

    def notice(self, state: State) -> str:
        """What is being told to the person there, and is taken back once it was read; or ""."""

    def picture(self, state: State, buses: Iterable[BusHealth]) -> ZoneLive:
        """The zone as the screens show it."""
