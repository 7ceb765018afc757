"""A wall from end to end in real processes: a wave is batch-picked, sorted, taken out; things die meanwhile."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from central.store.audit import audit
from sim.modules.remote import ModulesRemote
from sim.people.sorter import Sorter
from sim.scanner import ScannerOnPty
from tests.central.small_site import address_of
from tests.central.whole_site import WholeSite, picklight, whole_site
from tests.edge.node_floor import start_process
from tests.edge.wall_floor import wall_toml
from tests.floor.short_paths import short_folder
from tests.wire.real_broker import until

pytestmark = pytest.mark.floor

WALL = '[[node]]\nname = "wall-1"\nzone = "W"\n[[wall]]\nzone = "W"\ncubbies = ["W-1", "W-2"]\nfeeds = ["A"]\n'
CATALOGUE = "sku,title,barcode,pieces\nMUG,Mug,5901234123457,1\nPEN,Pen,4006381333931,1\n"
LOCATIONS = "location_id,zone,bay,level,sku,on_hand_pieces\nA-01-1,A,A-01,1,MUG,50\nA-01-2,A,A-01,2,PEN,50\n"
ORDERS = "order_no,label,sku,pieces\n1,L1,MUG,2\n1,L1,PEN,1\n2,L2,MUG,1\n2,L2,PEN,2\n3,L3,MUG,4\n"
BARCODE = {"MUG": "5901234123457", "PEN": "4006381333931"}
ZONE_A = """
[zone]
id = "A"
[[zone.bus]]
name = "rtu"
kind = "rtu"
port = "{folder}/line"
profile = "picklight-display"
reply_wait_ms_max = 200
[[zone.module]]
location = "A-01-1"
bus = "rtu"
unit = 1
[[zone.module]]
location = "A-01-2"
bus = "rtu"
unit = 2
"""


class Nodes:
    """The two nodes and their simulated modules, each a process."""

    def __init__(self, site: WholeSite, folder: Path, stack: ExitStack) -> None:
        self._site, self._folder, self._stack = site, folder, stack
        self.edges: dict[str, subprocess.Popen[bytes]] = {}

    def add(self, node: str, zone: str) -> ModulesRemote:
        """A node of its own folder, running."""
        here = self._folder / node
        (here / "rack.toml").write_text(f'control_socket = "{here}/control"\n{zone}')
        address, state = address_of(self._site.settings, node), self._site.settings.state_dir
        (here / "node.toml").write_text(
            f'[node]\nname = "{node}"\nsite = "demo"\nstate_dir = "state"\nproduction = false\n'
            f'[broker]\nhost = "127.0.0.1"\nport = {address.port}\n'
            f'password_file = "{state}/nodes/{node}/broker.password"\n{zone}'
        )
        rack = [sys.executable, "-m", "sim.modules", "--config", str(here / "rack.toml")]
        self._stack.enter_context(running(start_process(rack, here / "rack.log")))
        self.start(node)
        return ModulesRemote(here / "control")

    def start(self, node: str) -> None:
        """Start its edge process (again)."""
        here = self._folder / node
        command = [sys.executable, "-m", "edge", "--profile", str(here / "node.toml")]
        self.edges[node] = start_process(command, here / "edge.log")
        self._stack.enter_context(running(self.edges[node]))


@contextmanager
def running(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Gone afterwards."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=15)


def rows(site: WholeSite, sql: str) -> list[tuple[str, ...]]:
    """What the record says."""
    with sqlite3.connect(f"file:{site.settings.database}?mode=ro", uri=True) as record:
        found = record.execute(sql).fetchall()
    record.close()
    return found


async def pick_all(site: WholeSite, hand: ModulesRemote) -> None:
    """Press whatever is lit until every pick is confirmed."""

    def open_picks() -> int:
        return int(rows(site, "SELECT count(*) FROM pick WHERE status <> 'confirmed'")[0][0])

    def fewer(before: int) -> bool:
        return open_picks() < before

    await until(lambda: open_picks() > 0, 20)
    while open_picks():
        for place in ("A-01-1", "A-01-2"):
            if hand.showing.get(place) and hand.showing[place].colour != "off":
                await hand.press(place)
        with suppress(AssertionError):
            await until(partial(fewer, open_picks()), 1.0)


async def test_a_wave_is_sorted_at_the_wall_and_nothing_is_lost_whatever_dies(tmp_path: Path) -> None:
    with short_folder() as folder, ExitStack() as stack:
        async with whole_site(tmp_path, WALL) as site:
            for name in ("zone-a", "wall-1"):
                (folder / name).mkdir()
            scanner = ScannerOnPty(folder / "wall-1" / "scanner")
            stack.callback(scanner.close)
            nodes = Nodes(site, folder, stack)
            picker = nodes.add("zone-a", ZONE_A.format(folder=folder / "zone-a"))
            at_wall = nodes.add("wall-1", wall_toml(folder / "wall-1"))
            sorter = Sorter(at_wall, scanner, {"W-1-back": "W-1"})
            try:
                await picker.connect()
                await sorter.look()
                await load(site, tmp_path)
                await pick_all(site, picker)
                tote = [
                    BARCODE[sku]
                    for sku, pieces in rows(site, "SELECT sku, picked FROM pick WHERE tote_id LIKE 'W000001/%'")
                    for _ in range(int(pieces))
                ]
                assert await sorter.sort(tote[:3], 30) == []
                nodes.edges["wall-1"].send_signal(signal.SIGKILL)
                nodes.edges["wall-1"].wait(timeout=10)
                await site.kill("writer")
                nodes.start("wall-1")
                assert await sorter.sort(tote[3:], 60) == []
                assert await sorter.take_out(20)
                assert await sorter.take_out(20)
                await until(lambda: rows(site, "SELECT status FROM orders ORDER BY order_no") == [("picked",)] * 3, 20)
                await until(lambda: rows(site, "SELECT * FROM wall_cubby") == [], 20)
            finally:
                await picker.aclose()
                await at_wall.aclose()

            inside = sorted(sorted(held.elements()) for _, held in sorter.taken_out)
            mug, pen = BARCODE["MUG"], BARCODE["PEN"]
            assert inside == sorted([sorted([mug, mug, pen]), sorted([mug, pen, pen])])
            found = audit(site.settings.database)
            assert (found.wall_faults, found.stock_faults, found.doubled, found.dead_letters) == ([], [], [], [])


async def load(site: WholeSite, folder: Path) -> None:
    """Goods, places and orders, by the command line."""
    for what, text in (("catalogue", CATALOGUE), ("locations", LOCATIONS), ("orders", ORDERS)):
        (folder / f"{what}.csv").write_text(text)
        code, said, trouble = await picklight(what, "import", folder / f"{what}.csv", "--site", site.file)
        assert code == 0, said + trouble
