"""Nodes, their stores, and how far each journal is committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from central.rules.journal import Cursor
from central.store.database import Database, Prepared

_ALL: Final = Prepared(
    "SELECT name, store_id, epoch, acked_through, head, state, connects, software, seen_utc_ns FROM node"
)
_ADD: Final = Prepared(
    "INSERT INTO node (name, store_id, epoch, acked_through, head, state, connects, software, seen_utc_ns)"
    " VALUES (:name, '', 0, 0, '', 'lost', 0, '', 0)"
)
_SAVE: Final = Prepared(
    "UPDATE node SET store_id = :store_id, epoch = :epoch, acked_through = :acked_through, head = :head,"
    " state = :state, connects = :connects, software = :software, seen_utc_ns = :seen_utc_ns WHERE name = :name"
)
_STORE: Final = Prepared("SELECT node, epoch FROM node_store WHERE store_id = :store_id")
_GRANT: Final = Prepared(
    "INSERT INTO node_store (store_id, node, epoch, granted_utc_ns) VALUES (:store_id, :node, :epoch, :now)"
)


@dataclass
class NodeNow:
    """A node's row, kept in memory by the writer; `dirty` until saved at the end of the batch."""

    name: str
    store_id: str
    epoch: int
    acked_through: int
    head: str
    state: str
    connects: int
    software: str
    seen_utc_ns: int
    dirty: bool = False
    rewind_after: int = -1  # acked_through for which a rewind was asked
    rewind_utc_ns: int = 0
    behind_utc_ns: int = 0  # since when its hellos know fewer lines than are committed; 0: they do not

    def cursor(self) -> Cursor:
        """How far its journal is committed."""
        return Cursor(self.epoch, self.acked_through, self.head)

    def move_to(self, cursor: Cursor) -> None:
        """Its journal is committed through `cursor`."""
        self.epoch, self.acked_through, self.head = cursor.epoch, cursor.acked_through, cursor.head
        self.dirty = True


def load_nodes(database: Database) -> dict[str, NodeNow]:
    """Every known node by name."""
    return {row[0]: NodeNow(*row) for row in database.rows(_ALL)}


def add_node(database: Database, name: str) -> None:
    """A node the settings name for the first time."""
    database.run(_ADD, name=name)


def save_node(database: Database, node: NodeNow) -> None:
    """Write the row back."""
    database.run(
        _SAVE,
        name=node.name,
        store_id=node.store_id,
        epoch=node.epoch,
        acked_through=node.acked_through,
        head=node.head,
        state=node.state,
        connects=node.connects,
        software=node.software,
        seen_utc_ns=node.seen_utc_ns,
    )
    node.dirty = False


def granted_to(database: Database, store_id: str) -> tuple[str, int] | None:
    """(node, epoch) granted to this outbox file, if ever."""
    found = database.row(_STORE, store_id=store_id)
    return (found[0], found[1]) if found else None


def grant_epoch(database: Database, store_id: str, node: str, epoch: int, now_utc_ns: int) -> None:
    """Remember that this outbox file speaks as `epoch` of `node`."""
    database.run(_GRANT, store_id=store_id, node=node, epoch=epoch, now=now_utc_ns)
