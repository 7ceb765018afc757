"""Which cubbies a scanned item lights: the most urgent orders first, never more pieces than were scanned. Pure."""

from __future__ import annotations

from dataclasses import replace

from edge.lightbar.wall_faces import lacking, occupied, pieces_in, standing
from edge.lightbar.wall_state import Put, WallState, put_intent
from wire.wall import CubbyItem, CubbyWork, WallBarcode


def scanned(state: WallState, code: str) -> WallState:
    """The wall after a scan. One SKU is in hand at a time; `PL:ASIDE` puts it down again."""
    if code[:3].upper() == "PL:":
        return _command(state, code[3:].upper())
    state = replace(state, missing_asked=False)
    meaning = state.barcodes.get(code)
    if meaning is None:
        return replace(state, notice="unknown_barcode")
    if any(put.sku != meaning.sku for put in state.lit):
        return replace(state, notice="finish_puts")
    return _light(state, meaning)


def _command(state: WallState, word: str) -> WallState:
    if word == "ASIDE":
        return withdraw(replace(state, missing_asked=False))
    if word != "MISSING":
        return replace(state, notice="unknown_command")
    if lacking(state):  # a second scan takes it back
        return replace(state, missing_asked=False, notice="")
    asked = replace(state, missing_asked=True, notice="press_missing")
    return asked if lacking(asked) else replace(state, missing_asked=False, notice="nothing_missing")


def withdraw(state: WallState) -> WallState:
    """Nobody will put what is lit, except what is on its way to the disk."""
    kept = tuple(put for put in state.lit if put_intent(put.line_id, put.total) in state.recording)
    return replace(state, lit=kept, notice="puts_withdrawn" if kept != state.lit else "")


def _light(state: WallState, scan: WallBarcode) -> WallState:
    left, lit = scan.pieces, {put.line_id: put for put in state.lit}
    lacks = False
    for cubby, item in _lines(state, scan.sku):
        before = lit.get(item.line_id)
        if before is not None and put_intent(before.line_id, before.total) in state.recording:
            continue
        there = pieces_in(state, item)
        lit_here = before.pieces if before else 0
        lacks = lacks or item.asked_pieces > there + lit_here
        more = min(left, item.ready_pieces - there - lit_here)
        if more > 0:
            total = there + lit_here + more
            lit[item.line_id] = Put(item.line_id, cubby.order_no, cubby.cubby, item.sku, lit_here + more, total)
            left -= more
    notice = "" if not left else f"surplus:{left}" if left < scan.pieces else "not_ready" if lacks else "not_needed"
    return replace(state, lit=tuple(lit.values()), notice=notice)


def _lines(state: WallState, sku: str) -> list[tuple[CubbyWork, CubbyItem]]:
    """Lines of the SKU in cubbies that are being filled and whose module can be told, the most urgent first."""
    return [
        (cubby, item)
        for cubby in occupied(state)
        if standing(state, cubby) == "filling" and cubby.cubby in state.fronts and not state.lamps.is_away(cubby.cubby)
        for item in cubby.items
        if item.sku == sku
    ]
