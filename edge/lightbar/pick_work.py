"""A zone to pick from: its machine, its scans, and how its deeds are kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from edge.drivers.ports import Scan
from edge.drivers.scanner_self_test import finding_of
from edge.lightbar.barring import barred_by
from edge.lightbar.deeds import check_deed, induction_deed, pick_deed, undo_deed
from edge.lightbar.events import (
    Event,
    NotRecorded,
    NotUndone,
    Recorded,
    ShortsRead,
    Undone,
    UndoOver,
    UnknownScanned,
    WorkArrived,
)
from edge.lightbar.faces import wanted_faces
from edge.lightbar.machine import advance
from edge.lightbar.picture import picture
from edge.lightbar.quiet import QuietTimes
from edge.lightbar.recorder import Recorder
from edge.lightbar.scans import event_of
from edge.lightbar.state import (
    Effect,
    Lamp,
    RecordCheck,
    RecordInduction,
    RecordPick,
    RecordUndo,
    ZoneRules,
    ZoneState,
)
from edge.lightbar.work import Kept
from edge.lightbar.zone import Zone
from edge.link.outbox import Outbox
from edge.profile import ZoneProfile
from wire.downlink import Desired
from wire.uplink import BusHealth, ZoneLive

TRIGGER_NS: Final = 700_000_000  # the same text again within this is one trigger read twice

PickDeed = RecordPick | RecordCheck | RecordUndo | RecordInduction
PickZone = Zone[ZoneState, Event, PickDeed]


class PickWork:
    """Implements work.Work for the picks of the zone in `profile`."""

    def __init__(self, profile: ZoneProfile, mono_ns: Callable[[], int], code_of: Callable[[Scan], str]) -> None:
        """`code_of`: what a scan is as an item's code."""
        self._zone, self._rules, self._undo_s = profile.id, rules_of(profile), profile.undo_s
        self._mono_ns, self._triggers, self._code_of = mono_ns, QuietTimes(TRIGGER_NS), code_of

    def begin(self, *, trusted: bool) -> ZoneState:
        """A zone without work."""
        return ZoneState(self._zone, self._rules, trusted=trusted)

    async def remembered(self, outbox: Outbox) -> Event | None:
        """Places found short by journal lines that the stored document does not know."""
        stored = outbox.stored_desired()
        if stored is None or stored.knows is None:
            return None
        return ShortsRead(barred_by(await outbox.shorts_after(stored.knows)))

    def may_be_lit(self, stored: Desired | None, done: frozenset[str]) -> Collection[str]:
        """Where a pick is not done: its light must not go out only because we start."""
        totes = stored.zone.totes if stored is not None and stored.zone is not None else ()
        return {pick.location_id for tote in totes for pick in tote.picks if pick.pick_id not in done}

    def lit(self, state: ZoneState) -> Collection[str] | None:
        """Known once central was heard, or a person scanned a tote."""
        return wanted_faces(state).keys() if state.trusted or state.current else None

    def arrived(self, desired: Desired, done: frozenset[str]) -> Event:
        """The zone's totes."""
        totes = desired.zone.totes if desired.zone is not None else ()
        return WorkArrived(desired.version, totes, done, desired.knows)

    def scanned(self, scan: Scan, scanner: str) -> Event | None:
        """A tote, a command barcode, or what is to be scanned before a press counts."""
        finding = finding_of(scan.text)
        if finding is not None:
            return UnknownScanned(finding.say)
        if scan.dirty or self._triggers.repeats(f"{scanner}\n{scan.text}", self._mono_ns()):
            return None
        return event_of(scan.text, self._code_of(scan))

    def advance(self, state: ZoneState, event: Event) -> tuple[ZoneState, Sequence[Effect]]:
        """As machine.advance."""
        step = advance(state, event)
        return step.state, step.effects

    async def keep(self, deed: PickDeed, recorder: Recorder) -> Kept[Event]:
        """A confirm can be undone for a while. Who picks is good to know; picking does not wait for it."""
        match deed:
            case RecordInduction(tote):
                await recorder.keep(induction_deed(self._zone, tote), f"induct:{secrets.token_hex(10)}")
                return Kept()
            case RecordUndo(_, pick):
                store = await recorder.keep(undo_deed(self._zone, deed), f"undo:{pick.pick_id}")
                return Kept(NotUndone(pick.pick_id, store) if store else Undone(pick.pick_id))
            case RecordPick(_, pick):
                pick_id = pick.pick_id
                kept = await recorder.keep_line(pick_deed(self._zone, deed), f"pick:{pick_id}", done_picks=[pick_id])
            case RecordCheck(pick):
                kept = await recorder.keep_line(check_deed(self._zone, deed), f"zero:{pick.pick_id}")
        now: Event = NotRecorded(pick.pick_id, kept) if isinstance(kept, str) else Recorded(pick.pick_id, kept)
        return Kept(now, later=UndoOver(pick.pick_id), later_s=self._undo_s)

    def notice(self, state: ZoneState) -> str:
        """What a scan or press came to, or that presses were ignored."""
        return state.said or ("presses_ignored" if state.ignored_presses else "")

    def picture(self, state: ZoneState, buses: Iterable[BusHealth]) -> ZoneLive:
        """As picture.picture."""
        return picture(state, buses)


def rules_of(profile: ZoneProfile) -> ZoneRules:
    """The rules in a profile."""
    mode = "discrete" if profile.mode == "wall" else profile.mode  # a wall has a machine of its own
    return ZoneRules(
        mode=mode,
        totes_max=profile.totes_max,
        induct=profile.induct,
        lamps=tuple(_lamps(profile)),
        count_shorts=profile.short == "count",
        zero_check=profile.zero_check,
        scan_first=profile.scan_first,
        scanner=profile.scanner is not None,
        places=frozenset(place.location for place in profile.modules if place.role == "pick"),
    )


def _lamps(profile: ZoneProfile) -> Iterator[Lamp]:
    for place in profile.modules:
        match place.role:
            case "bay" | "zone" as role:
                yield Lamp(place.location, role, place.covers)
