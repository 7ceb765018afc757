"""A bench from the scanner's bytes to the gate: real guard process, real outbox, real pty."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.edge.packstation.bench_rig import ITEM, LABEL, bench
from tests.edge.packstation.guard_process import Client, GuardProcess, running
from wire.answers import AnyAnswer, Blocked
from wire.deeds import (
    AlarmCleared,
    AlarmRaised,
    AnyDeed,
    InterlockFaulted,
    ItemScanned,
    LabelScanned,
    ParcelReleased,
    SetAside,
    StaleAnswer,
)
from wire.phrases import Refusal

pytestmark = pytest.mark.floor


@pytest.fixture(scope="module")
def guard() -> Iterator[GuardProcess]:
    with running(mock={"move_ms": 5, "pass_after_ms": 60}) as process:
        yield process


async def test_a_label_and_its_items_release_one_parcel_and_the_gate_holds_again(
    tmp_path: Path, guard: GuardProcess
) -> None:
    async with bench(tmp_path, guard) as one:
        await one.load()
        assert one.screen.items == one.central.items()
        await one.pack()
        await one.shows_in_turn("releasing", "send_it", "scan_label")
        await one.until(lambda: one.released)

        assert [type(line.deed).__name__ for line in one.lines][-4:] == [
            "LabelScanned",
            "ItemScanned",
            "ItemScanned",
            "ParcelReleased",
        ]
        assert one.screen.gate == "holding"
        assert any(screen.gate == "released" for screen in one.screens)
        assert {line.intent.split(":")[0] for line in one.lines} == {"alarm", "scan", "release"}


@pytest.mark.parametrize("changed", [{"station": "bench-2"}, {"challenge": "ab" * 16}, {"label": "LP2"}])
async def test_a_wrong_grant_holds(tmp_path: Path, guard: GuardProcess, changed: dict[str, str]) -> None:
    async with bench(tmp_path, guard) as one:
        one.central.changed = changed
        await one.load()
        await one.pack()
        await one.says("gate_refused")

        assert not one.released
        assert all(screen.gate != "released" for screen in one.screens)


async def test_no_answer_holds_within_the_time_allowed_and_a_late_one_does_nothing(
    tmp_path: Path, guard: GuardProcess
) -> None:
    async with bench(tmp_path, guard, answer_wait_ms=1000) as one:
        await one.load()
        await one.scanner.scan(ITEM)
        await one.says("next_item")
        one.central.silent = True
        began = time.monotonic()
        await one.scanner.scan(ITEM)
        await one.says("no_answer")
        assert time.monotonic() - began < 2

        one.central.silent = False
        late = one.central.answer(one.deeds(ItemScanned)[-1])
        assert late is not None
        one.station.answered(late)
        await one.until(lambda: one.deeds(StaleAnswer))
        assert one.screen.say == "no_answer"
        assert not one.released


async def test_after_no_answer_the_label_begins_anew(tmp_path: Path, guard: GuardProcess) -> None:
    async with bench(tmp_path, guard, answer_wait_ms=1000) as one:
        one.central.silent = True
        await one.says("scan_label")
        await one.scanner.scan(LABEL)
        await one.says("no_answer")
        one.central.silent = False
        await one.scanner.scan(LABEL)
        await one.says("scan_items")
        await one.pack()
        await one.shows_in_turn("releasing", "send_it", "scan_label")

        first, second = one.deeds(LabelScanned)
        assert isinstance(first, LabelScanned)
        assert isinstance(second, LabelScanned)
        assert first.challenge != second.challenge


async def test_a_blocked_parcel_leaves_by_being_set_aside(tmp_path: Path, guard: GuardProcess) -> None:
    def blocks(deed: AnyDeed) -> AnyAnswer | None:
        if isinstance(deed, ItemScanned):
            return Blocked(scan_id=deed.scan_id, reason=Refusal.WRONG_ITEM, ticket="T-7")
        return None

    async with bench(tmp_path, guard, answer_wait_ms=1000) as one:
        await one.load()
        one.central.answer = blocks  # type: ignore[method-assign]
        await one.scanner.scan("4006381333931")
        blocked = await one.says("wrong_item")
        assert (blocked.ticket, blocked.lamp, blocked.gate) == ("T-7", "red", "holding")
        await one.scanner.scan(LABEL)
        await one.scanner.scan("PL:ASIDE")
        await one.until(lambda: one.deeds(SetAside))
        await one.says("no_answer")  # nobody answers here: free all the same, the deed is on the disk


async def test_the_same_scan_twice_in_a_moment_counts_once_and_is_said(tmp_path: Path, guard: GuardProcess) -> None:
    async with bench(tmp_path, guard, quiet_window_ms=400) as one:
        await one.load()
        await one.scanner.scan(ITEM)
        await one.scanner.scan(ITEM)
        await one.until(lambda: one.screen.ignored_repeats == 1)
        await one.until(lambda: one.screen.say in {"next_item", "repeat_ignored"})

        assert len(one.deeds(ItemScanned)) == 1


@pytest.mark.parametrize("raw", [b"x" * 10_000 + b"\r", b"590\xff\xfe123\r", b"5901234\x00123457\r", b"590123"])
async def test_bytes_that_are_no_barcode_are_said_to_be_and_nothing_is_asked(
    tmp_path: Path, guard: GuardProcess, raw: bytes
) -> None:
    async with bench(tmp_path, guard) as one:
        await one.load()
        await one.scanner.send(raw)
        await one.says("dirty_scan")

        assert not one.deeds(ItemScanned)


async def test_an_item_before_its_label_is_refused_at_the_bench(tmp_path: Path, guard: GuardProcess) -> None:
    async with bench(tmp_path, guard) as one:
        await one.says("scan_label")
        await one.scanner.scan(ITEM)
        await one.says("scan_label_first")

        assert not one.deeds(LabelScanned, ItemScanned)


async def test_a_full_outbox_accepts_nothing(tmp_path: Path) -> None:
    with running() as fresh:
        await _fill(tmp_path, fresh)


async def _fill(folder: Path, fresh: GuardProcess) -> None:
    async with bench(folder, fresh, rows_max=3) as one:
        await one.load()
        await one.scanner.scan(ITEM)
        await one.says("next_item")
        await one.scanner.scan(ITEM)
        full = await one.says("storage_full")

        assert full.lamp == "red"
        assert full.state == "packing"


async def test_a_lost_scanner_is_shown_and_raises_an_alarm_until_it_is_back(
    tmp_path: Path, guard: GuardProcess
) -> None:
    async with bench(tmp_path, guard) as one:
        await one.says("scan_label")
        one.scanner.unplug()
        await one.until(lambda: not one.screen.scanner_ok and one.deeds(AlarmRaised))
        one.scanner.plug()
        await one.until(lambda: one.screen.scanner_ok and one.deeds(AlarmCleared))


async def test_a_guard_that_dies_is_a_fault_and_its_successor_begins_anew(tmp_path: Path) -> None:
    with running(mock={"pass_after_ms": 0}) as mortal:
        async with bench(tmp_path, mortal) as one:
            await one.load()
            await one.pack()
            await one.says("send_it")
            mortal.kill()
            away = await one.says("gate_guard_away")
            assert away.gate == "away"
            await one.until(lambda: one.deeds(InterlockFaulted))
            assert len(one.released) == 1

            await asyncio.to_thread(mortal.start)
            await one.says("scan_label")
            assert one.screen.gate == "holding"


async def test_a_node_that_restarts_writes_down_what_the_guard_released_for_it(
    tmp_path: Path, guard: GuardProcess
) -> None:
    lost = Client(guard.socket)
    lost.ask("release", grant=guard.grant(lost.begin(), "g-lost"))
    lost.close()

    async with bench(tmp_path, guard) as one:
        await one.until(lambda: one.deeds(ParcelReleased))

        lost_one = ParcelReleased(station="bench-1", order_no="O-1", label="LP00000000000001", grant_id="g-lost")
        assert one.deeds(ParcelReleased) == [lost_one]
        await one.says("scan_label")
