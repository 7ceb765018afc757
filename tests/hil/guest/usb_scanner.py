"""USB keyboards: QEMU's, plugged and typed through its monitor, and the kernel's own with any identity."""

from __future__ import annotations

import os
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.hil.guest.keys import KEYS
from tests.hil.guest.ports import read, write
from tests.hil.guest.qmp import Qmp

USB: Final = Path("/sys/bus/usb/devices")
GADGETS: Final = Path("/sys/kernel/config/usb_gadget")
FIRST_PORT: Final = 3  # the FTDI adapters sit in 1 and 2
KEY_S: Final = 0.01  # between two keys
# A boot keyboard's report descriptor, HID 1.11 appendix B.1.
BOOT_KEYBOARD: Final = bytes.fromhex(
    "05010906a101050719e029e71500250175019508810295017508810395057501050819012905"
    "910295017503910395067508150025650507190029658100c0"
)


def event_path(serial: str) -> Path | None:
    """/dev/input/eventN of the USB device with this serial number; None while there is none."""
    for file in USB.glob("*/serial"):
        if _read_or_nothing(file) != serial:
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


@dataclass(frozen=True)
class Identity:
    """What a USB device says that it is."""

    vendor: int = 0x05E0
    product: int = 0x1200
    manufacturer: str = "Symbol Technologies"
    name: str = "Bar Code Scanner"
    serial: str = "S/N-0001"


class GadgetScanner:
    """A USB keyboard made with the kernel's gadget stack on port 0 to 3 of its dummy controllers."""

    def __init__(self, port: int = 0, identity: Identity = Identity()) -> None:
        self._controller, self._root, self.serial = f"dummy_udc.{port}", GADGETS / f"hil{port}", identity.serial
        if not Path("/sys/class/udc", self._controller).is_dir():
            subprocess.run(["modprobe", "dummy_hcd", "num=4"], check=True)
            subprocess.run(["modprobe", "-a", "libcomposite", "usb_f_hid"], check=True)
        function = self._root / "functions/hid.0"
        if not self._root.is_dir():
            self._root.mkdir()
            for folder in ("strings/0x409", "configs/c.1", "functions/hid.0"):
                (self._root / folder).mkdir()
            (function / "report_desc").write_bytes(BOOT_KEYBOARD)
            for item, value in (("protocol", 1), ("subclass", 1), ("report_length", 8)):
                write(function / item, value)
            (self._root / "configs/c.1/hid.0").symlink_to(function)
        for item, told in (
            ("idVendor", hex(identity.vendor)), ("idProduct", hex(identity.product)),
            ("strings/0x409/manufacturer", identity.manufacturer), ("strings/0x409/product", identity.name),
            ("strings/0x409/serialnumber", identity.serial),
        ):  # fmt: skip
            write(self._root / item, told)

    def plug(self) -> None:
        """Connect it to the host's side."""
        write(self._root / "UDC", self._controller)

    def unplug(self) -> None:
        """Disconnect it."""
        write(self._root / "UDC", "\n")

    def event_path(self) -> Path | None:
        """Its event node; None while it is not plugged in."""
        return event_path(self.serial)

    def type(self, text: str, *, enter: bool = True) -> None:
        """As fast as the host's side polls: each report waits for the one before."""
        handle = os.open("/dev/hidg" + read(self._root / "functions/hid.0/dev").split(":")[1], os.O_RDWR)
        try:
            for char in text + ("\n" if enter else ""):
                key = KEYS[char]
                os.write(handle, struct.pack("8B", 2 if key.shift else 0, 0, key.usage, 0, 0, 0, 0, 0))
                os.write(handle, bytes(8))
        finally:
            os.close(handle)


def _read_or_nothing(file: Path) -> str:
    try:
        return read(file)
    except OSError:
        return ""  # unplugged this very moment
