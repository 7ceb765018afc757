"""A task that dies starts again; a trouble that repeats is counted, not written."""

from __future__ import annotations

import asyncio
import logging

import pytest

from central.log import KINDS_MAX, QUIET_S, Edges
from central.tasks import STEADY_S, WAIT_S_FIRST, WAIT_S_MAX, keep_all, next_wait_s


async def test_a_failing_task_is_named_and_started_again(caplog: pytest.LogCaptureFixture) -> None:
    lives: list[int] = []
    stop = asyncio.Event()

    async def fragile() -> None:
        lives.append(1)
        if len(lives) == 1:
            raise ValueError("a bug")
        stop.set()
        await asyncio.Event().wait()

    async with asyncio.timeout(5):
        await keep_all({"fragile": fragile}, stop)
    assert len(lives) == 2
    assert "task failed task=fragile" in caplog.text


def test_the_pause_doubles_up_to_a_limit_and_is_forgotten_after_a_steady_run() -> None:
    wait_s = WAIT_S_FIRST
    for _ in range(20):
        wait_s = next_wait_s(wait_s, 0.0)
    assert wait_s == WAIT_S_MAX
    assert next_wait_s(wait_s, STEADY_S) == WAIT_S_FIRST


def test_a_repeated_trouble_is_written_once_a_minute_with_its_count(caplog: pytest.LogCaptureFixture) -> None:
    now_s = [0.0]
    edges = Edges(logging.getLogger("edges"), clock_s=lambda: now_s[0])
    written = [edges.note("oversize", "message refused") for _ in range(5)]
    now_s[0] = QUIET_S
    written.append(edges.note("oversize", "message refused"))
    assert written == [True, False, False, False, False, True]
    assert caplog.messages[-1] == "message refused kind=oversize count=6 unsaid=4"


def test_kinds_of_trouble_are_bounded() -> None:
    edges = Edges(logging.getLogger("edges"))
    for number in range(KINDS_MAX + 50):
        edges.note(f"kind-{number}", "x")
    assert len(edges.counts) == KINDS_MAX + 1
