"""The site's one writer: a batch of intake becomes one transaction, and only then answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.handlers.intake import EngineSettings, Intake, Outgoing


class Engine:
    """Synchronous; every call from the one writer thread.

    Opens and migrates `database` (a file, or a SQLAlchemy URL). Raises StoreUnsafe if it cannot promise durability
    and SiteTaken if another writer owns it.
    """

    def __init__(self, database: Path | str, settings: EngineSettings, signing_key: Ed25519PrivateKey) -> None:
        raise NotImplementedError

    def apply(self, batch: Sequence[Intake]) -> list[Outgoing]:
        """One durable transaction for `batch`; publish what it returns, in order, and only after it returned.

        A line or command that cannot be applied is dead-lettered or refused and never raises. Raises StoreBroken
        when the disk fails: nothing of the batch is committed, stop and restart.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Close the database."""
