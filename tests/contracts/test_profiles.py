"""What every shipped module profile promises: the real driver against the device its register map describes."""

from __future__ import annotations

import pytest

from edge.drivers.module_model import load_file, load_model, shipped
from edge.drivers.ports import DARK, Face, ModuleBack, ModuleLost, NotLit, Shown
from tests.contracts.light_rig import FIRST, SECOND, LightRig
from tests.contracts.profile_rig import DRIVABLE, PRESSABLE, READABLE, profile_rig, shown_as
from wire.ids import LocationId
from wire.toml_check import TomlWrong

GREEN, RED = Face("green", 12), Face("red", 3)
FIRST_ID, SECOND_ID = LocationId(FIRST), LocationId(SECOND)
CLOCKED = [n for n in PRESSABLE if (b := load_model(n).buttons) is not None and (b.hold_ms or b.holds is not None)]


async def until_lit(rig: LightRig, *, lit: bool) -> None:
    await rig.until(lambda: (rig.faces()[FIRST] != DARK) == lit)


async def until_pressed(rig: LightRig, times: int) -> None:
    await rig.until(lambda: len(rig.presses()) == times)


@pytest.mark.parametrize("name", DRIVABLE)
async def test_it_lights_what_is_wanted_alone_and_goes_out_again(name: str) -> None:
    model = load_model(name)
    async with profile_rig(name) as rig:
        rig.bus.want(SECOND, GREEN)
        await rig.until_reported(Shown(SECOND_ID, GREEN, verified=bool(model.readable)))
        assert rig.faces() == {FIRST: DARK, SECOND: shown_as(model, GREEN)}
        rig.bus.want(FIRST, RED)
        rig.bus.want(SECOND, DARK)
        await rig.until(lambda: rig.faces() == {FIRST: shown_as(model, RED), SECOND: DARK})
        rig.bus.want(FIRST, DARK)

        await rig.until(lambda: rig.faces() == {FIRST: DARK, SECOND: DARK})


@pytest.mark.parametrize("name", DRIVABLE)
async def test_it_blinks_as_it_can(name: str) -> None:
    model = load_model(name)
    blink = model.file.blink
    async with profile_rig(name) as rig:
        await rig.show(FIRST, Face("red", 2, blink=True))
        if blink is not None and blink.how == "us":
            for lit in (False, True, False, True):
                await until_lit(rig, lit=lit)
        else:
            await rig.until(lambda: rig.faces()[FIRST] == shown_as(model, Face("red", 2, blink=True)))
        rig.bus.want(FIRST, RED)

        await rig.until(lambda: rig.faces()[FIRST] == shown_as(model, RED))
        assert not [report for report in rig.reports if isinstance(report, NotLit)]


@pytest.mark.parametrize("name", PRESSABLE)
async def test_a_press_is_reported_once_and_so_is_the_next(name: str) -> None:
    async with profile_rig(name) as rig:
        await rig.show(FIRST, GREEN)
        for times in (1, 2):
            await rig.a_moment()
            rig.rack.press(FIRST)
            await until_pressed(rig, times)
            await rig.until(rig.all_up)
        await rig.show(SECOND, RED)

        assert rig.presses() == [(FIRST, 1, False)] * 2


@pytest.mark.parametrize("name", CLOCKED)
async def test_a_long_press_is_told_apart(name: str) -> None:
    async with profile_rig(name) as rig:
        await rig.show(FIRST, GREEN)
        await rig.a_moment()
        rig.rack.press(FIRST, held=True)
        await rig.until(rig.presses)
        await rig.show(SECOND, RED)

        assert rig.presses() == [(FIRST, 1, True)]


@pytest.mark.parametrize("name", READABLE)
async def test_a_lamp_that_stays_dark_is_reported_within_two_seconds_and_again_lit_when_mended(name: str) -> None:
    async with profile_rig(name) as rig:
        rig.rack.break_lamp(FIRST, broken=True)
        rig.bus.want(FIRST, GREEN)
        await rig.until_reported(NotLit(FIRST_ID, GREEN), wait_s_max=2.0)
        rig.rack.break_lamp(FIRST, broken=False)

        await rig.until_reported(Shown(FIRST_ID, GREEN, verified=True))


@pytest.mark.parametrize("name", DRIVABLE)
async def test_an_unplugged_module_is_named_and_relit_when_it_is_back(name: str) -> None:
    model = load_model(name)
    async with profile_rig(name) as rig:
        await rig.show(FIRST, GREEN)
        rig.rack.plug(FIRST, on=False)
        await rig.until(lambda: any(isinstance(report, ModuleLost) for report in rig.reports), wait_s_max=6.0)
        rig.rack.plug(FIRST, on=True)

        await rig.until_reported(ModuleBack(FIRST_ID))
        await rig.until(lambda: rig.faces()[FIRST] == shown_as(model, GREEN))


@pytest.mark.parametrize("name", READABLE)
async def test_a_module_that_restarted_unseen_is_lit_again(name: str) -> None:
    model = load_model(name)
    async with profile_rig(name) as rig:
        await rig.show(FIRST, GREEN)
        rig.rack.power_cycle(FIRST)

        await rig.until(lambda: rig.faces()[FIRST] == shown_as(model, GREEN), wait_s_max=5.0)
        assert rig.presses() == []


@pytest.mark.parametrize("name", [name for name in shipped() if name not in DRIVABLE])
def test_a_sketched_profile_is_refused_with_what_is_unknown(name: str) -> None:
    file = load_file(name)

    assert file.proven == "sketched"
    with pytest.raises(TomlWrong, match="only sketched") as told:
        load_model(name)
    assert all(unknown in str(told.value) for unknown in file.unknown)
