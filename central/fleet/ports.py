"""Free ports that stay free: chosen once, remembered, and never in the way of outgoing connections."""

from __future__ import annotations

import random
import socket
from pathlib import Path
from typing import Final

PORTS_TRIED_MAX: Final = 200
PORTS_BELOW_EPHEMERAL: Final = 10_000


def free_port(host: str) -> int:
    """A port on `host` that nobody listens on, good to be remembered. Raises OSError if none is found."""
    # Below the range of outgoing connections: one of those could sit on the port while the broker restarts,
    # and a client that keeps trying a port inside it may end up connected to itself.
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    for port in random.sample(range(max(1_024, lowest - PORTS_BELOW_EPHEMERAL), lowest), PORTS_TRIED_MAX):
        if _can_bind(host, port):
            return port
    raise OSError(f"no free port on {host} below {lowest}. Set the port in the site file")


def _can_bind(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
