"""The guest's disk: a minimal Debian 12 with the project's locked Python packages at /opt/picklight/venv."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.hil.bed.shell import CACHE, ROOT, BedFailed, download, run, say

SUITE: Final = "bookworm"
DISK_BYTES: Final = 1_500_000_000  # sparse; about 450 MB are used
SOURCE, VENV = "/opt/picklight/src", "/opt/picklight/venv"
HOST_ADDRESS: Final = "10.0.2.100"  # where the guest reaches forwarded ports of the host
PACKAGES: Final = (
    "systemd", "systemd-sysv", "udev", "dbus", "kmod", "procps", "iproute2", "mosquitto", "python3", "python3-venv",
    "ca-certificates",
)  # fmt: skip
# Locked packages that no test in the guest needs.
STAY_OUT: Final = frozenset({
    "ast-serialize", "greenlet", "grimp", "hypothesis", "import-linter", "librt", "mypy", "mypy-extensions",
    "pathspec", "playwright", "pyee", "ruff", "sortedcontainers", "types-jsonschema", "types-psutil", "types-pyserial",
})  # fmt: skip
WHAT_IS_LOCKED: Final = re.compile(r"^(?=[a-z0-9][a-z0-9.-]*==)", re.MULTILINE)
UNITS_OFF: Final = """getty.target getty-static.service serial-getty@.service getty@.service console-getty.service
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer
    systemd-tmpfiles-clean.timer systemd-update-utmp.service systemd-pstore.service systemd-random-seed.service
    systemd-rfkill.socket systemd-timesyncd.service"""
UNIT: Final = f"""[Unit]
Description=Runs the commands of the test bed
After=sysinit.target dbus.socket
[Service]
ExecStart=/usr/bin/python3 -m tests.hil.guest.agent
Environment=PYTHONPATH={SOURCE}
WorkingDirectory={SOURCE}
TasksMax=infinity
"""


def guest_lock() -> str:
    """The parts of the lock file that the guest installs."""
    parts = WHAT_IS_LOCKED.split((ROOT / "requirements-dev.lock").read_text(encoding="utf-8"))
    return "".join(part for part in parts if part.partition("==")[0] not in STAY_OUT)


def customize_script(release: str) -> str:
    """A shell script that finishes the root folder given as its argument."""
    return f"""#!/bin/sh
set -e
root="$1"
chroot "$root" depmod -a {release}
chroot "$root" python3 -m venv {VENV}
chroot "$root" {VENV}/bin/pip install -q --no-deps --no-index --find-links /opt/wheels -r /opt/wheels/guest.lock
rm -r "$root/opt/wheels"
mkdir -p "$root{SOURCE}"
echo {SOURCE} > "$root{VENV}/lib/python3.11/site-packages/picklight.pth"
cat > "$root{VENV}/bin/picklight" <<'P'
#!{VENV}/bin/python
import sys
from cli.main import main
sys.exit(main())
P
chmod 755 "$root{VENV}/bin/picklight"
echo hil > "$root/etc/hostname"
echo 0123456789abcdef0123456789abcdef > "$root/etc/machine-id"
printf '127.0.0.1 localhost hil\\n{HOST_ADDRESS} hilhost\\n' > "$root/etc/hosts"
: > "$root/etc/resolv.conf"
: > "$root/etc/fstab"
cat > "$root/etc/systemd/system/hil.service" <<'U'
{UNIT}U
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s ../hil.service "$root/etc/systemd/system/multi-user.target.wants/hil.service"
chroot "$root" systemctl -q set-default multi-user.target
chroot "$root" systemctl -q disable mosquitto.service
for unit in {" ".join(UNITS_OFF.split())}; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
"""


def build_rootfs(out: Path, kernel: Path) -> None:
    """Fill `out` with root.ext4. Raises BedFailed."""
    release = (kernel / "release").read_text()
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        scratch = Path(name)
        _wheels(scratch / "wheels")
        (scratch / "modules").mkdir()
        shutil.copytree(kernel / "modules" / release, scratch / "modules" / release)
        script = scratch / "customize"
        script.write_text(customize_script(release))
        script.chmod(0o755)
        say("root disk with mmdebstrap")
        _bootstrap(scratch, script)
        image = out / "root.ext4"
        with image.open("wb") as file:
            file.truncate(DISK_BYTES)
        features = ("-O", "^has_journal", "-E", "lazy_itable_init=0,root_owner=0:0")
        run("mke2fs", "-q", "-t", "ext4", *features, "-d", scratch / "root", image)


def _bootstrap(scratch: Path, script: Path) -> None:
    unwanted = (f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("man", "doc", "locale", "info"))
    shutil.rmtree(scratch / "root", ignore_errors=True)
    download(
        "mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", "--include=" + ",".join(PACKAGES),
        *unwanted, f"--customize-hook=copy-in {scratch}/modules /usr/lib",
        f"--customize-hook=copy-in {scratch}/wheels /opt", f"--customize-hook={script}",
        SUITE, scratch / "root", *debian_sources(), what="mmdebstrap",
    )  # fmt: skip


def debian_sources(folder: Path = Path("/etc/apt")) -> list[Path]:
    """The machine's own source lists that name the suite; none leaves the choice to mmdebstrap."""
    lists = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    named = re.compile(rf"\s{SUITE}(\s|$)", re.MULTILINE)
    return [path for path in lists if path.is_file() and named.search(path.read_text(encoding="utf-8"))]


def _wheels(target: Path) -> None:
    target.mkdir()
    lock = target / "guest.lock"
    lock.write_text(guest_lock(), encoding="utf-8")
    python = _python311()
    say("Python packages from requirements-dev.lock")
    download(python, "-m", "pip", "wheel", "-q", "--no-deps", "--require-hashes", "-w", target, "-r", lock)
    # Hashes were checked above; wheels made here from source have others.
    names = re.findall(r"^([a-z0-9.-]+==[^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    made = {re.sub(r"[-_.]+", "-", path.name.split("-")[0]).lower() for path in target.glob("*.whl")}
    lock.write_text("\n".join(name for name in names if name.partition("==")[0] in made) + "\n")


def _python311() -> str:
    """A Python of this machine whose compiled wheels suit the guest's. Raises BedFailed."""
    for python in (sys.executable, shutil.which("python3.11"), "/usr/bin/python3.11"):
        if python and Path(python).exists():
            ask = [python, "-c", "import sys, pip; print(sys.version_info[:2])"]
            if subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip() == "(3, 11)":
                return python
    raise BedFailed(
        f"no Python 3.11 with pip here (this is {os.path.realpath(sys.executable)}), and the guest has 3.11. "
        "Run: make clean, then make hil PYTHON=/usr/bin/python3.11"
    )
