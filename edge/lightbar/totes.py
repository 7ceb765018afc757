"""Which totes are in work, and in which colour. Pure.

Without induction the zone takes the next totes of its sequence by itself; with induction only what a person scanned
in. A colour stands for one tote in work, never for two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, get_args

from msgspec.structs import replace

from edge.drivers.ports import Colour
from edge.lightbar.barring import is_barred
from edge.lightbar.state import Active, ZoneState
from edge.lightbar.stops import TOTAL, away, work_of
from wire.downlink import ToteWork

COLOURS: Final[Mapping[str, Colour]] = {colour: colour for colour in get_args(Colour) if colour != "off"}
COLOUR_UNKNOWN: Final[Colour] = "white"  # shown for a colour of a later version: better than a dark pick
SIX: Final[tuple[Colour, ...]] = ("blue", "orange", "violet", "cyan", "yellow", "white")  # red, green: verdicts
PALETTE: Final[Mapping[str, tuple[Colour, ...]]] = {
    "discrete": SIX,
    "sequential": SIX,
    "batch": tuple(colour for colour in SIX if colour != TOTAL),
}


def with_totes(state: ZoneState) -> ZoneState:
    """The state with the right totes in work.

    A tote all of whose open picks wait for silent modules gives way, so that one dead module never stops the zone; it
    comes again in its turn. One that a person scanned in stays: it is in somebody's hands.
    """
    open_ = {tote.tote_id: work for tote in state.active if (work := work_of(state, tote.tote_id)) is not None}
    kept = tuple(tote for tote in state.active if tote.tote_id in open_)
    gone = away(state)
    if state.rules.induct or any(_can_go(state, work, gone) for work in open_.values()):
        return state if kept == state.active else replace(state, active=kept)
    may_light = [tote for tote in state.totes if _may_light(state, tote)]
    can_go = [tote for tote in may_light if _can_go(state, tote, gone)] or may_light
    if any(tote.tote_id in open_ for tote in can_go):
        return state if kept == state.active else replace(state, active=kept)
    begun = {tote.tote_id: tote for tote in (*state.gave_way, *kept)}
    waiting = tuple(tote for tote_id, tote in begun.items() if work_of(state, tote_id) is not None)
    return _taken(replace(state, active=(), gave_way=waiting), can_go[: state.rules.totes_max])


def induct(state: ZoneState, tote_id: str) -> ZoneState:
    """The tote in work, in a colour that no other tote in work has. The caller looked that there is room."""
    colour, given = _next_colour(state)
    tote = Active(tote_id, colour, state.badge)
    return replace(state, active=(*state.active, tote), colours_given=given, badge="")


def _taken(state: ZoneState, totes: Sequence[ToteWork]) -> ZoneState:
    if state.rules.mode == "batch":
        for tote in totes:
            state = induct(state, tote.tote_id)
        return state
    return replace(state, active=tuple(_in_its_colour(totes)))


def _in_its_colour(totes: Sequence[ToteWork]) -> Iterator[Active]:
    return (Active(tote.tote_id, COLOURS.get(tote.colour, COLOUR_UNKNOWN)) for tote in totes)


def _next_colour(state: ZoneState) -> tuple[Colour, int]:
    """The next of the palette that is free, and how many were given with it."""
    palette = PALETTE[state.rules.mode]
    used = {tote.colour for tote in state.active}
    order = [state.colours_given + step for step in range(len(palette))]
    number = next((n for n in order if palette[n % len(palette)] not in used), state.colours_given)
    return palette[number % len(palette)], number + 1


def _may_light(state: ZoneState, tote: ToteWork) -> bool:
    return state.trusted or tote.tote_id in state.woken


def _can_go(state: ZoneState, tote: ToteWork, gone: frozenset[str]) -> bool:
    """Something of it can be lit now, or is just being recorded."""
    if not _may_light(state, tote) or not (gone or state.barred):
        return _may_light(state, tote)
    return any(pick.location_id not in gone and not is_barred(state, pick) for pick in tote.picks)
