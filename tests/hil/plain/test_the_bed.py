"""The bed itself: what is typed, driven, sent and plugged in the guest arrives at the kernel's side."""

from __future__ import annotations

import os
import select
import struct
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.hil.guest.gadgets import GadgetScanner, Identity
from tests.hil.guest.gpio import GpioSim
from tests.hil.guest.keys import KEYS, LEFT_SHIFT
from tests.hil.guest.ports import wait_for
from tests.hil.guest.qmp import Qmp, QmpRefused
from tests.hil.guest.uinput import EV_KEY, UinputKeyboard
from tests.hil.guest.usb_scanner import UsbScanner

EVENT = struct.Struct("qqHHi")


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A reader of an event node or a line."""
    handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    yield handle
    os.close(handle)


def keys_down(handle: int, count: int, wait_s_max: float = 30.0) -> list[int]:
    """Codes of the next `count` keys that go down."""
    codes: list[int] = []
    due_s = time.monotonic() + wait_s_max
    while len(codes) < count and time.monotonic() < due_s:
        if select.select([handle], [], [], 0.5)[0]:
            events = EVENT.iter_unpack(os.read(handle, EVENT.size * 64))
            codes += [code for _, _, kind, code, value in events if kind == EV_KEY and value == 1]
    return codes


def codes_of(text: str) -> list[int]:
    """The keys that typing `text` and Enter puts down."""
    keys = [KEYS[char] for char in text + "\n"]
    return [code for key in keys for code in ([LEFT_SHIFT] if key.shift else []) + [key.code]]


def test_a_virtual_keyboard_types_what_it_is_told() -> None:
    with UinputKeyboard("Test Scanner") as keyboard, opened(keyboard.path) as reader:
        keyboard.type("SKU-4711")

        assert keys_down(reader, len(codes_of("SKU-4711"))) == codes_of("SKU-4711")


def test_usb_keyboards_are_typed_at_apart_and_go_when_pulled() -> None:
    with Qmp() as qmp:
        pair = [UsbScanner(qmp, slot) for slot in (0, 1)]
        for scanner in pair:
            scanner.plug()
        first, second = (wait_for(scanner.event_path, scanner.serial) for scanner in pair)
        with opened(first) as one, opened(second) as other:
            pair[0].type("a-1")
            pair[1].type("b-2")
            assert keys_down(one, 4) == codes_of("a-1")
            assert keys_down(other, 4) == codes_of("b-2")
        for scanner in pair:
            scanner.unplug()
            wait_for(lambda s=scanner: s.event_path() is None, "unplugged")  # type: ignore[misc]


def test_a_gadget_says_who_it_is_and_types() -> None:
    scanner = GadgetScanner(identity=Identity(0x0C2E, 0x0B61, "Honeywell", "Voyager", "17264B0A3F"))
    scanner.plug()
    path = wait_for(scanner.event_path, "gadget")
    with opened(path) as reader:
        scanner.type("wave-0815")
        assert keys_down(reader, 10) == codes_of("wave-0815")
    assert Path(f"/sys/class/input/{path.name}/device/name").read_text().strip() == "Honeywell Voyager"
    scanner.unplug()
    wait_for(lambda: scanner.event_path() is None, "unplugged")


def test_a_pulled_line_is_seen() -> None:
    chip = GpioSim()

    for level in (1, 0):
        chip.pull(5, level)
        assert chip.value(5) == level


@pytest.mark.parametrize(("one", "other"), [("ttyS0", "ttyS1"), ("ttyUSB0", "ttyUSB1")])
def test_bytes_cross_the_cable_both_ways(one: str, other: str) -> None:
    with opened(Path("/dev", one)) as left, opened(Path("/dev", other)) as right:
        for handle in (left, right):
            tty.setraw(handle)
            termios.tcflush(handle, termios.TCIOFLUSH)
        for source, target in ((left, right), (right, left)):
            os.write(source, bytes(range(64)))
            heard = bytearray()
            wait_for(lambda h=heard, t=target: h.extend(_heard(t)) or len(h) == 64, "bytes")  # type: ignore[misc]
            assert heard == bytes(range(64))


def test_an_adapter_can_be_pulled_and_put_back() -> None:
    with Qmp() as qmp:
        qmp.unplug_adapter(1)
        wait_for(lambda: not Path("/dev/ttyUSB1").exists(), "ttyUSB1 gone")
        with pytest.raises(QmpRefused):
            qmp.unplug("never-was")
        qmp.plug_adapter(1)
        wait_for(lambda: Path("/dev/ttyUSB1").exists(), "ttyUSB1 back")


def _heard(handle: int) -> bytes:
    return os.read(handle, 4096) if select.select([handle], [], [], 0.05)[0] else b""
