"""Reads what the plan needs to know of this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from cli.installing.code import CHECKOUT
from cli.installing.plan import CODE, DONE, HOME, KEPT, TARGETS, UNITS, Found, Wanted, settings_files


def sources(checkout: Path = CHECKOUT) -> dict[str, bytes]:
    """The files of systemd/ that an installation puts in place. Raises OSError."""
    return {name: (checkout / "systemd" / name).read_bytes() for name in TARGETS}


def look(root: str, wanted: Wanted | None = None, faults: tuple[str, ...] = ()) -> Found:
    """This machine, or the file system at `root`. Raises OSError."""
    targets = [*TARGETS.values(), CODE]
    folders = [HOME, DONE, *KEPT]
    if wanted is not None:
        own = [str(Path(file).parent) for file in settings_files(wanted)]
        targets += [wanted.done_file, *settings_files(wanted)]
        folders += [*own, *(f"{folder}/secrets" for folder in own)]
    files = {target: Path(root + target).read_bytes() for target in targets if Path(root + target).is_file()}
    return Found(
        is_root=os.geteuid() == 0,
        systemd=systemd_version(),
        files=files,
        enabled=enabled_units(root),
        there=frozenset(folder for folder in folders if Path(root + folder).is_dir()),
        faults=faults,
    )


def systemd_version() -> int:
    """Its number, such as 252; 0 where there is none."""
    if shutil.which("systemctl") is None:
        return 0
    said = subprocess.run(("systemctl", "--version"), capture_output=True, text=True, check=False).stdout
    found = re.match(r"systemd (\d+)", said)
    return int(found[1]) if found else 0


def enabled_units(root: str) -> tuple[str, ...]:
    """Our units that start with the machine."""
    return tuple(sorted(link.name for link in Path(f"{root}{UNITS}/multi-user.target.wants").glob("picklight-*")))
