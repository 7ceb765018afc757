"""The site's one writer: a batch of intake becomes one transaction, and only then answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.handlers import greeting, releasing, walling
from central.handlers.commanding import take_command
from central.handlers.desired import refresh
from central.handlers.intake import CommandIn, EngineSettings, EventIn, HelloIn, Intake, Outgoing, PresenceIn, Tick
from central.handlers.lines import Acks, take_line
from central.handlers.manifests import deal_manifests
from central.handlers.site import Site, Turn
from central.store.database import Database
from central.store.nodes import save_node


class Engine:
    """Synchronous; every call from the one writer thread.

    Opens and migrates `database` (a file, or a SQLAlchemy URL). Raises StoreUnsafe if it cannot promise durability
    and SiteTaken if another writer owns it.
    """

    def __init__(self, database: Path | str, settings: EngineSettings, signing_key: Ed25519PrivateKey) -> None:
        self._database = Database(database)
        self._site = Site(self._database, settings, signing_key)
        with self._database.transaction():
            self._site.add_missing_nodes()

    def apply(self, batch: Sequence[Intake]) -> list[Outgoing]:
        """One durable transaction for `batch`; publish what it returns, in order, and only after it returned.

        A line or command that cannot be applied is dead-lettered or refused and never raises. Raises StoreBroken
        when the disk fails: nothing of the batch is committed, stop and restart.
        """
        try:
            with self._database.transaction():
                return self._live_through(batch)
        except BaseException:
            self._site.forget()
            raise

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _live_through(self, batch: Sequence[Intake]) -> list[Outgoing]:
        acks = Acks()
        outgoing: list[Outgoing] = []
        for item in batch:
            outgoing += self._take(item, acks)
        outgoing += self._news()
        for node in self._site.nodes.values():
            if node.dirty:
                save_node(self._database, node)
        return acks.messages(self._site.nodes) + outgoing

    def _take(self, item: Intake, acks: Acks) -> Sequence[Outgoing]:
        match item:
            case EventIn():
                self._site.walls_stale = True
                take_line(self._site, acks, item)
                return ()
            case CommandIn():
                self._site.walls_stale = True
                return (take_command(self._site, item),)
            case HelloIn(hello, received):
                turn = Turn(self._site, received)
                greeting.hello(turn, hello)
            case PresenceIn(presence, received):
                turn = Turn(self._site, received)
                greeting.presence(turn, presence)
            case Tick(received):
                turn = Turn(self._site, received)
                releasing.tick(turn)
                walling.look_at_walls(turn)
                if deal_manifests(turn):
                    turn.outgoing += self._benches()
        return turn.outgoing

    def _benches(self) -> list[Outgoing]:
        """New documents for benches that were dealt manifests."""
        documents = (refresh(self._site, node) for node in self._site.settings.node_of_station.values())
        return [document for document in documents if document is not None]

    def _news(self) -> list[Outgoing]:
        """New documents for zones that changed or run low."""
        settings = self._site.settings
        low = [
            settings.node_of_zone[zone]
            for zone, sheet in self._site.sheets.items()
            if sheet.runs_low(settings.totes_per_zone_max)
        ]
        documents = (refresh(self._site, node) for node in low)
        return [document for document in documents if document is not None]
