"""A wall with its disk, its modules, people and central, for tests that let anything happen in any order."""

from __future__ import annotations

from dataclasses import dataclass, field

from edge.drivers.ports import DARK, ButtonFreed, ButtonStuck, Colour, Face, ModuleBack, ModuleLost, Pressed, Shown
from edge.lightbar.buttons import USELESS_MAX
from edge.lightbar.events import CalmLooked, CentralHeard, NoticeRead, StoreLooked
from edge.lightbar.state import ShowFace
from edge.lightbar.wall import advance_wall
from edge.lightbar.wall_faces import pieces_in, queues, wall_faces
from edge.lightbar.wall_state import (
    NotWritten,
    RecordEmptied,
    RecordMissing,
    RecordPut,
    Scanned,
    WallArrived,
    WallDeed,
    WallEvent,
    WallState,
    Written,
    empty_intent,
    missing_mark,
    put_intent,
)
from tests.edge.lightbar.wall_central import ASKED, CODES, Central
from wire.ids import LocationId
from wire.wall import WallWork

HANDS: dict[str, Colour] = {"left": "blue", "right": "orange"}
CUBBIES = ("W-1", "W-2", "W-3")
BACKS = {"W-1": "W-1-back"}
PLACES = [LocationId(place) for place in (*CUBBIES, *BACKS.values())]


@dataclass
class Wall:
    """A wall with its disk, its modules, a person and central; checks the promises after every step."""

    state: WallState = field(default_factory=lambda: WallState("W", frozenset(CUBBIES), BACKS, HANDS))
    central: Central = field(default_factory=Central)
    disk: list[WallDeed] = field(default_factory=list)
    heard: int = 0  # lines of the disk central has
    asked: list[WallDeed] = field(default_factory=list)  # on the way to the disk
    unsaid: list[Shown] = field(default_factory=list)
    device: dict[str, Face] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    kept: tuple[int, WallWork] | None = None  # the document on the disk
    restarts: int = 0
    in_hand: dict[str, int] = field(default_factory=lambda: dict.fromkeys(HANDS, 0))

    def happen(self, event: WallEvent) -> None:
        before = self.state
        step = advance_wall(before, event)
        self.state = step.state
        for effect in step.effects:
            match effect:
                case RecordPut() | RecordEmptied() | RecordMissing():
                    assert intent_of(effect) not in {intent_of(one) for one in self.asked}, "asked twice"
                    self.asked.append(effect)
                case ShowFace(location, face):
                    self._show(location, face, before)
        self.check_hands()
        self.check_sums()

    def check_hands(self) -> None:
        """Each hand has one SKU, no more of it than was scanned, and its own colour where its put is the first."""
        for hand, scanned in self.in_hand.items():
            puts = [put for put in self.state.lit if put.hand == hand]
            assert len({put.cubby for put in puts}) == len(puts), "two puts of one hand in one cubby"
            assert len({put.sku for put in puts}) <= 1, "two SKUs in one hand"
            assert sum(put.pieces for put in puts) <= scanned, "more lit than was scanned"
        faces = wall_faces(self.state)
        for cubby, line in queues(self.state).items():
            whose = {hand for hand, colour in HANDS.items() if colour == faces[cubby].colour}
            assert whose == (set() if self.state.store else {line[0].hand}), "colours collide"
            assert faces[cubby].pieces == line[0].pieces

    def check_sums(self) -> None:
        """Whoever puts next, every total is what is there then, and never more than was picked."""
        there = {item.line_id: pieces_in(self.state, item) for one in self.state.cubbies for item in one.items}
        for put in self.state.lit:
            there[put.line_id] += put.pieces
            assert put.total == there[put.line_id] <= self.central.ready[put.line_id], "sums are not right"

    def _show(self, location: str, face: Face, before: WallState) -> None:
        """What was pressed stays lit, for that hand, until the disk has it or it is not wanted any more."""
        asked = {one.put for one in self.asked if isinstance(one, RecordPut)}
        first = queues(before).get(location, [None])[0]
        kept = first in asked and first in self.state.lit
        trouble = "red" in (face.colour, wall_faces(before).get(location, DARK).colour)
        assert not kept or trouble, "light changed before the disk has it"
        self.device[location] = face
        if location not in self.away:
            self.unsaid.append(Shown(LocationId(location), face, verified=True))

    # ---- what may happen ----

    def pick(self, number: int) -> None:
        line = list(ASKED)[number % len(ASKED)]
        self.central.ready[line] = min(self.central.ready[line] + 1 + number % 2, ASKED[line][2])

    def tell(self, _: int) -> None:
        """Central hears what was sent so far and says what should be true."""
        self.sync(0)
        self.tell_late(0)

    def tell_late(self, _: int) -> None:
        self.central.version += 1
        self.kept = (self.central.version, self.central.document())
        self.happen(WallArrived(*self.kept, done=self.marks()))

    def tell_again(self, _: int) -> None:
        if self.kept is not None:
            self.happen(WallArrived(*self.kept, done=self.marks()))

    def sync(self, number: int) -> None:
        """Lines arrive at central, some of them twice."""
        for line in self.disk[max(self.heard - number % 3, 0) :]:
            self.central.take(line)
        self.heard = len(self.disk)

    def marks(self) -> frozenset[str]:
        return frozenset(intent_of(one) for one in self.disk)

    def scan(self, number: int) -> None:
        code = list(CODES)[number % len(CODES)]
        hand = list(HANDS)[number // len(CODES) % len(HANDS)]
        self.in_hand[hand] = sum(put.pieces for put in self.state.lit if put.hand == hand) + CODES[code][1]
        self.happen(Scanned(code, hand))

    def press(self, place: int) -> None:
        self.happen(Pressed(PLACES[place % len(PLACES)], 1 + place % 2, held=place >= 8))

    def see(self, _: int) -> None:
        while self.unsaid:
            self.happen(self.unsaid.pop(0))

    def commit(self, _: int) -> None:
        if self.asked:
            one = self.asked.pop(0)
            if isinstance(one, RecordMissing) or intent_of(one) not in self.marks():
                self.disk.append(one)
            self.happen(Written(intent_of(one)))

    def refuse(self, _: int) -> None:
        if self.asked:
            self.happen(NotWritten(intent_of(self.asked.pop(0)), "storage_full"))

    def resolve(self, _: int) -> None:
        """The missing pieces were brought."""
        self.central.held.clear()

    def chatter(self, place: int) -> None:
        """A button presses by itself, wherever nothing is asked."""
        location = PLACES[place % len(PLACES)]
        if location not in wall_faces(self.state):
            self.happen(Pressed(location, USELESS_MAX, held=False))

    def stick(self, place: int) -> None:
        location = PLACES[place % len(PLACES)]
        self.happen(ButtonStuck(location) if place % 2 else ButtonFreed(location))

    def calm(self, _: int) -> None:
        self.happen(CalmLooked())

    def look(self, _: int) -> None:
        self.happen(StoreLooked(""))
        self.happen(NoticeRead())

    def lose(self, place: int) -> None:
        self.away.add(PLACES[place % len(PLACES)])
        self.happen(ModuleLost(PLACES[place % len(PLACES)], "no answer"))

    def find(self, place: int) -> None:
        location = PLACES[place % len(PLACES)]
        self.away.discard(location)
        self.happen(ModuleBack(location))
        self.unsaid.append(Shown(location, self.device.get(location, DARK), verified=True))

    def cancel(self, number: int) -> None:
        if number == 9:
            self.central.cancelled.add("o3")

    def restart(self, place: int) -> None:
        """The power goes: what was on its way to the disk may or may not have arrived."""
        if self.asked and place % 2 and intent_of(self.asked[0]) not in self.marks():
            self.disk.append(self.asked[0])
        self.asked, self.unsaid, self.away, self.device = [], [], set(), {}
        self.state = WallState("W", frozenset(CUBBIES), BACKS, HANDS)
        self.restarts += 1
        self.tell_again(0)

    def hear(self, _: int) -> None:
        self.happen(CentralHeard())

    def finish(self) -> None:
        """Everything is picked, everything works, and a person scans, puts and takes out until nothing is left."""
        self.hear(0)
        for place in range(len(PLACES)):
            if PLACES[place] in self.away:
                self.find(place)
        self.central.ready = {line: asked for line, (_, _, asked) in ASKED.items()}
        for button in PLACES:
            self.happen(ButtonFreed(button))
        self.calm(0)
        self.calm(0)
        for turn in range(24):
            self.look(0)
            self.resolve(0)
            while self.asked:
                self.commit(0)
            self.tell(0)
            if not self.state.lit:
                self.scan(turn % 2)
            self.see(0)
            to_put = {put.cubby for put in self.state.lit}
            for location in list(wall_faces(self.state)):
                self.happen(Pressed(LocationId(location), 1, held=location not in to_put))
            while self.asked:
                self.commit(0)
        self.tell(0)


def intent_of(effect: WallDeed) -> str:
    if isinstance(effect, RecordMissing):
        return missing_mark(effect.order_no)
    if isinstance(effect, RecordEmptied):
        return empty_intent(effect.order_no)
    return put_intent(effect.put.line_id, effect.put.total)
