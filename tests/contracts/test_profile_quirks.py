"""What is odd about single models, and how the driver lives with it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from edge.drivers.light_bus import make_bus
from edge.drivers.modbus_pdu import READ_COILS, Request, Words
from edge.drivers.module_model import MODELS_DIR, load_model
from edge.drivers.ports import DARK, BusDown, Face, KeyPressed, LightReport, ModuleBack, ModuleLost, NotLit, Shown
from edge.drivers.rtu_link import RtuLink
from edge.profile import BusProfile, ModulePlace
from edge.profile_rules import ButtonPlace
from tests.contracts.light_rig import FIRST, SECOND, LightRig
from tests.contracts.profile_rig import profile_rig, shown_as
from wire.ids import LocationId

GREEN, RED = Face("green", 12), Face("red", 3)
LIT = Face("white")


async def until_shown(rig: LightRig, location: str, face: Face) -> None:
    await rig.until(lambda: rig.faces()[location] == face)


async def test_with_the_alone_command_two_lamps_of_an_r421a08_are_never_lit_at_once() -> None:
    async with profile_rig("r421a08") as rig:
        await rig.show(FIRST, GREEN)
        for here, there in ((SECOND, FIRST), (FIRST, SECOND), (SECOND, FIRST)):
            rig.bus.want(there, DARK)
            rig.bus.want(here, GREEN)
            await until_shown(rig, here, LIT)
        lit = {FIRST: 0, SECOND: 0}
        for showing in rig.showings:
            lit[showing.location] = int(showing.colour != "off")
            assert sum(lit.values()) <= 1


async def test_the_flash_of_a_waveshare_board_ends_by_itself_and_is_renewed_while_wanted() -> None:
    async with profile_rig("waveshare-relay-8") as rig:
        await rig.show(FIRST, Face("red", 1, blink=True))
        for _ in range(2):
            await until_shown(rig, FIRST, Face("white", 0, blink=True))
            await until_shown(rig, FIRST, DARK)
        rig.bus.want(FIRST, GREEN)
        await until_shown(rig, FIRST, LIT)

        assert not [report for report in rig.reports if isinstance(report, NotLit)]


async def test_a_fed_watchdog_does_not_bite_an_idle_beckhoff_coupler() -> None:
    async with profile_rig("beckhoff-ek9000") as rig:
        await rig.show(FIRST, GREEN)
        until_s = asyncio.get_running_loop().time() + 2.2
        while asyncio.get_running_loop().time() < until_s:
            assert rig.faces()[FIRST] == LIT
            await asyncio.sleep(0.02)


async def test_a_watchdog_that_has_bitten_is_released_and_the_lights_come_back() -> None:
    async with profile_rig("beckhoff-ek9000") as rig:
        await rig.show(FIRST, GREEN)
        await rig.rack.switch_bus("a", on=False)
        await rig.until(lambda: any(isinstance(report, BusDown) for report in rig.reports))
        await until_shown(rig, FIRST, DARK)
        await rig.rack.switch_bus("a", on=True)

        await until_shown(rig, FIRST, LIT)


async def test_the_driver_waits_for_a_relay_to_settle_before_it_reads_it_back() -> None:
    async with profile_rig("eletechsup-n4d8b08") as rig:
        for _ in range(5):
            await rig.show(FIRST, GREEN)
            await rig.show(FIRST, DARK)
        sound = rig.line_counts()["sound"]

        assert not [report for report in rig.reports if isinstance(report, NotLit)]
        assert [type(report) for report in rig.reports].count(Shown) <= 13
        assert sound > 0


async def test_what_cannot_be_read_back_is_said_to_be_shown_but_not_verified() -> None:
    async with profile_rig("armfly-led-485") as rig:
        await rig.show(FIRST, Face("green", 4711))

        assert Shown(LocationId(FIRST), Face("green", 4711), verified=False) in rig.reports
        assert rig.faces()[FIRST] == Face("white", 4711)


async def test_boards_that_all_answer_a_broadcast_do_not_spoil_the_next_transaction() -> None:
    places = tuple(ModulePlace(location=at, bus="a", unit=n) for n, at in ((1, FIRST), (2, SECOND)))
    async with profile_rig("waveshare-relay-8", places) as rig:
        await rig.bus.aclose()
        link = RtuLink(rig.zone.buses[0].port, 115200)
        link.open()

        def converse() -> list[object]:
            heard: list[object] = []
            for request in (
                Request(0, 5, write_address=3, words=(0xFF00,)),
                Request(1, READ_COILS, 3, 1),
                Request(2, READ_COILS, 3, 1),
            ):
                link.wait_for_gap()
                heard.append(link.exchange(request, 0.2))
            return heard

        heard = await asyncio.to_thread(converse)
        link.close()
        assert heard == [Words(0, ()), Words(3, (1,)), Words(3, (1,))]
        assert link.strays == 1


async def test_a_bus_that_names_no_port_takes_the_one_of_its_model() -> None:
    reports: list[LightReport] = []
    nowhere = BusProfile(name="a", kind="tcp", profile="moxa-e1211", host="127.0.0.1")
    bus = make_bus(nowhere, [ModulePlace(location=FIRST, bus="a", unit=1)], reports.append)
    bus.start()
    due_s = asyncio.get_running_loop().time() + 10
    while not reports:
        assert asyncio.get_running_loop().time() < due_s
        await asyncio.sleep(0.005)
    await bus.aclose()

    assert "127.0.0.1:502" in str(reports[0])


# ---- lamp and button apart ----


def apart(**button: object) -> tuple[ModulePlace, ...]:
    first = ButtonPlace(unit=9, index=0, **button)  # type: ignore[arg-type]
    second = ButtonPlace(unit=9, index=1, **button)  # type: ignore[arg-type]
    return (
        ModulePlace(location=FIRST, bus="a", unit=1, index=0, button=first),
        ModulePlace(location=SECOND, bus="a", unit=1, index=1, button=second),
    )


async def test_a_relay_board_takes_its_buttons_from_another_unit_of_another_model() -> None:
    async with profile_rig("r421a08", apart(profile="generic-coils")) as rig:
        await rig.show(FIRST, GREEN)
        await rig.a_moment()
        rig.rack.press(FIRST)
        await rig.until(rig.presses)
        await rig.show(SECOND, RED)
        rig.rack.press(SECOND, held=True)
        await rig.until(lambda: len(rig.presses()) == 2)

        assert rig.presses() == [(FIRST, 1, False), (SECOND, 1, True)]


async def test_a_press_before_the_lamp_is_lit_counts_for_nothing_where_the_button_hangs_apart() -> None:
    async with profile_rig("r421a08", apart(profile="picklight-bay16")) as rig:
        await rig.show(SECOND, GREEN)
        rig.rack.press(FIRST)
        await rig.show(FIRST, GREEN)
        await rig.a_moment()
        rig.rack.press(FIRST)
        await rig.until(rig.presses)

        assert rig.presses() == [(FIRST, 1, False)]


async def test_a_lost_input_board_is_named_at_the_locations_of_its_buttons() -> None:
    async with profile_rig("r421a08", apart(profile="generic-coils")) as rig:
        await rig.show(FIRST, GREEN)
        rig.rack.plug_button(FIRST, on=False)
        await rig.until(lambda: any(isinstance(report, ModuleLost) for report in rig.reports))
        rig.rack.plug_button(FIRST, on=True)

        await rig.until_reported(ModuleBack(LocationId(FIRST)))
        assert rig.faces()[FIRST] == LIT


KEYS = {
    "generic-display-key": ("presses = 0", "presses = 0\nplus = 1\nminus = 2\nshort = 3\nstride = 4"),
    "generic-coils": ("hold_ms = 800 ", "plus = 8\nminus = 16\nshort = 24\nstride = 32\nhold_ms = 800 "),
}


@pytest.mark.parametrize("name", KEYS)
async def test_other_keys_of_a_module_are_told_by_their_names(name: str, tmp_path: Path) -> None:
    text = (MODELS_DIR / f"{name}.toml").read_text("utf-8")
    assert KEYS[name][0] in text
    (tmp_path / f"{name}.toml").write_text(text.replace(*KEYS[name]))
    async with profile_rig(name, models=tmp_path) as rig:
        await rig.show(FIRST, GREEN)
        await rig.a_moment()
        for key in ("plus", "minus", "short"):
            rig.rack.press(FIRST, key=key)
            told = KeyPressed(LocationId(FIRST), key, 1)
            await rig.until_reported(told)
            await rig.show(FIRST, Face("green", len(rig.reports)))

        assert [report.key for report in rig.reports if isinstance(report, KeyPressed)] == ["plus", "minus", "short"]
        assert rig.presses() == []


# ---- what a technician may write in a copied template ----

VARIANTS = {
    "active low inputs": ("generic-coils", [("active_low = false", "active_low = true")]),
    "one coil at a time": ("generic-coils", [('write = "fc15" ', 'write = "fc05" ')]),
    "addresses from 1": ("generic-coils", [("address_base = 0", "address_base = 1"), ("address = 0", "address = 1")]),
    "blink by a flag": ("generic-registers", [('how = "none"', 'how = "flag"\naddress = 201\nwrite = "fc06"')]),
    "keys as bits of a register": (
        "generic-registers",
        [("address = 101", "address = 101\nbit = 3"), ('clear = "write"', 'clear = "read"')],
    ),
    "number as text": ("generic-display-key", [('write = "fc06"\nformat = "bcd"', 'write = "fc16"\nformat = "ascii"')]),
    "number as segments": ("generic-display-key", [('"fc06"\nformat = "bcd"', '"fc16"\nformat = "segments"')]),
    "plain number": ("generic-display-key", [('format = "bcd"', 'format = "number"')]),
}


@pytest.mark.parametrize("variant", VARIANTS)
async def test_a_template_may_be_changed_in_its_details(variant: str, tmp_path: Path) -> None:
    name, changes = VARIANTS[variant]
    text = (MODELS_DIR / f"{name}.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    if name == "generic-display-key" and 'format = "number"' not in text:
        text = text.replace("blank = 0xFFFF", "blank = [0x2020, 0x2020]").replace("address = 2", "address = 4")
    (tmp_path / f"{name}.toml").write_text(text)
    model = load_model(name, tmp_path)
    face = Face("red", 34, blink=True)
    async with profile_rig(name, models=tmp_path) as rig:
        await rig.show(FIRST, GREEN)
        await rig.a_moment()
        assert rig.faces() == {FIRST: shown_as(model, GREEN), SECOND: DARK}
        rig.rack.press(FIRST)
        await rig.until(rig.presses)
        if model.blinks_by_us is None:
            await rig.show(FIRST, face)
            assert rig.faces()[FIRST] == shown_as(model, face)
        await rig.show(FIRST, DARK)

        assert rig.presses() == [(FIRST, 1, False)]
