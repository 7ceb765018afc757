"""What the guest needs before a test runs: mounts, modules, GPIO lines, the network, and a board's face."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.hil.guest.gpio import GpioSim

ADDRESS: Final = "10.0.2.15/24"
GPIO_LABEL, GPIO_LINES = "pinctrl-bcm2711", 58  # what a Raspberry Pi 4 shows
BOARD: Final = "c03114"  # the revision code of a Pi 4B, without which gpiozero opens no line
OUT: Final = "/run/hil/out"
MS_BIND: Final = 4096
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


def command(*argv: str) -> str:
    """Run a program; what it complained about when it failed, otherwise nothing."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return f"{' '.join(argv)}: {done.stderr.strip() or done.returncode}" if done.returncode else ""


def mount(source: str, target: str, kind: str, options: str = "", flags: int = 0) -> None:
    """Mount, making the folder. Raises OSError."""
    if not Path(target).exists():
        Path(target).mkdir(parents=True)
    if _LIBC.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()):
        error = ctypes.get_errno()
        raise OSError(error, f"mount {kind} on {target}: {os.strerror(error)}")


def early_mounts() -> None:
    """What systemd does first where it is PID 1."""
    mount("tmpfs", "/run", "tmpfs", "mode=755")
    mount("tmpfs", "/tmp", "tmpfs", "mode=1777")
    mount("devpts", "/dev/pts", "devpts", "gid=5,mode=620,ptmxmode=666")
    mount("tmpfs", "/dev/shm", "tmpfs", "mode=1777")
    for name, number in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        if not Path("/dev", name).is_symlink():
            Path("/dev", name).symlink_to("/proc/self/fd" + number)


def set_up(modules: Sequence[str], *, alone: bool) -> list[str]:
    """Make the guest ready; what went wrong without stopping it. `alone`: no systemd does it. Raises OSError."""
    notes = [command("modprobe", "-a", *modules)]
    if alone:
        notes += [command("hostname", "hil"), command("/lib/systemd/systemd-udevd", "--daemon")]
        for kind in ("subsystems", "devices"):
            notes.append(command("udevadm", "trigger", f"--type={kind}", "--action=add"))
        notes.append(command("udevadm", "settle", "--timeout=60"))
    notes.append(command("ip", "link", "set", "lo", "up"))
    if Path("/sys/class/net/eth0").exists():
        notes += [command("ip", "link", "set", "eth0", "up"), command("ip", "addr", "add", ADDRESS, "dev", "eth0")]
    mount("out", OUT, "9p", "trans=virtio,version=9p2000.L,msize=262144,cache=none")
    if not os.path.ismount("/sys/kernel/config"):
        mount("configfs", "/sys/kernel/config", "configfs")
    GpioSim.create(GPIO_LABEL, GPIO_LINES)
    _look_like_a_board()
    return [note for note in notes if note]


def _look_like_a_board() -> None:
    own = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    face = f"\nHardware\t: BCM2835\nRevision\t: {BOARD}\nSerial\t\t: 00000000deadbeef\nModel\t\t: Raspberry Pi 4\n"
    Path("/run/cpuinfo").write_text(own + face, encoding="utf-8")
    mount("/run/cpuinfo", "/proc/cpuinfo", "", flags=MS_BIND)
