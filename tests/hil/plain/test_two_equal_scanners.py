"""Two scanners of one make and one serial number on one node: told apart by where they are plugged in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.edge.node_floor import start_process, work
from tests.edge.packstation.guard_process import GuardProcess
from tests.hil.guest.gadgets import GadgetLine, Identity
from tests.hil.guest.node import SLOW_S_MAX, GuestNode, guest_node, patiently
from tests.hil.guest.ports import wait_for
from tests.hil.guest.udev import picklight_rules
from wire.deeds import LabelScanned, ToteInducted

SAME = Identity(0x0C2E, 0x0B6A, "Honeywell", "Xenon 1902g", "17264B0A3F")
LABEL = "LP00000000000001"


@dataclass(frozen=True)
class Scanners:
    """A node with a scanner in its zone and an equal one at its bench."""

    node: GuestNode
    zone: GadgetLine
    bench: GadgetLine

    def totes(self) -> list[str]:
        """Totes that the zone's scanner has scanned in."""
        return [deed.tote_id for deed in self.node.central.deeds if isinstance(deed, ToteInducted)]

    def labels(self) -> list[str]:
        """What the bench's scanner has read."""
        return [deed.label for deed in self.node.central.deeds if isinstance(deed, LabelScanned)]


@asynccontextmanager
async def two_equal_scanners(folder: Path) -> AsyncIterator[Scanners]:
    """Both plugged in, the node at work with a guard on simulated pins."""
    lines = [GadgetLine(port, SAME) for port in (0, 1)]
    guard = GuardProcess(folder)
    process = start_process(guard.command(), folder / "guard.log")
    try:
        with picklight_rules():
            for line in lines:
                line.plug()
            zone, bench = (wait_for(lambda line=line: by_path(line), "name by path") for line in lines)  # type: ignore[misc]
            station = f'[station]\nname = "bench-1"\nguard_socket = "{guard.socket}"\nquiet_window_ms = 0\n'
            station += f'[station.scanner]\nkind = "serial"\nport = "{bench}"\n'
            rules = f'induct = true\ntotes_max = 2\nscanner = {{kind = "serial", port = "{zone}"}}'
            async with guest_node([("/dev/ttyS0", "/dev/ttyS1")], rules, station) as node:
                await patiently(guard.socket.exists)
                await node.start_edge()
                await patiently(lambda: node.said("scanner_there") == 2)
                yield Scanners(node, *lines)
    finally:
        process.terminate()
        process.wait(timeout=SLOW_S_MAX)
        for line in lines:
            line.unplug()


async def test_each_scan_goes_where_its_scanner_belongs(tmp_path: Path) -> None:
    async with two_equal_scanners(tmp_path) as scanners:
        scanners.node.central.want(work(1, ("t1", [("A-01-1", 3)])))
        await patiently(lambda: zone_notice(scanners.node) == "scan_tote")

        scanners.bench.send(LABEL.encode() + b"\r")
        await patiently(lambda: scanners.labels() == [LABEL])
        assert scanners.totes() == []
        scanners.zone.send(b"t1\r")
        await patiently(lambda: scanners.totes() == ["t1"])
        assert scanners.labels() == [LABEL]


async def test_a_scanner_pulled_in_the_middle_of_a_scan_forgets_it_and_works_when_it_is_back(tmp_path: Path) -> None:
    async with two_equal_scanners(tmp_path) as scanners:
        lost, back = ("alarm_raised", "scanner_lost", "bench-1"), ("alarm_cleared", "scanner_lost", "bench-1")
        scanners.bench.send(b"LP000000")
        scanners.bench.unplug()
        await patiently(lambda: lost in scanners.node.alarms())
        scanners.bench.plug()
        await patiently(lambda: back in scanners.node.alarms())

        scanners.bench.send(LABEL.encode() + b"\r")
        await patiently(scanners.labels)

        assert scanners.labels() == [LABEL]


def zone_notice(node: GuestNode) -> str:
    """What the zone's display says."""
    zone = node.central.lives[-1].zone if node.central.lives else None
    return zone.notice if zone else ""


def by_path(line: GadgetLine) -> Path | None:
    """The name of `line` by where it is plugged in."""
    device = line.tty()
    return next((link for link in Path("/dev/picklight/by-path").glob("*") if link.resolve() == device), None)
