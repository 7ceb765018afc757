"""Which faces a zone wants, and how they differ from what it wanted before. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Final

from edge.drivers.ports import DARK, Face
from edge.lightbar.memo import remembered
from edge.lightbar.state import Lamp, ShowFace, ZoneState
from edge.lightbar.stops import Stop, stops, work_of
from wire.downlink import ToteWork

NOT_THIS: Final = Face("red")  # steady and without a number: a look-alike of a place that is lit
COMPLETE: Final = Face("green")  # the zone lamp: nothing is left to pick here


def current_tote(state: ZoneState) -> ToteWork | None:
    """The first tote being filled."""
    return work_of(state, state.current) if state.current else None


_shows: Final = attrgetter(
    *("rules", "totes", "active", "queue", "split", "counting", "checks", "recording", "lost", "down"),
    *("barred", "resting", "store", "version"),
)  # what the faces depend on


@remembered(_shows)
def wanted_faces(state: ZoneState) -> Mapping[str, Face]:
    """Faces by location; every other module is wanted dark. A disk that takes nothing makes them blink red."""
    asked = stops(state)
    faces = {at: _face(state, stop) for at, stop in asked.items() if at not in state.resting}
    for at in marked(asked):
        if at in state.rules.places and at not in state.resting:
            faces.setdefault(at, NOT_THIS)
    for lamp in state.rules.lamps:
        face = _lamp_face(state, lamp, asked)
        if face != DARK:
            faces[lamp.location_id] = face
    return faces


def marked(asked: Mapping[str, Stop]) -> frozenset[str]:
    """Places that look like one that is asked for, and are not."""
    return frozenset(at for stop in asked.values() for at in stop.pick.look_alikes if at not in asked)


def _face(state: ZoneState, stop: Stop) -> Face:
    return Face("red", stop.pieces, blink=True) if state.store else Face(stop.colour, stop.pieces, stop.blink)


def _lamp_face(state: ZoneState, lamp: Lamp, asked: Mapping[str, Stop]) -> Face:
    """A bay lamp has the colour of the first stop in its bay and the number of stops; the zone lamp tells the end."""
    if lamp.role == "zone":
        return COMPLETE if state.version and not state.totes else DARK
    here = [stop for at, stop in asked.items() if at.startswith(lamp.covers)]
    return Face(here[0].colour, len(here)) if here else DARK


def changed_faces(before: Mapping[str, Face], after: Mapping[str, Face]) -> Iterator[ShowFace]:
    """What must be shown anew: first what goes dark, then what lights."""
    for location in before:
        if location not in after:
            yield ShowFace(location, DARK)
    for location, face in after.items():
        if before.get(location) != face:
            yield ShowFace(location, face)
