"""What pickers do beyond a press, on a whole node: real process, real bus, real scanner line."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial

import msgspec
import pytest

from sim.modules.bank import Showing
from sim.scanner import ScannerOnPty
from tests.edge.node_floor import NodeFloor, node_floor, picked, work
from tests.wire.real_broker import until
from wire.deeds import AlarmRaised, ShortPicked, ZeroChecked
from wire.downlink import Desired, ZoneWork
from wire.uplink import ZoneLive

pytestmark = pytest.mark.floor

FIRST, SECOND, THIRD = "A-01-1", "A-01-2", "A-02-1"
SCANNER = """scanner = {{kind = "serial", port = "{folder}/scanner"}}\n"""
LAMPS = """
[[zone.module]]
location = "A-01"
role = "bay"
covers = "A-01"
bus = "rtu"
unit = 7
[[zone.module]]
location = "A"
role = "zone"
bus = "rtu"
unit = 8
"""
REACH = """
[[zone.module]]
location = "A-03-1"
bus = "rtu"
unit = 7
button = {{unit = 9, profile = "waveshare-io-8"}}
"""


def shows(colour: str, pieces: int, face: Showing) -> bool:
    return (face.colour, face.pieces) == (colour, pieces)


def live_of(floor: NodeFloor) -> ZoneLive:
    zone = floor.central.lives[-1].zone if floor.central.lives else None
    return zone or ZoneLive(zone="A")


def shorts(floor: NodeFloor) -> Sequence[tuple[str, int]]:
    return [(deed.pick_id, deed.found_pieces) for deed in floor.central.deeds if isinstance(deed, ShortPicked)]


def emptied(desired: Desired) -> Desired:
    """The same work; each pick takes the last pieces of its place."""
    totes = desired.zone.totes if desired.zone is not None else ()
    last = [
        msgspec.structs.replace(tote, picks=tuple(msgspec.structs.replace(pick, empties=True) for pick in tote.picks))
        for tote in totes
    ]
    return msgspec.structs.replace(desired, zone=ZoneWork(zone="A", totes=tuple(last)))


async def test_a_sequential_zone_lights_one_line_after_the_other_and_its_lamps_say_how_far_it_is() -> None:
    async with node_floor('mode = "sequential"' + LAMPS) as floor:
        await floor.start_edge()
        floor.central.want(work(1, ("t1", [(FIRST, 3), (SECOND, 1), (THIRD, 2)])))
        for at, pieces in ((FIRST, 3), (SECOND, 1)):
            await floor.hand.wait_showing(at, partial(shows, "blue", pieces))
            assert [floor.hand.showing[other].colour for other in {FIRST, SECOND, THIRD} - {at}] == ["off", "off"]
            await floor.hand.wait_showing("A-01", partial(shows, "blue", 1))
            await floor.press(at)
        await floor.hand.wait_lit(THIRD)
        await floor.hand.wait_dark("A-01")
        await floor.press(THIRD)

        await floor.hand.wait_showing("A", partial(shows, "green", 0))
        await until(lambda: picked(floor.central.deeds) == [("pick_confirmed", f"t1-{n}") for n in range(3)])


async def test_a_short_pick_is_said_by_command_barcodes() -> None:
    async with node_floor(SCANNER + 'short = "count"') as floor:
        scanner = ScannerOnPty(floor.folder / "scanner")
        await floor.start_edge()
        floor.central.want(work(1, ("t1", [(FIRST, 4)]), ("t2", [(FIRST, 5)])))
        await floor.hand.wait_showing(FIRST, partial(shows, "blue", 4))
        await until(lambda: live_of(floor).tote_id == "t1")
        while not floor.hand.showing[FIRST].blink:  # until the node has its scanner open
            await scanner.scan("PL:SHORT")
            with contextlib.suppress(TimeoutError):
                await floor.hand.wait_showing(FIRST, lambda face: face.blink, 1.0)
        await scanner.scan("PL:QTY:3")
        await until(lambda: shorts(floor) == [("t1-0", 3)])
        scanner.close()


async def test_a_place_that_should_be_empty_is_looked_at() -> None:
    async with node_floor("zero_check = true") as floor:
        await floor.start_edge()
        floor.central.want(emptied(work(1, ("t1", [(FIRST, 3)]))))
        await floor.hand.wait_showing(FIRST, partial(shows, "blue", 3))
        await floor.press(FIRST)
        await floor.hand.wait_showing(FIRST, lambda face: face.colour == "white" and face.blink)
        await floor.press(FIRST)

        await floor.hand.wait_dark(FIRST)
        await until(lambda: any(isinstance(deed, ZeroChecked) for deed in floor.central.deeds))


async def test_a_press_of_a_dark_module_is_said_and_ignored_and_one_that_presses_by_itself_is_named() -> None:
    async with node_floor() as floor:
        await floor.start_edge()
        floor.central.want(work(1, ("t1", [(FIRST, 3), (SECOND, 1)])))
        await floor.hand.wait_lit(SECOND)
        await floor.press(SECOND)
        await floor.hand.wait_dark(SECOND)
        await floor.hand.press(SECOND)
        await until(lambda: live_of(floor).notice == "presses_ignored:1")
        while not any(isinstance(deed, AlarmRaised) for deed in floor.central.deeds):
            await floor.hand.press(SECOND)
            await asyncio.sleep(0.05)  # slower than a bounce

        alarms = [(deed.alarm, deed.subject) for deed in floor.central.deeds if isinstance(deed, AlarmRaised)]
        assert alarms == [("button_stuck", SECOND)]
        assert picked(floor.central.deeds) == [("pick_confirmed", "t1-1")]


async def test_a_bounced_press_counts_once() -> None:
    async with node_floor('short = "count"\nbounce_ms = 500') as floor:
        await floor.start_edge()
        floor.central.want(work(1, ("t1", [(FIRST, 3)])))
        await floor.hand.wait_showing(FIRST, partial(shows, "blue", 3))
        await floor.press(FIRST, hold=True)
        await floor.hand.wait_showing(FIRST, lambda face: face.blink)
        await floor.press(FIRST)
        await floor.hand.press(FIRST)  # the same finger once more
        await floor.press(FIRST, hold=True)
        await until(lambda: shorts(floor) == [("t1-0", 1)])


async def test_a_hand_in_a_reach_sensor_on_a_board_confirms() -> None:
    async with node_floor(REACH) as floor:
        await floor.start_edge()
        floor.central.want(work(1, ("t1", [("A-03-1", 2), (FIRST, 1)])))
        await floor.hand.wait_showing("A-03-1", partial(shows, "blue", 2))
        await floor.press("A-03-1")

        await floor.hand.wait_dark("A-03-1")
        await until(lambda: picked(floor.central.deeds) == [("pick_confirmed", "t1-0")])
