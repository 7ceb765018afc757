"""Whatever order things happen in: no pick is lost, none is done twice, no light goes out before the disk has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from edge.drivers.ports import DARK, Face, ModuleBack, ModuleLost, Pressed, Shown
from edge.lightbar.faces import wanted_faces
from edge.lightbar.machine import advance
from edge.lightbar.state import (
    CentralHeard,
    Event,
    NotRecorded,
    Recorded,
    RecordPick,
    ShowFace,
    StoreLooked,
    ToteScanned,
    WorkArrived,
    ZoneState,
)
from wire.downlink import Pick, ToteWork
from wire.ids import LocationId

PLACES = [LocationId(f"A-0{n}-1") for n in range(1, 4)]
ALL = tuple(
    ToteWork(
        tote_id=f"t{n}",
        order_no=f"o{n}",
        wave="w",
        colour=("blue", "orange")[n % 2],
        picks=tuple(
            Pick(pick_id=f"p{n}{k}", location_id=PLACES[(n + k) % 3], sku="MUG", title="Mug", pieces=1 + k)
            for k in range(1 + n % 3)
        ),
    )
    for n in range(5)
)
PICKS = {pick.pick_id: pick for tote in ALL for pick in tote.picks}


@dataclass
class Shift:
    """A zone with its disk, its modules and a person; checks the promises after every step."""

    state: ZoneState = field(default_factory=lambda: ZoneState("A"))
    disk: list[str] = field(default_factory=list)  # picks whose deed is recorded, in order
    asked: list[RecordPick] = field(default_factory=list)  # on the way to the disk
    device: dict[str, Face] = field(default_factory=dict)
    unsaid: list[Shown] = field(default_factory=list)  # faces shown, not yet reported
    away: set[str] = field(default_factory=set)
    version: int = 0
    restarts: int = 0

    def happen(self, event: Event) -> None:
        before = wanted_faces(self.state)
        step = advance(self.state, event)
        self.state = step.state
        for effect in step.effects:
            match effect:
                case RecordPick():
                    assert effect.pick.pick_id not in {one.pick.pick_id for one in self.asked}, "asked twice"
                    assert effect.pick.pick_id not in self.disk, "done twice"
                    self.asked.append(effect)
                case ShowFace(location, face):
                    self._show(location, face, before)

    def _show(self, location: str, face: Face, before: dict[str, Face]) -> None:
        if location in before and face == DARK and self.asked:
            waiting = {one.pick.location_id for one in self.asked if one.pick.pick_id not in self.disk}
            open_here = {p.location_id for tote in self.state.totes for p in tote.picks}
            tote = next((t for t in self.state.totes if t.tote_id == self.state.current), None)
            current = {p.location_id for p in tote.picks} if tote else set()
            assert location not in (waiting & open_here & current), "light out before the disk has it"
        self.device[location] = face
        if location not in self.away:
            self.unsaid.append(Shown(LocationId(location), face, verified=True))

    # ---- what may happen ----

    def work(self, totes: int) -> None:
        self.version += 1
        self.happen(WorkArrived(self.version, ALL[: totes + 1], frozenset(self.disk)))

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
            self.disk.append(one.pick.pick_id)
            self.happen(Recorded(one.pick.pick_id))

    def refuse(self, _: int) -> None:
        if self.asked:
            self.happen(NotRecorded(self.asked.pop(0).pick.pick_id, "storage_full"))

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
            self.disk.append(self.asked[0].pick.pick_id)
        self.asked, self.unsaid, self.away = [], [], set()
        self.device = {}
        self.state = ZoneState("A")
        self.restarts += 1
        if self.version:
            self.happen(WorkArrived(self.version, ALL, frozenset(self.disk)))

    def scan(self, tote: int) -> None:
        self.happen(ToteScanned(f"t{tote % 5}"))

    def hear(self, _: int) -> None:
        self.happen(CentralHeard())

    def finish(self) -> None:
        """Central is there, everything works, and a person presses whatever is lit."""
        self.hear(0)
        for place in range(3):
            if PLACES[place] in self.away:
                self.find(place)
        self.version += 1
        self.happen(WorkArrived(self.version, ALL, frozenset(self.disk)))
        for _ in range(40):
            self.look(0)
            self.see(0)
            for location in list(wanted_faces(self.state)):
                self.happen(Pressed(LocationId(location), 1, held=False))
            while self.asked:
                self.commit(0)


NOBODY: frozenset[str] = frozenset()
MOVES = ("work", "older_work", "press", "see", "commit", "refuse", "look", "lose", "find", "restart", "scan", "hear")
noise = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 9)), max_size=8)
a_pick = st.integers(0, 2).map(lambda place: [("see", 0), ("press", place), ("commit", 0), ("see", 0)])
a_start = st.just([("hear", 0), ("work", 4), ("see", 0)])
parts = st.one_of(a_pick, a_start, noise)
shifts = st.lists(parts, max_size=14).map(lambda many: [one for part in many for one in part])


def live_through(happenings: list[tuple[str, int]]) -> Shift:
    shift = Shift()
    for what, number in happenings:
        getattr(shift, what)(number)
    return shift


@settings(deadline=None, max_examples=300)
@given(shifts)
def test_no_pick_is_lost_and_none_is_done_twice(happenings: list[tuple[str, int]]) -> None:
    shift = live_through(happenings)
    shift.finish()

    assert sorted(shift.disk) == sorted(PICKS)
    assert shift.state.totes == ()


@settings(deadline=None, max_examples=100)
@given(shifts)
def test_desired_versions_only_go_up(happenings: list[tuple[str, int]]) -> None:
    shift, versions = Shift(), [0]
    for what, number in happenings:
        getattr(shift, what)(number)
        versions.append(shift.state.version if what != "restart" else versions[-1])

    assert all(earlier <= later for earlier, later in pairwise(versions))


@pytest.mark.parametrize(
    "goal",
    [
        lambda shift: len(shift.disk) >= 4,
        lambda shift: shift.restarts and len(shift.disk) >= 2,
        lambda shift: shift.state.store,
        lambda shift: shift.state.resting,
        lambda shift: shift.state.woken and not shift.state.trusted,
        lambda shift: shift.state.lost and shift.state.current not in ("", "t0"),
    ],
    ids=["picks done", "restart between picks", "full disk", "waiting for dark", "woken by scan", "gave way"],
)
def test_the_shifts_we_try_reach_what_matters(goal: Callable[[Shift], object]) -> None:
    def reached(happenings: list[tuple[str, int]]) -> bool:
        return bool(goal(live_through(happenings)))

    find(shifts, reached, settings=settings(max_examples=5000, deadline=None, phases=[Phase.generate]))
