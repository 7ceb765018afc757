"""A wall as the screens show it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from edge.drivers.ports import DARK, Face
from edge.lightbar.wall_faces import colour_of, occupied, pieces_in, queues, standing, wall_faces
from edge.lightbar.wall_state import WallState
from wire.uplink import BusHealth, CubbyLive, HandLive, ModuleFace, WallLive, ZoneLive
from wire.wall import CubbyWork

CUBBIES_MAX: Final = 200  # at most 140 bytes each, and as much for its module: 56 kB of a live message's 64


def wall_picture(state: WallState, buses: Iterable[BusHealth]) -> ZoneLive:
    """What the wall shows right now."""
    here = occupied(state)
    lit = {at: line[0].pieces for at, line in queues(state).items()}
    return ZoneLive(
        zone=state.zone,
        picks_open=sum(put.pieces for put in state.lit),
        notice=state.store or state.notice,
        modules=tuple(_modules(state))[:CUBBIES_MAX],
        buses=tuple(buses),
        wall=WallLive(
            sku=state.lit[0].sku if state.lit else "",
            cubbies=tuple(_cubby(state, cubby, lit.get(cubby.cubby, 0)) for cubby in here[:CUBBIES_MAX]),
            hands=tuple(_hands(state)) if len(state.colours) > 1 else (),
        ),
    )


def _hands(state: WallState) -> Iterator[HandLive]:
    lines = queues(state)
    for hand in state.colours:
        puts = [put for put in state.lit if put.hand == hand]
        if puts:
            yield HandLive(
                scanner=hand,
                sku=puts[0].sku,
                colour=colour_of(state, hand),
                pieces=sum(put.pieces for put in puts),
                waits_at=tuple(put.cubby for put in puts if lines[put.cubby][0] is not put),
            )


def _cubby(state: WallState, cubby: CubbyWork, lit_pieces: int) -> CubbyLive:
    return CubbyLive(
        cubby=cubby.cubby,
        order_no=cubby.order_no,
        state=standing(state, cubby),
        asked_pieces=sum(item.asked_pieces for item in cubby.items),
        put_pieces=sum(pieces_in(state, item) for item in cubby.items),
        lit_pieces=lit_pieces,
    )


def _modules(state: WallState) -> list[ModuleFace]:
    faces = wall_faces(state)
    silent = state.lamps.lost - faces.keys()
    return [_module(state, location, face) for location, face in faces.items()] + [
        _module(state, location, DARK) for location in sorted(silent)
    ]


def _module(state: WallState, location: str, face: Face) -> ModuleFace:
    colour = "" if face == DARK else face.colour
    return ModuleFace(
        location_id=location, state=state.lamps.state_of(location, face), colour=colour, pieces=face.pieces
    )
