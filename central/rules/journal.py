"""Which journal line comes next, which store may speak, and how the chains are computed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from wire.codec import chain

CENTRAL = "central"  # the node name of central's own lines; their epoch is 0


class Step(StrEnum):
    """What to do with a journal line."""

    NEXT = "next"
    REPEAT = "repeat"  # already committed
    GAP = "gap"  # lines before it are missing
    OTHER_EPOCH = "other_epoch"  # of a store that is not the one in use


@dataclass(frozen=True)
class Cursor:
    """How far a node's journal is committed. `head` "" with `acked_through` > 0: unknown, trust the next line's."""

    epoch: int
    acked_through: int
    head: str


@dataclass(frozen=True)
class Greeting:
    """The parts of a hello that decide."""

    store_id: str
    epoch: int
    first_seq: int
    last_seq: int


@dataclass(frozen=True)
class Welcomed:
    """Speak on from `cursor`. `new_store`: grant this epoch now. `lost_lines`: central lacks so many for ever.

    `behind`: the hello knows fewer lines than are committed. An old hello that arrives late says so once; a copied or
    restored card says so again and again.
    """

    cursor: Cursor
    new_store: bool = False
    behind: bool = False
    lost_lines: int = 0


@dataclass(frozen=True)
class TurnedAway:
    """The store may not speak."""

    why: str


def judge_line(cursor: Cursor, epoch: int, seq: int) -> Step:
    """Where line `seq` of `epoch` stands against the cursor."""
    if epoch != cursor.epoch or epoch == 0:
        return Step.OTHER_EPOCH
    if seq <= cursor.acked_through:
        return Step.REPEAT
    return Step.NEXT if seq == cursor.acked_through + 1 else Step.GAP


def is_chained(cursor: Cursor, prev: str) -> bool:
    """True if a line that names `prev` follows the cursor's head."""
    return prev == cursor.head or (cursor.head == "" and cursor.acked_through > 0)


def judge_hello(
    node: str, cursor: Cursor, store_in_use: str, greeting: Greeting, granted: tuple[str, int] | None
) -> Welcomed | TurnedAway:
    """May this store speak for `node`? `granted` is (node, epoch) given to the store before, if ever."""
    if granted is None:
        epoch = max(cursor.epoch, greeting.epoch) + 1
        lost = max(greeting.first_seq - 1, 0)
        return Welcomed(Cursor(epoch, lost, ""), new_store=True, lost_lines=lost)
    owner, epoch = granted
    if owner != node:
        return TurnedAway(f"this storage belongs to node {owner}. Is its card a copy? Call a technician")
    if greeting.store_id != store_in_use or epoch != cursor.epoch:
        return TurnedAway("an older storage of this node speaks again. Take that card out. Call a technician")
    if greeting.last_seq < cursor.acked_through:
        return Welcomed(cursor, behind=True)
    lost = greeting.first_seq - 1 - cursor.acked_through
    if lost > 0:
        return Welcomed(Cursor(epoch, greeting.first_seq - 1, ""), lost_lines=lost)
    return Welcomed(cursor)


def site_head(prev: str, node_head: str, line_id: int) -> str:
    """The site's chain head after journal line `line_id`."""
    return hashlib.sha256(f"{prev}\n{node_head}:{line_id}".encode()).hexdigest()


@dataclass(frozen=True)
class Line:
    """A stored journal line, as far as the chains need it. `declared_prev` only for a line known to break the chain."""

    line_id: int
    node: str
    epoch: int
    seq: int
    record: bytes
    node_head: str
    site_head: str
    declared_prev: str | None = None


@dataclass
class ChainCheck:
    """Walks the journal from its first line; `faults` says what is wrong, at most `faults_max` of them.

    A line with an empty head (its envelope could not be read) and the one after it are vouched for by the site's chain.
    """

    faults: list[str]
    faults_max: int = 100
    last_id: int = 0
    site: str = ""

    def __post_init__(self) -> None:
        self._nodes: dict[tuple[str, int], tuple[int, str]] = {}

    def feed(self, line: Line) -> None:
        """Check the next line."""
        if line.line_id != self.last_id + 1:
            self._say(f"line {self.last_id + 1}: missing (next is {line.line_id})")
        if line.site_head != site_head(self.site, line.node_head, line.line_id):
            self._say(f"line {line.line_id}: does not follow the site's chain")
        seq, head = self._nodes.get((line.node, line.epoch), (0, ""))
        if line.seq != seq + 1:
            self._say(f"line {line.line_id}: {line.node} epoch {line.epoch} jumps from {seq} to {line.seq}")
        elif (
            line.node_head
            and (head or seq == 0)
            and line.node_head != chain(line.declared_prev or head, line.epoch, line.seq, line.record)
        ):
            self._say(f"line {line.line_id}: {line.node} {line.epoch}:{line.seq} was edited")
        self.last_id, self.site = line.line_id, line.site_head
        self._nodes[(line.node, line.epoch)] = (line.seq, line.node_head)

    def end_of_node(self, node: str, epoch: int, acked_through: int, head: str) -> None:
        """Compare with what the node and its cursor say: finds a tail that was cut."""
        seq, ours = self._nodes.get((node, epoch), (0, ""))
        if (acked_through, head) != (seq, ours) and (acked_through or seq):
            self._say(f"{node} epoch {epoch}: acknowledged through {acked_through}, the journal ends at {seq}")

    def _say(self, fault: str) -> None:
        if len(self.faults) < self.faults_max:
            self.faults.append(fault)
