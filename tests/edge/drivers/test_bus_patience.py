"""A noisy line is told from a dead unit, and a dead unit is not waited for long. No wire, no clock."""

from __future__ import annotations

import random

import pytest

from edge.drivers.bus_facts import MS, BusFacts, make_facts
from edge.drivers.bus_outcome import answered, failed
from edge.drivers.bus_patience import PATIENT_PROBE, is_noisy, noise_after, probe_wait_ns, silences_for
from edge.drivers.bus_schedule import Wait, choose
from edge.drivers.modbus_pdu import Words
from edge.drivers.module_model import load_model
from edge.drivers.ports import Face, LightReport, ModuleLost
from tests.edge.drivers.test_bus_schedule import settled

MODEL = load_model("picklight-display")
SLOW = load_model("generic-registers")
BLUE = Face("blue", 3)


def facts_of(units: int, *, tells_replies_apart: bool = False) -> BusFacts:
    places = [(f"A{unit}", unit, 0) for unit in range(1, units + 1)]
    return make_facts(MODEL, places, reply_wait_ns=50 * MS, tells_replies_apart=tells_replies_apart)


def test_on_a_quiet_line_two_silences_are_a_death() -> None:
    assert silences_for(noise_after(0.0, failed=True)) == 2


def test_the_more_of_the_line_fails_the_more_silences_it_takes() -> None:
    taken = [silences_for(share / 100) for share in range(101)]

    assert taken == sorted(taken)
    assert taken[20] == 8


@pytest.mark.parametrize("noise", [0.01, 0.03, 0.1, 0.2, 0.3])
def test_the_noise_told_is_that_of_the_line(noise: float) -> None:
    chance, told = random.Random(7), 0.0
    seen = []
    for _ in range(4000):
        told = noise_after(told, failed=chance.random() < noise)
        seen.append(told)

    assert sum(seen[500:]) / len(seen[500:]) == pytest.approx(noise, rel=0.2)


def test_one_dead_unit_makes_no_line_noisy() -> None:
    line = settled(32, *range(1, 9))
    line.dead = {3, 20}
    line.run(3000)

    assert not is_noisy(line.facts.noise)
    assert line.facts.sick.keys() == line.dead


def test_on_a_line_that_loses_a_fifth_of_all_frames_no_healthy_unit_is_lost_and_few_rest() -> None:
    chance = random.Random(11)
    line = settled(32, *range(1, 9))
    resting_ns, reports, began_ns = 0, list[LightReport](), line.now_ns
    for _ in range(20_000):
        sick, before_ns = len(line.facts.sick), line.now_ns
        line.dead = set(range(1, 33)) if chance.random() < 0.2 else set()
        line.step()
        resting_ns += sick * (line.now_ns - before_ns)
        reports += [report for report in line.reports if isinstance(report, ModuleLost)]

    assert reports == []
    assert resting_ns <= 0.01 * 32 * (line.now_ns - began_ns)


def test_a_dead_unit_on_that_line_is_still_found() -> None:
    chance = random.Random(5)
    line = settled(32, *range(1, 9))
    for step in range(4000):
        line.dead = (set(range(1, 33)) if chance.random() < 0.2 else set()) | ({5} if step > 1000 else set())
        line.step()

    assert [report.location_id for report in line.reports if isinstance(report, ModuleLost)] == ["A5"]


def test_a_unit_that_was_heard_before_is_waited_for_half_as_long_again_as_its_slowest_reply() -> None:
    facts = facts_of(2)
    facts.units[1].slowest_ns = 20 * MS

    assert probe_wait_ns(facts, facts.units[1]) == 30 * MS


def test_a_unit_never_heard_is_waited_for_as_long_as_its_like_and_now_and_then_for_as_long_as_its_profile_says() -> (
    None
):
    facts = facts_of(2)
    facts.units[1].slowest_ns = 18 * MS
    waits = []
    for facts.units[2].probes in range(PATIENT_PROBE):
        waits.append(probe_wait_ns(facts, facts.units[2]))

    assert waits == [27 * MS] * (PATIENT_PROBE - 1) + [50 * MS]


@pytest.mark.parametrize("slowest_ms", [0, 1, 3, 7, 10, 14, 20, 30, 60])
def test_a_probe_waits_longer_than_the_slowest_reply_known_and_below_the_usual_wait(slowest_ms: int) -> None:
    facts = facts_of(1)
    facts.units[1].slowest_ns = slowest_ms * MS

    wait_ns = probe_wait_ns(facts, facts.units[1])
    assert min(slowest_ms * MS * 1.4, 50 * MS) <= wait_ns <= 50 * MS
    assert wait_ns <= 22 * MS or slowest_ms > 14


def test_behind_a_gateway_the_usual_wait_stays() -> None:
    facts = facts_of(1, tells_replies_apart=True)
    facts.units[1].slowest_ns = MS

    assert probe_wait_ns(facts, facts.units[1]) == 50 * MS


def test_a_short_wait_makes_no_debt_short() -> None:
    """A reply may come long after the probe that asked for it: until then none of its shape is asked for."""
    line = settled(2, 1)
    line.dead = {1}
    while 1 not in line.facts.sick:
        line.step()
    unit = line.facts.units[1]
    chosen = None
    while chosen is None or chosen.unit != 1:
        chosen = line.step()
    began_ns = line.now_ns

    assert max(unit.debts.values()) >= began_ns - 50 * MS + 10 * 50 * MS


def test_the_slowest_reply_is_forgotten_slowly() -> None:
    facts = facts_of(1)
    facts.units[1].slowest_ns = 40 * MS
    for turn in range(600):
        now_ns = turn * 10 * MS
        chosen = choose(facts, now_ns)
        if isinstance(chosen, Wait):
            continue
        words = Words(chosen.request.address, (0,) * chosen.request.count)
        answered(facts, chosen, words, began_ns=now_ns, now_ns=now_ns + 5 * MS, delay_ns=2 * MS)
        if turn == 3:
            assert facts.units[1].slowest_ns > 30 * MS

    assert facts.units[1].slowest_ns >= 2 * MS


def test_a_refusal_is_no_noise() -> None:
    facts = facts_of(1)
    chosen = choose(facts, 0)
    assert not isinstance(chosen, Wait)
    failed(facts, chosen, "refused", "exception 6", began_ns=0, now_ns=5 * MS)

    assert facts.noise == 0
