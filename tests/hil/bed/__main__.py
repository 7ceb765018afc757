"""The test bed: `python -m tests.hil.bed`.

prepare            build what is missing, and say where it is
test [ARGUMENTS]   boot the guests and run the tests in them; ARGUMENTS go to pytest
run KIND COMMAND   boot one guest (plain or booted) and run one command in it
"""

from __future__ import annotations

import compileall
import contextlib
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tests.hil.bed.machine import Machine
from tests.hil.bed.prepare import prepare
from tests.hil.bed.shell import ROOT, BedFailed, say
from tests.hil.bed.site import running_site
from tests.hil.bed.vm import VirtualMachine
from tests.hil.guest.whole_plan import HANDED_OVER

KINDS: Final = {"plain": Machine("plain", systemd=False), "booted": Machine("booted", systemd=True)}
PYTEST: Final = ("python3", "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "--timeout", "300")
RUN_S_MAX: Final = 1200.0  # of one guest; all tests together take a quarter of that
NOTHING_FOUND: Final = 5  # pytest's code when it has collected no test
BED_FAILED: Final = 125
COMPILED: Final = ("wire", "edge", "central", "sim", "cli", "tests/hil", "tests/edge", "tests/wire")


def main(arguments: Sequence[str]) -> int:
    """Entry point: the command's own code, 124 for one that took too long, 125 for a bed that failed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        match list(arguments):
            case ["prepare"]:
                images = prepare()
                say(f"ready: kernel {images.release}, {images.disk}")
                return 0
            case ["test", *words]:
                return test(words)
            case ["run", kind, *words] if kind in KINDS and words:
                return run(KINDS[kind], words[words[0] == "--" :])
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except BedFailed as failed:
        say(failed)
        return BED_FAILED


def test(words: Sequence[str]) -> int:
    """Run the tests of every guest that `words` do not leave out; the first code that is not good."""
    prepare()
    codes = []
    for kind, machine in KINDS.items():
        mine = narrowed(kind, words)
        if mine is not None:
            say(f"tests/hil/{kind}")
            codes.append(run(machine, [*PYTEST, *mine]))
    bad = [code for code in codes if code not in (0, NOTHING_FOUND)]
    return bad[0] if bad else min(codes, default=NOTHING_FOUND)


def narrowed(kind: str, words: Sequence[str]) -> list[str] | None:
    """pytest's arguments for the guest `kind`; None when all places in `words` belong to another."""
    places = [word for word in words if word.startswith("tests/")]
    others = [word for word in words if word not in places]
    here = [place for place in places if place.startswith(f"tests/hil/{kind}")]
    if places and not here and not any(place.strip("/") == "tests/hil" for place in places):
        return None
    return [*(here or [f"tests/hil/{kind}"]), *others]


def run(machine: Machine, command: Sequence[str]) -> int:
    """Boot, run one command, and switch off."""
    if sys.version_info[:2] == (3, 11):  # the guest's own: what is compiled here, it need not compile by emulation
        for package in COMPILED:
            compileall.compile_dir(str(ROOT / package), quiet=2)
    started_s = time.monotonic()
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(running_site()) if machine.systemd else None
        guest = VirtualMachine(machine if site is None else replace(machine, host_ports=site.ports))
        if site is not None:
            site.hand_over(guest.folder / "out")
        stack.enter_context(guest)
        code = guest.run(command, {}, RUN_S_MAX)
        with contextlib.suppress(OSError):
            kept, secrets = ROOT / "build/hil" / machine.name, shutil.ignore_patterns(HANDED_OVER)
            shutil.copytree(guest.folder / "out", kept, ignore=secrets, dirs_exist_ok=True)
    say(f"{machine.name}: code {code} after {time.monotonic() - started_s:.0f} s")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
