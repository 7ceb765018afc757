"""What a scan at the zone's scanner is, and what it means there. Pure."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from edge.drivers.scanner_text import aim_of
from edge.lightbar import by_scan
from edge.lightbar.events import (
    BadgeScanned,
    DoneScanned,
    Event,
    QuantityScanned,
    ShortScanned,
    ToteScanned,
    UndoScanned,
    UnknownScanned,
)
from edge.lightbar.proofs import code_scanned, refused
from edge.lightbar.state import RecordInduction, Step, ZoneState
from edge.lightbar.stops import stops
from edge.lightbar.totes import induct
from edge.lightbar.undo import undo_of
from wire.ids import TEXT_MAX

AIM: Final = "]"  # a scanner that is told to says first which symbology it read
_WORDS: Final[dict[str, Event]] = {"PL:SHORT": ShortScanned(), "PL:UNDO": UndoScanned(), "PL:DONE": DoneScanned()}
_QUANTITY: Final = re.compile(r"PL:QTY:([0-9]{1,5})")
_BADGE: Final = re.compile(rf"PL:BADGE:([\x21-\x7e]{{1,{TEXT_MAX}}})")


def event_of(text: str, code: str = "") -> Event:
    """A command barcode (`PL:…`), or a tote, a place or an item. `code`: `text` read as an item's barcode."""
    text = code if code and text.startswith(AIM) else text.strip(" ")
    text = text[len(aim_of(text)) :]
    if text[:3].upper() != "PL:":
        return ToteScanned(text, code if code != text else "")
    if text in _WORDS:
        return _WORDS[text]
    badge, quantity = _BADGE.fullmatch(text), _QUANTITY.fullmatch(text)
    if quantity is not None:
        return QuantityScanned(int(quantity[1]))
    return BadgeScanned(badge[1]) if badge is not None else UnknownScanned()


def tote_scanned(state: ZoneState, event: ToteScanned) -> Step:
    """The tote is here, or is the one whose last confirm is to be taken back.

    Where totes are scanned in it is in work from now on, in its own colour.
    """
    if state.undo_asked:
        return undo_of(state, event.tote_id)
    if not any(tote.tote_id == event.tote_id for tote in state.totes):
        return by_scan.item_scanned(state, event.as_item) or Step(_code_scanned(state, event))
    state = replace(state, woken=state.woken | {event.tote_id}, said="")
    if not state.rules.induct:
        return Step(state)
    if any(tote.tote_id == event.tote_id for tote in state.active):
        return Step(replace(state, said="tote_in_work", badge=""))
    if len(state.active) >= state.rules.totes_max:
        return Step(replace(state, said="zone_busy"))
    state = induct(state, event.tote_id)
    return Step(state, (RecordInduction(state.active[-1]),))


def _code_scanned(state: ZoneState, event: ToteScanned) -> ZoneState:
    """A place or an item. Where the module of the place is dead, the scan says which pick is meant."""
    at, asked, pointed = event.tote_id, stops(state), by_scan.meant(state)
    if any(stop.location_id == at for stop in by_scan.dead_stops(state)):
        proven = code_scanned(state, at, event.as_item) if at in asked else state
        return by_scan.place_scanned(replace(proven, at=at), at)
    if at in asked:
        return code_scanned(replace(state, by_hand=""), at, event.as_item)
    if pointed is not None:
        return refused(state, event.as_item, pointed)
    return code_scanned(state, at, event.as_item)


def badge_scanned(state: ZoneState, event: BadgeScanned) -> Step:
    """The next tote scanned in is this person's."""
    return Step(replace(state, badge=event.badge, said="scan_your_tote" if state.rules.induct else ""))


def unknown_scanned(state: ZoneState, event: UnknownScanned) -> Step:
    """Said, and otherwise nothing."""
    return Step(replace(state, said=event.say))
