"""The bed itself, booted: systemd is in charge and complains of nothing, and udev names what is plugged in."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.hil.guest.ports import read, wait_for
from tests.hil.guest.qmp import Qmp
from tests.hil.guest.usb_scanner import UsbScanner


def test_systemd_is_in_charge_and_no_unit_has_failed() -> None:
    assert read("/proc/1/comm") == "systemd"
    failed = subprocess.run(["systemctl", "--failed", "--no-legend"], capture_output=True, text=True, check=True)
    assert failed.stdout == ""


def test_udev_names_a_scanner_by_its_serial_number_while_it_is_there() -> None:
    link = Path("/dev/input/by-id/usb-QEMU_QEMU_USB_Keyboard_SCAN0000-event-kbd")
    with Qmp() as qmp:
        scanner = UsbScanner(qmp)
        scanner.plug()
        wait_for(link.exists, str(link))
        scanner.unplug()
        wait_for(lambda: not link.is_symlink(), "link gone")
