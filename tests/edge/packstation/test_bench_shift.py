"""A shift begins at a real bench: badge, self-test with real devices, touches of the page, and idleness."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.profile_bench import BenchProfile, PrinterProfile, ScaleProfile
from sim.label_printer.printer import LabelPrinterSim
from sim.scales import ScaleOnPty
from tests.edge.packstation.bench_rig import LABEL, Bench, bench
from tests.edge.packstation.guard_process import GuardProcess, running
from wire.answers import AsideNoted
from wire.command_codes import SELF_TEST
from wire.deeds import LabelScanned, SetAside
from wire.downlink import BenchPressed
from wire.shift_deeds import PackerSignedOut, PartResult, ScreenPressed, ShiftTested

pytestmark = pytest.mark.floor
MINUTE_S = 60.0
READ_WELL = f"]C0{SELF_TEST}"  # as the sheet's Code 128 arrives from a scanner that is set up right


@pytest.fixture(scope="module")
def guard() -> Iterator[GuardProcess]:
    with running(mock={"move_ms": 5, "pass_after_ms": 60}) as process:
        yield process


async def results(one: Bench) -> tuple[PartResult, ...]:
    await one.until(lambda: one.deeds(ShiftTested))
    deed = one.deeds(ShiftTested)[-1]
    assert isinstance(deed, ShiftTested)
    return deed.results


async def test_a_whole_bench_passes_its_self_test_in_less_than_a_minute_and_prints_the_slip(
    tmp_path: Path, guard: GuardProcess
) -> None:
    scale, printer = ScaleOnPty(tmp_path / "scale", "sics"), LabelPrinterSim(tmp_path / "out")
    await printer.start()
    devices = BenchProfile(
        scale=ScaleProfile(kind="sics", port=str(tmp_path / "scale"), settle_ms=1000),
        printer=PrinterProfile(kind="tcp", host="127.0.0.1", tcp_port=printer.port),
    )
    try:
        async with bench(tmp_path, guard, devices=devices) as one:
            await one.says("scan_label")
            await one.until(lambda: {device.state for device in one.screen.devices} == {"present"})
            began_s = time.monotonic()
            await one.scanner.scan("PL:SELFTEST")
            await one.says("scan_test_code")
            assert {screen.lamp for screen in one.screens} >= {"red", "amber", "green", "blue"}
            await one.scanner.scan(READ_WELL)
            await one.says("self_test_passed")

            assert time.monotonic() - began_s < MINUTE_S
            assert {(result.part, result.ok) for result in await results(one)} == {
                (part, True) for part in ("lamp", "scanner", "scale", "gate", "clock", "central", "printer")
            }
            assert len(printer.pictures) == 1
            assert one.screen.test is not None
            assert one.screen.test.at_utc_ns > 0
    finally:
        await printer.aclose()
        scale.close()


async def test_a_loaded_scale_a_wrong_clock_and_a_dead_lamp_are_named(tmp_path: Path, guard: GuardProcess) -> None:
    scale = ScaleOnPty(tmp_path / "scale", "sics")
    scale.pan.grams = 640.0
    devices = BenchProfile(scale=ScaleProfile(kind="sics", port=str(tmp_path / "scale"), settle_ms=1000))
    try:
        async with bench(tmp_path, guard, devices=devices) as one:
            one.central.clock_off_ns = 3_600_000_000_000
            await one.says("scan_label")
            await one.until(lambda: {device.state for device in one.screen.devices} == {"present"})
            await one.scanner.scan("PL:SELFTEST")
            await one.says("scan_test_code")
            await one.scanner.scan("PL:LAMP-DEAD")
            await one.until(lambda: one.screen.test and "lamp" in {found.part for found in one.screen.test.results})
            await one.scanner.scan(READ_WELL)
            await one.says("self_test_failed")

            bad = {(result.part, result.why) for result in await results(one) if not result.ok}
            assert bad == {("lamp", "unseen"), ("scale", "not_empty"), ("clock", "off")}
    finally:
        scale.close()


async def test_a_silent_central_fails_the_self_test_and_not_the_bench(tmp_path: Path, guard: GuardProcess) -> None:
    async with bench(tmp_path, guard, answer_wait_ms=300) as one:
        one.central.silent = True
        await one.says("scan_label")
        await one.scanner.scan("PL:SELFTEST")
        await one.says("scan_test_code")
        await one.scanner.scan(READ_WELL)
        await one.says("self_test_failed")
        assert ("central", "no_answer") in {(result.part, result.why) for result in await results(one)}
        one.central.silent = False
        await one.scanner.scan(LABEL)
        await one.says("scan_items")


async def test_a_bench_that_wants_a_name_packs_for_whoever_signed_in_and_forgets_who_left(
    tmp_path: Path, guard: GuardProcess
) -> None:
    async with bench(tmp_path, guard, sign_in=True, sign_out_idle_s=1) as one:
        await one.says("scan_label")
        await one.scanner.scan(LABEL)
        await one.says("sign_in_first")
        assert one.deeds(LabelScanned) == []

        await one.scanner.scan("PL:BADGE:P-1")
        await one.says("signed_in")
        assert (one.screen.packer, one.screen.person) == ("P-1", "Li Na")
        await one.scanner.scan(LABEL)
        await one.says("scan_items")
        assert [deed.packer for deed in one.deeds(LabelScanned) if isinstance(deed, LabelScanned)] == ["P-1"]

        await one.scanner.scan("PL:ASIDE")
        await one.until(lambda: one.deeds(SetAside))
        one.station.answered(_noted(one))
        await one.says("signed_out")  # nobody touched anything for a second
        await one.until(lambda: one.deeds(PackerSignedOut))
        assert [deed.why for deed in one.deeds(PackerSignedOut) if isinstance(deed, PackerSignedOut)] == ["idle"]
        assert one.screen.packer == ""


async def test_a_touch_of_the_page_does_what_its_barcode_does_and_is_written_down_first(
    tmp_path: Path, guard: GuardProcess
) -> None:
    async with bench(tmp_path, guard) as one:
        await one.load()
        one.station.pressed(BenchPressed(station="bench-1", press_id="p0", text="PL:ASIDE", order_no="O-0"))
        await one.says("touched_too_late")
        one.station.pressed(BenchPressed(station="bench-1", press_id="p1", text="PL:BADGE:S-1", order_no="O-1"))
        await touch_until_counted(one, "PL:ASIDE")

        (press,), (aside,) = one.deeds(ScreenPressed), one.deeds(SetAside)
        assert isinstance(press, ScreenPressed)
        assert isinstance(aside, SetAside)
        assert (press.text, press.scan_id) == ("PL:ASIDE", aside.scan_id)
        kinds = [type(line.deed) for line in one.lines]
        assert kinds.index(ScreenPressed) < kinds.index(SetAside)


async def touch_until_counted(one: Bench, text: str) -> None:
    """Touch as a hand does, again while nothing comes of it."""
    number = 1
    while not one.deeds(ScreenPressed):
        one.station.pressed(BenchPressed(station="bench-1", press_id=f"p{number}", text=text, order_no="O-1"))
        number += 1
        await asyncio.sleep(0.05)
    await one.until(lambda: one.deeds(SetAside))


def _noted(one: Bench) -> AsideNoted:
    deed = one.deeds(SetAside)[-1]
    assert isinstance(deed, SetAside)
    return AsideNoted(scan_id=deed.scan_id)
