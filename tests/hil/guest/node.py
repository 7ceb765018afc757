"""A zone node in the guest: `python -m edge` on real serial ports, our simulated modules at the cable's far end."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec

from sim.modules.remote import ModulesRemote
from tests.edge.node_floor import NODE, SITE, NodeFloor, ScriptedCentral, start_process
from tests.hil.guest.cable import Cable
from tests.wire.real_broker import Broker, until

SLOW_S_MAX: Final = 90.0  # an emulated processor, shared with others


class GuestNode(NodeFloor):
    """A node floor that gives everything the time it takes here."""

    async def start_edge(self, before: Sequence[str] = ()) -> None:
        """Start the node and wait until it says that it is ready."""
        log = self.folder / "edge.log"
        already = self.said(" ready ")
        profile = str(self.folder / "zone-a.toml")
        self.edge = start_process([*before, sys.executable, "-m", "edge", "--profile", profile], log)
        await patiently(lambda: self.said(" ready ") > already)

    def alarms(self) -> list[tuple[str, str, str]]:
        """Alarms raised and cleared so far: kind of deed, name, subject."""
        plain = [msgspec.to_builtins(deed) for deed in self.central.deeds]
        return [(deed["kind"], deed["alarm"], deed.get("subject", "")) for deed in plain if "alarm" in deed]

    def said(self, words: str) -> int:
        """How often the node has logged `words`."""
        log = self.folder / "edge.log"
        return log.read_text(errors="replace").count(words) if log.exists() else 0


async def patiently(what: Callable[[], object]) -> None:
    """Let the loop run until `what()` is true, for as long as that may take here."""
    await until(what, SLOW_S_MAX)


@asynccontextmanager
async def guest_node(ports: Sequence[tuple[str, str]], rules: str = "", bench: str = "") -> AsyncIterator[GuestNode]:
    """Broker, central's side, and modules; the test starts the node.

    `ports`: for each RTU bus the node's port, and the far end of its cable, where two modules hang (A-01-1 and A-01-2
    on the first bus, A-02-1 and A-02-2 on the second). `rules`: more lines of the [zone] table;
    `bench`: [station] tables.
    """
    folder = Path(tempfile.mkdtemp(prefix="ptlhil"))
    node_ports, far_ends = [port for port, _ in ports], [end for _, end in ports]
    lines = [str(folder / f"line{number}") for number in range(len(ports))]
    (folder / "rack.toml").write_text(f'control_socket = "{folder}/control"\n{_zone(lines, "")}')
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        broker = await stack.enter_async_context(Broker(folder))
        central = await stack.enter_async_context(ScriptedCentral(broker.address))
        (folder / "zone-a.toml").write_text(
            f'[node]\nname = "{NODE}"\nsite = "{SITE}"\nstate_dir = "state"\nproduction = false\n'
            f'[broker]\nhost = "127.0.0.1"\nport = {broker.port}\n{_zone(node_ports, rules)}{bench}'
        )
        config = ["--config", str(folder / "rack.toml")]
        rack = start_process([sys.executable, "-m", "sim.modules", *config], folder / "rack.log")
        stack.callback(rack.wait, timeout=SLOW_S_MAX)
        stack.callback(rack.terminate)
        hand = ModulesRemote(folder / "control")
        await hand.connect(wait_s_max=SLOW_S_MAX)
        stack.push_async_callback(hand.aclose)
        for line, far_end in zip(lines, far_ends, strict=True):
            stack.enter_context(Cable(Path(line), Path(far_end)))
        node = GuestNode(folder, broker, central, hand)
        stack.callback(_end, node)
        yield node


def _end(node: GuestNode) -> None:
    if node.edge is not None and node.edge.poll() is None:
        node.end_edge(signal.SIGKILL)


def _zone(ports: Sequence[str], rules: str) -> str:
    parts = [f'[zone]\nid = "A"\n{rules}\n']
    for number, port in enumerate(ports):
        parts.append(
            f'[[zone.bus]]\nname = "bus{number}"\nkind = "rtu"\nport = "{port}"\n'
            'profile = "picklight-display"\nreply_wait_ms_max = 2000\n'
        )
        for unit in (1, 2):
            where = f'location = "A-0{number + 1}-{unit}"\nbus = "bus{number}"\nunit = {unit}\n'
            parts.append(f"[[zone.module]]\n{where}")
    return "".join(parts)
