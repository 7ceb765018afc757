"""USB devices made with the kernel's own gadget stack, with any identity: keyboards and serial lines."""

from __future__ import annotations

import os
import struct
import subprocess
import termios
import tty
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.hil.guest.keys import KEYS
from tests.hil.guest.ports import read, wait_for, write
from tests.hil.guest.usb_scanner import event_path

GADGETS: Final = Path("/sys/kernel/config/usb_gadget")
CONTROLLERS: Final = Path("/sys/devices/platform")
# A boot keyboard's report descriptor, HID 1.11 appendix B.1.
BOOT_KEYBOARD: Final = bytes.fromhex(
    "05010906a101050719e029e71500250175019508810295017508810395057501050819012905"
    "910295017503910395067508150025650507190029658100c0"
)


@dataclass(frozen=True)
class Identity:
    """What a USB device says that it is."""

    vendor: int = 0x05E0
    product: int = 0x1200
    manufacturer: str = "Symbol Technologies"
    name: str = "Bar Code Scanner"
    serial: str = "S/N-0001"


class Gadget:
    """A device on port 0 to 3, each a dummy controller of its own. `settings`: files of its one function."""

    def __init__(self, port: int, identity: Identity, function: str, settings: Mapping[str, bytes]) -> None:
        self.port, self.serial = port, identity.serial
        if not Path("/sys/class/udc", f"dummy_udc.{port}").is_dir():
            subprocess.run(["modprobe", "dummy_hcd", "num=4"], check=True)
            subprocess.run(["modprobe", "-a", "libcomposite", "usb_f_hid", "usb_f_acm"], check=True)
        self._root = GADGETS / f"{function.partition('.')[0]}{port}"
        self.function = self._root / "functions" / function
        if not self._root.is_dir():
            self._root.mkdir()
            for folder in (self._root / "strings/0x409", self._root / "configs/c.1", self.function):
                folder.mkdir()
            for item, told in settings.items():
                (self.function / item).write_bytes(told)
            (self._root / "configs/c.1" / function).symlink_to(self.function)
        for item, value in (
            ("idVendor", hex(identity.vendor)), ("idProduct", hex(identity.product)),
            ("strings/0x409/manufacturer", identity.manufacturer), ("strings/0x409/product", identity.name),
            ("strings/0x409/serialnumber", identity.serial),
        ):  # fmt: skip
            write(self._root / item, value)

    def plug(self) -> None:
        """Connect it."""
        write(self._root / "UDC", f"dummy_udc.{self.port}")

    def unplug(self) -> None:
        """Disconnect it. Twice is harmless."""
        if read(self._root / "UDC"):
            write(self._root / "UDC", "\n")


class GadgetScanner(Gadget):
    """A keyboard."""

    def __init__(self, port: int = 0, identity: Identity = Identity()) -> None:
        settings = {"report_desc": BOOT_KEYBOARD, "protocol": b"1", "subclass": b"1", "report_length": b"8"}
        super().__init__(port, identity, "hid.0", settings)

    def event_path(self) -> Path | None:
        """Its event node; None while it is not plugged in."""
        return event_path(self.serial, self._bus())

    def type(self, text: str, *, enter: bool = True) -> None:
        """As fast as the host's side polls: each report waits for the one before."""
        handle = os.open("/dev/hidg" + read(self.function / "dev").split(":")[1], os.O_RDWR)
        try:
            for char in text + ("\n" if enter else ""):
                key = KEYS[char]
                os.write(handle, struct.pack("8B", 2 if key.shift else 0, 0, key.usage, 0, 0, 0, 0, 0))
                os.write(handle, bytes(8))
        finally:
            os.close(handle)

    def _bus(self) -> Path:
        return CONTROLLERS / f"dummy_hcd.{self.port}"


class GadgetLine(Gadget):
    """A scanner that is a serial line (USB-CDC), /dev/ttyACM0 and on."""

    def __init__(self, port: int = 0, identity: Identity = Identity()) -> None:
        super().__init__(port, identity, f"acm.line{port}", {})

    def tty(self) -> Path | None:
        """Its device on the host's side; None while it is not plugged in."""
        found = CONTROLLERS.glob(f"dummy_hcd.{self.port}/usb*/*-*/*-*:*/tty/ttyACM*")
        return next((path for node in found if (path := Path("/dev", node.name)).exists()), None)

    def send(self, raw: bytes) -> None:
        """These bytes, once they have left for the host's side."""
        near = wait_for(lambda: Path("/dev/ttyGS" + read(self.function / "port_num")), "gadget's end")
        handle = os.open(near, os.O_RDWR | os.O_NOCTTY)
        try:
            tty.setraw(handle)
            os.write(handle, raw)
            termios.tcdrain(handle)
        finally:
            os.close(handle)
