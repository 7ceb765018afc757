"""systemd hears how we are, if it asked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from central.fleet.notify import notify


def test_nobody_is_told_where_nobody_asked() -> None:
    assert "NOTIFY_SOCKET" not in os.environ
    assert not notify("READY=1")


def test_systemd_hears_on_its_socket(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(path))
        systemd.settimeout(5)
        say = "from central.fleet.notify import notify, watchdog_s; notify('READY=1'); print(watchdog_s())"
        asked = {**os.environ, "NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "20000000"}
        done = subprocess.run((sys.executable, "-c", say), env=asked, check=True, capture_output=True)
        assert systemd.recv(100) == b"READY=1"
    assert float(done.stdout) == 10.0
