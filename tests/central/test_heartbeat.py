"""A child that is alive and does nothing is found out, killed and replaced; one that works is left alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from central.heartbeat import VARIABLE, Heart, beat
from central.processes import Child, Program
from tests.central.whole_site import whole_site
from tests.wire.real_broker import until

BEATS = "import faulthandler, sys, time\nfaulthandler.enable()\nfrom central.heartbeat import beat\n"
STEADY = BEATS + "while True:\n    beat()\n    time.sleep(0.05)\n"
HANGS = BEATS + "beat()\nprint('up', flush=True)\ndef here_it_hangs():\n    time.sleep(600)\nhere_it_hangs()\n"


async def never(what: Callable[[], object], wait_s: float) -> None:
    """Fail if `what()` becomes true within `wait_s`."""
    with pytest.raises(AssertionError, match="did not happen in time"):
        await until(what, wait_s)


@contextlib.asynccontextmanager
async def kept(code: str, folder: Path, silence_s_max: float) -> AsyncIterator[Child]:
    """A Python program that is kept running and listened to."""
    program = Program("child", (sys.executable, "-c", code), log_file=folder / "log", silence_s_max=silence_s_max)
    child = Child(program)
    running = asyncio.create_task(child.run())
    try:
        await child.started.wait()
        yield child
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_child_that_hangs_alive_is_replaced_and_leaves_where_it_hung(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with kept(HANGS, tmp_path, silence_s_max=0.5) as child:
        first = child.pid
        await until(lambda: child.starts >= 2, 20)
        assert child.pid != first
        assert child.is_kept
    assert "hangs child=child" in caplog.text
    assert "in here_it_hangs" in (tmp_path / "log").read_text()


async def test_a_stopped_child_cannot_say_goodbye_and_is_replaced_too(tmp_path: Path) -> None:
    async with kept(STEADY, tmp_path, silence_s_max=1.5) as child:
        first = child.pid
        assert first is not None
        await never(lambda: (child.pid, child.starts) != (first, 1), 3)  # one that works is left alone
        os.kill(first, signal.SIGSTOP)
        await until(lambda: child.starts == 2, 20)
        assert not psutil.pid_exists(first)


async def test_without_a_limit_nobody_listens(tmp_path: Path) -> None:
    async with kept(HANGS, tmp_path, silence_s_max=0) as child:
        await until(lambda: (tmp_path / "log").read_text() == "up\n", 20)
        await never(lambda: child.starts != 1, 2.5)


def test_a_full_pipe_and_a_listener_that_left_stop_nobody() -> None:
    with Heart() as heart:
        os.environ[VARIABLE] = str(heart.pulse)
        try:
            for _ in range(100_000):
                beat()
            assert heart.silent_s() < 1
            heart.hand_over()
            beat()
        finally:
            del os.environ[VARIABLE]


@pytest.mark.floor
async def test_a_site_replaces_a_writer_that_stands_still(tmp_path: Path) -> None:
    async with whole_site(tmp_path) as site:
        old = site.child("writer")
        assert old is not None
        old.suspend()

        def replaced() -> bool:
            new = site.child("writer")
            return new is not None and new.pid != old.pid

        await until(replaced, 60)
