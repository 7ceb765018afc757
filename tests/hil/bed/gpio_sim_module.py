"""Debian's kernel comes without gpio-sim: build that one module from the source package of the same version."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.hil.bed.shell import BedFailed, apt_download, run, unpack

SOURCES: Final = ("drivers/gpio/gpio-sim.c", "drivers/gpio/gpiolib.h", "kernel/irq/irq_sim.c")


def build_gpio_sim(scratch: Path, release: str, version: str, target: Path) -> None:
    """Put gpio-sim.ko for kernel `release` into `target`. Raises BedFailed."""
    headers = f"linux-headers-{release}"
    depends = re.findall(r"Depends: (linux-\S+)", run("apt-cache", "depends", f"{headers}={version}"))
    kinds = [name for name in depends if re.match(r"linux-(headers|kbuild)-", name)]
    apt_download(scratch / "hdr", *(f"{name}={version}" for name in [headers, *kinds]))
    unpack(scratch / "hdr", scratch / "h")
    build = _sources(scratch, ".".join(release.split(".")[:2]), version)
    tree = scratch / f"h/usr/src/{headers}"
    makefile = tree / "Makefile"
    makefile.write_text(makefile.read_text().replace("/usr/src/", f"{scratch}/h/usr/src/"))
    named = re.search(r"gcc-\d+", (tree / ".kernelvariables").read_text())
    compiler = named[0] if named and shutil.which(named[0]) else "gcc"
    run("make", "-C", tree, f"M={build}", f"CC={compiler}", "modules", what="building gpio-sim")
    run("strip", "--strip-debug", build / "gpio-sim.ko")
    target.mkdir()
    shutil.copy(build / "gpio-sim.ko", target)


def _sources(scratch: Path, series: str, version: str) -> Path:
    """A folder ready for make, with the three files that matter out of the kernel's whole source."""
    apt_download(scratch / "src", f"linux-source-{series}={version}")
    build = scratch / "gpio-sim"
    build.mkdir()
    top = f"linux-source-{series}"
    package = next((scratch / "src").glob("*.deb"))
    # tar ends after the last file it wants, so the programs before it see a closed pipe: judged by the files alone.
    subprocess.run(
        f"dpkg-deb --fsys-tarfile {shlex.quote(str(package))} | tar xO ./usr/src/{top}.tar.xz | xz -dcT0 | "
        f"tar x --occurrence=1 -C {shlex.quote(str(build))} --strip-components=1 "
        + " ".join(f"{top}/{name}" for name in SOURCES),
        shell=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    for name in SOURCES:
        if not (build / name).exists():
            raise BedFailed(f"{name} is not in linux-source-{series} {version}. Run: apt-get update, then again")
    # The interrupt simulator is off in this kernel as well, so its one file goes into the module. It calls
    # irq_to_desc(), which modules may not, and which is spelled out with what they may.
    interrupts = (build / SOURCES[2]).read_text()
    spelled = re.sub(r"irq_to_desc\((\w+)\)", r"irq_data_to_desc(irq_get_irq_data(\1))", interrupts)
    (build / "irq_sim.c").write_text(spelled)
    shutil.copy(build / SOURCES[0], build / "gpio_sim_core.c")
    shutil.copy(build / SOURCES[1], build / "gpiolib.h")
    (build / "Kbuild").write_text("obj-m := gpio-sim.o\ngpio-sim-y := gpio_sim_core.o irq_sim.o\n")
    return build
