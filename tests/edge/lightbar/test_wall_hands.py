"""Several people at one wall: each has an item in hand and a colour, and at a cubby one is served after the other."""

from __future__ import annotations

from edge.drivers.ports import Face, Pressed
from edge.lightbar.events import CentralHeard
from edge.lightbar.wall import advance_wall
from edge.lightbar.wall_faces import wall_faces
from edge.lightbar.wall_picture import wall_picture
from edge.lightbar.wall_state import Put, RecordPut, Scanned, WallState, Written
from tests.edge.lightbar.test_wall_machine import after, arrived, cubby, seen
from wire.ids import LocationId
from wire.uplink import HandLive
from wire.wall import CubbyItem, CubbyWork

W1 = LocationId("W-1")
LEFT, RIGHT = "W/left", "W/right"


def wall(*cubbies: CubbyWork) -> WallState:
    state = WallState("W", frozenset({"W-1", "W-2"}), colours={LEFT: "blue", RIGHT: "orange"})
    return after(state, CentralHeard(), arrived(*cubbies))


def both() -> CubbyWork:
    """An order that wants two mugs and a pen."""
    items = tuple(
        CubbyItem(line_id=f"o1:{n}", sku=sku, title=sku, asked_pieces=pieces, ready_pieces=pieces, put_pieces=0)
        for n, (sku, pieces) in enumerate((("mug", 2), ("pen", 1)), 1)
    )
    return CubbyWork(cubby="W-1", order_no="o1", wave="w", state="filling", items=items)


def test_two_people_light_different_cubbies_in_their_own_colours() -> None:
    cubbies = cubby("W-1", "o1"), cubby("W-2", "o2", sku="pen")
    state = after(wall(*cubbies), Scanned("=mug", LEFT), Scanned("=pen", RIGHT))

    assert wall_faces(state) == {"W-1": Face("blue", 1), "W-2": Face("orange", 1)}


def test_the_second_at_a_cubby_is_served_after_the_first_confirmed_and_the_page_says_that_she_waits() -> None:
    state = after(wall(both()), Scanned("=mug", LEFT), Scanned("=pen", RIGHT))
    shown = wall_picture(state, ()).wall
    assert wall_faces(state) == {"W-1": Face("blue", 1)}
    assert shown is not None
    assert shown.hands == (
        HandLive(scanner=LEFT, sku="mug", colour="blue", pieces=1),
        HandLive(scanner=RIGHT, sku="pen", colour="orange", pieces=1, waits_at=("W-1",)),
    )

    confirmed = after(seen(state), Pressed(W1, 1, held=False), Written("put:o1:1:1"))
    assert wall_faces(confirmed) == {"W-1": Face("orange", 1)}


def test_the_same_item_in_two_hands_counts_up_in_whatever_order_they_stay() -> None:
    state = after(wall(cubby("W-1", "o1")), Scanned("=mug", LEFT), Scanned("=mug", RIGHT))
    assert [put.total for put in state.lit] == [1, 2]

    state = after(state, Scanned("PL:ASIDE", LEFT))
    pressed = advance_wall(seen(state), Pressed(W1, 1, held=False))
    assert pressed.effects == (RecordPut(Put("o1:1", "o1", "W-1", "mug", 1, 1, RIGHT)),)


def test_two_hands_never_get_more_than_is_ready() -> None:
    state = after(wall(cubby("W-1", "o1")), Scanned("BOX", LEFT), Scanned("=mug", RIGHT))

    assert [(put.hand, put.pieces) for put in state.lit] == [(LEFT, 2)]
    assert state.notice == "not_needed"
