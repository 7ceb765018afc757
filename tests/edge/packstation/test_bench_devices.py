"""A bench with a scale, a printer, a voice and a buzzer: heard, seen on the screen, and able to do without each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from edge.drivers.bench_ports import Weighed
from edge.packstation.devices import BenchDevices
from edge.packstation.sounds import sound_of
from edge.profile_bench import BenchProfile, BuzzerProfile, PrinterProfile, ScaleProfile, VoiceProfile
from sim.label_printer.printer import LabelPrinterSim
from sim.scales import ScaleOnPty
from tests.contracts.label_reader import codes_on, zpl
from tests.wire.real_broker import until
from wire.phrases import PHRASES, Refusal


def profile(folder: Path, printer_port: int) -> BenchProfile:
    (folder / "buzzer").touch()
    player = folder / "player"
    player.write_text('#!/bin/bash\necho "$2" >> "$1"\n')
    player.chmod(0o755)
    return BenchProfile(
        scale=ScaleProfile(kind="toledo", port=str(folder / "scale"), parity="even", settle_ms=500),
        printer=PrinterProfile(kind="tcp", host="127.0.0.1", tcp_port=printer_port),
        voice=VoiceProfile(languages=("en",), player=(str(player), str(folder / "played"))),
        buzzer=BuzzerProfile(kind="file", path=str(folder / "buzzer")),
    )


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[tuple[BenchDevices, ScaleOnPty, LabelPrinterSim]]:
    scale = ScaleOnPty(folder / "scale", "toledo", "even")
    printer = LabelPrinterSim(folder / "out")
    await printer.start()
    devices = BenchDevices(profile(folder, printer.port), folder, lambda: None)
    devices.start()
    yield devices, scale, printer
    await devices.aclose()
    await devices.aclose()
    await printer.aclose()
    scale.close()


def states(devices: BenchDevices) -> dict[str, str]:
    return {device.name: device.state for device in devices.live}


async def test_a_bench_weighs_prints_speaks_and_buzzes(tmp_path: Path) -> None:
    async with bench(tmp_path) as (devices, scale, printer):
        await until(lambda: set(states(devices).values()) == {"present"})
        scale.pan.grams = 640.0
        assert devices.scale is not None
        assert await devices.scale.stable_grams() == Weighed(640.0)

        assert devices.printer is not None
        assert (await devices.printer.print_label(zpl("LP00000000000001"), "zpl", "O-1")).confirmed
        assert codes_on(printer.pictures[0]) == ["LP00000000000001"]

        devices.tell("scan_label", "")  # how it begins is not said
        devices.tell("wrong_item", "s-1")
        devices.tell("wrong_item", "s-1")  # the screen is drawn again
        await until((tmp_path / "played").exists)
        await until(lambda: (tmp_path / "buzzer").read_text().split() == ["1", "0"] * 3)
        devices.tell("wrong_item", "s-2")  # the next scan is wrong, too
        await until(lambda: len((tmp_path / "played").read_text().splitlines()) == 2)


async def test_what_is_unplugged_is_named_on_the_screen_until_it_is_back(tmp_path: Path) -> None:
    async with bench(tmp_path) as (devices, scale, printer):
        await until(lambda: set(states(devices).values()) == {"present"})
        scale.unplug()
        printer.state.paper_out = True
        await until(lambda: states(devices)["scale"] == "absent")
        assert all(len(device.why) <= 64 for device in devices.live)

        scale.plug()
        await until(lambda: states(devices)["scale"] == "present")


def test_every_phrase_has_its_sound_and_every_refusal_is_bad() -> None:
    assert {sound_of(str(refusal)) for refusal in Refusal} == {"bad"}
    heard = {key: sound_of(key) for key in PHRASES}
    assert heard["next_item"] == "good"
    assert heard["dirty_scan"] == "attention"
    assert heard["checking_item"] is None
