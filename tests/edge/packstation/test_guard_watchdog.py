"""The dead-man thread: the output falls when the loop that should let it fall does not run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from edge.packstation.guard.watchdog import DeadMan, Notifier


class Output:
    """An output that can be waited on."""

    def __init__(self) -> None:
        self.fell, self.stalled, self.driven = threading.Event(), threading.Event(), 0

    def drive(self) -> None:
        self.driven += 1


@pytest.fixture
def output() -> Output:
    return Output()


@pytest.fixture
def dead_man(output: Output) -> Iterator[DeadMan]:
    thread = DeadMan(output.fell.set, output.stalled.set, stall_s_max=0.2)
    thread.start()
    yield thread
    thread.stop()


def test_a_loop_that_stops_beating_while_released_loses_the_output(dead_man: DeadMan, output: Output) -> None:
    began = time.monotonic()
    dead_man.release(60, output.drive)

    assert output.fell.wait(5)
    assert output.stalled.wait(5)
    assert output.driven == 1
    assert time.monotonic() - began >= 0.2


def test_a_lease_that_the_loop_forgets_ends_all_the_same(dead_man: DeadMan, output: Output) -> None:
    dead_man.release(0.1, output.drive)
    deadline = time.monotonic() + 5
    while not output.fell.wait(0.02) and time.monotonic() < deadline:
        dead_man.beat()

    assert output.fell.is_set()


def test_a_release_that_ended_in_time_is_left_alone(dead_man: DeadMan, output: Output) -> None:
    dead_man.release(0.05, output.drive)
    dead_man.held()

    assert not output.fell.wait(0.4)
    assert dead_man.is_watching


def test_without_systemd_nothing_is_sent() -> None:
    notifier = Notifier({})
    notifier.say("READY=1")

    assert notifier.interval_s == 0


def test_a_deaf_systemd_is_no_reason_to_stop() -> None:
    notifier = Notifier({"NOTIFY_SOCKET": "/nonexistent/notify", "WATCHDOG_USEC": "3000000"})
    notifier.say("WATCHDOG=1")

    assert notifier.interval_s == 1
