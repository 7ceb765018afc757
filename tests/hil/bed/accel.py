"""Whether this machine's processor can run the guest, or QEMU has to emulate one."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Final

from tests.hil.bed.prepare import Images
from tests.hil.bed.shell import CACHE, QEMU, say

KVM: Final = Path("/dev/kvm")
KINDS: Final = ("kvm_intel", "kvm_amd", "kvm_pvm")
PROBE_S_MAX: Final = 15


def choose(images: Images) -> str:
    """`kvm` where it works, otherwise `tcg`. PICKLIGHT_BED_ACCEL decides without asking."""
    wanted = os.environ.get("PICKLIGHT_BED_ACCEL", "auto")
    if wanted != "auto":
        return wanted
    if not os.access(KVM, os.R_OK | os.W_OK):
        return "tcg"
    if {kind for kind in KINDS if Path("/sys/module", kind).is_dir()} == {"kvm_pvm"}:
        return "tcg"  # which runs paravirtualised kernels only
    memo, key = CACHE / "accel.json", f"{os.uname().version} {images.kernel}"
    known = json.loads(memo.read_text()) if memo.exists() else {}
    if known.get("key") != key:
        known = {"key": key, "accel": "kvm" if _boots_with_kvm(images) else "tcg"}
        memo.write_text(json.dumps(known))
    return str(known["accel"])


def _boots_with_kvm(images: Images) -> bool:
    """/dev/kvm may be there and still not run an ordinary kernel, so boot one and look."""
    started_s = time.monotonic()
    command = [QEMU, "-accel", "kvm", "-cpu", "max", "-m", "256", "-nodefaults", "-display", "none", "-no-reboot",
               "-serial", "stdio", "-kernel", str(images.kernel), "-initrd", str(images.initrd),
               "-append", "console=ttyS0 panic=-1 hil.probe"]  # fmt: skip
    try:
        output = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PROBE_S_MAX).stdout
    except subprocess.TimeoutExpired as expired:
        output = expired.stdout or b""
    works = b"HIL-PROBE-OK" in output
    say(f"kvm {'works' if works else 'is there and boots nothing'} ({time.monotonic() - started_s:.1f} s, remembered)")
    return works
