"""Who answers the bench while central is away: keeps the manifests and the one parcel in work on one of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from edge.clock import Clock
from edge.packstation import offline
from edge.packstation.events import Record
from wire.answers import AnyAnswer
from wire.deeds import AnyDeed, LabelScanned
from wire.grant import SignedGrant
from wire.manifest import SignedManifest
from wire.offline_deeds import OfflineParcel


@dataclass
class StandIn:
    """`away`: central does not answer. `now_utc_s` None: the clock is not to be trusted, and no manifest holds."""

    station: str
    now_utc_s: Callable[[], float | None]
    contact: bool = False
    silent: bool = False  # in contact, and the last question stayed without an answer
    manifests: tuple[SignedManifest, ...] = ()
    _work: offline.Work | None = None
    _used: set[str] = field(default_factory=set)

    @property
    def active(self) -> bool:
        """A parcel is in work without central."""
        return self._work is not None

    def takes(self, deed: AnyDeed) -> bool:
        """True if this question is answered here. A parcel stays where it was begun, whether central is back or not."""
        if isinstance(deed, LabelScanned):
            self._work = None
            return self._manifest_for(deed) is not None
        return self._work is not None and getattr(deed, "verification", "") == self._work.verification

    def answer(self, deed: AnyDeed) -> tuple[AnyAnswer, OfflineParcel | None] | None:
        """What is said, and the line that must be on the disk before; None: not our question after all."""
        if isinstance(deed, LabelScanned):
            signed = self._manifest_for(deed)
            if signed is None:
                return None
            turn = offline.begun(signed, deed)
        elif self._work is not None:
            turn = offline.asked(self._work, deed)
        else:
            return None
        self._work = turn.work
        if turn.line is not None:
            self._used.add(turn.line.manifest_id)
        return turn.answer, turn.line

    async def serve(self, record: Record, write: Callable[[Record], Awaitable[bool]]) -> AnyAnswer | None:
        """The answer to a question taken; what may let a parcel leave is written first. None: nothing is to be said."""
        given = self.answer(record.deed)
        if given is None:
            return None
        answer, line = given
        if line is not None and not await write(Record(line, f"scan:{line.scan_id}", record.scan_id)):
            return None
        return answer

    def shown_for(self, grant: SignedGrant) -> SignedManifest | None:
        """The manifest behind a grant that this stand-in made."""
        work = self._work
        if work is None or work.signed.manifest.manifest_id != grant.grant.grant_id:
            return None
        return work.signed

    def _manifest_for(self, deed: LabelScanned) -> SignedManifest | None:
        now_utc_s = self.now_utc_s()
        if (self.contact and not self.silent) or now_utc_s is None:
            return None
        fresh = (signed for signed in self.manifests if signed.manifest.manifest_id not in self._used)
        return offline.find(fresh, self.station, deed.label, now_utc_s)


def trusted_utc_s(clock: Clock) -> float | None:
    """Seconds of UTC, if this machine's clock was ever set since it started."""
    return clock.utc_ns() / 1e9 if clock.trust() != "unsynced" else None
