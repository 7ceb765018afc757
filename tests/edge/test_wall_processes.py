"""A put-to-light wall in its own process: scan, lamp, press, dark, deed; killed, and without central."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Sequence

import msgspec
import pytest

from sim.scanner import ScannerOnPty
from tests.edge.node_floor import NodeFloor
from tests.edge.wall_floor import hands_floor, wall_floor, wall_work
from tests.wire.real_broker import until
from wire.deeds import AnyDeed, PutsMissing
from wire.uplink import HandLive

pytestmark = pytest.mark.floor

FRONT, OTHER, BACK = "W-1", "W-2", "W-1-back"


def put(deeds: Sequence[AnyDeed]) -> list[tuple[str, int, int]]:
    """Line, pieces and total of each put; the order and zeros for each cubby that was emptied."""
    plain = [msgspec.to_builtins(deed) for deed in deeds]
    return [
        (deed.get("line_id", deed["order_no"]), deed.get("put_pieces", 0), deed.get("total_pieces", 0))
        for deed in plain
        if deed["kind"] in ("put_confirmed", "cubby_emptied")
    ]


async def scanned_and_lit(floor: NodeFloor, scanner: ScannerOnPty, code: str, place: str) -> None:
    """Scan until the node has its scanner open: what was sent before is lost, as with a real one."""
    for _ in range(50):
        await scanner.scan(code)
        with contextlib.suppress(TimeoutError):
            await floor.hand.wait_lit(place, 0.5)
            return
    raise AssertionError(f"{place} stays dark")


async def test_a_scan_lights_the_cubbies_a_press_puts_and_the_pack_side_tells_who_is_done() -> None:
    async with wall_floor() as (floor, scanner):
        await floor.start_edge()
        floor.central.want(wall_work(1))
        await until(lambda: floor.central.lives and floor.central.lives[-1].zone.wall.cubbies)  # type: ignore[union-attr]
        await scanner.scan("5901234123457")
        assert (await floor.hand.wait_lit(FRONT)).pieces == 1
        await floor.press(FRONT)
        await floor.hand.wait_dark(FRONT)
        await scanner.scan("BOX")
        assert [(await floor.hand.wait_lit(at)).pieces for at in (FRONT, OTHER)] == [1, 3]
        await floor.press(FRONT)
        assert (await floor.hand.wait_lit(BACK)).colour == "green"
        await floor.press(BACK)
        await floor.hand.wait_dark(BACK)
        await floor.press(OTHER)
        await until(lambda: len(put(floor.central.deeds)) == 4)

        assert put(floor.central.deeds) == [("o1:1", 1, 1), ("o1:1", 1, 2), ("o1", 0, 0), ("o2:1", 3, 3)]


async def test_two_people_put_at_one_wall_in_their_own_colours_one_after_the_other_at_the_same_cubby() -> None:
    async with hands_floor("left", "right") as (floor, (left, right)):
        await floor.start_edge()
        floor.central.want(wall_work(1))
        await until(lambda: floor.central.lives and floor.central.lives[-1].zone.wall.cubbies)  # type: ignore[union-attr]
        await scanned_and_lit(floor, left, "5901234123457", FRONT)
        await scanned_and_lit(floor, right, "BOX", OTHER)
        shown = [floor.hand.showing[at] for at in (FRONT, OTHER)]
        assert [(face.colour, face.pieces) for face in shown] == [("blue", 1), ("orange", 3)]
        await until(lambda: [hand.waits_at for hand in hands(floor)] == [(), (FRONT,)])

        await floor.press(FRONT)
        await floor.hand.wait_showing(FRONT, lambda face: face.colour == "orange")
        await floor.press(OTHER)
        await floor.press(FRONT)
        await until(lambda: len(put(floor.central.deeds)) == 3)
        assert sorted(put(floor.central.deeds)) == [("o1:1", 1, 1), ("o1:1", 1, 2), ("o2:1", 3, 3)]


def hands(floor: NodeFloor) -> Sequence[HandLive]:
    """What each person holds, as the screens show it."""
    zone = floor.central.lives[-1].zone
    return zone.wall.hands if zone is not None and zone.wall is not None else ()


async def test_a_missing_piece_is_declared_by_command_barcode_at_the_cubby_that_lacks_it() -> None:
    async with wall_floor() as (floor, scanner):
        await floor.start_edge()
        floor.central.want(wall_work(1, put=1))
        await until(lambda: floor.central.lives and floor.central.lives[-1].zone.wall.cubbies)  # type: ignore[union-attr]
        await scanner.scan("PL:MISSING")
        lacking = [await floor.hand.wait_lit(at) for at in (FRONT, OTHER)]
        assert [(face.colour, face.pieces, face.blink) for face in lacking] == [
            ("yellow", 1, True),
            ("yellow", 3, True),
        ]
        await floor.press(OTHER)
        await floor.hand.wait_dark(FRONT)
        await until(lambda: floor.central.deeds)

        assert floor.central.deeds == [PutsMissing(zone="W", cubby=OTHER, order_no="o2")]


async def test_a_wall_killed_and_without_central_goes_on_from_what_is_on_its_disk() -> None:
    async with wall_floor() as (floor, scanner):
        await floor.start_edge()
        floor.central.want(wall_work(1))
        await until(lambda: floor.central.lives and floor.central.lives[-1].zone.wall.cubbies)  # type: ignore[union-attr]
        floor.broker.kill()
        await scanner.scan("5901234123457")
        await floor.hand.wait_lit(FRONT)
        await floor.press(FRONT)
        await floor.hand.wait_dark(FRONT)
        floor.end_edge(signal.SIGKILL)
        await floor.start_edge()
        await scanned_and_lit(floor, scanner, "BOX", FRONT)
        assert [(await floor.hand.wait_lit(at)).pieces for at in (FRONT, OTHER)] == [1, 3]
        await floor.press(FRONT)
        await floor.hand.wait_dark(FRONT)
        await floor.broker.start()
        await until(lambda: len(put(floor.central.deeds)) == 2)

        assert put(floor.central.deeds) == [("o1:1", 1, 1), ("o1:1", 1, 2)]
        floor.central.want(wall_work(2, put=1))
        assert (await floor.hand.wait_lit(BACK)).colour == "green"
