"""What one edge node costs: memory and processor to start and at rest.

It has one bus of eight modules, a scanner in the zone and one at the bench; a broker, and nobody at central's end.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from bench.results import Result, middle, result
from sim.floor.configs import BrokerAt, BusKind, node_head, station_part, table, zone_part
from sim.floor.rundir import free_port
from sim.layout import Place
from sim.scanner import ScannerOnPty

MEMORY_MB_MAX, IMPORT_MB_MAX = 45.0, 32.0  # what we allow a node; what its imports took when that was decided
IDLE_SHARE_MAX: Final = 0.01  # of one core
START_S_MAX: Final = 0.5
STARTS: Final = 7
SETTLE_S, IDLE_S = 5.0, 20.0
READY_S_MAX: Final = 30.0
MODULES: Final = 8
NODE: Final = "bench-1"
IMPORT: Final = "import edge.__main__, time; print(time.process_time(), open('/proc/self/statm').read().split()[1])"


async def edge_node(folder: Path) -> list[Result]:
    """Four results, each against what we allow."""
    imports = [await _import_once() for _ in range(STARTS)]
    async with _node(folder) as pid:
        await asyncio.sleep(SETTLE_S)
        began_s, began_cpu_s = time.monotonic(), _cpu_s(pid)
        await asyncio.sleep(IDLE_S)
        share = (_cpu_s(pid) - began_cpu_s) / (time.monotonic() - began_s)
        memory_mb = _rss_mb(pid)
    start_s, import_mb = middle([one[0] for one in imports]), middle([one[1] for one in imports])
    return [
        result("edge_memory", memory_mb, MEMORY_MB_MAX, "allowed", unit="MB", samples=1),
        result("edge_import_memory", import_mb, IMPORT_MB_MAX, "allowed", unit="MB", samples=STARTS),
        result("edge_idle_cpu", share * 100, IDLE_SHARE_MAX * 100, "allowed", unit="% of a core", samples=int(IDLE_S)),
        result("edge_start", start_s, START_S_MAX, "allowed", unit="s of processor", samples=STARTS),
    ]


async def _import_once() -> tuple[float, float]:
    """Processor seconds to start Python and import the whole node, and its memory then, MB."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", IMPORT, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    seconds, pages = said.split()
    return float(seconds), int(pages) * os.sysconf("SC_PAGESIZE") / 1e6


@asynccontextmanager
async def _node(folder: Path) -> AsyncIterator[int]:
    """A node that has started; its process id."""
    async with AsyncExitStack() as stack:
        port = free_port()
        config = folder / "broker.conf"
        config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nlog_type error\n")
        program = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin") or "mosquitto"
        await _running(stack, folder, program, "-c", str(config))
        scanners = [ScannerOnPty(folder / name) for name in ("zone.scanner", "bench.scanner")]
        for scanner in scanners:
            stack.callback(scanner.close)
        _write_profiles(folder, port)
        python = (sys.executable, "-m")
        await _running(stack, folder, *python, "sim.modules", "--config", str(folder / "modules.toml"))
        await _until((folder / "modules.sock").exists)
        pid = await _running(stack, folder, *python, "edge", "--profile", str(folder / "node.toml"))
        await _until(lambda: " ready " in (folder / "log").read_text(encoding="utf-8"))
        yield pid


def _write_profiles(folder: Path, broker_port: int) -> None:
    places = [Place(f"A-01-{number}", "A", "01", number, f"SKU-{number}", 1) for number in range(1, MODULES + 1)]
    zone = zone_part("A", places, BusKind("rtu", "picklight-display"), port=folder / "bus", tcp_port=0)
    control = table("", {"control_socket": str(folder / "modules.sock")})
    (folder / "modules.toml").write_text(f"{control}\n{zone}", encoding="utf-8")
    password = folder / "nodes" / NODE / "broker.password"
    password.parent.mkdir(parents=True)
    password.write_text("none", encoding="ascii")
    head = node_head(folder, NODE, BrokerAt("127.0.0.1", broker_port, folder / "nodes"))
    scanner = table("[zone.scanner]", {"kind": "serial", "port": str(folder / "zone.scanner")})
    station = station_part(
        NODE, guard_socket=folder / "guard.sock", scanner_port=folder / "bench.scanner", quiet_window_ms=400
    )
    (folder / "node.toml").write_text(f"{head}\n{zone}\n{scanner}\n{station}", encoding="utf-8")


async def _running(stack: AsyncExitStack, folder: Path, *argv: str) -> int:
    """Start a program, ended with the stack; what it says goes to the file `log`."""
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(*argv, stdout=log, stderr=log)

    async def end() -> None:
        process.terminate()
        await process.wait()

    stack.push_async_callback(end)
    return process.pid


async def _until(there: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + READY_S_MAX
    while not there():
        if time.monotonic() > deadline_s:
            raise TimeoutError("the node did not come up; see its log")
        await asyncio.sleep(0.05)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024 / 1e6
