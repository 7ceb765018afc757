"""Opens a barcode scanner that reports (USB HID point of sale) through its raw device."""

from __future__ import annotations

import os
from dataclasses import dataclass

from edge.drivers.device_files import open_alone
from edge.drivers.hid_devices import HidNode, find, report_descriptor
from edge.drivers.scanner_owner import Opened
from edge.drivers.scanner_reports import ReportScans


@dataclass(frozen=True)
class HidposSettings:
    """Which scanner: the USB socket it is in, or its serial number.

    `descriptor` is given for a scanner that is no kernel device (the simulator's), whose `port` is a path.
    """

    port: str = ""
    serial: str = ""
    descriptor: bytes = b""


class HidposSource:
    """Implements scanner_owner.Source."""

    def __init__(self, settings: HidposSettings) -> None:
        self._settings = settings
        self.place = settings.port or f"serial {settings.serial}"

    def open(self) -> Opened:
        """The raw device, for us alone. Raises DeviceGone, DeviceRefused if it is no scanner."""
        settings = self._settings
        if settings.descriptor or settings.port.startswith("/dev/"):
            node = HidNode(os.path.realpath(settings.port), settings.port, "", "")
        else:
            node = find("hidraw", settings.port, settings.serial)
        descriptor = settings.descriptor or report_descriptor(node)
        decoder = ReportScans(self.place, descriptor)
        fd = open_alone(self.place, node.path, os.O_RDONLY)
        return Opened(fd, decoder, lambda: os.close(fd))
