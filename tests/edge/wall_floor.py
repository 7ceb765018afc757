"""A wall's node as a whole in real processes: modules, scanner, broker, a scripted central."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sim.modules.remote import ModulesRemote
from sim.scanner import ScannerOnPty
from tests.edge.node_floor import NODE, SITE, NodeFloor, ScriptedCentral, start_process
from tests.wire.real_broker import Broker
from wire.downlink import Desired
from wire.wall import CubbyItem, CubbyWork, WallBarcode, WallWork


def wall_toml(folder: Path, scanners: Sequence[str] = ("scanner",)) -> str:
    """Two cubbies on one line, the first with a module on its pack side."""
    tables = "".join(
        f'[[zone.scanner]]\nname = "{name}"\nkind = "serial"\nport = "{folder}/{name}"\n' for name in scanners
    )
    return f"""
[zone]
id = "W"
mode = "wall"
{tables}
[[zone.bus]]
name = "rtu"
kind = "rtu"
port = "{folder}/line"
profile = "picklight-display"
reply_wait_ms_max = 200
[[zone.module]]
location = "W-1"
bus = "rtu"
unit = 1
[[zone.module]]
location = "W-2"
bus = "rtu"
unit = 2
[[zone.module]]
location = "W-1-back"
role = "pack_side"
cubby = "W-1"
bus = "rtu"
unit = 3
"""


def wall_work(version: int, *, put: int = 0) -> Desired:
    """Order 1 wants 2 mugs in W-1 (`put` of them are there), order 2 wants 3 in W-2; a box holds 6."""
    cubbies = tuple(
        CubbyWork(
            cubby=f"W-{n}",
            order_no=f"o{n}",
            wave="w",
            state="filling",
            items=(
                CubbyItem(
                    line_id=f"o{n}:1",
                    sku="mug",
                    title="Mug",
                    asked_pieces=n + 1,
                    ready_pieces=n + 1,
                    put_pieces=put if n == 1 else 0,
                ),
            ),
        )
        for n in (1, 2)
    )
    barcodes = (
        WallBarcode(barcode="5901234123457", sku="mug", pieces=1),
        WallBarcode(barcode="BOX", sku="mug", pieces=6),
    )
    return Desired(version=version, wall=WallWork(zone="W", cubbies=cubbies, barcodes=barcodes))


@asynccontextmanager
async def wall_floor() -> AsyncIterator[tuple[NodeFloor, ScannerOnPty]]:
    """Everything but the edge process itself, which each test starts."""
    async with hands_floor("scanner") as (floor, scanners):
        yield floor, scanners[0]


@asynccontextmanager
async def hands_floor(*names: str) -> AsyncIterator[tuple[NodeFloor, list[ScannerOnPty]]]:
    """The same with scanners of these names."""
    folder = Path(tempfile.mkdtemp(prefix="ptlwall"))
    zone = wall_toml(folder, names)
    scanners = [ScannerOnPty(folder / name) for name in names]
    (folder / "rack.toml").write_text(f'control_socket = "{folder}/control"\n{zone}')
    async with Broker(folder) as broker, ScriptedCentral(broker.address) as central:
        (folder / f"{NODE}.toml").write_text(
            f'[node]\nname = "{NODE}"\nsite = "{SITE}"\nstate_dir = "state"\nproduction = false\n'
            f'[broker]\nhost = "127.0.0.1"\nport = {broker.port}\n{zone}'
        )
        command = [sys.executable, "-m", "sim.modules", "--config", str(folder / "rack.toml")]
        rack = start_process(command, folder / "rack.log")
        hand = ModulesRemote(folder / "control")
        floor = NodeFloor(folder, broker, central, hand)
        try:
            await hand.connect()
            yield floor, scanners
        finally:
            await hand.aclose()
            for scanner in scanners:
                scanner.close()
            if floor.edge is not None and floor.edge.poll() is None:
                floor.end_edge(signal.SIGKILL)
            rack.terminate()
            rack.wait(timeout=10)
            shutil.rmtree(folder, ignore_errors=True)
