"""What every part of the bed needs: where things are, how to say something, how to run a program and believe it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]
CACHE: Final = Path(os.environ.get("PICKLIGHT_BED") or Path.home() / ".cache" / "picklight-bed")
QEMU: Final = "qemu-system-x86_64"
TRIES_MAX: Final = 3  # a download that fails three times in a row will not work the fourth time
TAIL_LINES: Final = 15


class BedFailed(Exception):
    """Something about the bed, not about what runs in it; the text says what and what to do."""


def say(*words: object) -> None:
    """One line to whoever started us."""
    print("hil:", *words, file=sys.stderr, flush=True)


def run(*argv: object, cwd: Path | None = None, env: Mapping[str, str] | None = None, what: str = "") -> str:
    """The output of a program. Raises BedFailed with its last lines."""
    command = [str(word) for word in argv]
    try:
        done = subprocess.run(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise BedFailed(f"{command[0]} is not installed. Run: tools/setup.sh hil") from None
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-TAIL_LINES:])
        raise BedFailed(f"{what or ' '.join(command)}: exit {done.returncode}\n{tail}")
    return done.stdout


def download(*argv: object, cwd: Path | None = None, what: str = "") -> str:
    """`run` for what needs the network: tried again after a pause. Raises BedFailed."""
    for attempt in range(1, TRIES_MAX):
        try:
            return run(*argv, cwd=cwd, what=what)
        except BedFailed as failed:
            say(f"trying again ({attempt} of {TRIES_MAX - 1}):", failed)
            time.sleep(3 * attempt)
    return run(*argv, cwd=cwd, what=what)


def apt_download(target: Path, *packages: str) -> None:
    """Fetch Debian packages into `target`, from the machine's own sources. Raises BedFailed."""
    target.mkdir(parents=True, exist_ok=True)
    what = "apt-get download " + " ".join(packages)
    download("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *packages, cwd=target, what=what)


def unpack(folder: Path, target: Path) -> None:
    """Unpack every Debian package of `folder`. Raises BedFailed."""
    target.mkdir(parents=True, exist_ok=True)
    for package in sorted(folder.glob("*.deb")):
        run("dpkg-deb", "-x", package, target)
