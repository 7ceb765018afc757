"""A real light bus on simulated modules: the real driver, a real pty or socket, and a hand at the other end."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import msgspec

from edge.drivers.light_bus import ModbusLightBus, make_bus
from edge.drivers.module_model import MODELS_DIR
from edge.drivers.ports import Face, LightReport, Pressed
from edge.profile import BusProfile, ModulePlace, ZoneProfile
from sim.modules.bank import Showing
from sim.modules.rack import Rack, RackConfig
from sim.modules.tcp_line import TcpLine

FIRST, SECOND, THIRD = "A-01-1", "A-01-2", "A-02-1"


class LightRig:
    """One bus with modules FIRST, SECOND and THIRD on it."""

    def __init__(self, rack: Rack, zone: ZoneProfile, models: Path = MODELS_DIR) -> None:
        self.rack, self.zone, self.models = rack, zone, models
        self.reports: list[LightReport] = []
        self.showings: list[Showing] = []
        self._news = asyncio.Condition()
        self.bus: ModbusLightBus = self.new_bus()

    def new_bus(self, *undecided: str) -> ModbusLightBus:
        """A driver for the same line that leaves `undecided` modules as they are; reports go to `reports`."""
        places = self.zone.modules
        return make_bus(self.zone.buses[0], places, self.reports.append, self.models, undecided=undecided)

    def faces(self) -> dict[str, Face]:
        """What the modules really show."""
        return {
            showing.location: Face(showing.colour, showing.pieces, showing.blink)  # type: ignore[arg-type]
            for showing in self.rack.showing()
        }

    def presses(self) -> list[tuple[str, int, bool]]:
        """Presses the driver reported so far."""
        return [(r.location_id, r.times, r.held) for r in self.reports if isinstance(r, Pressed)]

    async def a_moment(self) -> None:
        """As long as a hand needs at least to follow a light: a few transactions."""
        asked = self.bus.counters().transactions
        await self.until(lambda: self.bus.counters().transactions >= asked + 6)

    def all_up(self) -> bool:
        """No finger is on a button."""
        return not any(self.rack.is_down(place.location) for place in self.zone.modules)

    async def until(self, happened: Callable[[], object], wait_s_max: float = 10.0) -> None:
        """Wait until `happened()`; fail with what was reported when it does not."""
        due_s = asyncio.get_running_loop().time() + wait_s_max
        while not happened():
            assert asyncio.get_running_loop().time() < due_s, f"did not happen; reported: {self.reports[-8:]}"
            await asyncio.sleep(0.002)

    async def until_reported(self, report: LightReport, wait_s_max: float = 10.0) -> None:
        """Wait until exactly `report` was made."""
        await self.until(lambda: report in self.reports, wait_s_max)

    async def show(self, location: str, face: Face) -> None:
        """Want `face` and wait until the module shows it and the driver said so."""
        before = len(self.reports)
        self.bus.want(location, face)
        await self.until(lambda: any(getattr(report, "face", None) == face for report in self.reports[before:]))

    def line_counts(self) -> dict[str, int]:
        """What the line counted."""
        return self.rack.stats()["a"]


def where_it_listens(zone: ZoneProfile, rack: Rack) -> ZoneProfile:
    """The zone with the port that its TCP line has taken."""
    line = rack.lines["a"]
    port = line.port if isinstance(line, TcpLine) else 0
    return msgspec.structs.replace(zone, buses=(msgspec.structs.replace(zone.buses[0], tcp_port=port),))


@asynccontextmanager
async def light_rig(
    kind: str, baud: int = 115200, reply_wait_ms: int = 150, gap: Literal["spec", "characters"] = "spec"
) -> AsyncIterator[LightRig]:
    """A started rig: "rtu" or "tcp" (one module a unit), "bay" (three modules of one unit, TCP), "rtu-bay".

    The patience of 150 ms is for a machine that runs other tests beside.
    """
    with tempfile.TemporaryDirectory(prefix="ptl") as folder:
        bus = BusProfile(
            name="a",
            kind="rtu" if kind in ("rtu", "rtu-bay") else "tcp",
            profile="picklight-bay16" if "bay" in kind else "picklight-display",
            port=f"{folder}/line",
            baud=baud,  # type: ignore[arg-type]
            host="127.0.0.1",
            tcp_port=0,
            reply_wait_ms_max=reply_wait_ms,
            gap=gap,
        )
        places = [
            ModulePlace(location=location, bus="a", unit=1 if "bay" in kind else 1 + n, index=n if "bay" in kind else 0)
            for n, location in enumerate((FIRST, SECOND, THIRD))
        ]
        zone = ZoneProfile(id="A", buses=(bus,), modules=tuple(places))
        showings: list[Showing] = []
        rack = Rack(RackConfig(control_socket=str(Path(folder) / "control"), zone=zone), showings.append)
        await rack.start()
        rig = LightRig(rack, where_it_listens(zone, rack))
        rig.showings = showings
        rig.bus.start()
        try:
            yield rig
        finally:
            await rig.bus.aclose()
            await rack.stop()
