"""A pick zone's broken buttons, named to central. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from edge.drivers.ports import ButtonFreed, ButtonStuck
from edge.lightbar.alarms import clear_alarms, raise_alarm
from edge.lightbar.buttons import CHATTERS, DOWN, STUCK
from edge.lightbar.events import CalmLooked
from edge.lightbar.state import Step, ZoneState


def with_stuck(state: ZoneState) -> Step:
    """Name the buttons that pressed too often for nothing."""
    buttons, new = state.buttons.newly_pressing()
    step = Step(replace(state, buttons=buttons) if new else state)
    for at in new:
        raised = raise_alarm(step.state, STUCK, at, CHATTERS)
        step = Step(raised.state, step.effects + raised.effects)
    return step


def calm_looked(state: ZoneState, _: CalmLooked) -> Step:
    """A button that kept quiet since the last look works again."""
    buttons, free = state.buttons.calmed()
    return clear_alarms(replace(state, buttons=buttons), [(STUCK, at) for at in free])


def button_stuck(state: ZoneState, event: ButtonStuck) -> Step:
    """The bus knows that it is down."""
    held = replace(state, buttons=state.buttons.held(event.location_id))
    return raise_alarm(held, STUCK, event.location_id, DOWN)


def button_freed(state: ZoneState, event: ButtonFreed) -> Step:
    """It is up again."""
    buttons, free = state.buttons.let_go(event.location_id)
    return clear_alarms(replace(state, buttons=buttons), [(STUCK, at) for at in free])
