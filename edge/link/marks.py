"""Which deeds of this node a desired document may still ask for, so that they must be remembered as done. Pure."""

from __future__ import annotations

from collections.abc import Callable

from wire.downlink import Desired


def asked_by(desired: Desired) -> Callable[[str], bool]:
    """Tells whether `desired` still asks for what a mark says is done.

    A mark is a pick's id; or of a wall, `put:LINE:TOTAL` (the line has so many pieces) or `cubby:ORDER` (taken out).
    """
    picks = {pick.pick_id for tote in desired.zone.totes for pick in tote.picks} if desired.zone else set()
    cubbies = desired.wall.cubbies if desired.wall else ()
    orders = {f"cubby:{cubby.order_no}" for cubby in cubbies}
    puts = {f"put:{item.line_id}": item.put_pieces for cubby in cubbies for item in cubby.items}

    def is_asked(mark: str) -> bool:
        line, _, total = mark.rpartition(":")
        return mark in picks or mark in orders or (line in puts and total.isdecimal() and int(total) > puts[line])

    return is_asked
