"""The append-only, hash-chained journal, and the letters that could not be delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from central.rules.journal import CENTRAL, site_head
from central.store.database import Database, Prepared
from wire.codec import chain

REASON_MAX: Final = 500  # characters of a dead letter's reason

_TAIL: Final = Prepared("SELECT id, site_head FROM journal ORDER BY id DESC LIMIT 1")
_CENTRAL_TAIL: Final = Prepared(
    "SELECT seq, node_head FROM journal WHERE node = :node AND epoch = 0 ORDER BY seq DESC LIMIT 1"
)
_ADD: Final = Prepared(
    "INSERT INTO journal (id, node, epoch, seq, intent, counted, kind, record, received_utc_ns, node_head, site_head)"
    " VALUES (:id, :node, :epoch, :seq, :intent, :counted, :kind, :record, :received, :node_head, :site_head)"
)
_COUNTED: Final = Prepared("SELECT 1 FROM journal WHERE intent = :intent AND counted")
_HEAD: Final = Prepared("SELECT node_head FROM journal WHERE node = :node AND epoch = :epoch AND seq = :seq")
_DEAD: Final = Prepared(
    "INSERT INTO dead_letter (node, epoch, seq, payload, reason, received_utc_ns)"
    " VALUES (:node, :epoch, :seq, :payload, :reason, :received)"
)


@dataclass(frozen=True)
class Entry:
    """A line about to be written."""

    node: str
    epoch: int
    seq: int
    intent: str
    counted: bool
    kind: str
    record: bytes
    node_head: str
    received_utc_ns: int


class Journal:
    """The journal's end, kept in memory by the one writer; `reload` after a rollback."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.reload()

    def reload(self) -> None:
        """Read the end of the chains again."""
        tail = self._database.row(_TAIL)
        self._last_id, self._site_head = (int(tail[0]), str(tail[1])) if tail else (0, "")
        own = self._database.row(_CENTRAL_TAIL, node=CENTRAL)
        self._own_seq, self._own_head = (int(own[0]), str(own[1])) if own else (0, "")

    def has_counted(self, intent: str) -> bool:
        """True if a deed with this intent has had its effect."""
        return self._database.row(_COUNTED, intent=intent) is not None

    def head_at(self, node: str, epoch: int, seq: int) -> str | None:
        """The node's chain head after a stored line."""
        found = self._database.row(_HEAD, node=node, epoch=epoch, seq=seq)
        return str(found[0]) if found else None

    def add(self, entry: Entry) -> None:
        """Append; the site's chain goes on over it."""
        line_id = self._last_id + 1
        head = site_head(self._site_head, entry.node_head, line_id)
        self._database.run(
            _ADD,
            id=line_id,
            node=entry.node,
            epoch=entry.epoch,
            seq=entry.seq,
            intent=entry.intent,
            counted=entry.counted,
            kind=entry.kind,
            record=entry.record,
            received=entry.received_utc_ns,
            node_head=entry.node_head,
            site_head=head,
        )
        self._last_id, self._site_head = line_id, head

    def add_own(self, intent: str, kind: str, record: bytes, now_utc_ns: int) -> None:
        """A line of central itself: a command, a timer, a correction of stock."""
        seq = self._own_seq + 1
        head = chain(self._own_head, 0, seq, record)
        self.add(Entry(CENTRAL, 0, seq, intent, True, kind, record, head, now_utc_ns))
        self._own_seq, self._own_head = seq, head

    def bury(self, entry: Entry, payload: bytes, reason: str) -> None:
        """Keep the line in the chain without effect, and its payload with the reason."""
        self.add(entry)
        self.keep_letter(entry, payload, reason)

    def keep_letter(self, entry: Entry, payload: bytes, reason: str) -> None:
        """A dead letter alone: a repeat with other content has no line of its own."""
        self._database.run(
            _DEAD,
            node=entry.node,
            epoch=entry.epoch,
            seq=entry.seq,
            payload=payload,
            reason=reason[:REASON_MAX],
            received=entry.received_utc_ns,
        )
