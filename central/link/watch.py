"""What the floor shows right now: every node's newest picture and presence, and hints to read the record again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from wire.uplink import Live, Presence

NODES_MAX: Final = 1_000  # nodes remembered; a site has dozens


@dataclass(frozen=True)
class NodeSeen:
    """`heard_mono_ns`: time.monotonic_ns() of the newest live, 0 never. `presence`: "", ready, disconnected, lost."""

    node: str
    live: Live | None = None
    heard_mono_ns: int = 0
    presence: str = ""
    connects: int = 0


class Watch:
    """`version` counts every change of anything here, `committed` every hint that the record changed."""

    def __init__(self) -> None:
        self.in_contact = False  # with the broker
        self.owner = ""  # presence of the site's writer
        self.version = 0
        self.committed = 0
        self._owner_starts = 0
        self._nodes: dict[str, NodeSeen] = {}
        self._edge = asyncio.Event()

    def nodes(self) -> Mapping[str, NodeSeen]:
        """Every node heard of, by name."""
        return self._nodes

    async def changed(self, after: int) -> int:
        """The version, once it is greater than `after`."""
        while self.version <= after:
            await self._edge.wait()
        return self.version

    def heard_live(self, live: Live) -> None:
        """A node's newest picture."""
        seen = self._seen(live.node)
        if seen is not None:
            self._nodes[live.node] = replace(seen, live=live, heard_mono_ns=time.monotonic_ns())
            self._count()

    def heard_presence(self, presence: Presence) -> None:
        """A node's birth, farewell or will; a will that is older than the newest birth came late and is ignored."""
        seen = self._seen(presence.node)
        if seen is not None and (presence.state == "ready" or presence.connects >= seen.connects):
            self._nodes[presence.node] = replace(seen, presence=presence.state, connects=presence.connects)
            self._count()

    def heard_owner(self, presence: Presence) -> None:
        """The writer's own birth, farewell or will."""
        if presence.state == "ready" or presence.connects >= self._owner_starts:
            self.owner, self._owner_starts = presence.state, presence.connects
            self._count()

    def heard_commit(self) -> None:
        """The record changed."""
        self.committed += 1
        self._count()

    def contact(self, up: bool) -> None:
        """The broker came or went."""
        self.in_contact = up
        self._count()

    def _seen(self, node: str) -> NodeSeen | None:
        if node in self._nodes:
            return self._nodes[node]
        return NodeSeen(node) if len(self._nodes) < NODES_MAX else None

    def _count(self) -> None:
        self.version += 1
        self._edge.set()
        self._edge = asyncio.Event()
