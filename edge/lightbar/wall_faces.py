"""Where each cubby stands, and which faces a wall wants. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from edge.drivers.ports import Colour, Face
from edge.lightbar.wall_state import Put, WallState
from wire.wall import CubbyItem, CubbyState, CubbyWork

DONE: Final = Face("green")
LACKS: Final[Colour] = "yellow"
ALONE: Final[Colour] = "blue"  # where there is one scanner
HANDS: Final[tuple[Colour, ...]] = ("blue", "orange", "violet", "cyan", "white")  # the other three say something else
ASIDE: Final = Face("red", blink=True)


def pieces_in(state: WallState, item: CubbyItem) -> int:
    """Pieces of the line in its cubby: a count that only goes up, so the higher of the two that are known."""
    return max(item.put_pieces, state.puts.get(item.line_id, 0))


def occupied(state: WallState) -> list[CubbyWork]:
    """Cubbies nobody has emptied yet."""
    return [cubby for cubby in state.cubbies if cubby.order_no not in state.emptied]


def standing(state: WallState, cubby: CubbyWork) -> CubbyState:
    """Where the cubby stands with what was put since central last spoke."""
    if cubby.state == "filling" and cubby.order_no in state.missing:
        return "held"
    if cubby.state == "filling" and all(pieces_in(state, item) >= item.asked_pieces for item in cubby.items):
        return "done"
    return cubby.state


def lacking(state: WallState) -> dict[str, CubbyWork]:
    """Where pieces were picked for the order and nobody has put them yet: may be said to be missing."""
    if not state.missing_asked:
        return {}
    busy = {put.cubby for put in state.lit}
    open_ = (cubby for cubby in occupied(state) if standing(state, cubby) == "filling" and cubby.cubby not in busy)
    return {cubby.cubby: cubby for cubby in open_ if lacking_pieces(state, cubby)}


def lacking_pieces(state: WallState, cubby: CubbyWork) -> int:
    """Pieces that are ready for the cubby and not in it."""
    return sum(max(item.ready_pieces - pieces_in(state, item), 0) for item in cubby.items)


def out_place(state: WallState, cubby: str) -> str:
    """The module that says that the order is to be taken out: the pack side's, unless that one is silent."""
    back = state.backs.get(cubby, "")
    return back if back and not state.lamps.is_away(back) else cubby


def to_take_out(state: WallState) -> dict[str, CubbyWork]:
    """Cubbies to be emptied, by the module that says so."""
    ready = [cubby for cubby in occupied(state) if standing(state, cubby) in ("done", "aside")]
    return {out_place(state, cubby.cubby): cubby for cubby in ready} if state.trusted else {}


def queues(state: WallState) -> dict[str, list[Put]]:
    """The puts asked for at each cubby: the first is lit, the others wait until it was confirmed."""
    found: dict[str, list[Put]] = {}
    for put in state.lit:
        found.setdefault(put.cubby, []).append(put)
    return found


def colour_of(state: WallState, hand: str) -> Colour:
    """The colour in which a scanner's puts light."""
    return state.colours.get(hand, ALONE)


def renumbered(state: WallState, lit: Iterable[Put]) -> tuple[Put, ...]:
    """`lit` with the totals that follow from what is there and who comes before."""
    totals = {item.line_id: pieces_in(state, item) for cubby in state.cubbies for item in cubby.items}
    puts: list[Put] = []
    for put in lit:
        totals[put.line_id] = total = totals.get(put.line_id, 0) + put.pieces
        puts.append(put if put.total == total else replace(put, total=total))
    return tuple(puts)


def wall_faces(state: WallState) -> dict[str, Face]:
    """Faces by location; every other module is wanted dark. A disk that takes nothing makes the puts blink red."""
    out = {place: DONE if standing(state, cubby) == "done" else ASIDE for place, cubby in to_take_out(state).items()}
    puts = {
        at: Face("red" if state.store else colour_of(state, line[0].hand), line[0].pieces, blink=bool(state.store))
        for at, line in queues(state).items()
    }
    lacks = {
        place: Face("red" if state.store else LACKS, lacking_pieces(state, cubby), blink=True)
        for place, cubby in lacking(state).items()
    }
    return out | lacks | puts
