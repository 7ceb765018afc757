"""Opens a barcode scanner on a serial port (RS-232 or USB-CDC)."""

from __future__ import annotations

import errno
import os
from typing import Final

import serial

from edge.drivers.device_files import refused
from edge.drivers.errors import DeviceGone
from edge.drivers.scanner_owner import Opened
from edge.drivers.scanner_text import Framing, ScanAssembler

GROUP: Final = "dialout"
RULES: Final = "99-picklight-serial.rules"  # in systemd/


class SerialSource:
    """Implements scanner_owner.Source. `port` is a device path; `baud` is ignored by USB-CDC."""

    def __init__(self, port: str, framing: Framing, baud: int = 9600) -> None:
        self.place, self._baud, self._framing = port, baud, framing

    def open(self) -> Opened:
        """The port, for us alone. Raises DeviceGone."""
        try:
            port = serial.Serial(self.place, self._baud, timeout=0, exclusive=True)
        except (OSError, serial.SerialException, ValueError) as error:
            number = getattr(error, "errno", None)
            if number == errno.EACCES:
                raise DeviceGone(self.place, *refused(self.place, GROUP, RULES)) from error
            why = os.strerror(number) if number else str(error)
            raise DeviceGone(self.place, why, "Plug it in, or check the port in the profile") from error
        return Opened(port.fileno(), ScanAssembler(self._framing), port.close)
