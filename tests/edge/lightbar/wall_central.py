"""What central believes of a wall, on paper: it counts each put once and refuses a sum that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from edge.lightbar.wall_state import RecordEmptied, RecordMissing, WallDeed, put_intent
from wire.wall import CubbyItem, CubbyWork, WallBarcode, WallWork

ASKED = {"o1:1": ("W-1", "mug", 2), "o1:2": ("W-1", "pen", 1), "o2:1": ("W-2", "mug", 3), "o3:1": ("W-3", "pen", 2)}
CODES = {
    "=mug": ("mug", 1),
    "=pen": ("pen", 1),
    "BOX": ("mug", 6),
    "?": ("", 0),
    "PL:ASIDE": ("", 0),
    "PL:MISSING": ("", 0),
}


@dataclass
class Central:
    """What central believes: pieces picked, puts that counted (once each), cubbies emptied, orders cancelled."""

    ready: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ASKED, 0))
    put: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ASKED, 0))
    counted: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)  # a ticket is open
    version: int = 0

    def take(self, effect: WallDeed) -> None:
        if isinstance(effect, RecordMissing):
            self.held.add(effect.order_no)
            return
        if isinstance(effect, RecordEmptied):
            self.gone.add(effect.order_no)
            return
        put = effect.put
        intent = put_intent(put.line_id, put.total)
        if intent in self.counted:
            return
        assert self.put[put.line_id] + put.pieces == put.total, "out of step"
        assert put.total <= self.ready[put.line_id], "more than was picked"
        self.counted.add(intent)
        self.put[put.line_id] = put.total

    def document(self) -> WallWork:
        cubbies = []
        for order, cubby in (("o1", "W-1"), ("o2", "W-2"), ("o3", "W-3")):
            items = tuple(
                CubbyItem(
                    line_id=line,
                    sku=sku,
                    title=sku,
                    asked_pieces=asked,
                    ready_pieces=self.ready[line],
                    put_pieces=self.put[line],
                )
                for line, (_, sku, asked) in ASKED.items()
                if line.startswith(order)
            )
            full = all(item.put_pieces == item.asked_pieces for item in items)
            state = (
                "aside" if order in self.cancelled else "done" if full else "held" if order in self.held else "filling"
            )
            if order not in self.gone:
                cubbies.append(CubbyWork(cubby=cubby, order_no=order, wave="w", state=state, items=items))  # type: ignore[arg-type]
        codes = tuple(WallBarcode(barcode=code, sku=sku, pieces=n) for code, (sku, n) in CODES.items() if sku)
        return WallWork(zone="W", cubbies=tuple(cubbies), barcodes=codes)
