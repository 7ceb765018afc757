"""Pick and pass: which tote was done here last, and the zone it goes to. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from edge.lightbar.state import Passed, ZoneState


def with_passed(before: ZoneState, after: ZoneState) -> ZoneState:
    """`after`, and the tote whose last pick here was just recorded, if another zone waits for it."""
    if after.totes is before.totes:
        return after
    done = set(before.recording) - set(after.recording)
    open_here = {tote.tote_id for tote in after.totes}
    for tote in before.totes:
        if tote.next_zone and tote.tote_id not in open_here and any(pick.pick_id in done for pick in tote.picks):
            return replace(after, passed=Passed(tote.tote_id, tote.next_zone))
    comes_again = after.passed is not None and after.passed.tote_id in open_here
    return replace(after, passed=None) if comes_again else after
