"""USB keyboards of QEMU's, plugged and typed through its monitor."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from tests.hil.guest.keys import KEYS
from tests.hil.guest.ports import read
from tests.hil.guest.qmp import Qmp

USB: Final = Path("/sys/bus/usb/devices")
FIRST_PORT: Final = 3  # the FTDI adapters sit in 1 and 2
KEY_S: Final = 0.01  # between two keys


def event_path(serial: str, below: Path | None = None) -> Path | None:
    """/dev/input/eventN of the USB device with this serial number, `below` a controller; None while it is not there."""
    for file in USB.glob("*/serial"):
        if _read_or_nothing(file) != serial or (below and below not in file.resolve().parents):
            continue
        for event in file.parent.glob("*:*/*/input/input*/event*"):
            if (path := Path("/dev/input", event.name)).exists():
                return path
    return None


class UsbScanner:
    """A keyboard in slot 0 to 3, always in the same USB port (3 to 6); vendor and product are QEMU's (0627:0001)."""

    def __init__(self, qmp: Qmp, slot: int = 0, serial: str = "") -> None:
        self._qmp, self._slot, self._id = qmp, slot, f"scanner{slot}"
        self.serial = serial or f"SCAN{slot:04d}"

    def plug(self) -> None:
        """Into its port."""
        display, port = f"hildisplay{self._slot}", str(FIRST_PORT + self._slot)
        self._qmp.plug("usb-kbd", self._id, bus="hilusb.0", port=port, serial=self.serial, display=display)

    def unplug(self) -> None:
        """Out of its port."""
        self._qmp.unplug(self._id)

    def event_path(self) -> Path | None:
        """Its event node; None while it is not plugged in."""
        return event_path(self.serial)

    def type(self, text: str, *, enter: bool = True) -> None:
        """Key after key."""
        for char in text + ("\n" if enter else ""):
            key = KEYS[char]
            held = (["shift"] if key.shift else []) + [key.qcode]
            steps = [(name, True) for name in held] + [(name, False) for name in reversed(held)]
            events = [
                {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": name}}} for name, down in steps
            ]
            self._qmp.command("input-send-event", device=f"hildisplay{self._slot}", events=events)
            time.sleep(KEY_S)


def _read_or_nothing(file: Path) -> str:
    try:
        return read(file)
    except OSError:
        return ""  # unplugged this very moment
