"""Where the interlock is, what the guard remembers, and the kinds of rule its table is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from edge.packstation.guard.events import Effect, Event
from wire.grant import Grant


class State(StrEnum):
    """Where the gate is, and what may happen next."""

    SETTLING = "settling"  # output holds, the contact has not yet agreed since start
    HOLDING = "holding"  # output holds, contact agrees, no verification open
    CHALLENGED = "challenged"  # as HOLDING, and one challenge is open
    RELEASING = "releasing"  # output releases, the contact has not yet followed
    RELEASED = "released"  # output releases and the contact agrees
    RETURNING = "returning"  # output holds again, the contact has not yet followed
    FAILING = "failing"  # as RETURNING, because something failed
    FORCED = "forced"  # output holds but the contact says otherwise
    STOPPED = "stopped"  # the e-stop is pressed; output holds
    FAULTED = "faulted"  # output holds, contact agrees; something failed, the next verification tries again


@dataclass(frozen=True)
class Guard:
    """Everything the guard remembers between two events."""

    state: State = State.SETTLING
    challenge: str = ""
    grant: Grant | None = None  # being released
    last_release: Grant | None = None
    fault: str = ""
    where: str = ""  # the interlock the fault is about


Make = Callable[[Guard, Event], Effect]


@dataclass(frozen=True)
class Go:
    """Move to `to` and do `effects`. `fault`, if given, says what failed."""

    to: State
    effects: tuple[Effect | Make, ...] = ()
    fault: str = ""


@dataclass(frozen=True)
class Stay:
    """Change nothing; `effects` only answer the client. `why` is for the reader and the diagram."""

    why: str
    effects: tuple[Effect | Make, ...] = ()


Rule = Go | Stay
Row = Mapping[type[Event], Rule]
Table = Mapping[State, Row]
