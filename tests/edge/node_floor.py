"""A node as a whole in real processes: `python -m edge`, `python -m sim.modules`, Mosquitto, a scripted central."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import msgspec

from sim.modules.remote import ModulesRemote
from tests.wire.real_broker import Broker, free_port, until
from wire.codec import chain, decode_record, decode_up, encode
from wire.deeds import AnyDeed
from wire.downlink import Ack, AnyDown, Desired, Pick, ToteWork, Welcome, ZoneWork
from wire.mqtt import BrokerAddress, Incoming, MqttSession
from wire.topics import DownChannel, all_up, down, parse_up
from wire.uplink import Event, Hello, Live

SITE, NODE = "demo", "zone-a"
PRESS_AGAIN_S, PRESSES_MAX = 2.0, 8
ROOT = Path(__file__).parents[2]


class ScriptedCentral:
    """Speaks central's side of the wire: welcomes, acknowledges in order, and keeps what came."""

    def __init__(self, address: BrokerAddress) -> None:
        self._session = MqttSession(
            address,
            "central-writer",
            subscribe=[(all_up(SITE), 1)],
            on_message=self._heard,
            on_connected=lambda: None,
            on_disconnected=lambda _: None,
        )
        self.desired: Desired | None = None
        self.deeds: list[AnyDeed] = []
        self.lives: list[Live] = []
        self.head, self.through = "", 0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._session.run())
        await until(lambda: self._session.connected)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def want(self, desired: Desired) -> None:
        """What should be true at the node from now on."""
        self.desired = desired
        self._say("desired", desired)

    def _heard(self, message: Incoming) -> None:
        said = decode_up(parse_up(message.topic), message.payload)
        message.ack()
        match said:
            case Hello():
                welcome = Welcome(epoch=1, acked_through=self.through, head=self.head, store_id=said.store_id)
                self._say("welcome", welcome)
                if self.desired is not None:
                    self._say("desired", self.desired)
            case Event():
                self._take(said)
            case Live():
                self.lives.append(said)

    def _take(self, event: Event) -> None:
        if event.seq == self.through + 1:
            self.deeds.append(decode_record(event.record).deed)
            self.through, self.head = event.seq, chain(event.prev, event.epoch, event.seq, bytes(event.record))
        rewind = event.seq > self.through
        self._say("ack", Ack(epoch=1, through=self.through, head=self.head, rewind=rewind))

    def _say(self, channel: DownChannel, message: AnyDown) -> None:
        self._session.publish(down(SITE, NODE, channel), encode(message))


class NodeFloor:
    """The processes of one zone node; `start_edge` may be called again after `kill_edge`."""

    def __init__(self, folder: Path, broker: Broker, central: ScriptedCentral, hand: ModulesRemote) -> None:
        self.folder, self.broker, self.central, self.hand = folder, broker, central, hand
        self.edge: subprocess.Popen[bytes] | None = None

    async def start_edge(self, before: Sequence[str] = ()) -> None:
        """Start the node, under the command `before`, and wait until it says that it is ready."""
        log = self.folder / "edge.log"
        already = log.read_text().count(" ready ") if log.exists() else 0
        self.edge = start_process(
            [*before, sys.executable, "-m", "edge", "--profile", str(self.folder / "zone-a.toml")], log
        )
        await until(lambda: log.read_text().count(" ready ") > already)

    async def press(self, location: str, *, hold: bool = False) -> None:
        """Press as a person does: once more where the light stays as it was for so long.

        A press in the very moment in which a lamp lights may have come before it: such a press is said, not obeyed.
        """
        before = self.hand.showing.get(location)
        lit = before is not None and before.colour != "off"
        for _ in range(PRESSES_MAX):
            await (self.hand.hold(location) if hold else self.hand.press(location))
            with contextlib.suppress(TimeoutError):
                await self.hand.wait_showing(location, lambda face: not lit or face != before, PRESS_AGAIN_S)
                return
        raise AssertionError(f"{location} stays as it was, however often it is pressed")

    def end_edge(self, with_signal: signal.Signals) -> int:
        """Stop the node; its exit code."""
        assert self.edge is not None
        self.edge.send_signal(with_signal)
        return self.edge.wait(timeout=10)


def start_process(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start `command` with its output in `log`."""
    with log.open("ab") as out:
        return subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env=os.environ | {"PYTHONPATH": str(ROOT)})


def zone_toml(folder: Path) -> str:
    """Three modules: two on an RTU line, one on TCP."""
    return f"""
[zone]
id = "A"
[[zone.bus]]
name = "rtu"
kind = "rtu"
port = "{folder}/line"
profile = "picklight-display"
reply_wait_ms_max = 200
[[zone.bus]]
name = "tcp"
kind = "tcp"
host = "127.0.0.1"
tcp_port = {free_port()}
profile = "picklight-bay16"
reply_wait_ms_max = 200
[[zone.module]]
location = "A-01-1"
bus = "rtu"
unit = 1
[[zone.module]]
location = "A-01-2"
bus = "rtu"
unit = 2
[[zone.module]]
location = "A-02-1"
bus = "tcp"
unit = 1
index = 3
"""


def work(version: int, *totes: tuple[str, Sequence[tuple[str, int]]]) -> Desired:
    """A desired state: totes with their (location, pieces)."""
    made = [
        ToteWork(
            tote_id=tote,
            order_no=f"order-{tote}",
            wave="w1",
            colour="blue",
            picks=tuple(
                Pick(pick_id=f"{tote}-{n}", location_id=at, sku="MUG", title="Mug", pieces=pieces)
                for n, (at, pieces) in enumerate(picks)
            ),
        )
        for tote, picks in totes
    ]
    return Desired(version=version, zone=ZoneWork(zone="A", totes=tuple(made)))


def picked(deeds: Sequence[AnyDeed]) -> list[tuple[str, str]]:
    """Kind and pick id of each deed about a pick."""
    plain = [msgspec.to_builtins(deed) for deed in deeds]
    return [(deed["kind"], deed["pick_id"]) for deed in plain if "pick_id" in deed]


@asynccontextmanager
async def node_floor(rules: str = "") -> AsyncIterator[NodeFloor]:
    """Everything but the edge process itself, which each test starts. `rules`: more lines of the [zone] table."""
    folder = Path(tempfile.mkdtemp(prefix="ptlnode"))
    zone = zone_toml(folder).replace('id = "A"\n', f'id = "A"\n{rules.format(folder=folder)}\n')
    (folder / "rack.toml").write_text(f'control_socket = "{folder}/control"\n{zone}')
    async with Broker(folder) as broker, ScriptedCentral(broker.address) as central:
        (folder / "zone-a.toml").write_text(
            f'[node]\nname = "{NODE}"\nsite = "{SITE}"\nstate_dir = "state"\nproduction = false\n'
            f'[broker]\nhost = "127.0.0.1"\nport = {broker.port}\n{zone}'
        )
        rack = start_process(
            [sys.executable, "-m", "sim.modules", "--config", str(folder / "rack.toml")], folder / "rack.log"
        )
        hand = ModulesRemote(folder / "control")
        floor = NodeFloor(folder, broker, central, hand)
        try:
            await hand.connect()
            yield floor
        finally:
            await hand.aclose()
            if floor.edge is not None and floor.edge.poll() is None:
                floor.end_edge(signal.SIGKILL)
            rack.terminate()
            rack.wait(timeout=10)
            shutil.rmtree(folder, ignore_errors=True)
