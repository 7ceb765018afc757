"""What every scanner promises: exactly what was scanned, or a scan that says why it cannot be trusted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.drivers.ports import Presence
from edge.drivers.scanner_serial import SerialSource
from edge.drivers.scanner_text import Framing
from tests.contracts.scanner_rig import KINDS, WAIT_S_MAX, Kind, Rig

GS = "\x1d"


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
async def rig(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    rig = Rig(tmp_path, request.param)
    await rig.begin()
    yield rig
    await rig.end()


async def test_a_scan_arrives_as_it_was_scanned(rig: Rig) -> None:
    for text in ("5901234123457", "]C1010950110153000310AB" + GS + "2112", "LP 1/2-b_C", "]d2" + GS):
        before = time.monotonic_ns() - 1000  # the kernel's times are in microseconds
        await rig.hand.scan(text)
        scan = await rig.next()

        assert (scan.text, scan.dirty) == (text, "")
        assert before <= scan.mono_ns <= time.monotonic_ns()


async def test_twenty_scans_in_a_row_stay_twenty_scans_in_order(rig: Rig) -> None:
    texts = [f"5901234{number:06d}" for number in range(20)]
    for text in texts:
        await rig.hand.scan(text)

    assert [(await rig.next()).text for _ in texts] == texts


async def test_a_scan_that_comes_in_pieces_is_one_scan(rig: Rig) -> None:
    for piece in ("5901", "234123"):
        await rig.hand.part(piece)
    await rig.hand.scan("457")

    assert (await rig.next()).text == "5901234123457"
    await rig.hand.scan("next")
    assert (await rig.next()).text == "next"


async def test_ten_thousand_characters_are_one_dirty_scan_and_the_next_is_clean(rig: Rig) -> None:
    await rig.hand.scan("x" * 10_000)
    scan = await rig.next()
    assert scan.dirty == "too_long"
    assert len(scan.text) <= 256

    await rig.hand.scan("5901234123457")
    assert (await rig.next()).dirty == ""


async def test_what_is_no_text_is_dirty_and_the_next_scan_is_clean(rig: Rig) -> None:
    await rig.hand.garble()
    assert (await rig.next()).dirty == rig.hand.garbage

    await rig.hand.scan("5901234123457")
    assert (await rig.next()).dirty == ""


async def test_half_a_scan_followed_by_silence_is_dirty(rig: Rig) -> None:
    await rig.hand.part("590123")

    scan = await rig.next()
    assert (scan.text, scan.dirty) == ("590123", "no_suffix")


async def test_an_unplugged_scanner_is_missed_and_comes_back_and_half_a_scan_is_gone(rig: Rig) -> None:
    await rig.hand.part("590123")
    rig.hand.unplug()
    began = time.monotonic()
    assert await rig.present() is False
    assert time.monotonic() - began < 1

    rig.hand.plug()
    assert await rig.present() is True
    await rig.hand.scan("4123457")
    scan = await rig.next()
    if scan.dirty:  # the half was read before the plug was pulled and had fallen silent
        scan = await rig.next()
    assert scan.text == "4123457"


async def test_a_scanner_that_is_away_costs_next_to_nothing(rig: Rig) -> None:
    rig.hand.unplug()
    assert await rig.present() is False
    began, used = time.monotonic(), time.process_time()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(rig.scans.get(), 0.7)

    assert time.process_time() - used < 0.05 * (time.monotonic() - began)


async def test_a_closed_scanner_is_silent_and_may_be_closed_again(rig: Rig) -> None:
    await rig.scanner.aclose()
    await rig.scanner.aclose()
    await rig.hand.scan("too late")

    await asyncio.sleep(0)
    assert rig.scans.empty()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_a_scanner_that_is_not_there_yet_is_said_to_be_missing_by_name(tmp_path: Path, kind: Kind) -> None:
    rig = Rig(tmp_path, kind)
    rig.hand.unplug()
    rig.scanner.start()

    told = await asyncio.wait_for(rig.presence.get(), WAIT_S_MAX)
    assert not told.there
    assert told.why.startswith(f"{rig.link}: ")
    await rig.end()


async def test_two_programs_cannot_read_one_scanner(rig: Rig) -> None:
    presence: asyncio.Queue[Presence] = asyncio.Queue()
    second = rig.owner(rig.kind.source(rig.link), presence)
    second.start()

    assert not (await asyncio.wait_for(presence.get(), WAIT_S_MAX)).there
    await second.aclose()


async def test_without_a_suffix_silence_ends_a_scan(tmp_path: Path) -> None:
    rig = Rig(tmp_path, KINDS[0], SerialSource(str(tmp_path / "scanner"), Framing(suffix=b"")))
    await rig.begin()
    await rig.hand.part("5901234123457")

    scan = await rig.next()
    assert (scan.text, scan.dirty) == ("5901234123457", "")
    await rig.end()
