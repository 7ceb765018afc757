"""udev with the project's own rules, for the plain guest; in the booted one the installer puts them in place."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.edge.node_floor import ROOT

RULES: Final = Path("/run/udev/rules.d")
SUBSYSTEMS: Final = ("tty", "usb-serial", "input", "hidraw", "gpio")


@contextmanager
def picklight_rules() -> Iterator[None]:
    """Devices have the names and groups of systemd/*.rules while the context lasts."""
    RULES.mkdir(parents=True, exist_ok=True)
    copies = [Path(shutil.copy(rules, RULES)) for rules in (ROOT / "systemd").glob("*.rules")]
    try:
        _look_again()
        yield
    finally:
        for copy in copies:
            copy.unlink()
        _look_again()


def settle() -> None:
    """Wait until udev has seen to everything that happened."""
    subprocess.run(["udevadm", "settle"], check=True)


def _look_again() -> None:
    subprocess.run(["udevadm", "control", "--reload"], check=True)
    subprocess.run(["udevadm", "trigger", *(f"--subsystem-match={name}" for name in SUBSYSTEMS)], check=True)
    settle()
