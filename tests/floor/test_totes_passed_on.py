"""One tote an order through three zones in real processes: the next zone is shown, and one without work is skipped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim.invent import DATA
from sim.orders import ShopOrder
from tests.floor.small_floor import SmallFloor, small_floor
from wire.uplink import ZoneLive

pytestmark = [pytest.mark.floor, pytest.mark.timeout(180)]

FROM_A_TO_C = ShopOrder("1", "LP1CN", "CN", (("MUG-RED", 2), ("BOWL", 1)))
THROUGH_ALL = ShopOrder("2", "LP2CN", "CN", (("MUG-RED", 1), ("MUG-BLUE", 1), ("BOWL", 1)))
PICKLIGHT = Path(sys.executable).with_name("picklight")


def shown(floor: SmallFloor, zone: str) -> ZoneLive:
    """The screen of a zone."""
    return floor.crew.sight.zone(f"zone-{zone.lower()}") or ZoneLive(zone=zone)


async def pick(floor: SmallFloor, zone: str, tote: str) -> None:
    """Press what is lit in the zone until its screen no longer shows the tote."""
    hand = floor.crew.zones[zone]
    await floor.until(lambda: shown(floor, zone).tote_id == tote and hand.next_lit() is not None)
    while shown(floor, zone).tote_id == tote:
        location = hand.next_lit()
        if location is not None:
            await hand.pick(location, floor.crew.world)
        await hand.bell.heard(hand.bell.rung, 0.2)


async def test_a_tote_passes_three_zones_and_skips_the_one_without_work() -> None:
    async with small_floor([FROM_A_TO_C, THROUGH_ALL], zones=("A", "B", "C"), totes="pass") as floor:
        await floor.until(lambda: shown(floor, "A").tote_id == "1")
        assert shown(floor, "A").next_zone == "C"
        assert (shown(floor, "B").tote_id, shown(floor, "C").tote_id) == ("", "")

        await pick(floor, "A", "1")
        assert (shown(floor, "A").passed_tote, shown(floor, "A").passed_to) == ("1", "C")
        await floor.until(lambda: shown(floor, "C").tote_id == "1" and shown(floor, "A").next_zone == "B")
        assert shown(floor, "B").tote_id == ""

        await pick(floor, "A", "2")
        await floor.until(lambda: shown(floor, "B").next_zone == "C")
        await pick(floor, "B", "2")
        await pick(floor, "C", "1")
        await pick(floor, "C", "2")
        assert shown(floor, "C").next_zone == ""
        boxes = floor.crew.world.boxes
        await floor.until(lambda: list(floor.crew.world.lane) == ["1", "2"])
        assert [sorted(unit.sku for unit in boxes[order].units) for order in ("1", "2")] == [
            ["BOWL", "MUG-RED", "MUG-RED"],
            ["BOWL", "MUG-BLUE", "MUG-RED"],
        ]


def test_a_floor_that_passes_totes_through_three_zones_sends_every_parcel_right(tmp_path: Path) -> None:
    wish = ["--totes", "pass", "--orders", str(DATA / "orders.csv"), "--limit-orders", "15", "--people", "6"]
    more = ["--mistakes", "0", "--report", str(tmp_path / "out.json")]
    ran = subprocess.run([PICKLIGHT, "floor", "run", *wish, *more], capture_output=True, check=False, text=True)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert report["orders_handed_over"] == report["orders_total"] == 15
    assert report["wrong_released"] == report["lost_events"] == report["doubled_events"] == 0
