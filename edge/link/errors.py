"""What can be wrong with the node's store, each with the next step for the person who reads it."""

from __future__ import annotations


class OutboxError(Exception):
    """Nothing was recorded. `str()` reads: what happened, what to do."""


class OutboxFull(OutboxError):
    """The store holds as many events as it may: central has not taken any for too long."""


class OutboxBroken(OutboxError):
    """The disk failed. What was asked may or may not be recorded: ask again with the same intent."""


class OutboxUnsafe(OutboxError):
    """The store cannot keep promises where it is: refused before anything was recorded."""


class StoreCorrupt(OutboxError):
    """The file is damaged; it is kept aside and a new one begun."""
