"""What a scan at the zone's scanner is, and what it means there. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from edge.lightbar.events import (
    BadgeScanned,
    Event,
    QuantityScanned,
    ShortScanned,
    ToteScanned,
    UndoScanned,
    UnknownScanned,
)
from edge.lightbar.proofs import code_scanned
from edge.lightbar.state import RecordInduction, Step, ZoneState
from edge.lightbar.totes import induct
from edge.lightbar.undo import undo_of
from wire.ids import TEXT_MAX

_WORDS: Final[dict[str, Event]] = {"PL:SHORT": ShortScanned(), "PL:UNDO": UndoScanned()}
_QUANTITY: Final = re.compile(r"PL:QTY:([0-9]{1,5})")
_BADGE: Final = re.compile(rf"PL:BADGE:([\x21-\x7e]{{1,{TEXT_MAX}}})")


def event_of(text: str) -> Event:
    """A command barcode (`PL:…`), or the name of a tote."""
    text = text.strip(" ")
    if text[:3].upper() != "PL:":
        return ToteScanned(text)
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
        return Step(code_scanned(state, event.tote_id))
    state = replace(state, woken=state.woken | {event.tote_id}, said="")
    if not state.rules.induct:
        return Step(state)
    if any(tote.tote_id == event.tote_id for tote in state.active):
        return Step(replace(state, said="tote_in_work", badge=""))
    if len(state.active) >= state.rules.totes_max:
        return Step(replace(state, said="zone_busy"))
    state = induct(state, event.tote_id)
    return Step(state, (RecordInduction(state.active[-1]),))


def badge_scanned(state: ZoneState, event: BadgeScanned) -> Step:
    """The next tote scanned in is this person's."""
    return Step(replace(state, badge=event.badge, said="scan_your_tote" if state.rules.induct else ""))


def unknown_scanned(state: ZoneState, _: UnknownScanned) -> Step:
    """Said, and otherwise nothing."""
    return Step(replace(state, said="unknown_command"))
