"""Orders share a batch tote, part at a put-to-light wall, and are whole again in their cubbies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from central.rules.wall import Wall
from central.store.audit import audit
from tests.central.paper_floor import SETTINGS, PaperFloor, messages
from wire.answers import OrderLoaded
from wire.commands import CancelOrder, ImportLocations, NewLocation, ResolveTicket
from wire.deeds import CubbyEmptied, PutConfirmed, PutsMissing
from wire.downlink import Ack, Desired
from wire.wall import CubbyItem, CubbyWork

WALLED = replace(
    SETTINGS,
    node_of_zone={"A": "zone-a", "B": "zone-b", "W": "wall-1"},
    walls=(Wall("W", ("W-01", "W-02"), frozenset({"A", "B"}), lines_max=3),),
)


@pytest.fixture
def walled(tmp_path: Path) -> Iterator[PaperFloor]:
    """Two zones and a wall of two cubbies."""
    made = PaperFloor(tmp_path, WALLED)
    made.stock(("A-01-1", "mug", 10), ("B-01-1", "lamp", 10), ("A-02-1", "pen", 5), barcodes=[("BOX", "mug", 6)])
    yield made
    found = audit(made.path)
    assert (found.stock_faults, found.doubled, found.wall_faults, found.unverified) == ([], [], [], [])
    made.close()


def cubbies(floor: PaperFloor) -> dict[str, CubbyWork]:
    """What the wall's node was told, by order."""
    floor.tick()
    work = floor.desired["wall-1"].wall
    return {cubby.order_no: cubby for cubby in work.cubbies} if work else {}


def item(floor: PaperFloor, order_no: str, sku: str) -> CubbyItem:
    return next(one for one in cubbies(floor)[order_no].items if one.sku == sku)


def put(floor: PaperFloor, order_no: str, sku: str, pieces: int, total: int = 0) -> None:
    """The wall's node says that pieces went into the order's cubby; `total` is there then (0: what it must be)."""
    cubby, line = cubbies(floor)[order_no], item(floor, order_no, sku)
    total = total or line.put_pieces + pieces
    deed = PutConfirmed(
        zone="W",
        cubby=cubby.cubby,
        order_no=order_no,
        line_id=line.line_id,
        sku=sku,
        put_pieces=pieces,
        total_pieces=total,
    )
    floor.apply([floor.node_of("W").line(deed, f"put:{line.line_id}:{total}")])


def empty(floor: PaperFloor, cubby: str, order_no: str) -> None:
    deed = CubbyEmptied(zone="W", cubby=cubby, order_no=order_no)
    floor.apply([floor.node_of("W").line(deed, f"cubby:{order_no}")])


def test_orders_of_a_wave_share_a_batch_tote_and_get_a_cubby_each(walled: PaperFloor) -> None:
    walled.order("1", mug=2, lamp=1)
    walled.order("2", mug=1)
    walled.wave()

    assert [(tote.tote_id, pick.sku, pick.pieces) for tote, pick in walled.lit("A")] == [
        ("W000001/A/1", "mug", 2),
        ("W000001/A/1", "mug", 1),
    ]
    assert [tote.tote_id for tote, _ in walled.lit("B")] == ["W000001/B/1"]
    assert {no: (cubby.cubby, cubby.state) for no, cubby in cubbies(walled).items()} == {
        "1": ("W-01", "filling"),
        "2": ("W-02", "filling"),
    }
    assert walled.desired["wall-1"].zone is not None
    barcodes = walled.desired["wall-1"].wall
    assert barcodes is not None
    assert {(one.barcode, one.sku, one.pieces) for one in barcodes.barcodes} == {
        ("=mug", "mug", 1),
        ("BOX", "mug", 6),
        ("=lamp", "lamp", 1),
    }


def test_pieces_are_ready_once_they_are_picked_and_the_order_is_picked_once_all_are_put(walled: PaperFloor) -> None:
    walled.order("1", mug=2, lamp=1)
    walled.wave()
    assert item(walled, "1", "mug").ready_pieces == 0
    walled.pick_everything()
    assert (item(walled, "1", "mug").ready_pieces, walled.status("1")) == (2, "picking")
    put(walled, "1", "mug", 1)
    put(walled, "1", "mug", 1)
    assert (walled.status("1"), cubbies(walled)["1"].state) == ("picking", "filling")
    put(walled, "1", "lamp", 1)

    assert (walled.status("1"), cubbies(walled)["1"].state) == ("picked", "done")
    assert walled.rows("SELECT status FROM wave") == [("done",)]
    empty(walled, "W-01", "1")
    assert cubbies(walled) == {}


def test_an_order_that_finds_no_cubby_or_is_too_large_collects_its_own_tote(walled: PaperFloor) -> None:
    for number in (1, 2, 3):
        walled.order(str(number), cut_off_utc_s=number, mug=1)
    walled.wave()

    assert [tote.tote_id for tote, _ in walled.lit("A")] == ["W000001/A/1", "W000001/A/1", "3/A"]
    assert set(cubbies(walled)) == {"1", "2"}
    walled.pick_everything()
    assert walled.status("3") == "picked"


def test_a_put_counts_once_and_one_out_of_step_is_buried(walled: PaperFloor) -> None:
    walled.order("1", mug=3)
    walled.wave()
    walled.pick_everything()
    put(walled, "1", "mug", 1)
    walled.apply([walled.node_of("W").sent[-1]])
    put(walled, "1", "mug", 1, total=3)
    put(walled, "1", "mug", 9, total=10)

    assert item(walled, "1", "mug").put_pieces == 1
    assert ["put_out_of_step" in line for line in audit(walled.path).dead_letters] == [True, True]
    put(walled, "1", "mug", 2)
    assert walled.status("1") == "picked"


def test_a_cancelled_order_is_put_aside_and_its_cubby_is_free_afterwards(walled: PaperFloor) -> None:
    walled.order("1", mug=3)
    walled.wave()
    walled.pick_everything()
    put(walled, "1", "mug", 1)
    walled.command(CancelOrder, order_no="1", reason="customer")
    assert cubbies(walled)["1"].state == "aside"
    put(walled, "1", "mug", 1)
    assert (walled.status("1"), item(walled, "1", "mug").put_pieces) == ("cancelled", 2)
    empty(walled, "W-01", "1")

    assert cubbies(walled) == {}
    empty(walled, "W-01", "1")
    assert audit(walled.path).dead_letters == []


def test_what_was_short_is_picked_elsewhere_and_comes_to_the_same_cubby(walled: PaperFloor) -> None:
    more = NewLocation(location_id="B-02-1", zone="B", bay="B-02", level=1, sku="mug", on_hand_pieces=5)
    walled.command(ImportLocations, locations=(more,))
    walled.order("1", mug=4)
    walled.wave()
    (zone,) = (zone for zone in ("A", "B") if walled.lit(zone))
    walled.apply([walled.short(zone, *walled.lit(zone)[0], found=1)])
    assert item(walled, "1", "mug").ready_pieces == 1
    walled.pick_everything()
    assert item(walled, "1", "mug").ready_pieces == 4
    put(walled, "1", "mug", 4)

    assert walled.status("1") == "picked"


def test_a_short_order_is_held_in_its_cubby_until_someone_decides(walled: PaperFloor) -> None:
    walled.order("1", pen=5, mug=1)
    walled.wave()
    tote, pick = next(one for one in walled.lit("A") if one[1].sku == "pen")
    walled.apply([walled.short("A", tote, pick, found=2)])

    assert (walled.status("1"), cubbies(walled)["1"].state) == ("exception", "held")


def test_a_parcel_at_the_bench_frees_its_cubby(walled: PaperFloor) -> None:
    walled.order("1", mug=1)
    walled.wave()
    walled.pick_everything()
    put(walled, "1", "mug", 1)
    _, answer = walled.label("L1")

    assert isinstance(answer, OrderLoaded)
    assert cubbies(walled) == {}


def test_another_node_cannot_put_into_this_wall(walled: PaperFloor) -> None:
    walled.order("1", mug=1)
    walled.wave()
    line = item(walled, "1", "mug")
    deed = PutConfirmed(
        zone="W", cubby="W-01", order_no="1", line_id=line.line_id, sku="mug", put_pieces=1, total_pieces=1
    )
    out = walled.apply([walled.nodes["zone-a"].line(deed, "put:1:1:1")])

    assert len(messages(out, Ack)) == 1
    assert "foreign_zone" in audit(walled.path).dead_letters[0]


def test_a_wall_holds_no_stock(walled: PaperFloor) -> None:
    more = NewLocation(location_id="W-01-1", zone="W", bay="W-01", level=1, sku="mug", on_hand_pieces=5)
    assert not walled.command(ImportLocations, locations=(more,)).ok


def test_the_wall_is_told_anew_only_when_something_changed(walled: PaperFloor) -> None:
    walled.order("1", mug=1)
    walled.wave()
    walled.tick()
    assert messages(walled.tick(), Desired) == []


def test_central_coming_back_knows_every_cubby(walled: PaperFloor) -> None:
    walled.order("1", mug=2)
    walled.wave()
    walled.pick_everything()
    put(walled, "1", "mug", 1)
    before = cubbies(walled)
    walled.reopen()
    walled.apply([walled.node_of("W").hello(epoch=1)])

    assert cubbies(walled) == before


def say_missing(floor: PaperFloor, order_no: str, intent: str) -> None:
    deed = PutsMissing(zone="W", cubby=cubbies(floor)[order_no].cubby, order_no=order_no)
    floor.apply([floor.node_of("W").line(deed, intent)])


def test_a_piece_missing_at_the_wall_opens_a_ticket_holds_the_cubby_and_is_put_once_it_was_brought(
    walled: PaperFloor,
) -> None:
    walled.order("1", mug=2, lamp=1)
    walled.wave()
    walled.pick_everything()
    put(walled, "1", "mug", 1)
    put(walled, "1", "lamp", 1)
    say_missing(walled, "1", "missing:a")

    assert (walled.status("1"), cubbies(walled)["1"].state) == ("exception", "held")
    assert walled.rows("SELECT kind, stage, order_no, sku, status FROM ticket") == [
        ("missing_item", "picking", "1", "mug", "open")
    ]
    say_missing(walled, "1", "missing:b")
    assert len(walled.rows("SELECT 1 FROM ticket")) == 1

    (ticket,) = walled.rows("SELECT ticket FROM ticket")[0]
    walled.command(ResolveTicket, ticket=ticket, action="repack", note="found it")
    assert (walled.status("1"), cubbies(walled)["1"].state) == ("picking", "filling")
    put(walled, "1", "mug", 1)
    assert walled.status("1") == "picked"
    say_missing(walled, "1", "missing:c")
    assert walled.status("1") == "picked"
