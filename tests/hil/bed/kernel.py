"""Debian's own kernel, its modules, and the small archive the guest starts from."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from tests.hil.bed import modules
from tests.hil.bed.gpio_sim_module import build_gpio_sim
from tests.hil.bed.shell import CACHE, BedFailed, apt_download, download, run, say, unpack


def build_kernel(out: Path) -> None:
    """Fill `out` with vmlinux, busybox, boot/ and modules/RELEASE/. Raises BedFailed."""
    download("apt-get", "-qq", "update")
    found = re.search(r"Depends: (linux-image-\S+)", run("apt-cache", "depends", "linux-image-amd64"))
    if not found:
        raise BedFailed("apt knows no linux-image-amd64. The bed needs the sources of Debian 12 for amd64")
    image, version = found[1], _candidate(found[1])
    release = image.removeprefix("linux-image-")
    say(f"kernel {image} {version}")
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        scratch = Path(name)
        apt_download(scratch / "deb", f"{image}={version}", "busybox-static")
        unpack(scratch / "deb", scratch / "x")
        folder = next(path for path in scratch.glob(f"x/**/modules/{release}") if path.is_dir())
        if not re.search(r"^CONFIG_GPIO_SIM=[ym]", (scratch / f"x/boot/config-{release}").read_text(), re.MULTILINE):
            say("building gpio-sim, which this kernel leaves out")
            build_gpio_sim(scratch, release, version, folder / "extra")
        _collect(out, modules.read_tree(folder), release)
        image_bytes = (scratch / f"x/boot/vmlinuz-{release}").read_bytes()
        (out / "vmlinux").write_bytes(modules.uncompressed_kernel(image_bytes))
        shutil.copy(next((scratch / "x").rglob("bin/busybox")), out / "busybox")
    (out / "release").write_text(release)


def build_initrd(kernel: Path, first_program: bytes, target: Path) -> None:
    """Write an uncompressed cpio archive (newc) that starts `first_program`."""
    archive = _Archive()
    for folder in ("bin", "dev", "proc", "sys", "new", "modules"):
        archive.add(folder, 0o40755)
    archive.add("dev/console", 0o20600, device=(5, 1))
    archive.add("bin/busybox", 0o100755, (kernel / "busybox").read_bytes())
    for module in sorted((kernel / "boot").glob("*.ko")):
        archive.add("modules/" + module.name, 0o100644, module.read_bytes())
    archive.add("modules.order", 0o100644, (kernel / "boot" / "order").read_bytes())
    archive.add("init", 0o100755, first_program)
    archive.add("TRAILER!!!", 0)
    partial = target.with_suffix(".part")
    partial.write_bytes(b"".join(archive.chunks))
    partial.rename(target)


class _Archive:
    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self._inode = 0

    def add(self, name: str, mode: int, data: bytes = b"", device: tuple[int, int] = (0, 0)) -> None:
        self._inode += 1
        path = name.encode() + b"\0"
        fields = (self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(path), 0)
        header = b"070701" + b"".join(b"%08X" % field for field in fields) + path
        self.chunks += [header, b"\0" * (-len(header) % 4), data, b"\0" * (-len(data) % 4)]


def _candidate(package: str) -> str:
    found = re.search(r"Candidate: (\S+)", run("apt-cache", "policy", package))
    if not found or found[1] == "(none)":
        raise BedFailed(f"apt offers no {package}. Run: apt-get update, then again")
    return found[1]


def _collect(out: Path, tree: modules.Tree, release: str) -> None:
    boot = modules.with_dependencies(modules.BOOT, tree)
    wanted = modules.with_dependencies(modules.BOOT + modules.PLAIN + modules.BOOTED + modules.AT_HAND, tree)
    modules.copy_modules(tree, wanted, out / "modules" / release)
    (out / "boot").mkdir()
    for name in boot:
        (out / "boot" / f"{name}.ko").write_bytes(modules.plain_bytes(tree.files[name]))
    (out / "boot" / "order").write_text("\n".join(f"{name}.ko" for name in boot) + "\n")
