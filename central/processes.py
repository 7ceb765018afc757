"""Child processes that cannot outlive us: in their own group, started anew when they end or hang, stopped cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from central.heartbeat import VARIABLE, Heart

log = logging.getLogger("central.processes")

PR_SET_PDEATHSIG: Final = 1
WAIT_S_FIRST: Final = 0.1
WAIT_S_MAX: Final = 10.0
LOG_BYTES_MAX: Final = 10 * 1024 * 1024  # an older log is kept once beside it
STEADY_S: Final = 30.0  # a child that lived this long is restarted at once
LOOK_S: Final = 1.0  # between two looks at a child
FIRST_BEAT_S_MAX: Final = 600.0  # a new version may have to bring a large record up to date first
ABORT_WAIT_S: Final = 2.0  # for a hung child to write down where it hangs
FREE_S_MAX: Final = 60.0  # the longest pause, stop and start together; a child that cannot be killed takes longer

OURS_ALONE: Final = frozenset({"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", VARIABLE})

_libc: Final = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Program:
    """What to start. `prepare` runs before each start (to write a fresh configuration, say).

    `silence_s_max` (0: nobody listens): one that sent no heartbeat for so long hangs; it is killed and started anew.
    """

    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    stop_wait_s_max: float = 5.0
    again_wait_s_max: float = WAIT_S_MAX  # longest pause before it is started again
    silence_s_max: float = 0.0
    log_file: Path | None = None
    prepare: Callable[[], Awaitable[None]] | None = None


class Child:
    """One program kept running: `run` until cancelled. `pid` is None between two lives."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.starts = 0
        self.started = asyncio.Event()  # set while it runs
        self._process: asyncio.subprocess.Process | None = None
        self._looked_s = time.monotonic()

    @property
    def is_kept(self) -> bool:
        """Whether somebody still looks after it: False when it hangs and does not even die."""
        return time.monotonic() - self._looked_s < FREE_S_MAX

    @property
    def pid(self) -> int | None:
        """The running process."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def run(self) -> None:
        """Start it, and again whenever it ends, with back-off. Cancelled: stop it (SIGTERM, then SIGKILL)."""
        wait_s = WAIT_S_FIRST
        while True:
            began_s = time.monotonic()
            code = await self._one_life()
            lived_s = time.monotonic() - began_s
            wait_s = WAIT_S_FIRST if lived_s >= STEADY_S else min(wait_s * 2, self.program.again_wait_s_max)
            log.warning("ended child=%s code=%s again_in_s=%.1f", self.program.name, code, wait_s)
            self._looked_s = time.monotonic()
            await asyncio.sleep(wait_s)
            self._looked_s = time.monotonic()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to its whole group (tests, and the last resort)."""
        pid = self.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, number)

    async def _one_life(self) -> int | None:
        if self.program.prepare is not None:
            await self.program.prepare()
        with _output(self.program.log_file) as output, Heart() as heart:
            try:
                process = await start(self.program, output, heart.pulse)
            except OSError as error:
                log.warning("cannot start child=%s why=%s", self.program.name, error)
                return None
            self._process = process
            self.starts += 1
            self.started.set()
            heart.hand_over()
            try:
                return await self._watched(process, heart)
            finally:
                self.started.clear()
                await stop(process, self.program.stop_wait_s_max)

    async def _watched(self, process: asyncio.subprocess.Process, heart: Heart) -> int | None:
        """Its exit code once it ended; None if it hangs, its last word said."""
        ending = asyncio.ensure_future(process.wait())
        try:
            while not (await asyncio.wait({ending}, timeout=LOOK_S))[0]:
                self._looked_s = time.monotonic()
                silent_s, silence_s_max = heart.silent_s(), self.program.silence_s_max
                if silence_s_max and silent_s > (silence_s_max if heart.beats else FIRST_BEAT_S_MAX):
                    log.error("hangs child=%s pid=%d silent_s=%.0f", self.program.name, process.pid, silent_s)
                    self.kill(signal.SIGABRT)
                    await asyncio.wait({ending}, timeout=ABORT_WAIT_S)
                    self.kill()
                    return None
            return process.returncode
        finally:
            ending.cancel()


async def start(
    program: Program, output: IO[bytes] | None = None, pulse: int | None = None
) -> asyncio.subprocess.Process:
    """Start once: own process group, killed by the kernel when we die. `pulse`: where it beats. Raises OSError."""
    argv = [str(part) for part in program.argv]
    beating = {} if pulse is None else {VARIABLE: str(pulse)}
    return await asyncio.create_subprocess_exec(
        *argv,
        env={**_environment(), **program.env, **beating},
        pass_fds=() if pulse is None else (pulse,),
        cwd=program.cwd,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=_die_with(os.getpid()),
    )


def _environment() -> dict[str, str]:
    """Ours, less what is between systemd and us alone."""
    return {name: value for name, value in os.environ.items() if name not in OURS_ALONE}


async def stop(process: asyncio.subprocess.Process, wait_s_max: float) -> None:
    """SIGTERM to its group, and SIGKILL to what is left after `wait_s_max`; returns when it is gone."""
    if process.returncode is None:
        _signal_group(process.pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(wait_s_max):
                await process.wait()
        except TimeoutError:
            log.warning("killing pid=%d after_s=%.1f", process.pid, wait_s_max)
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _die_with(parent: int) -> Callable[[], None]:
    def ask_kernel() -> None:
        # Between fork and exec: only calls that take no lock.
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


@contextlib.contextmanager
def _output(log_file: Path | None) -> Iterator[IO[bytes] | None]:
    if log_file is None:
        yield None  # inherit ours: a terminal, or the journal
        return
    if log_file.exists() and log_file.stat().st_size > LOG_BYTES_MAX:
        log_file.replace(log_file.with_suffix(".old.log"))
    with log_file.open("ab") as output:
        yield output
