"""Which cubbies a scanned item lights: the most urgent orders first, never more pieces than were scanned. Pure."""

from __future__ import annotations

from dataclasses import replace

from edge.lightbar.wall_faces import lacking, occupied, pieces_in, renumbered, standing
from edge.lightbar.wall_state import Put, Scanned, WallState, put_intent
from wire.wall import CubbyItem, CubbyWork, WallBarcode


def scanned(state: WallState, event: Scanned) -> WallState:
    """The wall after a scan. A hand holds one SKU at a time; `PL:ASIDE` puts it down again."""
    code, hand = event.code, event.hand
    if code[:3].upper() == "PL:":
        return _command(state, code[3:].upper(), hand)
    state = _unasked(state, hand)
    meaning = state.barcodes.get(code)
    if meaning is None:
        return replace(state, notice="unknown_barcode")
    if any(put.sku != meaning.sku for put in state.lit if put.hand == hand):
        return replace(state, notice="finish_puts")
    return _light(state, meaning, hand)


def _command(state: WallState, word: str, hand: str) -> WallState:
    if word == "ASIDE":
        return withdraw(_unasked(state, hand), hand)
    if word != "MISSING":
        return replace(state, notice="unknown_command")
    if lacking(state):  # a second scan takes it back
        return replace(state, missing_asked=False, notice="")
    asked = replace(state, missing_asked=True, missing_by=hand, notice="press_missing")
    return asked if lacking(asked) else replace(state, missing_asked=False, notice="nothing_missing")


def _unasked(state: WallState, hand: str) -> WallState:
    """Who goes on with something else does not mean to say any more that pieces are missing."""
    return replace(state, missing_asked=False) if state.missing_asked and state.missing_by == hand else state


def withdraw(state: WallState, hand: str) -> WallState:
    """Nobody will put what is lit for the hand, except what is on its way to the disk."""
    kept = tuple(put for put in state.lit if put.hand != hand or _is_recording(state, put))
    notice = "puts_withdrawn" if kept != state.lit else ""
    return replace(state, lit=renumbered(state, kept), notice=notice)


def _light(state: WallState, scan: WallBarcode, hand: str) -> WallState:
    left, lit, lacks = scan.pieces, list(state.lit), False
    for cubby, item in _lines(state, scan.sku):
        here = [put for put in lit if put.line_id == item.line_id]
        mine = next((put for put in here if put.hand == hand), None)
        if mine is not None and _is_recording(state, mine):
            continue
        promised = pieces_in(state, item) + sum(put.pieces for put in here)
        lacks = lacks or item.asked_pieces > promised
        more = min(left, item.ready_pieces - promised)
        if more <= 0:
            continue
        left -= more
        if mine is None:
            lit.append(Put(item.line_id, cubby.order_no, cubby.cubby, item.sku, more, promised + more, hand))
        else:
            lit[lit.index(mine)] = replace(mine, pieces=mine.pieces + more)
    notice = "" if not left else f"surplus:{left}" if left < scan.pieces else "not_ready" if lacks else "not_needed"
    return replace(state, lit=renumbered(state, lit), notice=notice)


def _is_recording(state: WallState, put: Put) -> bool:
    return put_intent(put.line_id, put.total) in state.recording


def _lines(state: WallState, sku: str) -> list[tuple[CubbyWork, CubbyItem]]:
    """Lines of the SKU in cubbies that are being filled and whose module can be told, the most urgent first."""
    return [
        (cubby, item)
        for cubby in occupied(state)
        if standing(state, cubby) == "filling" and cubby.cubby in state.fronts and not state.lamps.is_away(cubby.cubby)
        for item in cubby.items
        if item.sku == sku
    ]
