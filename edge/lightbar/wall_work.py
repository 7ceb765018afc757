"""A put-to-light wall: its machine, its scans, and how its deeds are kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence

from edge.drivers.ports import Scan
from edge.drivers.scanner_self_test import finding_of
from edge.drivers.scanners import named
from edge.lightbar.recorder import Recorder
from edge.lightbar.wall import advance_wall
from edge.lightbar.wall_faces import HANDS, wall_faces
from edge.lightbar.wall_picture import wall_picture
from edge.lightbar.wall_state import (
    NotWritten,
    RecordEmptied,
    RecordMissing,
    RecordPut,
    Scanned,
    WallArrived,
    WallDeed,
    WallEffect,
    WallEvent,
    WallState,
    Written,
    empty_intent,
    missing_mark,
    put_intent,
)
from edge.lightbar.work import Kept
from edge.lightbar.zone import Zone
from edge.link.outbox import Outbox
from edge.profile import ZoneProfile
from edge.profile_scanner import as_scanners
from wire.deeds import AnyDeed, CubbyEmptied, PutConfirmed, PutsMissing
from wire.downlink import Desired
from wire.uplink import BusHealth, ZoneLive

WallZone = Zone[WallState, WallEvent, WallDeed]


class WallWork:
    """Implements work.Work for the wall in `profile`. `item_code` is what a scan says, "" if it cannot be read."""

    def __init__(self, profile: ZoneProfile, item_code: Callable[[Scan], str]) -> None:
        self._profile, self._item_code = profile, item_code

    def begin(self, *, trusted: bool) -> WallState:
        """A wall that knows its modules and nothing else."""
        modules = self._profile.modules
        backs = {place.cubby: place.location for place in modules if place.role == "pack_side"}
        fronts = frozenset(place.location for place in modules if place.role == "pick")
        names = [name for name, _ in named(as_scanners(self._profile.scanner), self._profile.id)]
        colours = dict(zip(names, HANDS, strict=False))
        return WallState(self._profile.id, fronts, backs, colours, trusted=trusted)

    async def remembered(self, outbox: Outbox) -> None:
        """Nothing: what a document does not know of a wall is scanned again."""
        del outbox

    def may_be_lit(self, stored: Desired | None, done: frozenset[str]) -> Collection[str]:
        """None: what was lit when the process ended is scanned again."""
        del stored, done
        return ()

    def lit(self, state: WallState) -> Collection[str]:
        """Always known."""
        return wall_faces(state).keys()

    def arrived(self, desired: Desired, done: frozenset[str]) -> WallEvent:
        """The wall's cubbies."""
        return WallArrived(desired.version, desired.wall, done)

    def scanned(self, scan: Scan, scanner: str) -> WallEvent:
        """An item, a command barcode, or something unreadable, which is said."""
        finding = finding_of(scan.text)
        if finding is not None:
            return Scanned("", scanner, say=finding.say)
        return Scanned(self._item_code(scan), scanner)

    def advance(self, state: WallState, event: WallEvent) -> tuple[WallState, Sequence[WallEffect]]:
        """As wall.advance_wall."""
        step = advance_wall(state, event)
        return step.state, step.effects

    async def keep(self, deed: WallDeed, recorder: Recorder) -> Kept[WallEvent]:
        """A put, or that a cubby is free again."""
        if isinstance(deed, RecordMissing):
            return await self._keep_missing(deed, recorder)
        kept, intent = _deed_of(self._profile.id, deed)
        store = await recorder.keep(kept, intent, done_picks=[intent])
        return Kept(NotWritten(intent, store) if store else Written(intent))

    async def _keep_missing(self, deed: RecordMissing, recorder: Recorder) -> Kept[WallEvent]:
        mark = missing_mark(deed.order_no)
        said = PutsMissing(zone=self._profile.id, cubby=deed.cubby, order_no=deed.order_no)
        store = await recorder.keep(said, f"missing:{secrets.token_hex(10)}")
        return Kept(NotWritten(mark, store) if store else Written(mark))

    def notice(self, state: WallState) -> str:
        """What the last scan or press came to."""
        return state.notice

    def picture(self, state: WallState, buses: Iterable[BusHealth]) -> ZoneLive:
        """As wall_picture.wall_picture."""
        return wall_picture(state, buses)


def _deed_of(zone: str, effect: RecordPut | RecordEmptied) -> tuple[AnyDeed, str]:
    if isinstance(effect, RecordEmptied):
        emptied = CubbyEmptied(zone=zone, cubby=effect.cubby, order_no=effect.order_no)
        return emptied, empty_intent(effect.order_no)
    put = effect.put
    confirmed = PutConfirmed(
        zone=zone,
        cubby=put.cubby,
        order_no=put.order_no,
        line_id=put.line_id,
        sku=put.sku,
        put_pieces=put.pieces,
        total_pieces=put.total,
    )
    return confirmed, put_intent(put.line_id, put.total)
