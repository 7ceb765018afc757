"""From a catalogue file to a confirmed pick: the real engine of central, a real node, its bus and its scanner line."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from central.hosts.catalogue import read_catalogue
from central.hosts.files import read_locations, read_orders
from sim.modules.bank import Showing
from sim.scanner import ScannerOnPty
from tests.central.paper_floor import PaperFloor
from tests.edge.node_floor import NodeFloor, node_floor, picked, work
from tests.wire.real_broker import until
from wire.commands import ImportCatalogue, ImportLocations, ImportOrders
from wire.deeds import AlarmRaised, AnyDeed, PickConfirmed
from wire.uplink import ZoneLive

pytestmark = pytest.mark.floor

FIRST, SECOND, THIRD = "A-01-1", "A-01-2", "A-02-1"
SCANNER = """scanner = {{kind = "serial", port = "{folder}/scanner"}}\n"""
CATALOGUE = b"""sku,title,barcode,scan_first
MUG-RED,Mug red 300 ml,4006381333931,no
MUG-BLUE,Mug blue 300 ml,4006381333948,no
BOWL,Bowl,4006381333955,
"""
LOCATIONS = b"""location_id,zone,bay,level,sku,on_hand_pieces
A-01-1,A,A-01,1,MUG-RED,9
A-01-2,A,A-01,2,MUG-BLUE,9
A-02-1,A,A-02,1,BOWL,9
"""
ORDERS = b"""order_no,label,sku,pieces
1,L1,MUG-RED,3
"""


def shows(colour: str, pieces: int, face: Showing) -> bool:
    return face.colour == colour and face.pieces == pieces


def live_of(floor: NodeFloor) -> ZoneLive:
    zone = floor.central.lives[-1].zone if floor.central.lives else None
    return zone or ZoneLive(zone="A")


def asks(floor: NodeFloor) -> list[tuple[str, str]]:
    return [(ask.location_id, ask.step) for ask in live_of(floor).asks]


def bring(paper: PaperFloor) -> None:
    """The three files, as a host sends them, and a wave."""
    skus, sku_troubles = read_catalogue(CATALOGUE, "csv")
    places, place_troubles = read_locations(LOCATIONS, "csv")
    orders, order_troubles = read_orders(ORDERS, "csv")
    assert (*sku_troubles, *place_troubles, *order_troubles) == ()
    assert paper.command(ImportCatalogue, skus=skus).ok
    assert paper.command(ImportLocations, locations=places).ok
    assert paper.command(ImportOrders, orders=orders).ok
    assert paper.wave().ok


def confirms(deeds: Sequence[AnyDeed]) -> list[PickConfirmed]:
    return [deed for deed in deeds if isinstance(deed, PickConfirmed)]


async def test_a_red_mug_beside_a_blue_one_is_scanned_before_its_press_counts(tmp_path: Path) -> None:
    paper = PaperFloor(tmp_path)
    bring(paper)
    async with node_floor(SCANNER + "bounce_ms = 0") as floor:
        scanner = ScannerOnPty(floor.folder / "scanner")
        await floor.start_edge()
        floor.central.want(paper.desired["zone-a"])
        lit = await floor.hand.wait_lit(FIRST)
        await floor.hand.wait_showing(SECOND, partial(shows, "red", 0))

        await floor.hand.press(FIRST)
        await until(lambda: live_of(floor).notice == "scan_item_first")
        await scanner.scan("4006381333948")
        await until(lambda: live_of(floor).wrong_scan is not None)
        await floor.hand.press(FIRST)
        await until(lambda: live_of(floor).notice == "scan_item_first")
        assert confirms(floor.central.deeds) == []
        await scanner.scan("]C10104006381333931")
        await until(lambda: ("A-01-1", "scan_item") not in asks(floor))
        await floor.hand.press(FIRST)
        await floor.hand.wait_dark(FIRST)
        await floor.hand.wait_dark(SECOND)

        await until(lambda: len(confirms(floor.central.deeds)) == 1)
        deed = confirms(floor.central.deeds)[0]
        assert (lit.pieces, deed.picked_pieces, deed.sku, deed.confirmed_by) == (3, 3, "MUG-RED", "button")
        paper.apply([paper.node_of("A").line(deed, f"pick:{deed.pick_id}")])
        assert (paper.status("1"), paper.shelf(FIRST)) == ("picked", (6, 0))
        scanner.close()
    paper.close()


async def test_a_module_that_is_unplugged_blocks_no_tote_its_pick_is_scanned() -> None:
    async with node_floor(SCANNER) as floor:
        scanner = ScannerOnPty(floor.folder / "scanner")
        await floor.start_edge()
        floor.central.want(work(1, ("t1", [(FIRST, 3), (THIRD, 1)])))
        await floor.hand.wait_lit(THIRD)
        await floor.hand.unplug(FIRST)
        await until(lambda: asks(floor) == [(FIRST, "dead_scan")])
        await until(lambda: [deed.subject for deed in floor.central.deeds if isinstance(deed, AlarmRaised)] == [FIRST])

        await scanner.scan(FIRST)
        await until(lambda: asks(floor) == [(FIRST, "dead_done")])
        await scanner.scan("PL:DONE")
        await until(lambda: len(confirms(floor.central.deeds)) == 1)
        await floor.hand.press(THIRD)
        await until(lambda: len(confirms(floor.central.deeds)) == 2)
        ways = [(deed.location_id, deed.confirmed_by) for deed in confirms(floor.central.deeds)]
        assert ways == [(FIRST, "command"), (THIRD, "button")]
        scanner.close()


async def test_a_lamp_that_did_not_light_is_an_alarm_within_two_seconds_and_its_pick_is_scanned() -> None:
    async with node_floor(SCANNER) as floor:
        scanner = ScannerOnPty(floor.folder / "scanner")
        await floor.start_edge()
        await floor.hand.ask({"break_lamp": FIRST})
        floor.central.want(work(1, ("t1", [(FIRST, 3)])))
        await until(lambda: any(isinstance(deed, AlarmRaised) for deed in floor.central.deeds), wait_s_max=2.0)
        alarm = next(deed for deed in floor.central.deeds if isinstance(deed, AlarmRaised))
        assert (alarm.alarm, alarm.subject) == ("module_not_lit", FIRST)

        await until(lambda: asks(floor) == [(FIRST, "dead_scan")])
        await scanner.scan(FIRST)
        await until(lambda: asks(floor) == [(FIRST, "dead_done")])
        await scanner.scan("MUG")
        await until(lambda: [deed.confirmed_by for deed in confirms(floor.central.deeds)] == ["item_scan"])
        scanner.close()


async def test_a_place_found_short_stays_dark_over_a_restart_until_central_knows() -> None:
    async with node_floor() as floor:
        totes = (("t1", [(FIRST, 3)]), ("t2", [(FIRST, 2), (THIRD, 1)]))
        await floor.start_edge()
        before = work(1, *totes)
        floor.central.want(type(before)(version=1, zone=before.zone, knows=0))
        await floor.hand.wait_lit(FIRST)
        await floor.hand.hold(FIRST)
        await floor.hand.wait_lit(THIRD)
        await until(lambda: asks(floor) == [(FIRST, "barred")])
        await floor.hand.wait_dark(FIRST)

        floor.end_edge(signal.SIGKILL)
        heard = len(floor.central.lives)
        await floor.start_edge()
        await until(lambda: len(floor.central.lives) > heard and asks(floor) == [(FIRST, "barred")])
        await floor.hand.wait_dark(FIRST)
        after = work(2, totes[1])
        floor.central.want(type(after)(version=2, zone=after.zone, knows=floor.central.through))
        await floor.hand.wait_showing(FIRST, lambda face: face.pieces == 2)
        assert picked(floor.central.deeds) == [("short_picked", "t1-0")]
