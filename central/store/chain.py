"""Is the journal what it was? Walks both chains and compares their ends with what the nodes witnessed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection, create_engine, text

from central.rules.journal import ChainCheck, Line
from central.store.errors import StoreUnsafe

CHUNK: Final = 2_000  # lines read at a time; memory stays flat
_LINES: Final = text(
    "SELECT j.id, j.node, j.epoch, j.seq, j.record, j.node_head, j.site_head, d.payload FROM journal j"
    " LEFT JOIN dead_letter d ON j.kind = 'dead_letter' AND d.node = j.node AND d.epoch = j.epoch AND d.seq = j.seq"
    " AND d.reason LIKE 'chain_broken%' WHERE j.id > :after ORDER BY j.id LIMIT :limit"
)
_NODES: Final = text("SELECT name, epoch, acked_through, head FROM node ORDER BY name")


class _Declared(msgspec.Struct):
    """The one part of a stored event that matters here."""

    prev: str


def verify_chain(database: Path | str) -> list[str]:
    """Every fault found, in words; empty: nothing was edited, cut or reordered. Raises StoreUnsafe if there is no file.

    A cut tail is found by the heads of the nodes, which the node table and every node's own outbox remember.
    """
    url = str(database) if "://" in str(database) else f"sqlite:///file:{database}?mode=ro&uri=true"
    if "://" not in str(database) and not Path(database).exists():
        raise StoreUnsafe(f"{database}: no such file")
    engine = create_engine(url)
    check = ChainCheck([])
    try:
        with engine.connect() as connection:
            for line in _lines(connection):
                check.feed(line)
            for name, epoch, through, head in connection.execute(_NODES):
                check.end_of_node(name, epoch, through, head)
    finally:
        engine.dispose()
    return check.faults


def _lines(connection: Connection) -> Iterator[Line]:
    after = 0
    while True:
        rows = connection.execute(_LINES, {"after": after, "limit": CHUNK}).fetchall()
        for row in rows:
            yield Line(row[0], row[1], row[2], row[3], _bytes(row[4]), row[5], row[6], _declared(row[7]))
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def _declared(payload: bytes | str | None) -> str | None:
    if payload is None:
        return None
    try:
        return msgspec.json.decode(payload, type=_Declared).prev
    except msgspec.MsgspecError:
        return None


def _bytes(stored: bytes | str) -> bytes:
    """An edit by hand may have turned the column into text."""
    return stored.encode() if isinstance(stored, str) else bytes(stored)
