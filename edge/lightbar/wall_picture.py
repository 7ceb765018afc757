"""A wall as the screens show it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from edge.drivers.ports import DARK, Face
from edge.lightbar.wall_faces import occupied, pieces_in, standing, wall_faces
from edge.lightbar.wall_state import WallState
from wire.uplink import BusHealth, CubbyLive, ModuleFace, WallLive, ZoneLive
from wire.wall import CubbyWork

CUBBIES_MAX: Final = 200  # at most 140 bytes each, and as much for its module: 56 kB of a live message's 64


def wall_picture(state: WallState, buses: Iterable[BusHealth]) -> ZoneLive:
    """What the wall shows right now."""
    here = occupied(state)
    lit = {put.cubby: put.pieces for put in state.lit}
    return ZoneLive(
        zone=state.zone,
        picks_open=sum(lit.values()),
        notice=state.store or state.notice,
        modules=tuple(_modules(state))[:CUBBIES_MAX],
        buses=tuple(buses),
        wall=WallLive(
            sku=state.lit[0].sku if state.lit else "",
            cubbies=tuple(_cubby(state, cubby, lit.get(cubby.cubby, 0)) for cubby in here[:CUBBIES_MAX]),
        ),
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
