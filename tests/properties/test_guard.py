"""The guard releases for a fresh valid grant and for nothing else, and every release ends."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from edge.packstation.guard.events import (
    EVENTS,
    HOLD,
    Begun,
    ChallengeOver,
    ClientGone,
    Drive,
    EStopFreed,
    EStopPressed,
    Event,
    GrantBad,
    GrantGood,
    HoldAsked,
    LeaseOver,
    ParcelPassed,
    SenseFaulted,
    SenseHolding,
    SenseOverdue,
    Stalled,
)
from edge.packstation.guard.machine import judge
from edge.packstation.guard.rules import Go, Guard, Rule, State, Stay, Table
from edge.packstation.guard.table import TABLE
from tests.properties.guard_exploration import Judge, PromiseBroken, explore
from wire.grant import Grant

RELEASE = Drive("release")
THE_ONE_LINE = (State.CHALLENGED, GrantGood)


def test_every_state_answers_every_event() -> None:
    assert {(state, event) for state, row in TABLE.items() for event in row} == set(product(State, EVENTS))


def test_no_reachable_state_releases_without_a_fresh_valid_grant_and_every_release_ends() -> None:
    reached = explore()

    assert {guard.state for guard in reached} == set(State)


def test_one_line_of_the_table_releases() -> None:
    releasing = [
        (state, event) for state, row in TABLE.items() for event, rule in row.items() if RELEASE in rule.effects
    ]
    assert releasing == [THE_ONE_LINE]


def forgets_that_none_is_open(guard: Guard, grant: Grant, *, genuine: bool, station: str) -> GrantGood | GrantBad:
    verdict = judge(guard, grant, genuine=genuine, station=station)
    return GrantGood(grant) if verdict == GrantBad("no_challenge") else verdict


def test_the_table_alone_refuses_a_genuine_grant_when_no_challenge_is_open() -> None:
    assert {guard.state for guard in explore(judging=forgets_that_none_is_open)} == set(State)


# ---- teeth: the exploration finds every planted mistake ----

LINES = [(state, event) for state in State for event in EVENTS]


def changed(state: State, event: type[Event], rule: Rule) -> Table:
    rows: Mapping[State, dict[type[Event], Rule]] = {name: dict(row) for name, row in TABLE.items()}
    rows[state][event] = rule
    return rows


@pytest.mark.parametrize(
    "line", [line for line in LINES if line != THE_ONE_LINE], ids=lambda x: f"{x[0]}-{x[1].__name__}"
)
def test_any_other_line_that_releases_is_found(line: tuple[State, type[Event]]) -> None:
    with pytest.raises(PromiseBroken):
        explore(changed(*line, Go(State.RELEASING, (RELEASE,))), judging=forgets_that_none_is_open)


OUTPUT_ON = (State.RELEASING, State.RELEASED)
MUST_END = (LeaseOver, HoldAsked, ClientGone, Stalled, EStopPressed, SenseFaulted)


@pytest.mark.parametrize("line", list(product(OUTPUT_ON, MUST_END)), ids=lambda x: f"{x[0]}-{x[1].__name__}")
def test_a_release_that_does_not_end_is_found(line: tuple[State, type[Event]]) -> None:
    with pytest.raises(PromiseBroken, match="does not end the release"):
        explore(changed(*line, Stay("planted")))


MUTANTS: dict[str, tuple[State, type[Event], Rule]] = {
    "the lease ends on paper only": (State.RELEASED, LeaseOver, Go(State.RETURNING)),
    "a passed parcel leaves the output on": (State.RELEASED, ParcelPassed, Go(State.RETURNING)),
    "a bad grant leaves the challenge open": (State.CHALLENGED, GrantBad, Stay("planted")),
    "hold leaves the challenge open": (State.CHALLENGED, HoldAsked, Stay("planted")),
    "a gone client leaves its challenge open": (State.CHALLENGED, ClientGone, Stay("planted")),
    "an old challenge stays open": (State.CHALLENGED, ChallengeOver, Stay("planted")),
    "a bad grant releases": (State.CHALLENGED, GrantBad, Go(State.RELEASING, (RELEASE,))),
    "the e-stop is forgotten while a challenge is open": (State.CHALLENGED, EStopPressed, Stay("planted")),
    "a second look at the e-stop frees it": (State.STOPPED, SenseHolding, Go(State.HOLDING)),
    "the freed e-stop goes on where it was": (State.STOPPED, EStopFreed, Go(State.RELEASED, (RELEASE,))),
    "a sense fault leaves the output on": (State.RELEASED, SenseFaulted, Go(State.FORCED, fault="sense_fault")),
    "begin releases": (State.HOLDING, Begun, Go(State.RELEASED, (RELEASE,))),
    "a stuck gate keeps its output on": (State.RELEASING, SenseOverdue, Go(State.FAULTED)),
    "a closing contact means released": (State.RETURNING, SenseHolding, Go(State.RELEASED)),
    "begin while released shortens nothing": (State.RELEASED, Begun, Go(State.CHALLENGED)),
    "held, and released in the next breath": (State.RELEASED, HoldAsked, Go(State.RELEASING, (HOLD, RELEASE))),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_mistake_in_the_table_is_found(name: str) -> None:
    with pytest.raises(PromiseBroken):
        explore(changed(*MUTANTS[name]))


def no_look_at_the_signature(guard: Guard, grant: Grant, *, genuine: bool, station: str) -> GrantGood | GrantBad:
    return judge(guard, grant, genuine=True, station=station)


def no_look_at_the_station(guard: Guard, grant: Grant, *, genuine: bool, station: str) -> GrantGood | GrantBad:
    return judge(guard, grant, genuine=genuine, station=grant.station)


def no_look_at_the_challenge(guard: Guard, grant: Grant, *, genuine: bool, station: str) -> GrantGood | GrantBad:
    verdict = judge(guard, grant, genuine=genuine, station=station)
    return GrantGood(grant) if verdict == GrantBad("other_challenge") else verdict


@pytest.mark.parametrize("careless", [no_look_at_the_signature, no_look_at_the_station, no_look_at_the_challenge])
def test_a_careless_judge_is_found(careless: Judge) -> None:
    with pytest.raises(PromiseBroken, match="released without a fresh valid grant"):
        explore(judging=careless)
