"""A bus owner that the machine held up takes a reply that is already there."""

from __future__ import annotations

import os
import select
import tty

from edge.drivers.modbus_pdu import READ, Request, Words
from edge.drivers.rtu_link import RtuLink
from sim.modules.slave import with_crc


def test_a_reply_that_came_in_time_counts_though_the_owner_was_held_up_beyond_its_deadline() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    link = RtuLink(os.ttyname(slave), 115_200)
    link.open()
    os.write(master, with_crc(bytes.fromhex("01 03 04 00 07 00 00")))
    select.select([slave], [], [], 5)

    answer = link.exchange(Request(1, READ, 0, 2), reply_wait_s=-1.0)

    link.close()
    os.close(master)
    os.close(slave)
    assert answer == Words(0, (7, 0))
