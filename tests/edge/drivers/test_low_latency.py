"""The line asks its driver for low latency: a flag that some adapters have and a pty has not."""

from __future__ import annotations

import os
import subprocess
import sys
import tty
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import os, sys
from edge.drivers.modbus_pdu import READ, Request
from edge.drivers.rtu_link import RtuLink
TIOCGSERIAL = 0x541E  # the first step of setting the flag: read what is set
calls = []
sys.addaudithook(lambda event, args: calls.append(args[1]) if event == "fcntl.ioctl" else None)
link = RtuLink(sys.argv[1], 115_200)
link.open()
print(calls.count(TIOCGSERIAL), flush=True)
print(link.exchange(Request(1, READ, 0, 2), 10.0).values, flush=True)
"""


def test_the_flag_is_asked_for_and_a_line_that_does_not_know_it_works_all_the_same() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    command = [sys.executable, "-c", PROGRAM, os.ttyname(slave)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        asked = int(program.stdout.readline())
        request = os.read(master, 64)
        os.write(master, bytes.fromhex("01 03 04 00 07 00 00 4b f2"))
        answer = program.stdout.readline()
    os.close(master)
    os.close(slave)

    assert asked == 1
    assert request[:2] == bytes([1, 3])
    assert answer == "(7, 0)\n"
