"""What the writer remembers between batches, and what one item of intake may do."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.handlers.intake import EngineSettings, Outgoing
from central.rules.journal import CENTRAL
from central.store.database import Database
from central.store.errors import Poison
from central.store.journal import Journal
from central.store.manifests import ManifestRow
from central.store.nodes import NodeNow, add_node, load_nodes
from central.store.packing import Packing, load_packing
from wire.answers import AnyAnswer

PACKINGS_MAX: Final = 1_000  # verifications in memory; one a bench is open, the rest are read back when needed


@dataclass
class Sheet:
    """What a zone's node was last told: open picks of each tote on it, and whether more totes wait behind."""

    totes: dict[str, int] = field(default_factory=dict)
    more: bool = False
    stale: bool = True

    def done(self, tote_id: str) -> None:
        """One pick less in a tote."""
        left = self.totes.get(tote_id, 0) - 1
        if left > 0:
            self.totes[tote_id] = left
        else:
            self.totes.pop(tote_id, None)

    def runs_low(self, totes_max: int) -> bool:
        """True if the node should be told anew."""
        return self.stale or (self.more and len(self.totes) * 2 < totes_max)


class Site:
    """Database, settings, key, and caches that `forget` throws away after a rollback."""

    def __init__(self, database: Database, settings: EngineSettings, key: Ed25519PrivateKey) -> None:
        self.database, self.settings, self.key = database, settings, key
        self.zone_of_node = {node: zone for zone, node in settings.node_of_zone.items()}
        self.known_nodes = frozenset(settings.node_of_zone.values()) | frozenset(settings.node_of_station.values())
        self.journal = Journal(database)
        self.forget()

    def forget(self) -> None:
        """Read everything again: what memory holds may not have been committed."""
        self.nodes: dict[str, NodeNow] = load_nodes(self.database)
        self.sheets = {zone: Sheet() for zone in self.settings.node_of_zone}
        self.stock_arrived = True
        self.dealt: frozenset[ManifestRow] = frozenset()  # manifests the benches were told of
        self.walls_stale = True  # something happened since the walls were looked at
        # (cut-off, order) up to which waiting orders were tried; None: all of them
        self.retry_after: tuple[int, str] | None = (-1, "")
        self.look_alikes: dict[str, dict[str, tuple[str, ...]]] = {}  # by zone and place, as the catalogue has it
        self.journal.reload()
        self._packings: OrderedDict[str, Packing] = OrderedDict()

    def forget_item(self) -> None:
        """One item was undone: read again what it may have changed; nodes' cursors move only after success."""
        self._packings.clear()
        self.look_alikes.clear()
        self.journal.reload()
        for sheet in self.sheets.values():
            sheet.stale = True

    def add_missing_nodes(self) -> None:
        """Give every node of the settings a row."""
        for name in sorted(self.known_nodes - self.nodes.keys()):
            add_node(self.database, name)
        self.nodes = load_nodes(self.database)

    def packing(self, verification: str) -> Packing | None:
        """A verification, from memory or the database."""
        found = self._packings.get(verification) or load_packing(self.database, verification)
        if found is not None:
            self.keep(found)
        return found

    def keep(self, work: Packing) -> None:
        """Hold it in memory."""
        self._packings[work.verification] = work
        self._packings.move_to_end(work.verification)
        if len(self._packings) > PACKINGS_MAX:
            self._packings.popitem(last=False)


@dataclass
class Turn:
    """One item of intake at work. `age_ms` is how old a node's line was when it was sent."""

    site: Site
    now_utc_ns: int
    node: str = CENTRAL
    age_ms: int = 0
    answers: list[AnyAnswer] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)
    effects: dict[str, object] = field(default_factory=dict)  # what a command did, for its journal line

    @property
    def database(self) -> Database:
        """The site's database."""
        return self.site.database

    def zone_changed(self, zone: str) -> None:
        """The zone's node must be told anew at the end of the batch."""
        sheet = self.site.sheets.get(zone)
        if sheet is not None:
            sheet.stale = True

    def goods_changed(self) -> None:
        """The catalogue or the places are others: what nodes were told of their picks may have changed."""
        self.site.look_alikes.clear()
        for zone in self.site.sheets:
            self.zone_changed(zone)

    def must_serve_zone(self, zone: str) -> None:
        """Raises Poison if the line is about another node's zone."""
        if self.site.settings.node_of_zone.get(zone) != self.node:
            raise Poison("foreign_zone", f"node {self.node} does not serve zone {zone}")

    def must_serve_station(self, station: str) -> None:
        """Raises Poison if the line is about another node's bench."""
        if self.site.settings.node_of_station.get(station) != self.node:
            raise Poison("foreign_station", f"node {self.node} does not serve station {station}")
