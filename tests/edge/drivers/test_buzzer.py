"""A buzzer on any output: the right pattern, the newest wins, off at the end, and taken again when it was lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

from edge.drivers.bench_ports import DeviceState
from edge.drivers.buzzer import PATTERNS, LineBuzzer
from edge.drivers.gpio_line import FileLine, GpioLine
from tests.wire.real_broker import until


def edges(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()]


async def test_each_sound_goes_on_and_off_as_its_pattern_says(tmp_path: Path) -> None:
    for sound in PATTERNS:
        file = tmp_path / sound
        file.touch()
        states: list[DeviceState] = []
        buzzer = LineBuzzer(FileLine(str(file)), states.append)
        buzzer.start()
        buzzer.sound(sound)
        wanted = [1 - place % 2 for place in range(len(PATTERNS[sound]))] + [0]
        await until(lambda file=file, wanted=wanted: edges(file) == wanted)  # type: ignore[misc]
        await buzzer.aclose()
        await buzzer.aclose()
        assert states == [DeviceState("present")]


async def test_closed_in_the_middle_it_is_off(tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.touch()
    buzzer = LineBuzzer(FileLine(str(file)), lambda _state: None)
    buzzer.start()
    buzzer.sound("bad")
    await until(lambda: edges(file) == [1])
    await buzzer.aclose()

    assert edges(file) == [1, 0]


async def test_a_newer_sound_takes_the_place_of_the_older(tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.touch()
    buzzer = LineBuzzer(FileLine(str(file)), lambda _state: None)
    buzzer.start()
    buzzer.sound("bad")
    await until(lambda: edges(file) == [1])
    buzzer.sound("good")
    await until(lambda: edges(file) == [1, 0, 1, 0])
    await buzzer.aclose()


async def test_an_output_that_is_not_there_is_told_and_found_later(tmp_path: Path) -> None:
    states: list[DeviceState] = []
    buzzer = LineBuzzer(FileLine(str(tmp_path / "out")), states.append)
    buzzer.start()
    buzzer.sound("good")  # nobody waits for it
    await until(lambda: states)
    assert states[-1].state == "absent"

    (tmp_path / "out").touch()
    await until(lambda: states[-1].state == "present")
    await buzzer.aclose()


async def test_a_chip_that_is_no_chip_is_told(tmp_path: Path) -> None:
    (tmp_path / "chip").touch()
    states: list[DeviceState] = []
    buzzer = LineBuzzer(GpioLine(str(tmp_path / "chip"), 3), states.append)
    buzzer.start()
    await until(lambda: states)

    assert states[-1].state == "absent"
    assert states[-1].why
    await buzzer.aclose()
    await asyncio.sleep(0)
