"""Which HID devices the kernel has, and which of them is ours: by USB socket or serial number. Opens nothing."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from edge.drivers.errors import DeviceGone
from edge.drivers.scanner_layouts import ENTER

WORD_BITS: Final = 8 * struct.calcsize("@l")
SYS: Final = Path("/sys/class")
DIGIT_KEYS: Final = range(2, 12)
NODES_MAX: Final = 256  # the kernel's own limit of input devices is 1024; a bench has a handful
Kind = Literal["input", "hidraw"]


@dataclass(frozen=True)
class HidNode:
    """A device node. `port` is the USB socket it is in, as the kernel names it: `usb-0000:01:00.0-1.2`."""

    path: str
    port: str
    serial: str
    name: str
    interface: str = ""


def find(kind: Kind, port: str, serial: str, sys: Path = SYS) -> HidNode:
    """The scanner in that socket, or with that serial number. Raises DeviceGone if there is none, or no single one."""
    wanted = port or f"serial {serial}"
    nodes = list(keyboards(sys) if kind == "input" else raw_devices(sys))
    ours = [node for node in nodes if (not port or node.port == port) and (not serial or node.serial == serial)]
    sockets = sorted({node.port for node in ours})
    if len(sockets) > 1:
        cure = "Give the socket in the profile, as port"
        raise DeviceGone(wanted, f"two have this serial number, in {' and '.join(sockets)}", cure)
    if not ours:
        known = ", ".join(sorted({f"{node.port or 'no socket'} (serial {node.serial or '-'})" for node in nodes}))
        raise DeviceGone(wanted, f"not plugged in; there is {known or 'none'}", "Plug it in, or correct the profile")
    return min(ours, key=lambda node: node.interface)


def keyboards(sys: Path = SYS) -> Iterator[HidNode]:
    """Input devices that can type digits and Enter."""
    for folder in sorted((sys / "input").glob("event*"))[:NODES_MAX]:
        device = folder / "device"
        bits = _bits(_text(device / "capabilities" / "key"))
        if all(bits >> key & 1 for key in (*DIGIT_KEYS, ENTER)):
            phys, name = _text(device / "phys"), _text(device / "name")
            port, _, interface = phys.partition("/")
            yield HidNode(f"/dev/input/{folder.name}", port, _text(device / "uniq"), name, interface)


def raw_devices(sys: Path = SYS) -> Iterator[HidNode]:
    """HID devices as raw reports."""
    for folder in sorted((sys / "hidraw").glob("hidraw*"))[:NODES_MAX]:
        lines = _text(folder / "device" / "uevent").splitlines()
        said = dict(line.split("=", 1) for line in lines if "=" in line)
        port, _, interface = said.get("HID_PHYS", "").partition("/")
        yield HidNode(f"/dev/{folder.name}", port, said.get("HID_UNIQ", ""), said.get("HID_NAME", ""), interface)


def report_descriptor(node: HidNode, sys: Path = SYS) -> bytes:
    """What the reports of a raw device look like, by its own words. Raises DeviceGone."""
    file = sys / "hidraw" / node.path.removeprefix("/dev/") / "device" / "report_descriptor"
    try:
        return file.read_bytes()
    except OSError as error:
        raise DeviceGone(node.port or node.path, f"{error.strerror} at {file}", "Plug it in again") from error


def _bits(words: str) -> int:
    """A capability bitmap as the kernel prints it: words of a machine's long, the highest first."""
    bits = 0
    for word in words.split():
        bits = bits << WORD_BITS | int(word, 16)
    return bits


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""  # unplugged while we looked
