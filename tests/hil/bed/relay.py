"""Standard input and output to TCP; QEMU starts one of these for each connection the guest makes to the host."""

from __future__ import annotations

import os
import select
import socket
import sys


def relay(host: str, port: int) -> None:
    """Carry bytes both ways until one side has ended."""
    link = socket.create_connection((host, port), timeout=10)
    link.settimeout(None)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        for source in select.select([0, link.fileno()], [], [])[0]:
            data = os.read(source, 65536)
            if not data:
                return
            if source == 0:
                link.sendall(data)
            else:
                _write_all(data)


def _write_all(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


if __name__ == "__main__":
    relay(sys.argv[1], int(sys.argv[2]))
