"""What a zone has recorded, as deeds. Pure."""

from __future__ import annotations

from edge.lightbar.state import Active, ClearAlarm, RaiseAlarm, RecordCheck, RecordPick, RecordUndo
from wire.deeds import (
    AlarmCleared,
    AlarmRaised,
    AnyDeed,
    PickConfirmed,
    PickUndone,
    ShortPicked,
    ToteInducted,
    ZeroChecked,
)


def pick_deed(zone: str, effect: RecordPick) -> AnyDeed:
    """The pick was confirmed, or found short."""
    pick, tote = effect.pick, effect.tote_id
    where = {"zone": zone, "pick_id": pick.pick_id, "tote_id": tote, "location_id": pick.location_id, "sku": pick.sku}
    if effect.short:
        return ShortPicked(**where, asked_pieces=pick.pieces, found_pieces=effect.found, in_hand=effect.in_hand)
    return PickConfirmed(**where, picked_pieces=pick.pieces, confirmed_by=effect.how)


def check_deed(zone: str, effect: RecordCheck) -> AnyDeed:
    """A place that should be empty was looked at."""
    pick = effect.pick
    return ZeroChecked(
        zone=zone,
        pick_id=pick.pick_id,
        location_id=pick.location_id,
        sku=pick.sku,
        left_pieces=effect.left_pieces,
        counted=effect.counted,
    )


def undo_deed(zone: str, effect: RecordUndo) -> AnyDeed:
    """A confirm was taken back."""
    pick = effect.pick
    return PickUndone(
        zone=zone,
        pick_id=pick.pick_id,
        again=effect.again,
        tote_id=effect.tote_id,
        location_id=pick.location_id,
        sku=pick.sku,
        picked_pieces=pick.pieces,
    )


def induction_deed(zone: str, tote: Active) -> AnyDeed:
    """A tote was scanned in."""
    return ToteInducted(zone=zone, tote_id=tote.tote_id, colour=tote.colour, picker=tote.picker)


def alarm_deed(effect: RaiseAlarm | ClearAlarm) -> AnyDeed:
    """A person is needed, or no longer."""
    if isinstance(effect, RaiseAlarm):
        return AlarmRaised(alarm=effect.alarm, subject=effect.subject, detail=effect.detail[:200])
    return AlarmCleared(alarm=effect.alarm, subject=effect.subject)
