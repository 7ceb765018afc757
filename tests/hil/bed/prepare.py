"""Build what the bed boots from, once; the same answer at once afterwards."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.hil.bed import modules, rootfs
from tests.hil.bed.kernel import build_initrd, build_kernel
from tests.hil.bed.rootfs import build_rootfs
from tests.hil.bed.shell import CACHE, QEMU, ROOT, BedFailed, say

FORMAT: Final = 1  # raise it when the way of building changes what comes out
FIRST_PROGRAM: Final = ROOT / "tests/hil/guest/first_program.sh"
BUILD_TOOLS: Final = ("apt-get", "dpkg-deb", "gcc", "make", "mke2fs", "mmdebstrap", "tar", "xz")


@dataclass(frozen=True)
class Images:
    """What QEMU boots: a kernel, the archive it starts from, and the disk."""

    kernel: Path
    initrd: Path
    disk: Path
    release: str


def kernel_folder() -> Path:
    """Where the kernel is, or will be."""
    return CACHE / ("kernel-" + _digest(modules.BOOT, modules.PLAIN, modules.BOOTED, modules.AT_HAND))


def disk_folder() -> Path:
    """Where the disk is, or will be: another one for other Python packages."""
    made_of = (kernel_folder().name, rootfs.SUITE, rootfs.PACKAGES, rootfs.guest_lock(), rootfs.customize_script("K"))
    return CACHE / ("disk-" + _digest(*made_of))


def reasons_not_to_build() -> list[str]:
    """Why this machine cannot build the bed, each with its cure; none: it can."""
    release = Path("/etc/os-release")
    system = release.read_text(encoding="utf-8") if release.exists() else ""
    reasons = []
    if "VERSION_CODENAME=" + rootfs.SUITE not in system or platform.machine() != "x86_64":
        found = platform.machine(), (system.partition('PRETTY_NAME="')[2].partition('"')[0] or platform.system())
        reasons.append(f"this is {found[1]} on {found[0]}: the bed is built on Debian 12 on x86_64, for example in CI")
    if os.geteuid() != 0:
        reasons.append("not root: building the disk needs it once. Run: sudo make hil, or prepare the cache as root")
    missing = [tool for tool in BUILD_TOOLS if not shutil.which(tool)]
    if missing:
        reasons.append(f"not installed: {', '.join(missing)}. Run: tools/setup.sh hil")
    return reasons


def prepare() -> Images:
    """Build what is missing. Raises BedFailed, which says why it cannot be done here."""
    if not shutil.which(QEMU):
        raise BedFailed(f"{QEMU} is not installed. Run: tools/setup.sh hil")
    kernel, disk = kernel_folder(), disk_folder()
    first = FIRST_PROGRAM.read_bytes()
    initrd = kernel / f"initrd-{hashlib.sha256(first).hexdigest()[:12]}.cpio"
    if not (kernel.exists() and disk.exists() and initrd.exists()):
        if reasons := reasons_not_to_build():
            raise BedFailed("the bed is not built yet, and cannot be built here:\n  " + "\n  ".join(reasons))
        CACHE.mkdir(parents=True, exist_ok=True)
        with (CACHE / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _build(kernel, build_kernel)
            _build(disk, lambda out: build_rootfs(out, kernel))
            build_initrd(kernel, first, initrd)
    return Images(kernel / "vmlinux", initrd, disk / "root.ext4", (kernel / "release").read_text())


def _build(folder: Path, fill: Callable[[Path], None]) -> None:
    """Build in a folder beside it and give it its name last, so that what has the name is whole."""
    if folder.exists():
        return
    started_s = time.monotonic()
    with tempfile.TemporaryDirectory(dir=CACHE, prefix=folder.name + ".part-") as scratch:
        whole = Path(scratch) / "whole"
        whole.mkdir()
        fill(whole)
        whole.rename(folder)
    say(f"built {folder.name} in {time.monotonic() - started_s:.0f} s")


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr((FORMAT, *parts)).encode()).hexdigest()[:12]
