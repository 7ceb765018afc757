"""What must be scanned at a stop before its press counts, and what a scanned code proves. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec.structs import replace

from edge.lightbar.codes import is_item
from edge.lightbar.state import Refused, ZoneState
from edge.lightbar.stops import Stop, stops
from wire.ids import TEXT_MAX

Proof = Literal["place", "item"]
ASKED: Final[Mapping[str, tuple[Proof, ...]]] = {
    "": (),
    "no": (),
    "location": ("place",),
    "item": ("item",),
    "both": ("place", "item"),
}


def missing(state: ZoneState, stop: Stop) -> tuple[Proof, ...]:
    """What is still to be scanned, in its order. A look-alike nearby makes the item needed, whatever the zone says."""
    asked = {*ASKED[state.rules.scan_first], *ASKED[stop.pick.scan_first]}
    if stop.pick.look_alikes:
        asked.add("item")
    if stop.step == "zero" or not state.rules.scanner:
        return ()
    shown = state.proofs.get(stop.location_id, frozenset())
    if state.by_hand == stop.pick.pick_id:
        shown = shown | {"place"}
    return tuple(proof for proof in ASKED["both"] if proof in asked and proof not in shown)


def code_scanned(state: ZoneState, text: str, code: str) -> ZoneState:
    """A text that is no tote's: a place, an item (read as `code`), one that looks like it, or nothing known here."""
    asked = stops(state)
    if text in asked:
        return _proven(replace(state, at=text), asked[text], "place")
    twin = next((stop for stop in asked.values() if text in stop.pick.look_alikes), None)
    if twin is not None:
        return refused(state, text, twin)
    open_ = [stop for stop in asked.values() if "item" in missing(state, stop)]
    if not open_:
        return replace(state, said="unknown_tote")
    return _item_scanned(state, code, open_)


def refused(state: ZoneState, code: str, stop: Stop) -> ZoneState:
    """Not the item asked for: it proves nothing, is said with what is asked for instead, and counted."""
    tote = stop.tote
    wrong = Refused(code[:TEXT_MAX], stop.location_id, tote.tote_id, tote.picker, stop.pick.sku)
    return replace(state, said="not_this_one", refused=wrong, wrong_scans=state.wrong_scans + 1)


def _item_scanned(state: ZoneState, code: str, open_: list[Stop]) -> ZoneState:
    """The item of the place scanned last; else of the first place that still waits for it."""
    here = [stop for stop in open_ if stop.location_id == state.at] or open_
    match = next((stop for stop in here if is_item(code, stop.pick)), None)
    if match is None:
        return refused(state, code, here[0])
    if missing(state, match)[0] == "place":
        return replace(state, said="scan_place_first")
    return _proven(state, match, "item")


def _proven(state: ZoneState, stop: Stop, proof: Proof) -> ZoneState:
    at = stop.location_id
    proofs = {**state.proofs, at: state.proofs.get(at, frozenset()) | {proof}}
    then = replace(state, proofs=proofs, said="", refused=None)
    left = missing(then, stop)
    return replace(then, said=f"scan_{left[0]}_first") if left else then
