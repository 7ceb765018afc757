"""Starts and stops the processes of a simulated floor: each one exactly as on a real machine."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from central.processes import Child, Program
from sim.floor.rundir import FloorPlan, RunDir, node_of, port_is_free

CHECKOUT: Final = Path(__file__).resolve().parents[2]
PROFILES_DIR: Final = CHECKOUT / "firmware_configs" / "modules"
READY_S_MAX: Final = 60.0  # a Pi with a slow card needs half of it
LOOK_EVERY_S: Final = 0.02
STARTS_MAX: Final = 4  # a process that ended so often while we wait for it will not come up
AGAIN_S_MAX: Final = 1.0  # a killed one comes back soon
RUN_DIR_MAX: Final = 80  # characters; the kernel's limit for a socket's path is 107 bytes


class CannotStart(Exception):
    """The floor cannot be started; `str()` says what to do."""


class Warehouse:
    """A floor's processes. `start` before use; `stop` leaves nothing running."""

    def __init__(self, plan: FloorPlan, folder: Path) -> None:
        self.plan = plan
        self.dir = RunDir(folder, plan)
        self.children: dict[str, Child] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def check(self) -> None:
        """Raises CannotStart for what can be known before anything runs."""
        if shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin") is None:
            raise CannotStart("Mosquitto is not installed. Run: sudo apt-get install mosquitto")
        if len(str(self.dir.path)) > RUN_DIR_MAX:
            raise CannotStart(f"{self.dir.path} is too long a path for sockets. Choose a shorter one with --dir")
        if self.plan.port and not port_is_free(self.plan.port):
            raise CannotStart(f"Port {self.plan.port} is busy. Stop what uses it, or add --port with another number")

    async def start(self) -> None:
        """Start central and all devices and wait until they answer. Raises CannotStart."""
        self.check()
        self.dir.make()
        await self.start_central()
        for zone in self.plan.lit_zones:
            self.dir.write_zone(zone)
            program = self.dir.plan.modules_program
            self.run_child(modules_of(zone), "-m", program, "--config", self.dir.modules_file(zone))
        for station in self.plan.stations:
            self.dir.write_station(station)
            guard = self.dir.guard_file(station)
            self.run_child(guard_of(station), "-m", "edge.packstation.guard", "--config", guard)
        for zone in self.plan.lit_zones:
            await self._until(modules_of(zone), self.dir.modules_socket(zone).exists)

    async def start_central(self) -> None:
        """Start central alone and wait until its page answers; the folder is made. Raises CannotStart."""
        self.run_child("central", "-m", "central", "run", "--site", self.dir.site_file)
        await self._until("central", (self.dir.central / "broker.json").exists)
        await self._until("central", self.dir.answers)

    def start_nodes(self) -> None:
        """Start the edge nodes, once their devices are there (scanners are made by whoever holds them)."""
        for node in (*map(node_of, self.plan.lit_zones), *self.plan.stations):
            self.run_child(node, "-m", "edge", "--profile", self.dir.profile(node), "--profiles-dir", PROFILES_DIR)

    async def stop(self) -> None:
        """Stop all: nodes first, then their devices, central last."""
        nodes = {*map(node_of, self.plan.lit_zones), *self.plan.stations}
        await self._stop_those(nodes)
        await self._stop_those(self._tasks.keys() - {"central"})
        await self._stop_those(set(self._tasks))

    def run_child(self, name: str, *argv: str | Path) -> Child:
        """Keep `python argv...` running under `name`, its words in logs/."""
        program = Program(
            name,
            (sys.executable, *argv),
            cwd=CHECKOUT,
            log_file=self.dir.log_file(name),
            stop_wait_s_max=8.0,
            again_wait_s_max=AGAIN_S_MAX,
        )
        child = self.children[name] = Child(program)
        self._tasks[name] = asyncio.create_task(child.run(), name=name)
        return child

    async def _stop_those(self, names: Collection[str]) -> None:
        tasks = [self._tasks.pop(name) for name in list(names) if name in self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _until(self, who: str, there: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_S_MAX
        while not there():
            died = self._tasks[who].done() or self.children[who].starts > STARTS_MAX
            if died or time.monotonic() > deadline:
                raise CannotStart(f"{who} did not come up. It said: {self._tail(who)}")
            await asyncio.sleep(LOOK_EVERY_S)

    def _tail(self, who: str) -> str:
        with contextlib.suppress(OSError):
            return self.dir.log_file(who).read_text(encoding="utf-8", errors="replace")[-800:].strip()
        return "nothing"


def modules_of(zone: str) -> str:
    """Name of the process that simulates a zone's modules."""
    return f"modules-{zone.lower()}"


def guard_of(station: str) -> str:
    """Name of a bench's guard process."""
    return f"guard-{station}"
