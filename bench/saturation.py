"""How many scans a second central takes at most, against a SQLModel session a message; 200 on their way in both."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from bench.bare_broker import EchoRoundTrip
from bench.echo import ANSWER, ASK
from bench.raw_client import RawClient, publish
from bench.results import Result, middle, result
from bench.stations import CHALLENGE, PIECES, plan_for
from central.fleet.broker import address_for
from central.settings import load_settings
from sim.floor.configs import SITE
from sim.floor.launch import Warehouse
from sim.floor.picked import pick_all
from sim.floor.rundir import node_of
from wire.codec import chain, decode_down, encode
from wire.deeds import AnyDeed, ItemScanned, LabelScanned
from wire.downlink import Ack, Welcome
from wire.mqtt import BrokerAddress, Incoming, MqttSession
from wire.topics import all_down, up
from wire.uplink import Event, Hello, Record

NODES: Final = 20
ON_THEIR_WAY: Final = 10  # scans of each node
SCANS: Final = 6_000  # of ours in one repetition
USUAL: Final = 600  # of the reference
REPETITIONS: Final = 5
WAIT_S_MAX: Final = 120.0


class Blaster:
    """A node's conversation without a disk: its lines are made beforehand and sent as central takes them."""

    def __init__(self, name: str, broker: BrokerAddress, done: Callable[[], None]) -> None:
        self.name, self.welcomed = name, asyncio.Event()
        self.answers = 0
        self._done, self._seq, self._head, self._sent, self._acked = done, 0, "", 0, 0
        self._lines: deque[bytes] = deque()
        self.client = RawClient(broker, name, all_down(SITE, name), self._heard)

    def add(self, deed: AnyDeed, intent: str) -> None:
        """One more line."""
        record = encode(
            Record(intent=intent, at_utc_ns=time.time_ns(), mono_ns=1, boot_id="b", clock="synced", deed=deed)
        )
        self._seq += 1
        line = Event(node=self.name, epoch=1, seq=self._seq, age_ms=0, prev=self._head, record=msgspec.Raw(record))
        self._head = chain(self._head, 1, self._seq, record)
        self._lines.append(publish(up(SITE, self.name, "ev"), self._seq, encode(line)))

    def go(self) -> None:
        """Send what may be on its way."""
        room = ON_THEIR_WAY - (self._sent - self._acked)
        packets = [self._lines.popleft() for _ in range(min(room, len(self._lines)))]
        self._sent += len(packets)
        if packets:
            self.client.send(b"".join(packets))

    @property
    def idle(self) -> bool:
        """Nothing left to send, nothing on its way."""
        return not self._lines and self._sent == self._acked

    async def open(self) -> None:
        """Connect, and be welcomed."""
        await self.client.open()
        hello = Hello(
            node=self.name,
            store_id=f"blast-{self.name}",
            epoch=0,
            first_seq=1,
            last_seq=0,
            head="",
            boot_id="b",
            connects=1,
            desired_version=0,
            software="bench",
            clock="synced",
        )
        self.client.send(publish(up(SITE, self.name, "hello"), 0, encode(hello)))
        await self.welcomed.wait()

    def _heard(self, payload: bytes) -> None:
        said = decode_down(payload)
        if isinstance(said, Welcome):
            self.welcomed.set()
        elif isinstance(said, Ack):
            self._acked, self.answers = max(self._acked, said.through), self.answers + len(said.answers)
            self.go()
            if self.idle:
                self._done()


async def scan_saturation(folder: Path) -> list[Result]:
    """One result, in scans a second."""
    ours: list[float] = []
    usual: list[float] = []
    warehouse = Warehouse(plan_for(NODES), folder / "f")
    warehouse.dir.make()
    site = warehouse.plan.site
    pick_all(warehouse.dir.database, site, site.orders, {zone: node_of(zone) for zone in site.zones})
    try:
        await warehouse.start_central()
        async with EchoRoundTrip(folder, ("bench.sqlmodel_central", str(folder))) as bare:
            blast = _Blast(warehouse)
            await blast.open()
            for number in range(REPETITIONS):
                ours.append(await blast.scans_s(number))
                usual.append(await _usual_s(bare.address, number))
            blast.close()
    finally:
        await warehouse.stop()
    what = "a SQLModel session for each message"
    samples = SCANS * REPETITIONS
    return [result("scan_saturation", middle(ours), middle(usual), what, unit="scans/s", samples=samples)]


class _Blast:
    """All nodes together."""

    def __init__(self, warehouse: Warehouse) -> None:
        settings = load_settings(warehouse.dir.site_file)
        self._over = asyncio.Event()
        self._plan = warehouse.plan
        self._nodes = [Blaster(name, address_for(settings, name), self._one_done) for name in self._plan.stations]

    async def open(self) -> None:
        """Connect, and open an order at each station."""
        async with asyncio.timeout(WAIT_S_MAX):
            await asyncio.gather(*(node.open() for node in self._nodes))
        for node, order in zip(self._nodes, self._plan.site.orders, strict=True):
            label = LabelScanned(station=node.name, scan_id=node.name, label=order.label, challenge=CHALLENGE)
            node.add(label, f"scan:{node.name}")
        await self._through()

    async def scans_s(self, number: int) -> float:
        """Scans a second, every one answered."""
        barcodes = [one.units[-1].barcode for one in self._plan.site.goods]
        before = sum(node.answers for node in self._nodes)
        for node in self._nodes:
            for scan in range(SCANS // NODES):
                scan_id = f"{node.name}-{number}-{scan}"
                barcode = barcodes[scan % len(barcodes)]
                deed = ItemScanned(station=node.name, scan_id=scan_id, verification=node.name, barcode=barcode)
                node.add(deed, f"scan:{scan_id}")
        took_s = await self._through()
        answered = sum(node.answers for node in self._nodes) - before
        if answered != SCANS or SCANS * REPETITIONS // NODES > PIECES:
            raise RuntimeError(f"{answered} of {SCANS} scans were answered")
        return SCANS / took_s

    def close(self) -> None:
        """Hang up."""
        for node in self._nodes:
            node.client.close()

    async def _through(self) -> float:
        """Send everything; seconds until all of it is acknowledged."""
        self._over.clear()
        began_s = time.perf_counter()
        for node in self._nodes:
            node.go()
        async with asyncio.timeout(WAIT_S_MAX):
            await self._over.wait()
        return time.perf_counter() - began_s

    def _one_done(self) -> None:
        if all(node.idle for node in self._nodes):
            self._over.set()


async def _usual_s(broker: BrokerAddress, number: int) -> float:
    """Scans a second of the reference, as many on their way."""
    left = deque(range(USUAL))
    answered, over, connected = 0, asyncio.Event(), asyncio.Event()

    def send() -> None:
        if left:
            scan = {"scan_id": f"{number}-{left.popleft()}", "station": "bench-1", "barcode": "2000000000015"}
            session.publish(ASK, msgspec.json.encode(scan))

    def heard(incoming: Incoming) -> None:
        nonlocal answered
        incoming.ack()
        answered += 1
        send()
        if answered == USUAL:
            over.set()

    session = MqttSession(
        broker,
        "bench-usual-asker",
        subscribe=[(ANSWER, 1)],
        on_message=heard,
        on_connected=connected.set,
        on_disconnected=lambda _: None,
        receive_max=1_000,
        inflight_max=1_000,
    )
    task = asyncio.create_task(session.run())
    try:
        async with asyncio.timeout(WAIT_S_MAX):
            await connected.wait()
            began_s = time.perf_counter()
            for _ in range(NODES * ON_THEIR_WAY):
                send()
            await over.wait()
        return USUAL / (time.perf_counter() - began_s)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
