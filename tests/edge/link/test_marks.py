"""What a node remembers as done: as long as central's document may still ask for it."""

from __future__ import annotations

import pytest

from edge.link.marks import asked_by
from wire.downlink import Desired, Pick, ToteWork, ZoneWork
from wire.wall import CubbyItem, CubbyWork, WallWork

PICK = Pick(pick_id="p1", location_id="A-1", sku="mug", title="Mug", pieces=1)
TOTE = ToteWork(tote_id="t", order_no="o", wave="w", colour="blue", picks=(PICK,))
ITEM = CubbyItem(line_id="o:1", sku="mug", title="Mug", asked_pieces=3, ready_pieces=3, put_pieces=1)
CUBBY = CubbyWork(cubby="W-1", order_no="o", wave="w", state="filling", items=(ITEM,))
DESIRED = Desired(version=1, zone=ZoneWork(zone="A", totes=(TOTE,)), wall=WallWork(zone="W", cubbies=(CUBBY,)))


@pytest.mark.parametrize(
    ("mark", "asked"),
    [
        *(("p1", True), ("p2", False)),
        *(("put:o:1:1", False), ("put:o:1:2", True), ("put:x:1:2", False), ("put:o:1:x", False)),
        *(("cubby:o", True), ("cubby:x", False)),
    ],
)
def test_a_mark_is_kept_while_the_document_asks_for_it(mark: str, asked: bool) -> None:
    assert asked_by(DESIRED)(mark) is asked
    assert asked_by(Desired(version=2))(mark) is False
