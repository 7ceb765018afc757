"""A node's light bus on real serial ports: a UART, an FTDI adapter, and that adapter pulled, put back and renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.edge.node_floor import picked, work
from tests.hil.guest.node import SLOW_S_MAX, guest_node, patiently
from tests.hil.guest.ports import read, wait_for
from tests.hil.guest.qmp import Qmp
from tests.hil.guest.udev import picklight_rules

FIRST, SECOND = "A-01-1", "A-01-2"
ADAPTER = Path("/dev/ttyUSB0")


@pytest.mark.parametrize(("port", "far_end"), [("/dev/ttyS0", "/dev/ttyS1"), ("/dev/ttyUSB0", "/dev/ttyUSB1")])
async def test_a_pick_is_lit_pressed_and_reported_over_a_real_port(port: str, far_end: str) -> None:
    async with guest_node([(port, far_end)]) as node:
        await node.start_edge()
        node.central.want(work(1, ("t1", [(FIRST, 3), (SECOND, 1)])))
        assert [(await node.hand.wait_lit(at, SLOW_S_MAX)).pieces for at in (FIRST, SECOND)] == [3, 1]

        for at in (FIRST, SECOND):
            await node.hand.press(at)
            await node.hand.wait_dark(at, SLOW_S_MAX)
        await patiently(lambda: len(picked(node.central.deeds)) == 2)

        assert picked(node.central.deeds) == [("pick_confirmed", "t1-0"), ("pick_confirmed", "t1-1")]


async def test_two_lines_are_two_owners_and_one_pulled_adapter_stops_only_its_own() -> None:
    ports = [("/dev/ttyS0", "/dev/ttyS1"), ("/dev/ttyUSB0", "/dev/ttyUSB1")]
    async with guest_node(ports) as node:
        await node.start_edge()
        node.central.want(work(1, ("t1", [(FIRST, 3), ("A-02-1", 2)])))
        for at in (FIRST, "A-02-1"):
            await node.hand.wait_lit(at, SLOW_S_MAX)
        with Qmp() as qmp, adapter_pulled(qmp):
            await patiently(lambda: node.alarms() == [("alarm_raised", "bus_down", "bus1")])
            await node.hand.press(FIRST)
            await patiently(lambda: picked(node.central.deeds) == [("pick_confirmed", "t1-0")])

        await patiently(lambda: node.alarms()[-1] == ("alarm_cleared", "bus_down", "bus1"))
        await node.hand.press("A-02-1")
        await patiently(lambda: len(picked(node.central.deeds)) == 2)
        assert picked(node.central.deeds)[1] == ("pick_confirmed", "t1-1")


async def test_an_adapter_that_comes_back_under_another_name_is_found_by_where_it_is_plugged_in() -> None:
    with picklight_rules(), Qmp() as qmp, adapter_pulled_afterwards(qmp):
        by_path = wait_for(_name_by_path, "name by path")
        assert read("/sys/bus/usb-serial/devices/ttyUSB0/latency_timer") == "1"
        async with guest_node([(str(by_path), "/dev/ttyUSB1")]) as node:
            await node.start_edge()
            node.central.want(work(1, ("t1", [(FIRST, 3)])))
            await node.hand.wait_lit(FIRST, SLOW_S_MAX)
            with held_open(ADAPTER), adapter_pulled(qmp):  # somebody holds on to the old name
                await patiently(lambda: node.alarms() == [("alarm_raised", "bus_down", "bus0")])

            await patiently(lambda: node.alarms()[-1] == ("alarm_cleared", "bus_down", "bus0"))
            assert by_path.resolve() != ADAPTER
            await node.hand.press(FIRST)
            await patiently(lambda: picked(node.central.deeds) == [("pick_confirmed", "t1-0")])


@contextmanager
def held_open(port: Path) -> Iterator[None]:
    """Somebody has the port open, without its becoming our terminal."""
    handle = os.open(port, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def adapter_pulled(qmp: Qmp) -> Iterator[None]:
    """Without the adapter of ttyUSB0; it is back afterwards, under whatever name."""
    before = set(Path("/sys/bus/usb-serial/devices").glob("*"))
    qmp.unplug_adapter(0)
    wait_for(lambda: len(set(Path("/sys/bus/usb-serial/devices").glob("*"))) < len(before), "adapter gone")
    try:
        yield
    finally:
        qmp.plug_adapter(0)
        wait_for(lambda: len(set(Path("/sys/bus/usb-serial/devices").glob("*"))) == len(before), "adapter back")


@contextmanager
def adapter_pulled_afterwards(qmp: Qmp) -> Iterator[None]:
    """Once more at the end, so that the next test finds the adapter under its first name."""
    try:
        yield
    finally:
        with adapter_pulled(qmp):
            pass
        wait_for(ADAPTER.exists, "the old name")


def _name_by_path() -> Path | None:
    return next((link for link in Path("/dev/picklight").rglob("*") if link.resolve() == ADAPTER), None)
