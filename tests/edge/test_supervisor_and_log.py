"""The supervisor brings a broken part back alone; the log is one line an edge; the watchdog is fed by progress."""

from __future__ import annotations

import asyncio
import logging

import pytest

from edge.log import VALUE_CHARS_MAX, get_log, line_of
from edge.service.notify import feed_every_s, late_owners, notify
from edge.tasks import Supervisor


async def test_a_part_that_crashes_comes_back_and_the_others_never_notice(caplog: pytest.LogCaptureFixture) -> None:
    runs, third = {"shaky": 0, "steady": 0}, asyncio.Event()

    async def shaky() -> None:
        runs["shaky"] += 1
        if runs["shaky"] == 3:
            third.set()
            await asyncio.Event().wait()
        raise RuntimeError("a bug")

    async def steady() -> None:
        runs["steady"] += 1
        await asyncio.Event().wait()

    supervisor = Supervisor(pause_s_first=0.001)
    supervisor.add("shaky", shaky)
    supervisor.add("steady", steady)
    running = asyncio.create_task(supervisor.run())
    async with asyncio.timeout(5):
        await third.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert running.cancelled()
    assert runs == {"shaky": 3, "steady": 1}
    assert supervisor.restarts == {"shaky": 2, "steady": 0}
    assert "part_crashed part=shaky" in caplog.text
    assert "RuntimeError: a bug" in caplog.text


async def test_a_part_that_merely_ends_comes_back_too() -> None:
    twice = asyncio.Event()
    runs: list[int] = []

    async def brief() -> None:
        runs.append(1)
        if len(runs) == 2:
            twice.set()

    supervisor = Supervisor(pause_s_first=0.001)
    supervisor.add("brief", brief)
    running = asyncio.create_task(supervisor.run())
    async with asyncio.timeout(5):
        await twice.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({}, "module_lost"),
        ({"unit": 7, "bus": "a"}, "module_lost unit=7 bus=a"),
        ({"wait_s": 0.25}, "module_lost wait_s=0.250"),
        ({"why": "no answer"}, "module_lost why='no answer'"),
        ({"scan": "evil\nINFO edge ready"}, r"module_lost scan='evil\nINFO edge ready'"),
        ({"scan": "x" * 500}, f"module_lost scan='{'x' * (VALUE_CHARS_MAX - 1)}…'"),
    ],
)
def test_a_line_is_an_event_and_its_facts_whatever_is_in_them(facts: dict[str, object], line: str) -> None:
    assert line_of("module_lost", facts) == line


def test_what_is_below_the_level_costs_no_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "edge.test"):
        get_log("edge.test").info("quiet", n=1)
        get_log("edge.test").warning("loud", n=2)

    assert caplog.messages == ["loud n=2"]


def test_without_systemd_nothing_is_said() -> None:
    assert not notify("READY=1")


@pytest.mark.parametrize(("usec", "every_s"), [("30000000", 10.0), ("", 5.0), ("0", 5.0), ("soon", 5.0)])
def test_the_watchdog_is_fed_three_times_in_its_time(usec: str, every_s: float) -> None:
    assert feed_every_s(usec) == every_s


def test_an_owner_without_a_sign_of_life_for_too_long_is_named() -> None:
    assert late_owners({"bus a": 5_000_000_000, "bus b": 15_000_000_000}, now_ns=16_000_000_000) == ["bus a"]
