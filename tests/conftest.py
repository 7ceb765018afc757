"""What holds for every test: what must be installed, what shares the machine, and that nothing is left running."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator

import psutil
import pytest

SYSTEM_PROGRAMS = "/usr/sbin"  # Debian keeps mosquitto there, which is not on everybody's path
END_WAIT_S_MAX = 5.0


def pytest_configure(config: pytest.Config) -> None:
    """Stop at once, with the cure, on a machine without a broker."""
    if SYSTEM_PROGRAMS not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), SYSTEM_PROGRAMS])
    if shutil.which("mosquitto") is None:
        pytest.exit("mosquitto is not installed, and the tests use a real broker. Run: make setup", returncode=3)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that start many processes run one after the other, on one worker; the rest fills the others."""
    for item in items:
        if item.get_closest_marker("floor") or item.get_closest_marker("web"):
            item.add_marker(pytest.mark.xdist_group("floor"))


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    """After the last test: no thread but the main one, and no process that a test started."""
    before = set(threading.enumerate())
    children_before = set(psutil.Process().children(recursive=True))
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(END_WAIT_S_MAX)
    children = [child for child in psutil.Process().children(recursive=True) if child not in children_before]
    _, alive = psutil.wait_procs(children, timeout=END_WAIT_S_MAX)
    names = [thread.name for thread in left if thread.is_alive()] + [" ".join(_command(child)) for child in alive]
    if names:
        pytest.fail(f"tests left running: {names}")


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
