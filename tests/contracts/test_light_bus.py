"""What every LightBus promises, on each kind of line."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from edge.drivers.ports import DARK, BusDown, BusUp, Face, ModuleBack, ModuleLost, NotLit, Shown
from tests.contracts.light_rig import FIRST, SECOND, THIRD, LightRig, light_rig
from wire.ids import LocationId

BLUE = Face("blue", 12)
RED = Face("red", 3, blink=True)
FIRST_ID, SECOND_ID = LocationId(FIRST), LocationId(SECOND)


@pytest.fixture(params=["rtu", "tcp", "bay"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[LightRig]:
    async with light_rig(request.param) as made:
        yield made


async def test_at_the_start_every_module_is_made_dark_and_said_to_be(rig: LightRig) -> None:
    for location in (FIRST, SECOND, THIRD):
        await rig.until_reported(Shown(LocationId(location), DARK, verified=True))


async def test_a_module_shows_what_it_was_told_and_its_neighbours_do_not(rig: LightRig) -> None:
    rig.bus.want(SECOND, BLUE)
    await rig.until_reported(Shown(SECOND_ID, BLUE, verified=True))

    assert rig.faces() == {FIRST: DARK, SECOND: BLUE, THIRD: DARK}


async def test_the_newest_wish_wins(rig: LightRig) -> None:
    for pieces in range(1, 20):
        rig.bus.want(FIRST, Face("green", pieces))
    await rig.until_reported(Shown(FIRST_ID, Face("green", 19), verified=True))

    assert rig.faces()[FIRST] == Face("green", 19)


async def test_all_modules_can_be_lit_at_once_and_put_out_one_by_one(rig: LightRig) -> None:
    for location, face in ((FIRST, BLUE), (SECOND, RED), (THIRD, BLUE)):
        rig.bus.want(location, face)
    await rig.until(lambda: rig.faces() == {FIRST: BLUE, SECOND: RED, THIRD: BLUE})
    rig.bus.want(SECOND, DARK)

    await rig.until(lambda: rig.faces() == {FIRST: BLUE, SECOND: DARK, THIRD: BLUE})


async def test_a_press_is_reported_once(rig: LightRig) -> None:
    await rig.show(FIRST, BLUE)
    rig.rack.press(FIRST)
    await rig.until(rig.presses)
    await rig.show(SECOND, RED)

    assert rig.presses() == [(FIRST, 1, False)]


async def test_a_long_press_is_told_apart(rig: LightRig) -> None:
    await rig.show(FIRST, BLUE)
    rig.rack.press(FIRST, held=True)
    await rig.until(rig.presses)

    assert rig.presses() == [(FIRST, 1, True)]


async def test_a_press_that_came_before_the_light_is_not_counted_for_it(rig: LightRig) -> None:
    await rig.until_reported(Shown(FIRST_ID, DARK, verified=True))
    rig.rack.press(FIRST)
    await rig.show(FIRST, BLUE)
    before = rig.presses()
    await rig.show(SECOND, RED)

    assert rig.presses() == before


async def test_a_module_that_restarts_is_lit_again_and_its_counter_is_not_a_press(rig: LightRig) -> None:
    for _ in range(3):
        rig.rack.press(FIRST)
    await rig.show(FIRST, BLUE)
    before = rig.presses()
    rig.rack.power_cycle(FIRST)

    await rig.until(lambda: rig.faces()[FIRST] == BLUE)
    assert rig.presses() == before


async def test_a_lamp_that_stays_dark_is_reported_within_two_seconds_and_again_lit_when_mended(rig: LightRig) -> None:
    rig.rack.break_lamp(FIRST, broken=True)
    rig.bus.want(FIRST, BLUE)
    await rig.until_reported(NotLit(FIRST_ID, BLUE), wait_s_max=2.0)
    rig.rack.break_lamp(FIRST, broken=False)

    await rig.until_reported(Shown(FIRST_ID, BLUE, verified=True))


async def test_an_unplugged_module_is_named_and_relit_when_it_is_back(rig: LightRig) -> None:
    await rig.show(FIRST, BLUE)
    rig.rack.plug(FIRST, on=False)
    await rig.until(lambda: any(isinstance(report, ModuleLost) for report in rig.reports), wait_s_max=4.0)
    rig.rack.plug(FIRST, on=True)

    await rig.until_reported(ModuleBack(FIRST_ID))
    await rig.until(lambda: rig.faces()[FIRST] == BLUE)


async def test_a_line_that_goes_away_is_reported_once_and_its_faces_are_written_anew(rig: LightRig) -> None:
    await rig.show(FIRST, BLUE)
    await rig.rack.switch_bus("a", on=False)
    await rig.until(lambda: any(isinstance(report, BusDown) for report in rig.reports))
    rig.rack.power_cycle(FIRST)
    rig.bus.want(SECOND, RED)
    await rig.rack.switch_bus("a", on=True)

    await rig.until(lambda: (rig.faces()[FIRST], rig.faces()[SECOND]) == (BLUE, RED))
    assert [type(report) for report in rig.reports].count(BusDown) == 1
    await rig.until(lambda: rig.reports.count(BusUp("a")) == 2)


async def test_a_location_that_is_not_here_is_refused(rig: LightRig) -> None:
    with pytest.raises(KeyError, match="Z-99-9"):
        rig.bus.want("Z-99-9", BLUE)


async def test_closing_puts_the_lights_out_and_twice_is_harmless(rig: LightRig) -> None:
    await rig.show(FIRST, BLUE)
    await rig.bus.aclose()
    await rig.bus.aclose()

    assert rig.faces() == {FIRST: DARK, SECOND: DARK, THIRD: DARK}
    assert not rig.bus.counters().open


async def test_a_light_that_is_on_when_the_driver_starts_goes_out_unless_it_is_undecided(rig: LightRig) -> None:
    await rig.bus.aclose()
    for location in (FIRST, SECOND, THIRD):
        rig.rack.light(location, "blue", 4)
    rig.bus = rig.new_bus(SECOND)
    rig.bus.start()
    await rig.until(lambda: rig.faces() == {FIRST: DARK, SECOND: Face("blue", 4), THIRD: DARK})
    await rig.show(FIRST, RED)
    assert rig.faces()[SECOND] == Face("blue", 4)

    rig.bus.want(SECOND, DARK)
    await rig.until(lambda: rig.faces()[SECOND] == DARK)


async def test_a_press_nobody_heard_before_closing_leaves_its_light_on(rig: LightRig) -> None:
    await rig.show(FIRST, BLUE)
    await rig.show(SECOND, RED)
    rig.rack.press(FIRST)
    await rig.bus.aclose()

    assert rig.faces() == {FIRST: BLUE, SECOND: DARK, THIRD: DARK}
