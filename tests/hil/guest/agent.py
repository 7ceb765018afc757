"""Runs commands inside the guest for the host: as PID 1, or as a service under systemd.

The virtio port hil.ctl carries JSON lines, hil.out and hil.err the command's output. Debian's own Python runs it, so
it may use the standard library only.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Final

from tests.hil.guest import set_up
from tests.hil.guest.ports import virtio_port, wait_for

SOURCE, VENV = "/opt/picklight/src", "/opt/picklight/venv"
ENVIRONMENT: Final = {
    "PATH": f"{VENV}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
    "PICKLIGHT_GUEST": "1",
    "HIL_OUT": set_up.OUT,
    "PYTHONPATH": SOURCE,
    "PYTHONUNBUFFERED": "1",
    "GPIOZERO_PIN_FACTORY": "lgpio",
    "LG_WD": "/tmp",  # where lgpio makes its pipes; it would in the working folder, which is read-only
}
ALONE: Final = os.getpid() == 1


class Agent:
    """Takes one request after the other."""

    def __init__(self) -> None:
        self._control = _open("hil.ctl", os.O_RDWR)
        self._outputs = [_open("hil.out", os.O_WRONLY), _open("hil.err", os.O_WRONLY)]
        self._child: int | None = None
        self._requests: list[dict[str, Any]] = []
        self._wake = threading.Condition()

    def serve(self) -> None:
        """Until the machine ends."""
        threading.Thread(target=self._read, daemon=True).start()
        self._send(ev="hello")
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._requests)
                request = self._requests.pop(0)
            if request["op"] == "setup":
                self._set_up(request)
            else:
                self._run(request)

    def _set_up(self, request: dict[str, Any]) -> None:
        try:
            notes = set_up.set_up(request["modules"], alone=ALONE)
        except OSError as error:
            self._send(ev="failed", error=str(error))
        else:
            self._send(ev="ready", kernel=os.uname().release, notes=notes)

    def _send(self, **event: object) -> None:
        _write_all(self._control, json.dumps(event).encode() + b"\n")

    def _read(self) -> None:
        buffer = b""
        while True:
            chunk = os.read(self._control, 65536)
            if not chunk:  # the host is not there yet
                time.sleep(0.05)
                continue
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                self._take(json.loads(line))

    def _take(self, request: dict[str, Any]) -> None:
        if request["op"] == "signal":
            with contextlib.suppress(ProcessLookupError):
                if self._child is not None:
                    os.killpg(self._child, request["signal"])
            return
        with self._wake:
            self._requests.append(request)
            self._wake.notify()

    def _run(self, request: dict[str, Any]) -> None:
        pipes = [os.pipe() for _ in self._outputs]
        counts = [0, 0]
        try:  # a group and not a session: a test that opens a line must not get it as its terminal
            process = subprocess.Popen(
                request["argv"], cwd=SOURCE, env=ENVIRONMENT | request["env"], stdin=subprocess.DEVNULL,
                stdout=pipes[0][1], stderr=pipes[1][1], process_group=0,
            )  # fmt: skip
        except OSError as error:
            self._send(ev="exit", code=127, out=0, err=0, error=str(error))
            return
        finally:
            for _, write_end in pipes:
                os.close(write_end)
        copies = [threading.Thread(target=self._copy, args=(pipe[0], i, counts)) for i, pipe in enumerate(pipes)]
        for copy in copies:
            copy.daemon = True
            copy.start()
        self._child = process.pid
        process.returncode = os.waitstatus_to_exitcode(_reap_until(process.pid))
        self._child = None
        for copy in copies:
            copy.join(timeout=5)
        code = process.returncode if process.returncode >= 0 else 128 - process.returncode
        self._send(ev="exit", code=code, out=counts[0], err=counts[1])

    def _copy(self, source: int, index: int, counts: list[int]) -> None:
        while data := os.read(source, 65536):
            counts[index] += len(data)
            _write_all(self._outputs[index], data)
        os.close(source)


def _open(port: str, how: int) -> int:
    return os.open(wait_for(lambda: virtio_port(port), port), how)


def _reap_until(wanted: int) -> int:
    """Wait for the process `wanted`; orphans that come to PID 1 are reaped on the way."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == wanted:
            return status


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def main() -> None:
    """Entry point."""
    if ALONE:
        os.environ.clear()
        os.environ.update(ENVIRONMENT)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        set_up.early_mounts()
        ctypes.CDLL(None).umask(0o022)
    set_up.command("modprobe", "-q", "virtio_console")
    Path("/run/hil").mkdir(exist_ok=True)
    Agent().serve()


if __name__ == "__main__":
    main()
