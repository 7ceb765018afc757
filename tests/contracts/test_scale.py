"""What every bench scale promises: a stable weight in grams that was asked for, or why there is none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.drivers.bench_ports import DeviceState, NotWeighed, Scale, Weighed
from edge.drivers.scale_hidraw import HidScale, HidSettings
from edge.drivers.scale_serial import DIALECTS, ScaleSettings, SerialScale
from edge.drivers.serial_frame import Parity
from sim.scale_words import Family
from sim.scales import HidScaleOnPty, ScaleOnPty
from tests.wire.real_broker import until

SETTLE_S = 0.5
SCALE_DESCRIPTOR = bytes.fromhex("058d0920a101c0")
KEYBOARD_DESCRIPTOR = bytes.fromhex("05010906a101c0")


class Rig:
    """A scale in use, and the hand that puts things on it."""

    def __init__(self, scale: Scale, hand: ScaleOnPty | HidScaleOnPty, states: list[DeviceState]) -> None:
        self.scale, self.hand, self.states = scale, hand, states

    async def state(self, state: str) -> DeviceState:
        await until(lambda: bool(self.states) and self.states[-1].state == state)
        return self.states[-1]

    async def end(self) -> None:
        await self.scale.aclose()
        if isinstance(self.hand, HidScaleOnPty):
            await self.hand.aclose()
        else:
            self.hand.close()


def serial_rig(folder: Path, family: Family, parity: Parity) -> Rig:
    states: list[DeviceState] = []
    hand = ScaleOnPty(folder / "scale", family, parity)
    settings = ScaleSettings(str(folder / "scale"), DIALECTS[family], parity=parity, settle_s=SETTLE_S)
    return Rig(SerialScale(settings, states.append), hand, states)


def hid_rig(folder: Path) -> Rig:
    states: list[DeviceState] = []
    hand = HidScaleOnPty(folder / "scale")
    describe(folder, SCALE_DESCRIPTOR)
    settings = HidSettings(folder / "scale", settle_s=SETTLE_S, sysfs=folder / "sysfs")
    return Rig(HidScale(settings, states.append), hand, states)


def describe(folder: Path, descriptor: bytes) -> None:
    """As the kernel would describe the HID device behind the link."""
    place = folder / "sysfs" / (folder / "scale").resolve().name / "device"
    place.mkdir(parents=True, exist_ok=True)
    (place / "report_descriptor").write_bytes(descriptor)


@pytest.fixture(params=["sics", "toledo", "nci", "toledo-7E1", "nci-7O1", "hid"])
async def rig(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    rigs = {
        "sics": lambda: serial_rig(tmp_path, "sics", "none"),
        "toledo": lambda: serial_rig(tmp_path, "toledo", "none"),
        "nci": lambda: serial_rig(tmp_path, "nci", "none"),
        "toledo-7E1": lambda: serial_rig(tmp_path, "toledo", "even"),
        "nci-7O1": lambda: serial_rig(tmp_path, "nci", "odd"),
        "hid": lambda: hid_rig(tmp_path),
    }
    rig = rigs[request.param]()
    rig.scale.start()
    await rig.state("present")
    yield rig
    await rig.end()


async def refusal(rig: Rig) -> str:
    answer = await rig.scale.stable_grams()
    assert isinstance(answer, NotWeighed), answer
    return answer.why


async def test_what_lies_at_rest_is_weighed_in_grams(rig: Rig) -> None:
    for grams in (0.0, 412.0, 1250.0, 4999.0):
        rig.hand.pan.grams = grams

        answer = await rig.scale.stable_grams()
        assert isinstance(answer, Weighed), answer
        assert abs(answer.grams - grams) <= 0.5


async def test_what_moves_is_waited_for(rig: Rig) -> None:
    rig.hand.pan.grams, rig.hand.pan.moving = 300.0, True
    asyncio.get_running_loop().call_later(SETTLE_S / 4, setattr, rig.hand.pan, "moving", False)

    answer = await rig.scale.stable_grams()
    assert isinstance(answer, Weighed), answer
    assert abs(answer.grams - 300) <= 0.5


async def test_what_does_not_come_to_rest_is_refused_in_time(rig: Rig) -> None:
    rig.hand.pan.moving = True
    began = time.monotonic()

    assert await refusal(rig) == "moving"
    assert time.monotonic() - began < 10 * SETTLE_S


async def test_too_much_and_less_than_nothing_are_refused(rig: Rig) -> None:
    rig.hand.pan.grams = rig.hand.pan.grams_max + 1000
    assert await refusal(rig) == "over"

    rig.hand.pan.grams = -40
    assert await refusal(rig) == "under"


async def test_a_lost_zero_is_refused(rig: Rig) -> None:
    rig.hand.pan.zero_lost = True

    assert await refusal(rig) in {"not_zeroed", "fault"}  # MT-SICS has no word of its own for it


async def test_what_makes_no_sense_is_no_weight(rig: Rig) -> None:
    rig.hand.pan.grams, rig.hand.spoiled = 500.0, True

    assert await refusal(rig) in {"garbled", "no_answer"}


async def test_a_scale_that_says_nothing_is_refused_and_heard_again_once_it_speaks(rig: Rig) -> None:
    rig.hand.silent = True
    assert await refusal(rig) == "no_answer"

    rig.hand.silent, rig.hand.pan.grams = False, 77.0
    assert isinstance(await rig.scale.stable_grams(), Weighed)
    assert rig.states[-1].state == "present"


async def test_a_weight_from_before_the_question_does_not_count(rig: Rig) -> None:
    rig.hand.pan.grams = 900.0
    assert isinstance(await rig.scale.stable_grams(), Weighed)
    rig.hand.pan.grams = 100.0

    answer = await rig.scale.stable_grams()
    assert isinstance(answer, Weighed)
    assert abs(answer.grams - 100) <= 0.5


async def test_two_who_ask_at_once_get_the_same_weighing(rig: Rig) -> None:
    rig.hand.pan.grams = 250.0

    first, second = await asyncio.gather(rig.scale.stable_grams(), rig.scale.stable_grams())
    assert first is second


async def test_one_who_stops_waiting_does_not_stop_the_other(rig: Rig) -> None:
    rig.hand.pan.grams = 250.0
    impatient = asyncio.create_task(rig.scale.stable_grams())
    patient = asyncio.create_task(rig.scale.stable_grams())
    await asyncio.sleep(0)
    impatient.cancel()

    assert isinstance(await patient, Weighed)


async def test_zeroed_what_lies_on_it_is_nothing(rig: Rig) -> None:
    rig.hand.pan.grams = 60.0
    assert await rig.scale.zero() is None

    answer = await rig.scale.stable_grams()
    assert isinstance(answer, Weighed)
    assert answer.grams == 0


async def test_a_scale_in_motion_cannot_be_zeroed(rig: Rig) -> None:
    rig.hand.pan.grams, rig.hand.pan.moving = 60.0, True

    assert await rig.scale.zero() is not None


async def test_an_unplugged_scale_is_missed_and_comes_back_without_a_restart(rig: Rig, tmp_path: Path) -> None:
    rig.hand.unplug()
    assert (await rig.state("absent")).why
    assert await refusal(rig) == "absent"

    rig.hand.plug()
    describe(tmp_path, SCALE_DESCRIPTOR)  # the pty has another number now
    await rig.state("present")
    rig.hand.pan.grams = 333.0
    assert isinstance(await rig.scale.stable_grams(), Weighed)


async def test_a_closed_scale_refuses_and_may_be_closed_again(rig: Rig) -> None:
    waiting = asyncio.create_task(rig.scale.stable_grams())
    await asyncio.sleep(0)
    await rig.scale.aclose()
    await rig.scale.aclose()

    assert await refusal(rig) == "absent"
    await waiting


# ---- what only one kind can do ----


async def test_a_line_set_to_another_parity_is_garbled_and_no_weight(tmp_path: Path) -> None:
    states: list[DeviceState] = []
    hand = ScaleOnPty(tmp_path / "scale", "toledo", "none")
    scale = SerialScale(
        ScaleSettings(str(tmp_path / "scale"), DIALECTS["toledo"], parity="even", settle_s=SETTLE_S), states.append
    )
    scale.start()
    hand.pan.grams = 100.0

    answer = await scale.stable_grams()
    assert isinstance(answer, NotWeighed)
    assert answer.why in {"garbled", "no_answer"}
    await scale.aclose()
    hand.close()


async def test_what_a_serial_scale_says_unasked_is_never_an_answer(tmp_path: Path) -> None:
    rig = serial_rig(tmp_path, "sics", "none")
    rig.scale.start()
    await rig.state("present")
    assert isinstance(rig.hand, ScaleOnPty)
    rig.hand.silent = True
    for _ in range(50):
        rig.hand.say(b"S S      999.0 g\r\n")
    assert await refusal(rig) == "no_answer"
    await rig.end()


async def test_a_hid_device_that_is_no_scale_is_refused_with_the_reason(tmp_path: Path) -> None:
    rig = hid_rig(tmp_path)
    describe(tmp_path, KEYBOARD_DESCRIPTOR)
    rig.scale.start()

    assert "no scale" in (await rig.state("refused")).why
    assert await refusal(rig) == "absent"
    await rig.end()


async def test_two_programs_cannot_use_one_scale(tmp_path: Path) -> None:
    rig = serial_rig(tmp_path, "sics", "none")
    rig.scale.start()
    await rig.state("present")
    states: list[DeviceState] = []
    second = SerialScale(ScaleSettings(str(tmp_path / "scale"), DIALECTS["sics"]), states.append)
    second.start()

    assert states[-1].state == "refused"
    assert "another program" in states[-1].why
    await second.aclose()
    await rig.end()
