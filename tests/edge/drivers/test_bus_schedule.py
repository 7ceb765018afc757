"""The order of transactions on a light bus, with a clock that is only a number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.drivers.bus_facts import MS, BusFacts, make_facts, wish
from edge.drivers.bus_outcome import answered, failed, name_lost
from edge.drivers.bus_schedule import Wait, choose
from edge.drivers.bus_transaction import Transaction
from edge.drivers.modbus_pdu import WRITE, Words
from edge.drivers.module_model import load_model
from edge.drivers.ports import DARK, Face, LightReport, ModuleLost, Pressed, Shown
from wire.ids import LocationId

MODEL = load_model("picklight-display")
BLUE = Face("blue", 3)
GOOD_NS, SILENT_NS = 5 * MS, 55 * MS  # what a transaction costs


@dataclass
class Line:
    """A bus of `units` modules A1, A2, …; each remembers its registers, the `dead` say nothing."""

    units: int
    dead: set[int] = field(default_factory=set)
    now_ns: int = 1000 * MS
    log: list[Transaction] = field(default_factory=list)
    spent_ns: Counter[int] = field(default_factory=Counter)
    reports: list[LightReport] = field(default_factory=list)
    owed: dict[tuple[int, int, int], int] = field(default_factory=dict)
    heard: dict[int, Words] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places = [(f"A{unit}", unit, 0) for unit in range(1, self.units + 1)]
        self.facts: BusFacts = make_facts(MODEL, places, reply_wait_ns=50 * MS, tells_replies_apart=False)
        self.words = {unit: [0] * 7 for unit in range(1, self.units + 1)}

    def light(self, *units: int) -> None:
        for unit in units:
            wish(self.facts, f"A{unit}", BLUE)

    def step(self) -> Transaction | None:
        chosen = choose(self.facts, self.now_ns)
        if isinstance(chosen, Wait):
            assert chosen.until_ns > self.now_ns
            self.now_ns = chosen.until_ns
            self.reports += name_lost(self.facts, self.now_ns)
            return None
        self.log.append(chosen)
        self._check_owed(chosen)
        self._answer(chosen) if chosen.unit not in self.dead else self._stay_silent(chosen)
        return chosen

    def run(self, steps: int) -> list[Transaction]:
        start = len(self.log)
        while len(self.log) < start + steps:
            self.step()
        return self.log[start:]

    def _answer(self, tx: Transaction) -> None:
        request, words = tx.request, self.words[tx.unit]
        if request.words:
            words[request.write_address : request.write_address + len(request.words)] = request.words
        began_ns = self.now_ns
        self._pass(tx, GOOD_NS)
        values = tuple(words[request.address : request.address + request.count])
        if self.heard.get(tx.unit) != Words(request.address, values):
            self.heard[tx.unit] = Words(request.address, values)
        again = self.heard[tx.unit]  # the same again: the same object
        self.reports += answered(self.facts, tx, again, began_ns=began_ns, now_ns=self.now_ns, delay_ns=2 * MS)

    def _stay_silent(self, tx: Transaction) -> None:
        began_ns = self.now_ns
        self._pass(tx, SILENT_NS)
        self.owed[tx.unit, tx.request.function, tx.request.count] = began_ns + 10 * 50 * MS
        self.reports += failed(self.facts, tx, "silent", "no answer", began_ns=began_ns, now_ns=self.now_ns)

    def _check_owed(self, tx: Transaction) -> None:
        until_ns = self.owed.get((tx.unit, tx.request.function, tx.request.count), 0)
        assert until_ns <= self.now_ns or tx.request.function == WRITE, "a late reply would fit this request"

    def _pass(self, tx: Transaction, cost_ns: int) -> None:
        self.now_ns += cost_ns
        self.spent_ns[tx.unit] += cost_ns


def settled(units: int, *lit: int) -> Line:
    """A line whose modules are all dark and known, then `lit`."""
    line = Line(units)
    line.run(units)
    line.light(*lit)
    line.run(len(lit))
    return line


def test_at_the_start_what_should_be_lit_comes_before_what_should_be_dark() -> None:
    line = Line(4)
    line.light(3)

    assert [(tx.kind, tx.unit) for tx in line.run(1)] == [("show", 3)]


def test_only_lit_modules_are_polled_in_turn_and_now_and_then_an_unlit_one() -> None:
    line = settled(20, 4, 9, 13)
    line.now_ns += 10_000 * MS
    polled = Counter(tx.unit for tx in line.run(320))

    assert min(polled[4], polled[9], polled[13]) >= 90
    assert sum(polled.values()) - polled[4] - polled[9] - polled[13] <= 320 / 8


@pytest.mark.parametrize(("lit", "share", "round_s"), [(8, 1 / 40, 14.5), (4, 1 / 10, 6.1)])
def test_of_64_modules_the_unlit_cost_a_small_share_of_the_bus_and_all_get_their_turn_in_a_bounded_time(
    lit: int, share: float, round_s: float
) -> None:
    """3 s of rest for each, and a round of all unlit ones at what one look costs (here 5 ms) / the share."""
    line = settled(64, *range(1, lit + 1))
    began_ns, before, asked_ns = line.now_ns, line.spent_ns.copy(), dict.fromkeys(range(lit + 1, 65), line.now_ns)
    longest_ns = 0
    while line.now_ns < began_ns + 40_000 * MS:
        tx = line.step()
        if tx is not None and tx.unit in asked_ns:
            longest_ns = max(longest_ns, line.now_ns - asked_ns[tx.unit])
            asked_ns[tx.unit] = line.now_ns

    unlit_ns = sum(line.spent_ns[unit] - before[unit] for unit in asked_ns)
    assert longest_ns <= round_s * 1000 * MS
    assert unlit_ns <= share * (line.now_ns - began_ns) + GOOD_NS


def test_an_unlit_module_that_died_is_named_within_its_turn_and_two_seconds() -> None:
    line = settled(64, 1, 2)
    line.now_ns += 5_000 * MS
    line.run(2000)
    line.dead = {50}
    died_ns = line.now_ns
    while not any(isinstance(report, ModuleLost) for report in line.reports):
        line.step()
        line.reports += name_lost(line.facts, line.now_ns)

    assert line.now_ns - died_ns <= (6_100 + 2_000) * MS


def test_the_same_reply_again_tells_nothing_and_the_next_press_is_told_at_once() -> None:
    line = settled(3, 1)
    line.run(50)
    line.reports.clear()
    line.run(50)
    assert line.reports == []

    line.words[1][0] += 1
    line.run(2)
    assert line.reports == [Pressed(LocationId("A1"), 1, held=False)]


def test_a_press_while_the_reply_to_the_write_is_lost_is_told_before_the_light_that_it_may_have_preceded() -> None:
    line = settled(2)
    line.light(1)
    line.dead.add(1)
    line.run(1)
    line.words[1][0] += 1
    line.dead.clear()
    line.reports.clear()
    line.run(2)

    here = LocationId("A1")
    assert line.reports == [Pressed(here, 1, held=False), Shown(here, BLUE, verified=True)]


def test_a_new_face_overtakes_all_polls() -> None:
    line = settled(30, *range(1, 20))
    line.run(7)
    wish(line.facts, "A25", BLUE)

    assert [(tx.kind, tx.unit) for tx in line.run(1)] == [("show", 25)]


def test_after_a_press_the_line_is_kept_free_for_the_light_to_go_out() -> None:
    line = settled(3, 1)
    line.words[1][0] += 1
    while not any(isinstance(report, Pressed) for report in line.reports):
        line.step()

    assert isinstance(choose(line.facts, line.now_ns), Wait)
    wish(line.facts, "A1", DARK)
    chosen = choose(line.facts, line.now_ns)
    assert isinstance(chosen, Transaction)
    assert chosen.kind == "show"


def test_nothing_lit_leaves_the_line_almost_silent() -> None:
    line = settled(64)
    began_ns, asked = line.now_ns, len(line.log)
    while line.now_ns < began_ns + 30_000 * MS:
        line.step()

    assert len(line.log) - asked <= 64 * 11


@pytest.mark.parametrize("dead", [1, 4, 16])
def test_dead_modules_cost_a_twentieth_of_the_bus_once_known(dead: int) -> None:
    line = settled(32, *range(1, 9))
    line.dead = set(range(33 - dead, 33))
    while line.facts.sick.keys() != line.dead:
        line.step()
    known_ns, before = line.now_ns, line.spent_ns.copy()
    line.run(6000)
    cost_ns = sum(line.spent_ns[unit] - before[unit] for unit in line.dead)

    assert cost_ns <= 0.05 * (line.now_ns - known_ns) + SILENT_NS


def test_a_dead_lit_module_is_named_within_two_seconds() -> None:
    line = settled(32, 5)
    line.dead = set(range(1, 33))
    began_ns = line.now_ns
    while not any(isinstance(report, ModuleLost) and report.location_id == "A5" for report in line.reports):
        line.step()
        line.reports += name_lost(line.facts, line.now_ns)

    assert line.now_ns - began_ns < 2000 * MS


def test_a_module_that_comes_back_is_lit_again() -> None:
    line = settled(3, 2)
    line.dead = {2}
    line.run(20)
    line.words[2] = [0] * 7
    line.dead = set()
    while line.words[2][2] == 0:
        line.step()

    assert line.words[2][2:4] == [1, 3]


moves = st.lists(
    st.one_of(
        st.tuples(st.just("want"), st.integers(1, 6), st.sampled_from([DARK, BLUE, Face("red", 9)])),
        st.tuples(st.just("die"), st.integers(1, 6), st.just(DARK)),
        st.tuples(st.just("live"), st.integers(1, 6), st.just(DARK)),
        st.tuples(st.just("press"), st.integers(1, 6), st.just(DARK)),
        st.tuples(st.just("run"), st.integers(1, 12), st.just(DARK)),
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=150)
@given(moves)
def test_whatever_happens_no_reply_can_be_taken_for_another_and_all_faces_come_true(
    happenings: list[tuple[str, int, Face]],
) -> None:
    line = Line(6)
    for what, unit, face in happenings:
        match what:
            case "want":
                wish(line.facts, f"A{unit}", face)
            case "die":
                line.dead.add(unit)
            case "live":
                line.dead.discard(unit)
            case "press":
                line.words[unit][0] += 1
            case _:
                line.run(unit)
    line.dead.clear()
    wanted = {unit: MODEL.words_of(line.facts.places[f"A{unit}"][1].wanted) for unit in line.words}
    due_ns = line.now_ns + 70_000 * MS
    while {unit: tuple(words[2:5]) for unit, words in line.words.items()} != wanted or line.facts.sick:
        line.step()
        assert line.now_ns < due_ns, "a face did not come true"

    line.run(30)
    pressed = sum(report.times for report in line.reports if isinstance(report, Pressed))
    assert pressed <= sum(words[0] for words in line.words.values())
