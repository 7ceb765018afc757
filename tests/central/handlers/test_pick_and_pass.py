"""One tote an order, from zone to zone: each is told when the one before is done; one with nothing is skipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from central.store.audit import audit
from tests.central.paper_floor import SETTINGS, PaperFloor
from wire.commands import CancelOrder, ImportLocations, NewLocation

PASSING = replace(SETTINGS, node_of_zone={"A": "zone-a", "B": "zone-b", "C": "zone-c"}, pass_totes=True)


@pytest.fixture
def passing(tmp_path: Path) -> Iterator[PaperFloor]:
    """Three zones in a row."""
    made = PaperFloor(tmp_path, PASSING)
    made.stock(("A-01-1", "mug", 10), ("A-02-1", "cup", 10), ("B-01-1", "lamp", 10), ("C-01-1", "pen", 3))
    yield made
    found = audit(made.path)
    assert (found.stock_faults, found.doubled, found.dead_letters) == ([], [], [])
    made.close()


def totes(floor: PaperFloor, zone: str) -> list[tuple[str, str, int]]:
    """Each tote the zone was told of: name, next zone and open picks."""
    work = floor.desired[floor.settings.node_of_zone[zone]].zone
    return [(tote.tote_id, tote.next_zone, len(tote.picks)) for tote in (work.totes if work else ())]


def pick(floor: PaperFloor, zone: str, number: int = 0) -> None:
    floor.apply([floor.confirm(zone, *floor.lit(zone)[number])])


def test_the_tote_lights_in_the_next_zone_when_the_one_before_is_done(passing: PaperFloor) -> None:
    passing.order("1", mug=1, cup=1, lamp=1, pen=1)
    passing.wave()
    assert [totes(passing, zone) for zone in "ABC"] == [[("1", "B", 2)], [], []]
    pick(passing, "A", 0)
    assert [totes(passing, zone) for zone in "BC"] == [[], []]
    pick(passing, "A", 1)
    assert [totes(passing, zone) for zone in "BC"] == [[("1", "C", 1)], []]
    pick(passing, "B")
    assert totes(passing, "C") == [("1", "", 1)]
    pick(passing, "C")

    assert passing.status("1") == "picked"


def test_a_zone_with_nothing_to_do_is_skipped(passing: PaperFloor) -> None:
    passing.order("1", mug=1, pen=1)
    passing.order("2", lamp=1)
    passing.wave()

    assert [totes(passing, zone) for zone in "ABC"] == [[("1", "C", 1)], [("2", "", 1)], []]
    pick(passing, "A")
    assert totes(passing, "C") == [("1", "", 1)]


def test_what_is_short_is_picked_on_the_way_and_then_at_the_end(passing: PaperFloor) -> None:
    more = NewLocation(location_id="A-09-1", zone="A", bay="A-09", level=1, sku="pen", on_hand_pieces=5)
    passing.command(ImportLocations, locations=(more,))
    passing.order("1", mug=1, pen=3)
    passing.wave()
    pick(passing, "A")
    passing.apply([passing.short("C", *passing.lit("C")[0], found=1)])

    assert totes(passing, "A") == [("1", "", 1)]
    passing.apply([passing.confirm("A", *passing.lit("A")[-1])])
    assert passing.status("1") == "picked"


def test_a_cancelled_order_goes_nowhere(passing: PaperFloor) -> None:
    passing.order("1", mug=1, lamp=1)
    passing.wave()
    pick(passing, "A")
    passing.command(CancelOrder, order_no="1", reason="customer")

    assert totes(passing, "B") == []


@pytest.mark.parametrize("seed", range(12))
def test_a_tote_is_never_in_two_zones_and_every_order_is_whole_at_the_end(passing: PaperFloor, seed: int) -> None:
    chance = Random(seed)
    more = [(f"{zone}-0{bay}-1", sku, 40) for zone in "ABC" for bay, sku in ((5, "mug"), (6, "lamp"), (7, "pen"))]
    passing.stock(*more, ("B-08-1", "cup", 40))
    for number in range(6):
        skus = chance.sample(["mug", "lamp", "pen", "cup"], chance.randint(1, 4))
        passing.order(f"o{number}", **{sku: chance.randint(1, 3) for sku in skus})
    passing.wave()
    done: set[str] = set()
    while open_picks := [(z, t, p) for z in "ABC" for t, p in passing.lit(z) if p.pick_id not in done]:
        zones = {(tote.tote_id, zone) for zone, tote, _ in open_picks}
        assert len(zones) == len({tote for tote, _ in zones}), "one tote in two zones"
        zone, tote, pick = chance.choice(open_picks)
        done.add(pick.pick_id)
        is_short = chance.random() < 0.1
        passing.apply([passing.short(zone, tote, pick) if is_short else passing.confirm(zone, tote, pick)])
        if is_short:
            passing.tick()

    assert {passing.status(f"o{number}") for number in range(6)} <= {"picked", "exception"}


def test_side_by_side_totes_know_no_next_zone(floor: PaperFloor) -> None:
    floor.stock(("A-01-1", "mug", 10), ("B-01-1", "lamp", 10))
    floor.order("1", mug=1, lamp=1)
    floor.wave()

    assert [totes(floor, zone) for zone in "AB"] == [[("1/A", "", 1)], [("1/B", "", 1)]]
