"""Tells systemd how we are, where systemd asked to be told."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def watchdog_s() -> float:
    """How often systemd wants to hear that we make progress, seconds; 0: it does not ask."""
    text = os.environ.get("WATCHDOG_USEC", "")
    return int(text) / 2_000_000 if text.isascii() and text.isdigit() else 0.0


def notify(state: str) -> bool:
    """Send `READY=1`, `STOPPING=1`, …; False where nobody asked (NOTIFY_SOCKET is not set)."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return False
    address = "\0" + path[1:] if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out, suppress(OSError):
        out.sendto(state.encode(), address)
        return True
    return False
