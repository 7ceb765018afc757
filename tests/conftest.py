"""What holds for every test: what must be installed, what runs alone, and that nothing is left running."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

SYSTEM_PROGRAMS: Final = "/usr/sbin"  # Debian keeps mosquitto there, which is not on everybody's path
END_WAIT_S_MAX: Final = 5.0
# These start a whole warehouse, or judge milliseconds of a simulated line.
ALONE_MARK: Final = "floor"
ALONE_PLACES: Final = ("tests/contracts/test_light_bus", "tests/edge/drivers/test_light_faults")

_lock_key = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Stop at once, with the cure, on a machine without a broker."""
    if SYSTEM_PROGRAMS not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), SYSTEM_PROGRAMS])
    if shutil.which("mosquitto") is None:
        pytest.exit("mosquitto is not installed, and the tests use a real broker. Run: make setup", returncode=3)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests first, on one worker; last what runs alone, one after the other."""
    items.sort(key=lambda item: (_runs_alone(item), not _needs_browser(item)))
    for item in items:
        if _runs_alone(item):
            item.add_marker(pytest.mark.xdist_group("alone"))
        elif _needs_browser(item):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker which file to lock; one file per run."""
    stash = node.config.stash
    if _lock_key not in stash:
        handle, name = tempfile.mkstemp(prefix="picklight-tests-", suffix=".lock")
        os.close(handle)
        stash[_lock_key] = Path(name)
    node.workerinput["alone_lock"] = str(stash[_lock_key])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """While a test runs alone the other workers wait; its own time-out begins to count only then."""
    name = getattr(item.config, "workerinput", {}).get("alone_lock")
    if name is None:
        return (yield)
    with Path(name).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if _runs_alone(item) else fcntl.LOCK_SH)
        return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the lock of this run."""
    if _lock_key in config.stash:
        config.stash[_lock_key].unlink(missing_ok=True)


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


def _runs_alone(item: pytest.Item) -> bool:
    return item.nodeid.startswith(ALONE_PLACES) or item.get_closest_marker(ALONE_MARK) is not None


def _needs_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("web") is not None


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
