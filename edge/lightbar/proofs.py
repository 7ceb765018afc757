"""What must be scanned at a stop before its press counts, and what a scanned code proves. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from edge.lightbar.state import ZoneState
from edge.lightbar.stops import Stop, stops

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
    if stop.step == "zero":
        return ()
    shown = state.proofs.get(stop.location_id, frozenset())
    return tuple(proof for proof in ASKED["both"] if proof in asked and proof not in shown)


def code_scanned(state: ZoneState, code: str) -> ZoneState:
    """A code that is no tote's: a place, an item, one that looks like it, or nothing known here."""
    asked = stops(state)
    if code in asked:
        return _proven(replace(state, at=code), asked[code], "place")
    if any(code in stop.pick.look_alikes for stop in asked.values()):
        return replace(state, said="not_this_one")
    open_ = [stop for stop in asked.values() if "item" in missing(state, stop)]
    if not open_:
        return replace(state, said="unknown_tote")
    return _item_scanned(state, code, open_)


def _item_scanned(state: ZoneState, code: str, open_: list[Stop]) -> ZoneState:
    """The item of the place scanned last; else of the first place that still waits for it."""
    here = [stop for stop in open_ if stop.location_id == state.at] or open_
    match = next((stop for stop in here if code == stop.pick.sku or code in stop.pick.barcodes), None)
    if match is None:
        return replace(state, said="not_this_one")
    if missing(state, match)[0] == "place":
        return replace(state, said="scan_place_first")
    return _proven(state, match, "item")


def _proven(state: ZoneState, stop: Stop, proof: Proof) -> ZoneState:
    at = stop.location_id
    proofs = {**state.proofs, at: state.proofs.get(at, frozenset()) | {proof}}
    then = replace(state, proofs=proofs, said="")
    left = missing(then, stop)
    return replace(then, said=f"scan_{left[0]}_first") if left else then
