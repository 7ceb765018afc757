"""Kernel modules out of a Debian package: which the guest has, what they depend on, and their plain bytes."""

from __future__ import annotations

import lzma
import re
import shutil
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.hil.bed.shell import BedFailed

# Loaded by the first program of the guest, before there is a disk.
BOOT: Final = ("virtio_pci", "virtio_blk", "ext4", "crc32c_generic", "9pnet_virtio", "9p", "virtio_console")
# Loaded before a test runs.
PLAIN: Final = (
    "evdev", "uinput", "uhid", "xhci_pci", "usbhid", "hid_generic", "usbserial", "ftdi_sio", "virtio_net", "configfs",
    "gpio_sim",
)  # fmt: skip
# In the booted guest udev loads what belongs to a device.
BOOTED: Final = ("uinput", "uhid", "gpio_sim", "configfs", "virtio_net")
# There for the tests that load them.
AT_HAND: Final = (
    "dummy_hcd", "libcomposite", "usb_f_hid", "usb_f_acm", "cdc_acm", "ch341", "pl2303", "cp210x", "i6300esb",
    "softdog", "sch_netem", "rtc_cmos",
)  # fmt: skip


@dataclass(frozen=True)
class Tree:
    """The modules of one kernel: their files by name, and the names of what is built in."""

    folder: Path
    files: dict[str, Path]
    built_in: frozenset[str]


def read_tree(folder: Path) -> Tree:
    """The modules under `folder`, which is lib/modules/RELEASE."""
    files = {path.name.split(".ko")[0].replace("-", "_"): path for path in folder.rglob("*.ko*")}
    lines = (folder / "modules.builtin").read_text().split()
    return Tree(folder, files, frozenset(Path(line).stem.replace("-", "_") for line in lines))


def with_dependencies(names: Sequence[str], tree: Tree) -> list[str]:
    """`names` and all they need, in the order to load them. Raises BedFailed for one the kernel lacks."""
    order: list[str] = []

    def visit(name: str) -> None:
        name = name.replace("-", "_")
        if name in order or name in tree.built_in:
            return
        if name not in tree.files:
            raise BedFailed(f"the kernel package has no module {name}. Name another in tests/hil/bed/modules.py")
        found = re.search(rb"\0depends=([^\0]*)\0", b"\0" + plain_bytes(tree.files[name]))
        for other in found[1].decode().split(",") if found and found[1] else ():
            visit(other)
        order.append(name)

    for name in names:
        visit(name)
    return order


def plain_bytes(path: Path) -> bytes:
    """A module's bytes without their compression."""
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def copy_modules(tree: Tree, names: Sequence[str], target: Path) -> None:
    """Copy the modules `names` and what depmod reads to `target`."""
    for name in names:
        copy = target / tree.files[name].relative_to(tree.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.with_name(copy.name.split(".ko")[0] + ".ko").write_bytes(plain_bytes(tree.files[name]))
    for listing in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        shutil.copy(tree.folder / listing, target)


def uncompressed_kernel(image: bytes) -> bytes:
    """The program inside a bzImage: QEMU starts it directly, which saves seconds of unpacking by emulation."""
    start = (image[0x1F1] + 1) * 512
    offset, length = struct.unpack_from("<II", image, 0x248)
    payload = image[start + offset : start + offset + length]
    if payload.startswith(b"\xfd7zXZ"):
        payload = lzma.LZMADecompressor().decompress(payload)
    return payload if payload.startswith(b"\x7fELF") else image
