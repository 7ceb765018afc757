"""Places found short are not lit again before central has heard of it. Pure.

Who finds too few at a place leaves it empty. Central moves its other picks elsewhere, but the node may hold them in
its document for as long as central is away. So the place is barred from the moment the short pick is on the disk
until a document comes whose `knows` reaches that line of the journal. Parts of a batch that were taken together with
the short one are in the picker's hand: they light on. After a restart the journal says the same again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from edge.lightbar.state import Barred, ZoneState
from wire.deeds import ShortPicked
from wire.downlink import Pick


def is_barred(state: ZoneState, pick: Pick) -> bool:
    """True if the pick's place was found short, and the pick's pieces are not in somebody's hand."""
    barred = state.barred.get(pick.location_id)
    if barred is None or pick.pick_id in state.recording:
        return False
    return pick.pick_id not in barred.in_hand


def still_barred(barred: Mapping[str, Barred], knows: int | None) -> dict[str, Barred]:
    """What is left of it with a document that knows the journal up to line `knows` (None: it does not say, so all)."""
    return {at: one for at, one in barred.items() if knows is not None and one.seq > knows}


def barred_by(shorts: Iterable[tuple[int, ShortPicked]]) -> dict[str, Barred]:
    """The places that short picks (line of the journal, deed) found empty."""
    return {deed.location_id: Barred(seq, deed.in_hand) for seq, deed in shorts}
