"""A zone with its disk, its modules and people, for tests that let anything happen in any order."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from edge.drivers.ports import DARK, ButtonFreed, ButtonStuck, Face, KeyPressed, ModuleBack, ModuleLost, Pressed, Shown
from edge.lightbar.barring import barred_by, still_barred
from edge.lightbar.buttons import USELESS_MAX
from edge.lightbar.deeds import pick_deed
from edge.lightbar.events import (
    BadgeScanned,
    CalmLooked,
    CentralHeard,
    DoneScanned,
    Event,
    NotRecorded,
    NotUndone,
    QuantityScanned,
    Recorded,
    ShortScanned,
    ShortsRead,
    StoreLooked,
    ToteScanned,
    Undone,
    UndoOver,
    UndoScanned,
    WorkArrived,
)
from edge.lightbar.faces import wanted_faces
from edge.lightbar.machine import advance
from edge.lightbar.proofs import ASKED
from edge.lightbar.state import RecordCheck, RecordInduction, RecordPick, RecordUndo, ShowFace, ZoneRules, ZoneState
from edge.lightbar.stops import stops
from tests.edge.lightbar.zone_promises import check_colours, check_stops
from tests.edge.lightbar.zone_work import ALL, KEYS, NOBODY, PLACES
from wire.deeds import ShortPicked
from wire.downlink import Pick, ToteWork
from wire.ids import LocationId, again_id


@dataclass
class Shift:
    """Checks the promises after every step."""

    rules: ZoneRules = field(default_factory=ZoneRules)
    disk: list[str] = field(default_factory=list)  # picks whose deed is recorded, in order
    scanned: int = 0  # picks confirmed without their lamp
    asked: list[RecordPick] = field(default_factory=list)  # on the way to the disk
    inducted: list[RecordInduction] = field(default_factory=list)
    checks: list[RecordCheck] = field(default_factory=list)  # on the way to the disk
    undos: list[RecordUndo] = field(default_factory=list)  # on the way to the disk
    taken_back: list[str] = field(default_factory=list)  # picks whose undoing is recorded, in order
    lines: int = 0  # of the journal
    read: int = 0  # of those, how many central has read
    knows: int = 0  # as the document on the disk says
    shorts: list[tuple[int, ShortPicked]] = field(default_factory=list)  # on the disk, with their lines
    known: int = 0  # of those, how many central knows
    device: dict[str, Face] = field(default_factory=dict)
    unsaid: list[Shown] = field(default_factory=list)  # faces shown, not yet reported
    away: set[str] = field(default_factory=set)
    version: int = 0
    restarts: int = 0

    def __post_init__(self) -> None:
        self.state = ZoneState("A", self.rules)

    def happen(self, event: Event) -> None:
        before = self.state
        step = advance(self.state, event)
        self.state = step.state
        check_colours(self.state)
        check_stops(self.state)
        self.check_barred()
        for effect in step.effects:
            match effect:
                case RecordPick():
                    assert effect.pick.pick_id not in {one.pick.pick_id for one in self.asked}, "asked twice"
                    assert effect.pick.pick_id not in self.disk, "done twice"
                    if effect.found or not effect.short:
                        self.check_proofs(before, event, effect)
                    self.asked.append(effect)
                case RecordCheck():
                    assert effect.pick.pick_id in self.disk, "a place looked at before it was emptied"
                    self.checks.append(effect)
                case RecordUndo():
                    on_the_way = {one.pick.pick_id for one in self.undos}
                    assert effect.pick.pick_id in self.disk, "taken back before it was recorded"
                    assert effect.pick.pick_id not in on_the_way | set(self.taken_back), "taken back twice"
                    self.undos.append(effect)
                case RecordInduction():
                    self.inducted.append(effect)
                case ShowFace(location, face):
                    self._show(location, face, before)

    def _show(self, location: str, face: Face, before: ZoneState) -> None:
        """A light may change only if what it asked for is on the disk, was withdrawn, or is not asked for now."""
        was = stops(before).get(location)
        if was is not None and was.pick.pick_id in before.recording and was.pick.pick_id not in self.disk:
            still = {pick.pick_id for tote in self.state.totes for pick in tote.picks}
            in_work = {tote.tote_id for tote in self.state.active}
            withdrawn = was.pick.pick_id not in still or was.tote.tote_id not in in_work
            moved = self.rules.mode == "sequential" and self.away
            trouble = face.colour == "red" or wanted_faces(before).get(location, DARK).colour == "red"
            assert withdrawn or moved or trouble, "light changed before the disk has it"
        self.device[location] = face
        if location not in self.away:
            self.unsaid.append(Shown(LocationId(location), face, verified=True))

    def check_proofs(self, before: ZoneState, event: Event, effect: RecordPick) -> None:
        pick = effect.pick
        asked = {*ASKED[self.rules.scan_first], *ASKED[pick.scan_first], *(("item",) if pick.look_alikes else ())}
        shown = set(before.proofs.get(pick.location_id, ()))
        if effect.how != "button":
            self.scanned += 1
            assert before.by_hand == pick.pick_id, "confirmed by a scan of another place, or of none"
            assert event == (DoneScanned() if effect.how == "command" else ToteScanned(pick.sku))
            shown |= {"place", "item"} if effect.how == "item_scan" else {"place"}
        if effect.short and before.by_hand == pick.pick_id:
            shown |= {"place"}
        assert shown >= asked, "taken before it was scanned"

    def to_disk(self, effect: RecordPick) -> None:
        self.lines += 1
        self.disk.append(effect.pick.pick_id)
        deed = pick_deed("A", effect)
        if isinstance(deed, ShortPicked):
            self.shorts.append((self.lines, deed))

    def check_barred(self) -> None:
        barred = still_barred(barred_by(self.shorts), self.knows)
        if not barred:
            return
        done = self.state.recording.keys() | set(self.disk)
        for at, stop in stops(self.state).items():
            if at in barred and stop.step != "zero" and stop.pick.pick_id not in done:
                assert stop.pick.pick_id in barred[at].in_hand, "lit where nothing is left"

    # ---- what may happen ----

    def document(self) -> tuple[ToteWork, ...]:
        """What central asks for: what it knows to be taken back under its new name."""
        known = set(self.taken_back[: self.known])

        def now(pick: Pick) -> Pick:
            while pick.pick_id in known:
                pick = replace(pick, pick_id=again_id(pick.pick_id))
            return pick

        return tuple(replace(tote, picks=tuple(now(pick) for pick in tote.picks)) for tote in ALL)

    def done_for_good(self) -> list[str]:
        """The picks, by their first names, whose confirm or short stands."""
        return sorted(pick_id.partition("~")[0] for pick_id in self.disk if pick_id not in self.taken_back)

    def work(self, totes: int) -> None:
        self.version, self.knows = self.version + 1, self.read
        self.happen(WorkArrived(self.version, self.document()[: totes + 1], frozenset(self.disk), self.knows))

    def older_work(self, totes: int) -> None:
        if self.version:
            self.happen(WorkArrived(max(self.version - 1, 1), ALL[:totes], NOBODY))

    def press(self, place: int) -> None:
        self.happen(Pressed(PLACES[place % 3], 1 + place % 2, held=place % 5 == 4))

    def see(self, _: int) -> None:
        while self.unsaid:
            self.happen(self.unsaid.pop(0))

    def commit(self, _: int) -> None:
        if self.asked:
            one = self.asked.pop(0)
            self.to_disk(one)
            self.happen(Recorded(one.pick.pick_id, self.lines))
        if self.checks:
            self.happen(Recorded(self.checks.pop(0).pick.pick_id))
        if self.undos:
            back = self.undos.pop(0)
            self.taken_back.append(back.pick.pick_id)
            self.happen(Undone(back.pick.pick_id))

    def short(self, _: int) -> None:
        self.happen(ShortScanned())

    def quantity(self, pieces: int) -> None:
        self.happen(QuantityScanned(pieces % 4))

    def undo(self, _: int) -> None:
        self.happen(UndoScanned())

    def undo_over(self, _: int) -> None:
        if self.disk:
            self.happen(UndoOver(self.disk[-1]))

    def learn(self, _: int) -> None:
        """Central takes a line about something taken back, and all lines about picks."""
        self.read = self.lines
        self.known = min(self.known + 1, len(self.taken_back))

    def key(self, place: int) -> None:
        self.happen(KeyPressed(PLACES[place % 3], KEYS[place // 3 % 3], 1))

    def calm(self, _: int) -> None:
        self.happen(CalmLooked())

    def chatter(self, place: int) -> None:
        for _ in range(USELESS_MAX):
            self.happen(Pressed(PLACES[place % 3], 1, held=False))

    def stick(self, place: int) -> None:
        self.happen(ButtonStuck(PLACES[place % 3]) if place % 2 else ButtonFreed(PLACES[place % 3]))

    def refuse(self, _: int) -> None:
        if self.asked:
            self.happen(NotRecorded(self.asked.pop(0).pick.pick_id, "storage_full"))
        if self.undos:
            self.happen(NotUndone(self.undos.pop(0).pick.pick_id, "storage_full"))

    def look(self, _: int) -> None:
        self.happen(StoreLooked(""))

    def lose(self, place: int) -> None:
        self.away.add(PLACES[place % 3])
        self.happen(ModuleLost(PLACES[place % 3], "no answer"))

    def find(self, place: int) -> None:
        location = PLACES[place % 3]
        self.away.discard(location)
        self.happen(ModuleBack(location))
        self.unsaid.append(Shown(location, self.device.get(location, DARK), verified=True))

    def restart(self, place: int) -> None:
        """The power goes: what was on its way to the disk may or may not have arrived."""
        if self.asked and place % 2:
            self.to_disk(self.asked[0])
        if self.undos and place % 3:
            self.taken_back.append(self.undos[0].pick.pick_id)
        self.asked, self.unsaid, self.away, self.checks, self.undos = [], [], set(), [], []
        self.device = {}
        self.state = ZoneState("A", self.rules)
        self.restarts += 1
        if self.version:
            self.happen(ShortsRead(still_barred(barred_by(self.shorts), self.knows)))
            self.happen(WorkArrived(self.version, self.document(), frozenset(self.disk), self.knows))

    def scan(self, tote: int) -> None:
        self.happen(ToteScanned(f"t{tote % 5}"))

    def code(self, number: int) -> None:
        self.happen(ToteScanned((*PLACES, "MUG", "OTHER")[number % 5]))

    def done(self, _: int) -> None:
        self.happen(DoneScanned())

    def badge(self, person: int) -> None:
        self.happen(BadgeScanned(f"b{person}"))

    def hear(self, _: int) -> None:
        self.happen(CentralHeard())

    def hear_of_shorts(self) -> None:
        """Central reads what is on the disk, and says anew what is to be picked."""
        if self.state.barred:
            self.read = self.lines
            self.work(len(ALL))

    def finish(self) -> None:
        """Central is there, everything works, and people scan their totes and press whatever is lit."""
        self.hear(0)
        for place in range(3):
            if PLACES[place] in self.away:
                self.find(place)
        self.commit(0)
        self.known = len(self.taken_back)
        self.work(len(ALL))
        for location in PLACES:
            self.happen(ButtonFreed(location))
        self.calm(0)
        self.calm(0)
        for _ in range(60):
            self.hear_of_shorts()
            self.look(0)
            if self.rules.induct:
                for tote in self.state.totes:
                    self.happen(ToteScanned(tote.tote_id))
            self.see(0)
            for code in (code for at in PLACES for code in (at, "MUG")):
                self.happen(ToteScanned(code))
            for lit in list(wanted_faces(self.state)):
                self.happen(Pressed(LocationId(lit), 1, held=lit in self.state.counting))
            while self.asked or self.checks or self.undos:
                self.commit(0)
            self.calm(0)
