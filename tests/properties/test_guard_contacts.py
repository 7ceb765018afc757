"""Several interlocks are one gate: every combination of what their contacts can say, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from edge.packstation.guard.events import Begun, GrantGood, SenseHolding, SenseReleased
from edge.packstation.guard.kinds import KINDS, Contact, Reading, read, whole
from edge.packstation.guard.machine import advance
from edge.packstation.guard.rules import Guard, State
from tests.properties.guard_exploration import grant_for

WIRED = (False, True, None)
READINGS: tuple[Reading | None, ...] = ("holding", "released", "moving", "contradicting", None)


def every_pair() -> Iterator[tuple[Contact, Contact]]:
    """Two interlocks, in every combination of reading, output and kind."""
    for first, second in product(product(READINGS, (False, True), (False, True)), repeat=2):
        yield Contact("gate", *first), Contact("lock", *second)


def test_one_interlock_holds_only_if_its_contact_proves_it() -> None:
    for holds, released in product(WIRED, WIRED):
        if read(holds, released) == "holding":
            assert holds
            assert not released


def test_a_cut_wire_is_never_read_as_holding() -> None:
    assert "holding" not in {read(False, released) for released in WIRED}


def test_both_contacts_at_once_is_a_contradiction_and_neither_is_a_movement() -> None:
    assert read(True, True) == "contradicting"
    assert read(False, False) == "moving"


def test_the_whole_holds_exactly_if_every_contact_proves_it() -> None:
    for pair in every_pair():
        proven = all(one.reading in {"holding", None} for one in pair)
        assert (whole(pair, releasing=False).says == "holding") == proven, pair


def test_the_whole_is_released_exactly_if_every_leased_output_that_is_on_has_followed() -> None:
    for pair in every_pair():
        contradicting = any(one.reading == "contradicting" for one in pair)
        followed = all(one.reading in {"released", None} for one in pair if one.driven and not one.pulsed)
        assert (whole(pair, releasing=True).says == "released") == (followed and not contradicting), pair


def test_what_is_not_as_it_should_be_has_a_name_that_stands_there() -> None:
    for pair, releasing in product(every_pair(), (False, True)):
        statement = whole(pair, releasing=releasing)
        fine = statement.says == ("released" if releasing else "holding")
        assert (statement.where == "") == fine, pair
        assert statement.where in {"", "gate", "lock"}


@pytest.mark.parametrize("forced", ["gate", "lock"])
def test_one_of_two_that_is_forced_makes_both_hold_and_is_named(forced: str) -> None:
    pair = [Contact(name, "released" if name == forced else "holding") for name in ("gate", "lock")]
    statement = whole(pair, releasing=False)

    step = advance(Guard(State.CHALLENGED, challenge="c1"), SenseReleased(statement.where))

    assert (step.guard.state, step.guard.fault, step.guard.where) == (State.FORCED, "forced", forced)


def test_one_of_two_that_falls_shut_ends_the_release_of_both() -> None:
    pair = (Contact("gate", "released", driven=True), Contact("lock", "holding", driven=True))
    released = Guard(State.RELEASED, grant=grant_for(1))

    step = advance(released, SenseHolding(whole(pair, releasing=True).where))

    assert (step.guard.state, step.guard.fault, step.guard.where) == (State.FAILING, "fell_shut", "lock")


def test_a_release_is_proven_only_when_the_last_of_them_has_followed() -> None:
    challenged = advance(Guard(State.HOLDING), Begun("c1")).guard
    releasing = advance(challenged, GrantGood(grant_for(1))).guard
    slow = (Contact("gate", "released", driven=True), Contact("lock", "moving", driven=True))

    assert advance(releasing, SenseHolding(whole(slow, releasing=True).where)).guard.state is State.RELEASING
    both = tuple(replace(one, reading="released") for one in slow)
    assert whole(both, releasing=True).says == "released"
    assert advance(releasing, SenseReleased()).guard.state is State.RELEASED


def test_what_only_gets_a_pulse_is_not_waited_for() -> None:
    pair = (Contact("gate", "released", driven=True), Contact("sealer", "holding", driven=True, pulsed=True))

    assert whole(pair, releasing=True).says == "released"


def test_a_parcel_is_never_let_go_by_a_kind_that_nothing_proves() -> None:
    assert {kind for kind, rule in KINDS.items() if rule.sense_needed} == {"gate", "tote_lock"}
