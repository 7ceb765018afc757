"""A whole node whose bench scanner types: unplugged, the bench's screen says so; plugged in again, it works on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.drivers.hid_devices import keyboards
from tests.edge.node_floor import start_process
from tests.edge.packstation.guard_process import GuardProcess
from tests.hil.guest.node import SLOW_S_MAX, GuestNode, guest_node, patiently
from tests.hil.guest.ports import wait_for
from tests.hil.guest.qmp import Qmp
from tests.hil.guest.usb_scanner import UsbScanner
from wire.deeds import LabelScanned

LABEL = "LP00000000000001"


@pytest.fixture
def guard(tmp_path: Path) -> Iterator[GuardProcess]:
    """A guard on simulated pins."""
    guard = GuardProcess(tmp_path)
    process = start_process(guard.command(), tmp_path / "guard.log")
    yield guard
    process.terminate()
    process.wait(timeout=SLOW_S_MAX)


async def test_a_scanner_pulled_in_the_middle_of_a_scan_is_on_the_screen_and_comes_back(guard: GuardProcess) -> None:
    with Qmp() as qmp:
        scanner = UsbScanner(qmp, 0)
        scanner.plug()
        wait_for(scanner.event_path, "scanner")
        socket = next(node.port for node in keyboards() if node.serial == scanner.serial)
        station = f'[station]\nname = "bench-1"\nguard_socket = "{guard.socket}"\nquiet_window_ms = 0\n'
        station += f'[station.scanner]\nkind = "evdev"\nport = "{socket}"\nidle_ms = 2000\n'
        async with guest_node([("/dev/ttyS0", "/dev/ttyS1")], "", station) as node:
            await patiently(guard.socket.exists)
            await node.start_edge()
            await patiently(lambda: node.said("scanner_there") == 1)
            await patiently(lambda: screen_ok(node) is True)

            scanner.type("LP0000", enter=False)
            scanner.unplug()
            await patiently(lambda: screen_ok(node) is False)
            scanner.plug()
            await patiently(lambda: screen_ok(node) is True)
            scanner.type(LABEL)
            await patiently(lambda: labels(node))

            assert labels(node) == [LABEL]
        scanner.unplug()
        wait_for(lambda: scanner.event_path() is None, "unplugged")


def screen_ok(node: GuestNode) -> bool | None:
    """What the bench's screen says of its scanner."""
    station = node.central.lives[-1].station if node.central.lives else None
    return station.scanner_ok if station else None


def labels(node: GuestNode) -> list[str]:
    """Labels that the bench has read."""
    return [deed.label for deed in node.central.deeds if isinstance(deed, LabelScanned)]
