"""A light bus for measuring: the real owner on a paced RS-485 line that another process simulates."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.gaps import GAPS
from edge.drivers.bus_link import BusLink
from edge.drivers.light_bus import ModbusLightBus
from edge.drivers.modbus_pdu import Refusal, Request, Words
from edge.drivers.module_model import MODELS_DIR, load_model
from edge.drivers.ports import Face, LightReport, Pressed, Shown
from edge.drivers.rtu_link import RtuLink
from edge.profile import ModulePlace
from sim.modules.remote import ModulesRemote

TURNAROUND_US: Final = 500  # of the simulated modules: short, so that nothing hides what the master itself adds
TURNAROUND_US_REAL: Final = 5_000  # what a small controller usually takes
REPLY_WAIT_MS: Final = 200  # longer than a busy machine stands still: what it holds up is slow, never silent
READY_S_MAX: Final = 15.0
LIT: Final = Face("blue", 3)


@dataclass(frozen=True)
class Setting:
    """A line: its speed, its model of module, unit and index of each module, and the owner's patience."""

    baud: int
    profile: str
    places: tuple[tuple[int, int], ...]
    reply_wait_ms: int = REPLY_WAIT_MS
    turnaround_us: int = TURNAROUND_US

    def modules(self) -> tuple[ModulePlace, ...]:
        """The places as a node profile says them; `location(n)` is the n-th."""
        return tuple(
            ModulePlace(location=location(n), bus="a", unit=unit, index=index)
            for n, (unit, index) in enumerate(self.places)
        )


@dataclass
class TimedLink:
    """An RTU link that notes of each exchange: unit, function, begin and end (seconds, time.monotonic)."""

    inner: BusLink
    seen: list[tuple[int, int, float, float]] = field(default_factory=list)
    tells_replies_apart: bool = False

    def open(self) -> None:
        """Open the line."""
        self.inner.open()

    def close(self) -> None:
        """Let go of it."""
        self.inner.close()

    @property
    def reply_delay_s(self) -> float:
        """Of the last reply."""
        return self.inner.reply_delay_s

    def wait_for_gap(self) -> None:
        """Return when a request should be chosen."""
        self.inner.wait_for_gap()

    def exchange(self, request: Request, reply_wait_s: float) -> Words | Refusal:
        """One request and its reply, noted."""
        began_s = time.monotonic()
        try:
            return self.inner.exchange(request, reply_wait_s)
        finally:
            self.seen.append((request.unit, request.function, began_s, time.monotonic()))


@dataclass
class BusRig:
    """The line, the hand at its modules and, while `driving`, the owner."""

    setting: Setting
    port: Path
    models: Path
    remote: ModulesRemote
    link: TimedLink | None = None
    bus: ModbusLightBus | None = None
    before: dict[str, int] = field(default_factory=dict)
    reports: list[tuple[float, LightReport]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def driving(self, lit: Sequence[int], *, timed: bool = True) -> AsyncIterator[ModbusLightBus]:
        """The owner at work, with the modules `lit` showing a face and everything else settled.

        Not `timed`, nothing of ours stands between the owner and its link, and `link` is None.
        """
        model = load_model(self.setting.profile, self.models)
        link: BusLink = RtuLink(str(self.port), self.setting.baud)
        self.link = None
        if timed:
            link = self.link = TimedLink(link)
        self.reports.clear()
        self.before = await self._line_counts()
        bus = self.bus = ModbusLightBus(
            "a", link, model, self.setting.modules(), self._hear, reply_wait_ms=self.setting.reply_wait_ms
        )
        bus.start()
        try:
            for number in lit:
                bus.want(location(number), LIT)
            await self.until(lambda: self._settled(lit))
            yield bus
        finally:
            await bus.aclose()
            GAPS.add(self.before, await self._line_counts())

    def _settled(self, lit: Sequence[int]) -> bool:
        shown = {report.location_id for _, report in self.reports if isinstance(report, Shown)}
        return shown >= {location(number) for number in range(len(self.setting.places))} and all(
            self.remote.showing[location(number)].colour != "off" for number in lit
        )

    def _hear(self, report: LightReport) -> None:
        self.reports.append((time.monotonic(), report))
        self.news.set()

    async def until(self, happened: Callable[[], object], wait_s_max: float = 60.0) -> None:
        """Wait until `happened()`. Raises TimeoutError."""
        async with asyncio.timeout(wait_s_max):
            while not happened():  # noqa: ASYNC110 - what happens is in another process
                await asyncio.sleep(0.01)

    async def press_ms(self, number: int) -> float:
        """Press; milliseconds until the owner has told of it."""
        where, already = location(number), len(self.reports)
        pressed_s = await self.remote.press(where) / 1e9
        async with asyncio.timeout(READY_S_MAX):
            while not (seen := self._pressed(where, already)):
                self.news.clear()
                await self.news.wait()
        return (seen[0] - pressed_s) * 1000

    def _pressed(self, where: str, already: int) -> list[float]:
        """When presses at `where` were told, leaving out the first `already` reports."""
        fresh = self.reports[already:]
        return [at_s for at_s, told in fresh if isinstance(told, Pressed) and told.location_id == where]

    async def gaps_broken(self) -> int:
        """Requests of the owner that came before the silence they owe had passed."""
        return (await self._line_counts())["gap_broken"] - self.before["gap_broken"]

    async def _line_counts(self) -> dict[str, int]:
        return (await self.remote.stats())["a"]


def location(number: int) -> str:
    """The name of the n-th module."""
    return f"A-{number + 1:03d}"


@asynccontextmanager
async def bus_rig(setting: Setting) -> AsyncIterator[BusRig]:
    """The line of `setting`, served by another process."""
    with tempfile.TemporaryDirectory(prefix="plb") as name:
        folder = Path(name)
        models = models_with(folder / "models", setting.turnaround_us)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.wire_process", "--config", str(_config(folder, models, setting)),
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        remote = ModulesRemote(folder / "c")
        try:
            await _ready(process)
            await remote.connect()
            yield BusRig(setting, folder / "line", models, remote)
        finally:
            await remote.aclose()
            if process.returncode is None:
                process.terminate()
            await process.wait()


def models_with(folder: Path, turnaround_us: int) -> Path:
    """The shipped models with one turnaround for all."""
    shutil.copytree(MODELS_DIR, folder)
    for file in folder.glob("*.toml"):
        lines = file.read_text(encoding="utf-8").splitlines()
        changed = [f"turnaround_us = {turnaround_us}" if line.startswith("turnaround_us") else line for line in lines]
        at_once = [line for line in changed if not line.startswith("hold_ms")]  # a press counts when the button is down
        file.write_text("\n".join(at_once), encoding="utf-8")
    return folder


def _config(folder: Path, models: Path, setting: Setting) -> Path:
    text = [
        f'control_socket = "{folder}/c"\nmodels_dir = "{models}"\n[zone]\nid = "A"',
        f'[[zone.bus]]\nname = "a"\nkind = "rtu"\nport = "{folder}/line"',
        f'baud = {setting.baud}\nprofile = "{setting.profile}"',
        *(
            f'[[zone.module]]\nlocation = "{one.location}"\nbus = "a"\nunit = {one.unit}\nindex = {one.index}'
            for one in setting.modules()
        ),
    ]
    file = folder / "modules.toml"
    file.write_text("\n".join(text), encoding="utf-8")
    return file


async def _ready(process: asyncio.subprocess.Process) -> None:
    if process.stderr is None:
        raise RuntimeError("no way to hear the simulated line")
    async with asyncio.timeout(READY_S_MAX):
        heard = b""
        while b"ready" not in heard:
            line = await process.stderr.readline()
            if not line:
                raise RuntimeError(f"the simulated line did not start: {heard.decode()[-500:]}")
            heard += line
