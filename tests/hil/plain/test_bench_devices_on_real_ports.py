"""A USB HID scale through the kernel's HID core, a serial scale over a UART, and a buzzer on a GPIO line."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from edge.drivers.bench_ports import DeviceState, NotWeighed, Weighed
from edge.drivers.buzzer import PATTERNS, LineBuzzer
from edge.drivers.gpio_line import GpioLine
from edge.drivers.scale_hidraw import HidScale, HidSettings
from tests.hil.guest.gpio import GpioSim
from tests.hil.guest.uhid import UhidDevice
from tests.wire.real_broker import until

WAIT_S_MAX = 30.0
REPORT_S = 0.1
BUZZER = 12
# A scale as its makers describe it: page 0x8D, data report 3 of five bytes, control report 2 of one.
SCALE = bytes.fromhex("058d0920a101" + "8503" + "0940150026ff00750895058102" + "8502" + "096095019102" + "c0")
KEYBOARD = bytes.fromhex("05010906a101" + "0507150025657508950181" + "00c0")


class Pan:
    """Reports what lies on the scale, again and again."""

    def __init__(self, device: UhidDevice) -> None:
        self._device = device
        self.report = stable(0)

    async def run(self) -> None:
        while True:
            self._device.report(self.report)
            await asyncio.sleep(REPORT_S)


def stable(grams: int) -> bytes:
    return bytes((3, 4, 2, 0)) + grams.to_bytes(2, "little")


@asynccontextmanager
async def plugged(descriptor: bytes = SCALE) -> AsyncIterator[tuple[UhidDevice, Pan]]:
    with UhidDevice("Bench scale", descriptor, vendor=0x0EB8, product=0xF000) as device:
        pan = Pan(device)
        reporting = asyncio.create_task(pan.run())
        yield device, pan
        reporting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reporting


async def test_a_usb_scale_is_weighed_unplugged_and_back_without_a_restart(tmp_path: Path) -> None:
    link, states = tmp_path / "scale", list[DeviceState]()
    scale = HidScale(HidSettings(link, settle_s=15.0), states.append)
    async with plugged() as (device, pan):
        link.symlink_to(device.path)  # as a udev rule names it
        scale.start()
        await until(lambda: states and states[-1].state == "present", WAIT_S_MAX)
        pan.report = stable(1250)
        assert await scale.stable_grams() == Weighed(1250.0)
        pan.report = bytes((3, 6, 2, 0, 0, 0))
        assert await scale.stable_grams() == NotWeighed("over")

        pan.report = bytes((3, 2, 2, 0, 0, 0))
        assert await scale.zero() is None
        assert device.outputs() == [b"\x02\x01"]
    await until(lambda: states[-1].state == "absent", WAIT_S_MAX)
    link.unlink()

    async with plugged() as (device, pan):
        link.symlink_to(device.path)
        await until(lambda: states[-1].state == "present", WAIT_S_MAX)
        pan.report = stable(77)
        assert await scale.stable_grams() == Weighed(77.0)
        await scale.aclose()


async def test_a_hid_device_that_is_no_scale_is_refused(tmp_path: Path) -> None:
    states: list[DeviceState] = []
    async with plugged(KEYBOARD) as (device, _):
        scale = HidScale(HidSettings(device.path), states.append)
        scale.start()
        assert states[-1].state == "refused"
        assert "no scale" in states[-1].why
        await scale.aclose()


async def test_the_buzzers_line_sounds_and_is_off_when_let_go() -> None:
    chip, states, seen = GpioSim(), list[DeviceState](), list[int]()
    buzzer = LineBuzzer(GpioLine(f"/dev/gpiochip{chip.number}", BUZZER), states.append)
    buzzer.start()
    await until(lambda: states, WAIT_S_MAX)
    assert states == [DeviceState("present")]

    buzzer.sound("bad")
    async with asyncio.timeout(WAIT_S_MAX):
        while sum(seen) < 1 or seen[-1]:
            level = chip.value(BUZZER)
            if not seen or seen[-1] != level:
                seen.append(level)
            await asyncio.sleep(0.01)
    assert 1 in seen
    assert len(PATTERNS["bad"]) > 1

    second: list[DeviceState] = []
    other = LineBuzzer(GpioLine(f"/dev/gpiochip{chip.number}", BUZZER), second.append)
    other.start()
    await until(lambda: second, WAIT_S_MAX)
    assert second[-1] == DeviceState("refused", "in use by another program")
    await other.aclose()
    await buzzer.aclose()
    await until(lambda: chip.value(BUZZER) == 0, WAIT_S_MAX)
