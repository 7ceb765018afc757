"""Scanners that type and that report on real device nodes: the promises of every scanner, and the kernel's traps."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.drivers.hid_devices import keyboards
from edge.drivers.ports import Presence, Scan
from edge.drivers.scanner_evdev import EvdevSettings, EvdevSource
from edge.drivers.scanner_hidpos import HidposSettings, HidposSource
from edge.drivers.scanner_keys import KeyRules
from edge.drivers.scanner_layouts import LAYOUTS
from sim.hid_scanners import DESCRIPTOR, reports_of
from sim.keyboard import USUAL, Habits, Key, keys_of
from tests.contracts.scanner_rig import Kind, Rig
from tests.contracts.test_scanner import (  # the same promises, kept on a kernel
    test_a_closed_scanner_is_silent_and_may_be_closed_again as test_closed,
)
from tests.contracts.test_scanner import (
    test_a_scan_arrives_as_it_was_scanned as test_exact,
)
from tests.contracts.test_scanner import (
    test_a_scan_that_comes_in_pieces_is_one_scan as test_pieces,
)
from tests.contracts.test_scanner import (
    test_half_a_scan_followed_by_silence_is_dirty as test_half,
)
from tests.contracts.test_scanner import (
    test_ten_thousand_characters_are_one_dirty_scan_and_the_next_is_clean as test_long,
)
from tests.contracts.test_scanner import (
    test_twenty_scans_in_a_row_stay_twenty_scans_in_order as test_twenty,
)
from tests.contracts.test_scanner import (
    test_two_programs_cannot_read_one_scanner as test_one_reader,
)
from tests.contracts.test_scanner import (
    test_what_is_no_text_is_dirty_and_the_next_scan_is_clean as test_garbage,
)
from tests.hil.guest.ports import wait_for
from tests.hil.guest.qmp import Qmp
from tests.hil.guest.udev import picklight_rules
from tests.hil.guest.uhid import UhidDevice
from tests.hil.guest.uinput import UinputKeyboard
from tests.hil.guest.usb_scanner import UsbScanner

__all__ = [
    "test_closed", "test_exact", "test_garbage", "test_half", "test_long", "test_one_reader", "test_pieces",
    "test_twenty",
]  # fmt: skip
SOCKET = "usb-hil-7"
NOBODY = 65534
IDLE_S = 4.0  # an emulated processor stands still for seconds; see tests/hil/README.md
PAUSE_S = 0.002  # between reports, so that our own reader on the same loop keeps up


class VirtualHand:
    """A scanner that types through uinput."""

    garbage = "unknown_key"

    def __init__(self, _: Path, layout: str, habits: Habits = USUAL) -> None:
        self._layout, self._habits = LAYOUTS[layout], habits
        self.plug()

    def plug(self) -> None:
        self._keyboard = UinputKeyboard("Scanner", phys=f"{SOCKET}/input0")

    def unplug(self) -> None:
        self._keyboard.close()

    close = unplug

    async def scan(self, text: str) -> None:
        await self.press(keys_of(text, self._layout, self._habits))

    async def part(self, text: str) -> None:
        await self.press(keys_of(text, self._layout, Habits(self._habits.alt_codes, ends=None)))

    async def garble(self) -> None:
        await self.part("59012")
        await self.press([(240, 1), (240, 0)])
        await self.scan("34123457")

    async def press(self, keys: list[Key]) -> None:
        for at in range(0, len(keys), 8):
            self._keyboard.send(*keys[at : at + 8])
            await asyncio.sleep(PAUSE_S)

    def burst(self, keys: list[Key]) -> None:
        """All at once, while nobody reads."""
        self._keyboard.send(*keys)


class ReportingDevice:
    """A HID-POS scanner through uhid."""

    garbage = "not_text"

    def __init__(self, _: Path) -> None:
        self.plug()

    def plug(self) -> None:
        self._device = UhidDevice("Scanner", DESCRIPTOR, vendor=0x05E0, product=0x1900, phys=f"{SOCKET}/input0")

    def unplug(self) -> None:
        self._device.close()

    close = unplug

    async def scan(self, text: str) -> None:
        raw = text.encode()
        aim = raw[:3] if raw[:1] == b"]" else b""
        await self._reports(reports_of(raw.removeprefix(aim), aim))

    async def part(self, text: str) -> None:
        report = reports_of(text.encode())[0]
        await self._reports([report[:-1] + b"\1"])

    async def garble(self) -> None:
        await self._reports(reports_of(b"59012\xff\xfe34123457"))

    async def _reports(self, reports: list[bytes]) -> None:
        for report in reports:
            self._device.report(report)
            await asyncio.sleep(PAUSE_S)


def typing(layout: str, habits: Habits = USUAL) -> Kind:
    settings = EvdevSettings(port=SOCKET, rules=KeyRules(LAYOUTS[layout]))
    name = "alt-codes" if habits.alt_codes else layout
    return Kind(name, lambda link: VirtualHand(link, layout, habits), lambda _: EvdevSource(settings))


KINDS = (
    typing("us"),
    typing("de"),
    typing("fr"),
    typing("us", Habits(alt_codes=True)),
    Kind("hidpos", ReportingDevice, lambda _: HidposSource(HidposSettings(port=SOCKET))),
)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
async def rig(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    rig = Rig(tmp_path, request.param, idle_s=IDLE_S)
    await rig.begin()
    yield rig
    await rig.end()


async def test_an_unplugged_scanner_is_missed_and_one_plugged_in_again_is_read(rig: Rig) -> None:
    await rig.hand.part("590123")
    rig.hand.unplug()
    began, used = time.monotonic(), time.process_time()
    assert await rig.present() is False
    while await _changed_within(rig, 5):
        pass
    assert time.process_time() - used < 0.2 * (time.monotonic() - began)  # a loop that spins takes all there is

    rig.hand.plug()
    while not await rig.present():
        pass
    await rig.hand.scan("4123457")
    scan = await rig.next()
    if scan.dirty:
        scan = await rig.next()
    assert scan.text == "4123457"


async def test_a_burst_nobody_reads_is_thrown_away_and_said_and_the_next_scan_is_clean(tmp_path: Path) -> None:
    rig = Rig(tmp_path, KINDS[0], idle_s=IDLE_S)
    await rig.begin()
    hand = rig.hand
    assert isinstance(hand, VirtualHand)
    hand.burst(keys_of("THE KERNEL KEEPS ABOUT SIXTY EVENTS A READER", LAYOUTS["us"]))

    assert (await rig.next()).dirty == "events_lost"
    while (rest := await _scan_within(rig, 2 * IDLE_S)) is not None:
        assert rest.dirty  # what is left of the burst may be torn
    await rig.hand.scan("5901234123457")
    assert (await rig.next()).text == "5901234123457"
    await rig.end()


async def test_two_equal_scanners_are_told_apart_by_their_usb_sockets(tmp_path: Path) -> None:
    with Qmp() as qmp:
        pair = [UsbScanner(qmp, slot, "SAME") for slot in (0, 1)]
        pair[0].plug()
        wait_for(pair[0].event_path, "first")
        first = wait_for(lambda: _socket_of("SAME"), "first socket")
        pair[1].plug()
        second = wait_for(lambda: next(iter(_sockets("SAME") - {first}), None), "second socket")
        rigs = [Rig(tmp_path, KINDS[0], EvdevSource(EvdevSettings(port=port)), IDLE_S) for port in (first, second)]
        for rig in rigs:
            rig.hand.unplug()
            await rig.begin()
        await asyncio.to_thread(pair[0].type, "a-1")
        await asyncio.to_thread(pair[1].type, "b-2")
        assert [(await rig.next()).text for rig in rigs] == ["a-1", "b-2"]
        assert all(rig.scans.empty() for rig in rigs)

        await asyncio.to_thread(pair[1].type, "half", enter=False)
        pair[1].unplug()
        assert await rigs[1].present() is False
        pair[1].plug()
        while not await rigs[1].present():
            pass
        await asyncio.to_thread(pair[1].type, "whole")
        texts = [scan async for scan in _clean(rigs[1])]
        assert texts == ["whole"]
        for rig in rigs:
            await rig.end()
        for scanner in pair:
            scanner.unplug()
        wait_for(lambda: not _sockets("SAME"), "unplugged")


async def test_who_may_not_open_a_scanner_is_told_which_rule_or_group_is_missing(tmp_path: Path) -> None:
    with UinputKeyboard("Scanner", phys=f"{SOCKET}/input0") as keyboard:
        keyboard.path.chmod(0o600)
        os.chown(keyboard.path, 0, 0)
        assert "99-picklight-devices.rules" in await _refusal(tmp_path)
        with picklight_rules():
            assert "Add user nobody to group input" in await _refusal(tmp_path)


async def _refusal(folder: Path) -> str:
    presence: asyncio.Queue[Presence] = asyncio.Queue()
    with _as_nobody():
        rig = Rig(folder, Kind("refused", ReportingDeviceLess, KINDS[0].source))
        owner = rig.owner(EvdevSource(EvdevSettings(port=SOCKET)), presence)
        owner.start()
        await owner.aclose()
    return (await presence.get()).why


class ReportingDeviceLess(ReportingDevice):
    """No device at all."""

    def plug(self) -> None: ...
    def unplug(self) -> None: ...


@contextmanager
def _as_nobody() -> Iterator[None]:
    groups = os.getgroups()
    os.setgroups([])
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setgroups(groups)


async def _changed_within(rig: Rig, wait_s: float) -> bool:
    try:
        await asyncio.wait_for(rig.presence.get(), wait_s)
    except TimeoutError:
        return False
    return True


async def _scan_within(rig: Rig, wait_s: float) -> Scan | None:
    try:
        return await asyncio.wait_for(rig.scans.get(), wait_s)
    except TimeoutError:
        return None


async def _clean(rig: Rig) -> AsyncIterator[str]:
    """What is scanned until a clean scan came."""
    while True:
        scan = await rig.next()
        if not scan.dirty:
            yield scan.text
            return


def _sockets(serial: str) -> set[str]:
    return {node.port for node in keyboards() if node.serial == serial}


def _socket_of(serial: str) -> str | None:
    return next(iter(_sockets(serial)), None)
