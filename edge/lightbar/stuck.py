"""Buttons that press by themselves: they confirm nothing until they are quiet. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from edge.drivers.ports import ButtonFreed, ButtonStuck
from edge.lightbar.alarms import clear_alarms, raise_alarm
from edge.lightbar.events import CalmLooked
from edge.lightbar.state import Step, ZoneState

USELESS_MAX: Final = 20  # presses that mean nothing within one look of ten seconds; no hand does that
STUCK: Final = "button_stuck"
CHATTERS: Final = "Presses by itself. Free or replace its button"
DOWN: Final = "Is held down. Free or replace its button"


def with_stuck(state: ZoneState) -> Step:
    """Name the buttons that pressed too often for nothing."""
    step = Step(state)
    for at, times in state.chatter.items():
        if times >= USELESS_MAX and at not in step.state.stuck:
            raised = raise_alarm(replace(step.state, stuck=step.state.stuck | {at}), STUCK, at, CHATTERS)
            step = Step(raised.state, step.effects + raised.effects)
    return step


def calm_looked(state: ZoneState, _: CalmLooked) -> Step:
    """A button that kept quiet since the last look works again."""
    quiet = frozenset(at for at in state.stuck if not state.chatter.get(at))
    calm = replace(state, stuck=state.stuck - quiet, chatter={})
    return clear_alarms(calm, [(STUCK, at) for at in sorted(quiet - state.held_down)])


def button_stuck(state: ZoneState, event: ButtonStuck) -> Step:
    """The bus knows that it is down."""
    held = replace(state, held_down=state.held_down | {event.location_id})
    return raise_alarm(held, STUCK, event.location_id, DOWN)


def button_freed(state: ZoneState, event: ButtonFreed) -> Step:
    """It is up again."""
    free = replace(state, held_down=state.held_down - {event.location_id})
    return clear_alarms(free, [(STUCK, event.location_id)] if event.location_id not in state.stuck else [])
