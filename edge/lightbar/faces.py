"""Which faces a zone wants, and how they differ from what it wanted before. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from edge.drivers.ports import DARK, Colour, Face
from edge.lightbar.state import ShowFace, ZoneState
from wire.downlink import Pick, ToteWork

COLOURS: Final[Mapping[str, Colour]] = {colour: colour for colour in get_args(Colour) if colour != "off"}
COLOUR_UNKNOWN: Final[Colour] = "white"  # shown for a colour of a later version: better than a dark pick


def current_tote(state: ZoneState) -> ToteWork | None:
    """The tote being filled."""
    return next((tote for tote in state.totes if tote.tote_id == state.current), None) if state.current else None


def next_current(state: ZoneState) -> str:
    """Which tote should be filled: the same as long as it can be, else the first in sequence that can.

    A tote all of whose open picks wait for silent modules gives way, so that one dead module never stops the zone; it
    comes again in its turn.
    """
    may_light = [tote for tote in state.totes if state.trusted or tote.tote_id in state.woken]
    can_go = [tote.tote_id for tote in may_light if _is_reachable(state, tote)] or [tote.tote_id for tote in may_light]
    return state.current if state.current in can_go else next(iter(can_go), "")


def _is_reachable(state: ZoneState, tote: ToteWork) -> bool:
    if not state.lost and not state.down:
        return True
    away = state.lost.union(*state.down.values())
    return any(pick.location_id not in away for pick in tote.picks)


def current_picks(state: ZoneState) -> dict[str, Pick]:
    """The pick each location of the current tote asks for now; two for one location come one after the other."""
    picks: dict[str, Pick] = {}
    tote = current_tote(state)
    for pick in tote.picks if tote is not None else ():
        picks.setdefault(pick.location_id, pick)
    return picks


def wanted_faces(state: ZoneState) -> dict[str, Face]:
    """Faces by location; every other module is wanted dark. A disk that takes nothing makes them blink red."""
    tote = current_tote(state)
    if tote is None:
        return {}
    colour: Colour = "red" if state.store else COLOURS.get(tote.colour, COLOUR_UNKNOWN)
    return {
        location: Face(colour, pick.pieces, blink=bool(state.store))
        for location, pick in current_picks(state).items()
        if location not in state.resting
    }


def changed_faces(before: Mapping[str, Face], after: Mapping[str, Face]) -> Iterator[ShowFace]:
    """What must be shown anew: first what goes dark, then what lights."""
    for location in before:
        if location not in after:
            yield ShowFace(location, DARK)
    for location, face in after.items():
        if before.get(location) != face:
            yield ShowFace(location, face)
