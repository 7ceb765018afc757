"""Five totes over three places, and the rules they may be worked by."""

from __future__ import annotations

from typing import Literal

from edge.lightbar.state import ZoneRules
from wire.downlink import Pick, ToteWork
from wire.ids import LocationId

NOBODY: frozenset[str] = frozenset()
PLACES = [LocationId(f"A-0{n}-1") for n in range(1, 4)]
ALL = tuple(
    ToteWork(
        tote_id=f"t{n}",
        order_no=f"o{n}",
        wave="w",
        colour=("blue", "orange")[n % 2],
        picks=tuple(
            Pick(
                pick_id=f"p{n}{k}",
                location_id=PLACES[(n + k) % 3],
                sku="MUG",
                title="Mug",
                pieces=1 + k,
                empties=True,
                scan_first="item" if n == 2 else "",
                look_alikes=("A-09-9",) if n == 3 else (),
            )
            for k in range(1 + n % 3)
            for at in (PLACES[(n + k) % 3],)
        ),
    )
    for n in range(5)
)
KEYS: tuple[Literal["plus", "minus", "short"], ...] = ("plus", "minus", "short")
PICKS = {pick.pick_id: pick for tote in ALL for pick in tote.picks}
RULES = {
    "discrete": ZoneRules(),
    "sequential": ZoneRules(mode="sequential"),
    "batch": ZoneRules(mode="batch", totes_max=3),
    "scanned in": ZoneRules(induct=True),
    "three pickers": ZoneRules(induct=True, totes_max=3),
    "three pickers, one line each": ZoneRules(mode="sequential", induct=True, totes_max=3),
    "batch scanned in": ZoneRules(mode="batch", induct=True, totes_max=3),
    "counted and looked at": ZoneRules(count_shorts=True, zero_check=True),
    "three pickers, counted and looked at": ZoneRules(induct=True, totes_max=3, count_shorts=True, zero_check=True),
    "scan place and item": ZoneRules(scan_first="both"),
    "batch, scan the item": ZoneRules(mode="batch", totes_max=3, scan_first="item"),
    "batch, counted and looked at": ZoneRules(mode="batch", totes_max=3, count_shorts=True, zero_check=True),
}
