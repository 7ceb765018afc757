"""One virtual machine from its start to its end, and the commands that run in it."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

from tests.hil.bed import accel, modules
from tests.hil.bed.machine import CHANNELS, Machine, command_line
from tests.hil.bed.prepare import prepare
from tests.hil.bed.shell import BedFailed, say

BOOT_S_MAX: Final = {"kvm": 60.0, "tcg": 300.0}  # 5 and 15 s here when nothing else runs
CONNECT_S_MAX: Final = 60.0
END_S_MAX: Final = 5.0
KILLED_S_MAX: Final = 30.0
LOG_LINES: Final = 12
TIMED_OUT: Final = 124
DIES_WITH_US: Final = ("setpriv", "--pdeathsig", "KILL")


class VirtualMachine:
    """A context manager: booted and set up inside, gone afterwards. Its logs are kept when it failed."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.folder = Path(tempfile.mkdtemp(prefix=f"hil-{machine.name}-"))
        (self.folder / "out").mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self._links: dict[str, socket.socket] = {}
        self._unread: dict[str, bytearray] = {"out": bytearray(), "err": bytearray()}
        self._events: list[dict[str, Any]] = []
        self._wake = threading.Condition()
        self._keep_logs = False

    def __enter__(self) -> Self:
        try:
            self._boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(END_S_MAX)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for link in self._links.values():
            link.close()
        if not self._keep_logs:
            shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, argv: Sequence[str], env: Mapping[str, str], wait_s_max: float | None = None) -> int:
        """Run one command in the guest; its output is ours. Its exit code, or 124 after `wait_s_max`."""
        self._send(op="run", argv=list(argv), env=dict(env))
        due_s = None if wait_s_max is None else time.monotonic() + wait_s_max
        killed, ended = False, None
        sinks: dict[str, BinaryIO] = {"out": sys.stdout.buffer, "err": sys.stderr.buffer}
        seen = {"out": 0, "err": 0}
        while ended is None or any(seen[name] < ended[name] for name in seen):
            chunks, event = self._next(due_s)
            ended = event or ended
            for name, chunk in chunks.items():
                seen[name] += len(chunk)
                sinks[name].write(chunk)
                sinks[name].flush()
            if due_s is not None and time.monotonic() > due_s:
                if killed:
                    raise self._failure("the command outlived its being killed")
                killed, due_s = True, time.monotonic() + KILLED_S_MAX
                self._send(op="signal", signal=signal.SIGKILL)
        if ended.get("error"):
            say("guest:", ended["error"])
        return TIMED_OUT if killed else int(ended["code"])

    def _boot(self) -> None:
        images = prepare()
        kind = accel.choose(images)
        started_s = time.monotonic()
        argv = [*DIES_WITH_US, *command_line(self._machine, images, kind, self.folder)]
        listeners = {name: self._listen(name) for name in CHANNELS}
        with (self.folder / "qemu.log").open("wb") as log:
            nothing = subprocess.DEVNULL
            self._process = subprocess.Popen(argv, stdin=nothing, stdout=log, stderr=log, start_new_session=True)
        try:
            self._links = {name: listener.accept()[0] for name, listener in listeners.items()}
        except OSError:
            raise self._failure("QEMU did not start") from None
        finally:
            for listener in listeners.values():
                listener.close()
        for name in ("out", "err"):
            threading.Thread(target=self._read_stream, args=(name,), daemon=True).start()
        threading.Thread(target=self._read_events, daemon=True).start()
        self._wait("hello", BOOT_S_MAX[kind], "the guest did not come up")
        loaded = modules.BOOTED if self._machine.systemd else modules.PLAIN
        self._send(op="setup", modules=loaded)
        ready = self._wait("ready", BOOT_S_MAX[kind], "the guest was not set up")
        took_s = time.monotonic() - started_s
        say(f"{self._machine.name} guest up in {took_s:.1f} s ({kind}, kernel {ready['kernel']})", *ready["notes"])

    def _listen(self, name: str) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.folder / f"{name}.sock"))
        listener.listen(1)
        listener.settimeout(CONNECT_S_MAX)
        return listener

    def _failure(self, what: str) -> BedFailed:
        code = self._process.poll() if self._process else None
        text = f"{what} (QEMU {'still runs' if code is None else f'ended with {code}'})"
        for name in ("qemu.log", "console.log"):
            with contextlib.suppress(OSError):
                tail = (self.folder / name).read_text(errors="replace").strip().splitlines()[-LOG_LINES:]
                text += f"\n--- {name}\n" + "\n".join(tail) if tail else ""
        self._keep_logs = True
        return BedFailed(text + f"\n--- logs in {self.folder}")

    def _send(self, **request: object) -> None:
        self._links["ctl"].sendall(json.dumps(request).encode() + b"\n")

    def _read_stream(self, name: str) -> None:
        while data := _received(self._links[name]):
            with self._wake:
                self._unread[name] += data
                self._wake.notify_all()

    def _read_events(self) -> None:
        with contextlib.suppress(OSError):
            for line in self._links["ctl"].makefile("rb"):
                with self._wake:
                    self._events.append(json.loads(line))
                    self._wake.notify_all()
        with self._wake:
            self._events.append({"ev": "gone"})
            self._wake.notify_all()

    def _next(self, due_s: float | None) -> tuple[dict[str, bytes], dict[str, Any] | None]:
        """Output that came, and the end of the command if it has; waits for either, until `due_s`."""
        with self._wake:
            if not any(self._unread.values()) and not self._events:
                self._wake.wait(None if due_s is None else max(0.01, due_s - time.monotonic()))
            chunks = {name: bytes(buffer) for name, buffer in self._unread.items() if buffer}
            for name in chunks:
                self._unread[name].clear()
            event = self._take("exit", "the command did not end")
        return chunks, event

    def _wait(self, name: str, wait_s_max: float, what: str) -> dict[str, Any]:
        due_s = time.monotonic() + wait_s_max
        with self._wake:
            while (event := self._take(name, what)) is None:
                if time.monotonic() > due_s:
                    raise self._failure(f"{what} within {wait_s_max:.0f} s")
                self._wake.wait(max(0.01, due_s - time.monotonic()))
        return event

    def _take(self, name: str, what: str) -> dict[str, Any] | None:
        for event in list(self._events):
            if event["ev"] == "failed":
                raise self._failure(f"{what}: {event['error']}")
            if event["ev"] == "gone":
                raise self._failure(f"{what}: the machine ended")
            if event["ev"] == name:
                self._events.remove(event)
                return event
        return None


def _received(link: socket.socket) -> bytes:
    try:
        return link.recv(65536)
    except OSError:
        return b""
