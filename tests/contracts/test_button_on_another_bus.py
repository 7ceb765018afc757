"""A lamp on one bus and its button on another: two real lines, two owners, one location."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.drivers.light_bus import ModbusLightBus, make_bus
from edge.drivers.ports import Face, LightReport, ModuleBack, ModuleLost, Pressed
from edge.profile import BusProfile, ModulePlace, ZoneProfile
from edge.profile_rules import ButtonPlace
from sim.modules.rack import Rack, RackConfig
from wire.ids import LocationId

FIRST, SECOND = LocationId("A-01-1"), LocationId("A-01-2")
GREEN = Face("green")


@dataclass
class TwoLines:
    """Relays on line `a`, inputs on line `b`."""

    rack: Rack
    lamps: ModbusLightBus
    buttons: ModbusLightBus
    reports: list[LightReport] = field(default_factory=list)

    async def until(self, happened: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not happened():  # noqa: ASYNC110 - what happens is on two threads
                await asyncio.sleep(0.002)

    def presses(self) -> list[Pressed]:
        return [report for report in self.reports if isinstance(report, Pressed)]

    def is_lit(self, location: str) -> bool:
        return any(one.location == location and one.colour != "off" for one in self.rack.showing())

    async def a_moment(self) -> None:
        asked = self.buttons.counters().transactions
        await self.until(lambda: self.buttons.counters().transactions >= asked + 6)


@pytest.fixture
async def lines(tmp_path: Path) -> AsyncIterator[TwoLines]:
    relays, inputs = (
        BusProfile(
            name=name, kind="rtu", profile=profile, port=str(tmp_path / name), baud=115200, reply_wait_ms_max=150
        )
        for name, profile in (("a", "r421a08"), ("b", "picklight-bay16"))
    )
    places = tuple(
        ModulePlace(location=location, bus="a", unit=1, index=n, button=ButtonPlace(unit=5, index=n, bus="b"))
        for n, location in enumerate((FIRST, SECOND))
    )
    zone = ZoneProfile(id="A", buses=(relays, inputs), modules=places)
    rack = Rack(RackConfig(control_socket=str(tmp_path / "c"), zone=zone), lambda _: None)
    await rack.start()
    reports: list[LightReport] = []
    owners = [make_bus(bus, places, reports.append) for bus in (relays, inputs)]
    for owner in owners:
        owner.start()
    yield TwoLines(rack, owners[0], owners[1], reports)
    await asyncio.gather(*(owner.aclose() for owner in owners))
    await rack.stop()


async def test_a_press_on_the_other_line_is_told_at_the_lamps_location(lines: TwoLines) -> None:
    lines.lamps.want(SECOND, GREEN)
    await lines.until(lambda: lines.is_lit(SECOND))
    await lines.a_moment()
    lines.rack.press(SECOND)
    await lines.until(lines.presses)
    await lines.a_moment()

    assert lines.presses() == [Pressed(SECOND, 1, held=False)]


async def test_the_button_is_asked_while_its_lamp_is_dark_and_a_lamp_cannot_be_wanted_of_it(lines: TwoLines) -> None:
    await lines.a_moment()
    lines.rack.press(FIRST)
    await lines.until(lines.presses)

    assert lines.presses() == [Pressed(FIRST, 1, held=False)]
    with pytest.raises(KeyError, match=FIRST):
        lines.buttons.want(FIRST, GREEN)


async def test_the_line_of_the_buttons_lost_is_told_while_the_lamps_stay_lit(lines: TwoLines) -> None:
    lines.lamps.want(FIRST, GREEN)
    await lines.until(lambda: lines.is_lit(FIRST))
    lines.rack.plug_button(FIRST, on=False)
    await lines.until(lambda: any(isinstance(one, ModuleLost) and one.location_id == FIRST for one in lines.reports))
    assert lines.is_lit(FIRST)

    lines.rack.plug_button(FIRST, on=True)
    await lines.until(lambda: ModuleBack(FIRST) in lines.reports)
    await lines.a_moment()
    lines.rack.press(FIRST)
    await lines.until(lines.presses)
    assert lines.presses()[-1] == Pressed(FIRST, 1, held=False)
