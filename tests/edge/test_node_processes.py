"""A whole node in its own process: lamp, press, dark, event; killed and stopped."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import socket
import time
from functools import partial
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.link.outbox import Outbox
from sim.modules.bank import Showing
from tests.edge.node_floor import node_floor, picked, work
from tests.wire.real_broker import until

pytestmark = pytest.mark.floor

FIRST, SECOND, THIRD = "A-01-1", "A-01-2", "A-02-1"
TOTE = ("t1", [(FIRST, 3), (SECOND, 1), (THIRD, 2)])


async def test_released_work_lights_a_press_puts_it_out_and_central_knows() -> None:
    async with node_floor() as floor:
        await floor.start_edge()
        floor.central.want(work(1, TOTE, ("t2", [(FIRST, 5)])))
        assert [(await floor.hand.wait_lit(at)).pieces for at in (FIRST, SECOND, THIRD)] == [3, 1, 2]

        for at in (FIRST, SECOND):
            await floor.press(at)
            await floor.hand.wait_dark(at)
        await floor.press(THIRD, hold=True)
        await floor.hand.wait_dark(THIRD)
        await floor.hand.wait_showing(FIRST, lambda face: face.pieces == 5)
        await until(lambda: len(picked(floor.central.deeds)) == 3)

        assert picked(floor.central.deeds) == [
            ("pick_confirmed", "t1-0"),
            ("pick_confirmed", "t1-1"),
            ("short_picked", "t1-2"),
        ]
        await until(lambda: floor.central.lives[-1].zone and floor.central.lives[-1].zone.tote_id == "t2")


async def test_a_node_killed_the_moment_a_light_goes_out_has_that_press_on_its_disk() -> None:
    async with node_floor() as floor:
        await floor.start_edge()
        floor.central.want(work(1, *[(f"t{n}", [(FIRST, n + 1)]) for n in range(3)]))
        for n in range(2):
            await floor.hand.wait_showing(FIRST, partial(_asks_for, n + 1))
            await floor.press(FIRST)
            await floor.hand.wait_dark(FIRST)
            floor.end_edge(signal.SIGKILL)
            outbox = Outbox(floor.folder / "state" / "outbox.db", production=False, clock=Clock())
            done = outbox.done_picks()
            outbox.close()
            assert f"t{n}-0" in done
            await floor.start_edge()

        await floor.hand.wait_showing(FIRST, partial(_asks_for, 3))
        await until(lambda: len(picked(floor.central.deeds)) == 2)
        assert picked(floor.central.deeds) == [("pick_confirmed", f"t{n}-0") for n in range(2)]


async def test_a_light_whose_pick_is_open_does_not_go_out_when_the_node_dies_and_starts_again() -> None:
    async with node_floor() as floor:
        await floor.start_edge()
        floor.central.want(work(1, ("t1", [(FIRST, 3), (THIRD, 2)])))
        await floor.hand.wait_lit(FIRST)
        await floor.hand.wait_lit(THIRD)
        floor.end_edge(signal.SIGKILL)
        seen: list[tuple[str, str, int]] = []
        floor.hand.on_face = lambda *face: seen.append(face)
        await floor.start_edge()
        while not picked(floor.central.deeds):  # a press that came too early is pressed again
            await floor.press(FIRST)
            await asyncio.sleep(0.2)

        assert seen == [(FIRST, "off", 0)]


def _asks_for(pieces: int, face: Showing) -> bool:
    return face.colour != "off" and face.pieces == pieces


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
async def test_the_order_of_system_calls_is_press_read_then_disk_synced_then_light_out() -> None:
    async with node_floor() as floor:
        trace = floor.folder / "trace"
        await floor.start_edge(["strace", "-f", "-qq", "-xx", "-e", "trace=fdatasync,fsync,write", "-o", str(trace)])
        floor.central.want(work(1, ("t1", [(FIRST, 3)])))
        await floor.hand.wait_lit(FIRST)
        await floor.press(FIRST)
        await floor.hand.wait_dark(FIRST)

        order = [what for line in trace.read_text().splitlines() if (what := _what(line))]
        after_lit = order[order.index("lit") + 1 :]
        assert "synced" in after_lit[: after_lit.index("dark")]


def _what(line: str) -> str:
    """A face written to unit 1 of the RTU line (function 0x17, three words to register 2), or a sync of the disk."""
    if re.search(r"fdatasync|fsync", line) and line.rstrip().endswith("= 0"):
        return "synced"
    colour = re.search(r'"\\x01\\x17.{16}\\x00\\x02\\x00\\x03\\x06\\x00\\x(\w\w)', line)
    return ("dark" if colour[1] == "00" else "lit") if colour else ""


async def test_systemd_is_told_and_sigterm_ends_the_node_within_two_seconds_with_its_lights_out(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        async with node_floor() as floor:
            await floor.start_edge(["env", f"NOTIFY_SOCKET={tmp_path}/notify", "WATCHDOG_USEC=300000"])
            assert [await _next(systemd) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
            floor.central.want(work(1, TOTE))
            for at in (FIRST, SECOND, THIRD):
                await floor.hand.wait_lit(at)
            began_s = time.monotonic()

            assert floor.end_edge(signal.SIGTERM) == 0
            assert time.monotonic() - began_s < 2.0
            for at in (FIRST, SECOND, THIRD):
                await floor.hand.wait_dark(at)


async def _next(systemd: socket.socket) -> bytes:
    async with asyncio.timeout(5):
        return await asyncio.get_running_loop().sock_recv(systemd, 100)
