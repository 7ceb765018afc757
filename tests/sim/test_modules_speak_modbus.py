"""The simulated modules against masters we did not write, and the judge of a master's manners."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
import tty
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pymodbus.client import ModbusSerialClient, ModbusTcpClient

from edge.drivers.ports import Face
from edge.profile import BusProfile, ModulePlace, ZoneProfile
from sim.modules.control import Control
from sim.modules.rack import Rack, RackConfig
from sim.modules.remote import ModulesRemote, RemoteRefused
from sim.modules.slave import with_crc
from tests.contracts.light_rig import FIRST, SECOND, LightRig, light_rig

mbpoll = pytest.mark.skipif(shutil.which("mbpoll") is None, reason="mbpoll is not installed")
READ_1 = bytes.fromhex("01 03 00 00 00 05 85 c9")  # unit 1, five registers from 0


@pytest.fixture(params=["rtu", "tcp"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[LightRig]:
    """Modules whose driver has left, so that another master may have the line."""
    async with light_rig(request.param, baud=19200) as made:
        await made.bus.aclose()
        yield made


def where(rig: LightRig) -> BusProfile:
    return rig.zone.buses[0]


async def poll(rig: LightRig, unit: int, start: int, *values: int) -> list[int]:
    """Run mbpoll: write `values` to registers from `start`, or read five from there."""
    bus = where(rig)
    line = ["-m", "rtu", "-b", "19200", "-P", "none"] if bus.kind == "rtu" else ["-m", "tcp", "-p", str(bus.tcp_port)]
    what = [] if values else ["-c", "5", "-1"]
    target = bus.port if bus.kind == "rtu" else bus.host
    command = ["mbpoll", *line, "-a", str(unit), "-t", "4", "-0", "-r", str(start), *what, target, *map(str, values)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr
    return [int(text.split("\t")[1].split()[0]) for text in done.stdout.splitlines() if text.startswith("[")]


@mbpoll
async def test_mbpoll_lights_a_module_and_reads_its_presses(rig: LightRig) -> None:
    await poll(rig, 2, 2, 7, 42, 1)
    rig.rack.press(SECOND)

    assert rig.faces()[SECOND] == Face("red", 42, blink=True)
    assert await poll(rig, 2, 0) == [1, 0, 7, 42, 1]


async def test_pymodbus_reads_writes_and_does_both_in_one_frame(rig: LightRig) -> None:
    bus = where(rig)
    client: ModbusSerialClient | ModbusTcpClient
    if bus.kind == "rtu":
        client = ModbusSerialClient(bus.port, baudrate=19200, timeout=1)
    else:
        client = ModbusTcpClient(bus.host, port=bus.tcp_port)

    def converse() -> list[list[int]]:
        assert client.connect()
        client.write_registers(2, [1, 5, 0], device_id=1)
        client.write_register(3, 6, device_id=1)
        both = client.readwrite_registers(read_address=2, read_count=3, write_address=2, values=[2, 9, 0], device_id=1)
        read = client.read_holding_registers(0, count=5, device_id=1)
        wrong = client.read_holding_registers(60, count=5, device_id=1)
        client.close()  # type: ignore[no-untyped-call]
        return [list(both.registers), list(read.registers), [wrong.exception_code]]

    assert await asyncio.to_thread(converse) == [[2, 9, 0], [0, 0, 2, 9, 0], [2]]
    assert rig.faces()[FIRST] == Face("orange", 9)


async def test_an_unplugged_module_lets_a_master_wait(rig: LightRig) -> None:
    rig.rack.plug(FIRST, on=False)
    with pytest.raises(AssertionError, match=r"timed out|[Tt]arget"):
        await poll(rig, 1, 0)


def ask_on_the_line(path: str, request: bytes, reply_bytes: int, wait_s_max: float = 10.0) -> float:
    """Write to the raw line and listen; seconds until the last byte of the reply came."""
    line = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(line)
    began_s, heard = time.monotonic(), b""
    os.write(line, request)
    while len(heard) < reply_bytes:
        assert time.monotonic() < began_s + wait_s_max, f"heard only {heard.hex(' ')}"
        heard += _read(line)
    os.close(line)
    return time.monotonic() - began_s


async def test_bytes_take_the_time_they_take_at_the_baud_rate() -> None:
    async with light_rig("rtu", baud=9600) as rig:
        await rig.bus.aclose()
        took_s = [await asyncio.to_thread(ask_on_the_line, where(rig).port, READ_1, 15) for _ in range(5)]

        wire_s = (8 + 15) * 10 / 9600 + 3.5 * 10 / 9600 + 0.002  # both frames, the silence, the turnaround
        assert min(took_s) >= wire_s


async def test_a_request_into_a_running_reply_is_a_collision_and_spoils_it() -> None:
    async with light_rig("rtu-bay", baud=9600) as rig:
        await rig.bus.aclose()
        before = rig.line_counts()
        line = os.open(where(rig).port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(line)
        os.write(line, with_crc(bytes.fromhex("01 03 00 00 00 50")))  # 165 bytes of reply: 172 ms
        await rig.until(lambda: _read(line))
        os.write(line, READ_1)
        await rig.until(lambda: rig.line_counts()["collisions"] == before["collisions"] + 1)
        os.close(line)


def _read(line: int) -> bytes:
    try:
        return os.read(line, 1)
    except BlockingIOError:
        return b""


async def test_a_request_too_soon_after_another_is_counted() -> None:
    async with light_rig("rtu", baud=9600) as rig:
        await rig.bus.aclose()
        before = rig.line_counts()["gap_broken"]
        line = os.open(where(rig).port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(line)
        for _ in range(20):  # each request comes at the end of the reply before; a busy machine may be late itself
            os.write(line, READ_1)
            await asyncio.to_thread(_read_all, line, 15)
        os.close(line)

        assert rig.line_counts()["gap_broken"] > before


def _read_all(line: int, count: int) -> None:
    due_s, heard = time.monotonic() + 5, b""
    while len(heard) < count and time.monotonic() < due_s:
        heard += _read(line)


async def test_the_control_socket_presses_breaks_and_tells_faces_and_says_what_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "c"
    bus = BusProfile(name="a", kind="tcp", profile="picklight-bay16", host="127.0.0.1", tcp_port=0)
    zone = ZoneProfile(id="A", buses=(bus,), modules=(ModulePlace(location=FIRST, bus="a", unit=1, index=4),))
    control = Control(path)
    rack = Rack(RackConfig(control_socket=str(path), zone=zone), control.push)
    await rack.start()
    await control.start(rack)
    seen: list[tuple[str, str, int]] = []
    hand = ModulesRemote(path)
    await hand.connect(lambda location, colour, pieces: seen.append((location, colour, pieces)))
    rack.light(FIRST, "blue", 8)
    assert (await hand.wait_lit(FIRST)).pieces == 8

    assert await hand.press(FIRST) > 0
    assert seen == [(FIRST, "blue", 8)]
    await hand.garble(2)
    await hand.unplug(FIRST)
    await hand.plug(FIRST)
    await hand.wait_dark(FIRST)
    nonsenses: tuple[dict[str, object], ...] = (
        {"press": "Z-1"},
        {"dance": 1},
        {},
        {"garble": "many"},
        {"garble": 1, "bus": "z"},
    )
    for nonsense in nonsenses:
        with pytest.raises(RemoteRefused, match=r"not known|needed|invalid"):
            await hand.ask(nonsense)
    await hand.aclose()
    await control.stop()
    await rack.stop()
