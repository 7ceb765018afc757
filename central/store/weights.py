"""What goods weigh: by the catalogue, and by the parcels of the same contents that were weighed before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from central.rules.weight import Learned
from central.store.database import Database, Prepared
from wire.uplink import ItemCount

_OF_SKU: Final = Prepared("SELECT weight_g FROM product WHERE sku = :sku")
_LEARNED: Final = Prepared("SELECT samples, mean_g, squares FROM weight_learned WHERE contents = :contents")
_FORGET: Final = Prepared("DELETE FROM weight_learned WHERE contents = :contents")
_KEEP: Final = Prepared(
    "INSERT INTO weight_learned (contents, samples, mean_g, squares) VALUES (:contents, :samples, :mean_g, :squares)"
)


def contents_key(items: Iterable[ItemCount]) -> str:
    """The same for every parcel with the same pieces of the same SKUs."""
    lines = sorted(f"{item.sku}\t{item.packed_pieces}" for item in items if item.packed_pieces)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def goods(database: Database, items: Iterable[ItemCount]) -> list[tuple[int, int]]:
    """(pieces, grams of one piece or 0) of what is packed."""
    found = []
    for item in items:
        row = database.row(_OF_SKU, sku=item.sku) if item.packed_pieces else None
        if row is not None:
            found.append((item.packed_pieces, int(row[0])))
    return found


def learned(database: Database, contents: str) -> Learned:
    """What is known of the contents by experience."""
    row = database.row(_LEARNED, contents=contents)
    return Learned(int(row[0]), float(row[1]), float(row[2])) if row is not None else Learned()


def keep_learned(database: Database, contents: str, now: Learned) -> None:
    """One parcel more was weighed and found right."""
    database.run(_FORGET, contents=contents)
    database.run(_KEEP, contents=contents, samples=now.samples, mean_g=now.mean_g, squares=now.squares)
