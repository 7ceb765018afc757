"""A zone's modes on a whole node: real process, real bus, real scanner line."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from sim.modules.bank import Showing
from sim.scanner import ScannerOnPty
from tests.edge.node_floor import NodeFloor, node_floor, picked, work
from tests.wire.real_broker import until
from wire.deeds import ShortPicked, ToteInducted
from wire.uplink import ZoneLive

pytestmark = pytest.mark.floor

FIRST, SECOND, THIRD = "A-01-1", "A-01-2", "A-02-1"
TOTES = (("t1", [(FIRST, 3), (SECOND, 1)]), ("t2", [(FIRST, 5), (THIRD, 2)]))
SCANNER = """scanner = {{kind = "serial", port = "{folder}/scanner"}}\n"""


def shows(colour: str, pieces: int, face: Showing) -> bool:
    return face.colour == colour and face.pieces == pieces


def live_of(floor: NodeFloor) -> ZoneLive:
    zone = floor.central.lives[-1].zone if floor.central.lives else None
    return zone or ZoneLive(zone="A")


async def test_two_pickers_scan_their_totes_in_and_queue_at_the_module_both_need() -> None:
    async with node_floor(SCANNER + "induct = true\ntotes_max = 2") as floor:
        scanner = ScannerOnPty(floor.folder / "scanner")
        await floor.start_edge()
        floor.central.want(work(1, *TOTES))
        await until(lambda: live_of(floor).notice == "scan_tote")

        for text in ("PL:BADGE:ann", "t1", "t2"):
            await scanner.scan(text)
        await floor.hand.wait_showing(FIRST, partial(shows, "blue", 3))
        await floor.hand.wait_showing(THIRD, partial(shows, "orange", 2))
        await until(lambda: [ask.waiting for ask in live_of(floor).asks] == [("t2",)])
        assert [(tote.tote_id, tote.picker) for tote in live_of(floor).totes] == [("t1", "ann"), ("t2", "")]

        await floor.press(FIRST)
        await floor.hand.wait_showing(FIRST, partial(shows, "orange", 5))
        await until(lambda: picked(floor.central.deeds) == [("pick_confirmed", "t1-0")])
        inductions = [deed for deed in floor.central.deeds if isinstance(deed, ToteInducted)]
        assert [(deed.tote_id, deed.colour, deed.picker) for deed in inductions] == [
            ("t1", "blue", "ann"),
            ("t2", "orange", ""),
        ]
        scanner.close()


async def test_a_batch_shows_the_total_then_each_totes_part() -> None:
    async with node_floor('mode = "batch"\ntotes_max = 2') as floor:
        await floor.start_edge()
        floor.central.want(work(1, *TOTES))

        for colour, pieces in (("white", 8), ("blue", 3), ("orange", 5)):
            await floor.hand.wait_showing(FIRST, partial(shows, colour, pieces))
            await floor.press(FIRST)
        await floor.hand.wait_dark(FIRST)

        await until(lambda: picked(floor.central.deeds) == [("pick_confirmed", "t1-0"), ("pick_confirmed", "t2-0")])


async def test_a_confirm_is_taken_back_and_a_short_pick_is_counted() -> None:
    async with node_floor(SCANNER + 'short = "count"') as floor:
        scanner = ScannerOnPty(floor.folder / "scanner")
        await floor.start_edge()
        floor.central.want(work(1, TOTES[0]))
        await floor.hand.wait_showing(FIRST, partial(shows, "blue", 3))
        await floor.press(FIRST)
        await floor.hand.wait_dark(FIRST)

        await scanner.scan("PL:UNDO")
        await floor.hand.wait_showing(FIRST, partial(shows, "blue", 3))
        await floor.press(FIRST, hold=True)
        await floor.hand.wait_showing(FIRST, lambda face: face.blink)
        for _ in range(2):
            await floor.press(FIRST)
            await asyncio.sleep(0.1)  # a finger does not press twice within the bounce time
        await floor.hand.wait_showing(FIRST, partial(shows, "blue", 2))
        await floor.press(FIRST, hold=True)
        await floor.hand.wait_dark(FIRST)

        await until(lambda: len(picked(floor.central.deeds)) == 3)
        assert picked(floor.central.deeds) == [
            ("pick_confirmed", "t1-0"),
            ("pick_undone", "t1-0"),
            ("short_picked", "t1-0~2"),
        ]
        short = floor.central.deeds[-1]
        assert isinstance(short, ShortPicked)
        assert short.found_pieces == 2
        scanner.close()
