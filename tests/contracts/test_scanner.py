"""What every scanner promises: exactly what was scanned, or a scan that says why it cannot be trusted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.drivers.ports import Scan
from edge.drivers.scanner_serial import SerialScanner, SerialSettings
from edge.drivers.scanner_text import Framing, ScanAssembler
from sim.scanner import ScannerOnPty

WAIT_S_MAX = 10.0
GS = "\x1d"


class Rig:
    """A scanner in use and the hand that scans with it."""

    def __init__(self, folder: Path, framing: Framing) -> None:
        self.hand = ScannerOnPty(folder / "scanner", framing.suffix.decode())
        self.scans: asyncio.Queue[Scan] = asyncio.Queue()
        self.presence: asyncio.Queue[bool] = asyncio.Queue()
        settings = SerialSettings(str(self.hand.link), 9600, framing, idle_s=0.4)
        self.scanner = SerialScanner(settings, self.scans.put_nowait, self.presence.put_nowait, time.monotonic_ns)

    async def begin(self) -> None:
        self.scanner.start()
        assert await self.present()

    async def next(self) -> Scan:
        return await asyncio.wait_for(self.scans.get(), WAIT_S_MAX)

    async def present(self) -> bool:
        return await asyncio.wait_for(self.presence.get(), WAIT_S_MAX)

    async def end(self) -> None:
        await self.scanner.aclose()
        self.hand.close()


@pytest.fixture(params=[Framing()], ids=["serial"])
async def rig(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    rig = Rig(tmp_path, request.param)
    await rig.begin()
    yield rig
    await rig.end()


async def test_a_scan_arrives_as_it_was_scanned(rig: Rig) -> None:
    before = time.monotonic_ns()
    for text in ("5901234123457", "]C1010950110153000310AB" + GS + "2112", " LP1 ", "箱-7"):
        await rig.hand.scan(text)
        scan = await rig.next()

        assert (scan.text, scan.dirty) == (text, "")
        assert before <= scan.mono_ns <= time.monotonic_ns()


async def test_twenty_scans_in_a_row_stay_twenty_scans_in_order(rig: Rig) -> None:
    texts = [f"5901234{number:06d}" for number in range(20)]
    await rig.hand.send("".join(f"{text}\r" for text in texts).encode())

    assert [(await rig.next()).text for _ in texts] == texts


async def test_a_scan_that_comes_in_pieces_is_one_scan(rig: Rig) -> None:
    for piece in (b"5901", b"234123", b"457\r\n"):
        await rig.hand.send(piece)

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


async def test_bytes_that_are_no_text_are_dirty(rig: Rig) -> None:
    await rig.hand.send(b"59012\xff\xfe34123457\r")

    assert (await rig.next()).dirty == "not_text"


async def test_half_a_scan_followed_by_silence_is_dirty(rig: Rig) -> None:
    await rig.hand.send(b"590123")

    scan = await rig.next()
    assert (scan.text, scan.dirty) == ("590123", "no_suffix")


async def test_an_unplugged_scanner_is_missed_and_comes_back_and_half_a_scan_is_gone(rig: Rig) -> None:
    await rig.hand.send(b"590123")
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


async def test_a_closed_scanner_is_silent_and_may_be_closed_again(rig: Rig) -> None:
    await rig.scanner.aclose()
    await rig.scanner.aclose()
    await rig.hand.send(b"too late\r")

    await asyncio.sleep(0)
    assert rig.scans.empty()


async def test_a_scanner_that_is_not_there_yet_is_said_to_be_missing(tmp_path: Path) -> None:
    presence: asyncio.Queue[bool] = asyncio.Queue()
    settings = SerialSettings(str(tmp_path / "nowhere"))
    scanner = SerialScanner(settings, lambda _scan: None, presence.put_nowait, time.monotonic_ns)
    scanner.start()

    assert await asyncio.wait_for(presence.get(), WAIT_S_MAX) is False
    await scanner.aclose()


async def test_two_programs_cannot_read_one_scanner(rig: Rig) -> None:
    presence: asyncio.Queue[bool] = asyncio.Queue()
    settings = SerialSettings(str(rig.hand.link))
    second = SerialScanner(settings, lambda _scan: None, presence.put_nowait, time.monotonic_ns)
    second.start()

    assert await asyncio.wait_for(presence.get(), WAIT_S_MAX) is False
    await second.aclose()


async def test_without_a_suffix_silence_ends_a_scan(tmp_path: Path) -> None:
    rig = Rig(tmp_path, Framing(suffix=b""))
    await rig.begin()
    await rig.hand.send(b"5901234123457")

    scan = await rig.next()
    assert (scan.text, scan.dirty) == ("5901234123457", "")
    await rig.end()


# ---- the assembler alone ----


def test_a_prefix_is_cut_off_and_missed_if_it_is_not_there() -> None:
    held = ScanAssembler(Framing(prefix=b"\x02"))

    assert held.feed(b"\x02ABC\rDEF\r", 7) == [Scan("ABC", 7), Scan("DEF", 7, "no_prefix")]


def test_however_much_comes_little_is_held() -> None:
    for suffix in (b"\r", b"", b"\r\n"):
        held = ScanAssembler(Framing(suffix=suffix))
        for _ in range(100):
            held.feed(b"x" * 4096, 1)
        assert len(held._held) <= 300

        scans = held.feed(suffix, 2) if suffix else held.fall_silent(2)
        assert [scan.dirty for scan in scans] == ["too_long"]


def test_both_halves_of_a_torn_scan_are_dirty_and_the_next_scan_is_not() -> None:
    held = ScanAssembler(Framing())
    held.feed(b"590123", 1)

    assert [scan.dirty for scan in held.fall_silent(200_000_000)] == ["no_suffix"]
    assert held.feed(b"4123457\r", 300_000_000) == [Scan("4123457", 300_000_000, "torn")]
    assert held.feed(b"5901234123457\r", 400_000_000) == [Scan("5901234123457", 400_000_000)]


def test_a_scan_long_after_a_torn_one_is_clean() -> None:
    held = ScanAssembler(Framing())
    held.feed(b"590123", 1)
    held.fall_silent(200_000_000)

    assert held.feed(b"5901234123457\r", 900_000_000) == [Scan("5901234123457", 900_000_000)]


def test_a_suffix_torn_in_two_is_still_found() -> None:
    held = ScanAssembler(Framing(suffix=b"\r\n"))

    assert held.feed(b"ABC\r", 1) == []
    assert held.feed(b"\nD", 2) == [Scan("ABC", 2)]
    assert held.pending


def test_a_scanner_that_vanishes_leaves_nothing_behind() -> None:
    held = ScanAssembler(Framing())
    held.feed(b"ABC", 1)
    held.forget()

    assert held.feed(b"DEF\r", 2) == [Scan("DEF", 2)]
