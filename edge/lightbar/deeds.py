"""What a zone has recorded, as deeds. Pure."""

from __future__ import annotations

from edge.lightbar.state import ClearAlarm, RaiseAlarm, RecordPick
from wire.deeds import AlarmCleared, AlarmRaised, AnyDeed, PickConfirmed, ShortPicked


def pick_deed(zone: str, effect: RecordPick) -> AnyDeed:
    """The pick was confirmed, or found short."""
    pick, tote = effect.pick, effect.tote_id
    where = {"zone": zone, "pick_id": pick.pick_id, "tote_id": tote, "location_id": pick.location_id, "sku": pick.sku}
    if effect.short:
        return ShortPicked(**where, asked_pieces=pick.pieces, found_pieces=0)
    return PickConfirmed(**where, picked_pieces=pick.pieces)


def alarm_deed(effect: RaiseAlarm | ClearAlarm) -> AnyDeed:
    """A person is needed, or no longer."""
    if isinstance(effect, RaiseAlarm):
        return AlarmRaised(alarm=effect.alarm, subject=effect.subject, detail=effect.detail[:200])
    return AlarmCleared(alarm=effect.alarm, subject=effect.subject)
