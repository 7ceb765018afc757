"""systemd's watchdog is fed while every owner shows progress, and no longer: a hung thread ends the feeding."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest

from edge.clock import Clock
from edge.drivers.errors import DeviceGone
from edge.drivers.light_bus import ModbusLightBus
from edge.drivers.modbus_pdu import Request, Words
from edge.drivers.module_model import load_model
from edge.link.errors import OutboxBroken
from edge.link.outbox import Outbox
from edge.link.store import Store
from edge.link.writer import Job, Writer
from edge.profile import ModulePlace
from edge.service.notify import feed_watchdog
from tests.edge.node_floor import node_floor, work
from tests.wire.real_broker import until
from wire.ids import Text

# The ninth sync of a thread takes a minute: a start has eight, on another thread than the outbox's.
NO_ANSWER = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync"]
NO_ANSWER += ["-e", "inject=fsync,fdatasync:delay_enter=60000000:when=9+"]
SILENCE_S = 1.5  # longer than the second after which an idle outbox shows life again


class Systemd:
    """The service manager's end of the notification socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)
        self.heard: list[str] = []

    def fed(self) -> int:
        """How often it was fed so far."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self.heard.append(self._socket.recv(4096).decode())
        return self.heard.count("WATCHDOG=1")

    def close(self) -> None:
        """Nobody listens any more."""
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    """A manager that wants to hear every 0.6 seconds."""
    manager = Systemd(tmp_path / "notify")
    asked = {"NOTIFY_SOCKET": str(manager.path), "WATCHDOG_USEC": "600000"}
    before = {name: os.environ.get(name) for name in asked}
    os.environ.update(asked)
    yield manager
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
    manager.close()


@contextlib.asynccontextmanager
async def feeding(owner: str, of: Writer | ModbusLightBus) -> AsyncIterator[None]:
    """The watchdog's part of a node, for one owner that has `progress_ns`."""
    progress = asyncio.create_task(feed_watchdog(lambda: {owner: of.progress_ns}, SILENCE_S))
    try:
        yield
    finally:
        progress.cancel()
        await asyncio.gather(progress, return_exceptions=True)


async def starves(systemd: Systemd) -> None:
    """Return once nothing came for four times as long as systemd allows."""
    quiet = False
    due_s = time.monotonic() + 30
    while not quiet:
        assert time.monotonic() < due_s, "it is fed and fed"
        before = systemd.fed()
        try:
            await until(lambda before=before: systemd.fed() > before, 2.4)  # type: ignore[misc]
        except AssertionError:
            quiet = True


async def test_an_outbox_thread_that_hangs_ends_the_feeding_and_one_that_goes_on_brings_it_back(
    tmp_path: Path, systemd: Systemd, caplog: pytest.LogCaptureFixture
) -> None:
    release = threading.Event()
    store = Store(tmp_path / "outbox.db")
    writer = Writer(store, lambda: Store(tmp_path / "outbox.db"), lambda _settled: None)
    async with feeding("outbox", writer):
        await until(lambda: systemd.fed() > 5)
        writer.put(Job(lambda _store: release.wait(), lambda _: None, asyncio.get_running_loop().create_future()))
        await starves(systemd)
        assert "owners_hang owners=outbox" in caplog.text

        before = systemd.fed()
        release.set()
        await until(lambda: systemd.fed() > before)
    writer.stop()


class StuckLine:
    """A line whose driver never comes back from an exchange."""

    tells_replies_apart = False
    reply_delay_s = 0.0

    def __init__(self) -> None:
        self.stuck, self.free = threading.Event(), threading.Event()

    def open(self) -> None:
        """It opens."""

    def close(self) -> None:
        """It closes."""

    def wait_for_gap(self) -> None:
        """There is always one."""

    def exchange(self, request: Request, reply_wait_s: float) -> Words:
        """Asked, and gone."""
        self.stuck.set()
        self.free.wait()
        raise DeviceGone(f"unit {request.unit}", f"pulled within {reply_wait_s} s", "plug it in")


async def test_a_bus_thread_that_hangs_in_its_driver_ends_the_feeding(
    systemd: Systemd, caplog: pytest.LogCaptureFixture
) -> None:
    line, place = StuckLine(), ModulePlace(location=Text("A-01"), bus=Text("a"), unit=1)
    bus = ModbusLightBus("a", line, load_model("picklight-display"), [place], lambda _report: None)
    async with feeding("bus a", bus):
        await until(lambda: systemd.fed() > 2)
        bus.start()
        await until(line.stuck.is_set)
        await starves(systemd)
    assert "owners_hang owners='bus a'" in caplog.text
    asyncio.get_running_loop().call_later(0.2, line.free.set)
    await bus.aclose()


async def test_an_outbox_that_was_closed_shows_no_life(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.db", production=False, clock=Clock())
    outbox.close()
    at_ns = outbox.progress_ns

    with pytest.raises(AssertionError, match="did not happen in time"):
        await until(lambda: outbox.progress_ns != at_ns, 1.2)
    with pytest.raises(OutboxBroken, match="closed"):
        await outbox.read(0, 1)


@pytest.mark.floor
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
async def test_a_node_whose_disk_never_answers_is_no_longer_fed(systemd: Systemd) -> None:
    async with node_floor() as floor:
        await floor.start_edge(NO_ANSWER)
        await until(lambda: "READY=1" in systemd.heard or systemd.fed() < 0)
        before = systemd.fed()
        await until(lambda: systemd.fed() > before + 3)
        for version in range(1, 13):  # each is kept on the disk
            floor.central.want(work(version, ("t1", [("A-01-1", version)])))
            fed = systemd.fed()
            await until(lambda fed=fed: systemd.fed() > fed)  # type: ignore[misc]
        await starves(systemd)
        await until(lambda: "owners_hang owners=outbox" in (floor.folder / "edge.log").read_text())
        assert floor.edge is not None
        for node in psutil.Process(floor.edge.pid).children():  # it would outlive the strace that holds it up
            node.kill()
