"""Children cannot outlive us, come back when they die, and stop when asked."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from central.processes import Child, Program, start, stop
from tests.wire.real_broker import until

SLEEP = Program("sleeper", ("sleep", "600"))
IGNORE_TERM = "import signal, time; signal.signal(15, lambda *_: None); print('up', flush=True); time.sleep(600)"
DEAF = Program("deaf", (sys.executable, "-c", IGNORE_TERM), stop_wait_s_max=0.2)


async def test_a_killed_child_comes_back(tmp_path: Path) -> None:
    child = Child(SLEEP)
    running = asyncio.create_task(child.run())
    await child.started.wait()
    first = child.pid
    child.kill()
    await until(lambda: child.starts == 2 and child.pid is not None)
    assert child.pid != first
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert child.pid is None


async def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    output = tmp_path / "deaf.log"
    with output.open("wb") as file:
        process = await start(DEAF, file)
    await until(lambda: output.read_bytes() == b"up\n")
    await stop(process, DEAF.stop_wait_s_max)
    assert process.returncode == -signal.SIGKILL


async def test_a_program_that_is_missing_is_tried_again() -> None:
    child = Child(Program("nothing", ("/nonexistent/program",)))
    running = asyncio.create_task(child.run())
    done, _ = await asyncio.wait([running], timeout=0.3)
    assert not done
    assert child.starts == 0
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_a_child_says_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    child = Child(Program("echo", ("echo", "hello"), log_file=log))
    running = asyncio.create_task(child.run())
    await until(lambda: log.exists() and log.read_text().startswith("hello"))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_childs_own_children_end_with_it() -> None:
    process = await start(Program("shell", ("sh", "-c", "sleep 600 & sleep 600")))
    await until(lambda: len(psutil.Process(process.pid).children()) == 2)
    family = psutil.Process(process.pid).children()
    await stop(process, 5)
    psutil.wait_procs(family, timeout=5)
    assert not any(member.is_running() and member.status() != psutil.STATUS_ZOMBIE for member in family)


def test_when_the_parent_is_killed_the_child_dies() -> None:
    script = (
        "import asyncio\nfrom central.processes import Program, start\n"
        "async def main():\n    p = await start(Program('s', ('sleep', '600')))\n"
        "    print(p.pid, flush=True)\n    await p.wait()\nasyncio.run(main())\n"
    )
    parent = subprocess.Popen((sys.executable, "-c", script), stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout as said:
        child = psutil.Process(int(said.readline()))
        parent.kill()
        parent.wait()
    child.wait(timeout=5)
