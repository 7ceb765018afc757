"""The warden: a real process that stands still while released is killed by another, and nothing else is."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from edge.packstation.guard.warden import BEAT, HELD, RELEASED, Watch

VICTIM = """
import sys, time
from edge.packstation.guard.wardship import Wardship
ward = Wardship(lease_s=float(sys.argv[1]), silence_s=0.3)
ward.start()
print(ward.watches, flush=True)
for line in sys.stdin:
    match line.strip():
        case "release": ward.released(); print(flush=True)
        case "hold": ward.held(); print(flush=True)
        case "beat": ward.beat(); print(flush=True)
        case "renew": print(ward.renew(), ward.watches, flush=True)
        case "pid": print(ward._process.pid, flush=True)
        case "stop": ward.stop(); print(ward.watches, flush=True)
"""


@contextmanager
def victim(lease_s: float) -> Iterator[subprocess.Popen[str]]:
    """A process with a warden, which does what it is told line by line."""
    command = [sys.executable, "-c", VICTIM, str(lease_s)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert _line(process) == "True"
            yield process
        finally:
            process.kill()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str], word: str) -> str:
    """Tell it one word; the line it answers once that is done."""
    assert process.stdin is not None
    process.stdin.write(word + "\n")
    process.stdin.flush()
    return _line(process)


def test_a_process_that_is_stopped_while_released_is_killed() -> None:
    with victim(lease_s=60) as process:
        tell(process, "release")
        process.send_signal(signal.SIGSTOP)

        assert process.wait(20) == -signal.SIGKILL


def test_a_release_that_beats_for_ever_ends_with_its_lease() -> None:
    with victim(lease_s=0.5) as process:
        tell(process, "release")
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            tell_if_alive(process)
            time.sleep(0.02)

        assert process.returncode == -signal.SIGKILL


def tell_if_alive(process: subprocess.Popen[str]) -> None:
    try:
        tell(process, "beat")
    except BrokenPipeError:
        process.wait(5)


def test_a_process_that_holds_may_stand_still() -> None:
    with victim(lease_s=60) as process:
        tell(process, "release")
        tell(process, "hold")
        process.send_signal(signal.SIGSTOP)
        with_its_warden = watch_for(process, 1.0)
        process.send_signal(signal.SIGCONT)

        assert with_its_warden is None


def watch_for(process: subprocess.Popen[str], wait_s: float) -> int | None:
    """Its exit code if it ends within `wait_s`."""
    try:
        return process.wait(wait_s)
    except subprocess.TimeoutExpired:
        return None


def test_a_warden_that_is_gone_is_noticed_and_replaced() -> None:
    with victim(lease_s=60) as process:
        first = int(tell(process, "pid"))
        subprocess.run(["kill", "-9", str(first)], check=True)
        answers = []
        deadline = time.monotonic() + 20
        while "True True" not in answers and time.monotonic() < deadline:
            answers.append(tell(process, "renew"))

        assert answers[-1] == "True True"
        assert int(tell(process, "pid")) != first


def test_a_warden_ends_with_the_process_that_lets_go_of_it() -> None:
    with victim(lease_s=60) as process:
        assert tell(process, "stop") == "False"


def test_it_watches_only_while_released() -> None:
    watch = Watch(lease_s=3.0, silence_s=1.0)
    assert watch.ends_in(100.0) is None

    released = watch.heard(RELEASED, 100.0)
    assert released.ends_in(100.25) == 0.75
    assert released.heard(BEAT, 100.75).ends_in(101.0) == 0.75
    assert released.heard(BEAT + HELD, 101.0).ends_in(200.0) is None
    assert released.heard(HELD + RELEASED, 101.0).ends_in(101.0) == 1.0
