"""What can be wrong with the site's database."""

from __future__ import annotations


class StoreError(RuntimeError):
    """Base: the site's record cannot be written."""


class StoreUnsafe(StoreError):
    """The database would not keep its promise of durability."""


class SiteTaken(StoreError):
    """Another writer owns this database."""


class StoreBroken(StoreError):
    """The disk failed or is full; nothing of the batch was committed."""


class Poison(ValueError):
    """A journal line that cannot be applied. `code` is a short name, `detail` says what was met."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code}: {detail}" if detail else code)
