"""Alarms of a zone: each raised once and cleared once. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from edge.lightbar.state import ALARMS_MAX, ClearAlarm, Effect, RaiseAlarm, Step, ZoneState


def raise_alarm(state: ZoneState, alarm: str, subject: str, detail: str) -> Step:
    """Name it to central, unless that was done, or too many are named."""
    if (alarm, subject) in state.alarms or len(state.alarms) >= ALARMS_MAX:
        return Step(state)
    return Step(replace(state, alarms=state.alarms | {(alarm, subject)}), (RaiseAlarm(alarm, subject, detail),))


def clear_alarms(state: ZoneState, alarms: Iterable[tuple[str, str]]) -> Step:
    """Those that were raised are over."""
    over = [alarm for alarm in alarms if alarm in state.alarms]
    effects: tuple[Effect, ...] = tuple(ClearAlarm(alarm, subject) for alarm, subject in over)
    return Step(replace(state, alarms=state.alarms.difference(over)), effects) if over else Step(state)
