"""The interlock's rules: how the table in `table.py` moves it, and which grant is good. Nothing here waits or drives.

Theory of operation. One output lets a parcel leave; one contact (`sense`) proves that the gate holds. (A station with
several interlocks is one gate here: `kinds.py` makes one statement of all contacts.) The output releases on one line of
the table, GrantGood in CHALLENGED, and `judge` calls a grant good only if it is genuine, for this station, and carries
the one challenge that is open. Every other line holds or changes nothing. A challenge is used up by the first grant
shown for it, good or bad, and by everything that ends a verification. A release is a lease: `Drive("release")` makes
the shell arm the lease, and lease end, a passed parcel, `hold`, the client's end, a contact that disagrees, the e-stop
and a stalled process each lead back to hold. `tests/properties/test_guard.py` explores every reachable state under
every event and finds every planted mistake in this table.
"""

from __future__ import annotations

from dataclasses import dataclass

from edge.packstation.guard.events import (
    Begun,
    Effect,
    Event,
    GrantBad,
    GrantGood,
    SenseFaulted,
    SenseHolding,
    SenseOverdue,
    SenseReleased,
)
from edge.packstation.guard.rules import Go, Guard, Make, State, Stay, Table
from edge.packstation.guard.table import TABLE
from wire.grant import Grant


@dataclass(frozen=True)
class Step:
    """The guard after an event, and what to do about it."""

    guard: Guard
    effects: tuple[Effect, ...]


def judge(guard: Guard, grant: Grant, *, genuine: bool, station: str) -> GrantGood | GrantBad:
    """Whether `grant` may release here and now. `genuine`: the signature is central's over exactly this grant."""
    if not genuine:
        return GrantBad("not_genuine")
    if grant.station != station:
        return GrantBad("other_station")
    if not guard.challenge:
        return GrantBad("no_challenge")
    if grant.challenge != guard.challenge:
        return GrantBad("other_challenge")
    return GrantGood(grant)


def advance(guard: Guard, event: Event, table: Table = TABLE) -> Step:
    """Return the guard after `event` and the effects to perform, in order."""
    rule = table[guard.state][type(event)]
    if isinstance(rule, Stay):
        return Step(guard, tuple(_made(effect, guard, event) for effect in rule.effects))
    after = _remember(guard, event, rule)
    return Step(after, tuple(_made(effect, after, event) for effect in rule.effects))


def _made(effect: Effect | Make, guard: Guard, event: Event) -> Effect:
    return effect(guard, event) if callable(effect) else effect


def _remember(guard: Guard, event: Event, rule: Go) -> Guard:
    """A challenge lives only in CHALLENGED, a grant only while it releases, a fault until the next verification."""
    grant = event.grant if isinstance(event, GrantGood) else guard.grant
    return Guard(
        state=rule.to,
        challenge=event.challenge if isinstance(event, Begun) else "",
        grant=grant if rule.to in {State.RELEASING, State.RELEASED} else None,
        last_release=guard.grant if rule.to is State.RELEASED else guard.last_release,
        fault="" if isinstance(event, Begun) else rule.fault or guard.fault,
        where="" if isinstance(event, Begun) else _where(event) if rule.fault else guard.where,
    )


def _where(event: Event) -> str:
    match event:
        case SenseReleased(interlock) | SenseHolding(interlock) | SenseOverdue(interlock) | SenseFaulted(interlock):
            return interlock
    return ""
