"""The simulated models against masters we did not write, and our driver against a slave we did not write."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.server import ModbusTcpServer

from edge.drivers.light_bus import make_bus
from edge.drivers.module_model import load_model
from edge.drivers.ports import DARK, Face, LightReport, Pressed, Shown
from edge.profile import BusProfile, ModulePlace
from tests.contracts.light_rig import FIRST, SECOND, LightRig
from tests.contracts.profile_rig import DRIVABLE, READABLE, profile_rig
from tests.wire.real_broker import free_port
from wire.ids import LocationId

mbpoll = pytest.mark.skipif(shutil.which("mbpoll") is None, reason="mbpoll is not installed")
GREEN = Face("green", 12)


@asynccontextmanager
async def without_driver(name: str) -> AsyncIterator[LightRig]:
    """A simulated model whose line is free for another master."""
    async with profile_rig(name) as rig:
        await rig.bus.aclose()
        yield rig


async def poll(rig: LightRig, kind: str, start: int, *values: int, count: int = 1) -> list[int]:
    """Run mbpoll: write `values` to cells of `kind` from `start`, or read `count` from there."""
    bus = rig.zone.buses[0]
    line = ["-m", "rtu", "-b", "115200", "-P", "none"] if bus.kind == "rtu" else ["-m", "tcp", "-p", str(bus.tcp_port)]
    what = [] if values else ["-c", str(count), "-1"]
    target = bus.port if bus.kind == "rtu" else bus.host
    command = ["mbpoll", *line, "-a", "1", "-t", kind, "-0", "-r", str(start), *what, target, *map(str, values)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr
    return [int(text.split("\t")[1].split()[0]) for text in done.stdout.splitlines() if text.startswith("[")]


COIL, INPUT, HOLDING = "0", "1", "4"


@mbpoll
async def test_mbpoll_switches_a_relay_and_reads_it_and_an_input() -> None:
    async with without_driver("waveshare-relay-8-di") as rig:
        await poll(rig, COIL, 1, 1)
        rig.rack.press(SECOND, held=True)

        assert await poll(rig, INPUT, 0, count=8) == [0, 1, 0, 0, 0, 0, 0, 0]
        assert rig.faces() == {FIRST: DARK, SECOND: Face("white")}
        assert await poll(rig, COIL, 0, count=8) == [0, 1, 0, 0, 0, 0, 0, 0]


@mbpoll
async def test_mbpoll_sees_that_a_register_reads_back_otherwise_than_it_was_written() -> None:
    async with without_driver("eletechsup-n4d8b08") as rig:
        await poll(rig, HOLDING, 1, 0x0100)
        await rig.until(lambda: rig.faces()[FIRST] == Face("white"))
        await asyncio.sleep(0)

        await poll(rig, HOLDING, 2, 0x0200)
        assert await poll(rig, HOLDING, 1, count=2) == [1, 0]


@mbpoll
async def test_mbpoll_shows_a_number() -> None:
    async with without_driver("armfly-led-485") as rig:
        await poll(rig, HOLDING, 0, 1234)

        assert rig.faces()[FIRST] == Face("white", 1234)


@mbpoll
async def test_mbpoll_lights_many_outputs_of_a_coupler_and_finds_them_elsewhere() -> None:
    async with without_driver("wago-750") as rig:
        await poll(rig, COIL, 0, 1, 1)
        await rig.until(lambda: rig.faces() == {FIRST: Face("white"), SECOND: Face("white")})

        assert await poll(rig, COIL, 0x0200, count=3) == [1, 1, 0]


async def test_pymodbus_is_refused_what_the_device_does_not_know() -> None:
    async with without_driver("patlite-la6-poe") as rig:
        client = ModbusTcpClient(rig.zone.buses[0].host, port=rig.zone.buses[0].tcp_port)

        def converse() -> list[int]:
            assert client.connect()  # type: ignore[no-untyped-call]
            wrong_function = client.read_coils(0, count=1, device_id=1)
            wrong_address = client.write_register(40, 1, device_id=1)
            wrong_value = client.write_register(0, 0x0177, device_id=1)
            client.close()  # type: ignore[no-untyped-call]
            return [reply.exception_code for reply in (wrong_function, wrong_address, wrong_value)]

        assert await asyncio.to_thread(converse) == [1, 2, 3]


# ---- our driver against pymodbus' server ----

PLAIN = [
    name
    for name in READABLE
    if (lamp := load_model(name).file.lamp) is None or (lamp.seen is None and lamp.read_address is None)
]


def _memory() -> ModbusSequentialDataBlock:
    return ModbusSequentialDataBlock(1, [0] * 5001)  # type: ignore[no-untyped-call]


@asynccontextmanager
async def pymodbus_device() -> AsyncIterator[tuple[int, ModbusDeviceContext]]:
    """A device of plain memory, cells 0 to 5000 of each table; its port and its memory."""
    tables = {table: _memory() for table in ("di", "co", "hr", "ir")}
    device = ModbusDeviceContext(**tables)
    port = free_port()
    server = ModbusTcpServer(ModbusServerContext(devices=device, single=True), address=("127.0.0.1", port))
    await server.serve_forever(background=True)
    try:
        yield port, device
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", [name for name in PLAIN if name in DRIVABLE])
async def test_the_driver_lights_and_darkens_plain_memory_of_pymodbus(name: str) -> None:
    reports: list[LightReport] = []
    async with pymodbus_device() as (port, _):
        bus = make_bus(
            BusProfile(name="a", kind="tcp", profile=name, host="127.0.0.1", tcp_port=port, reply_wait_ms_max=500),
            [ModulePlace(location=FIRST, bus="a", unit=1, index=0)],
            reports.append,
        )
        bus.start()
        for face in (GREEN, DARK):
            bus.want(FIRST, face)
            await reported(reports, Shown(LocationId(FIRST), face, verified=True))
        await bus.aclose()

    assert sum(bus.errors().values()) == 0
    assert not [report for report in reports if isinstance(report, Pressed)]


async def reported(reports: list[LightReport], report: LightReport) -> None:
    due_s = asyncio.get_running_loop().time() + 10
    while report not in reports:
        assert asyncio.get_running_loop().time() < due_s, reports
        await asyncio.sleep(0.005)
