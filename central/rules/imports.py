"""What is wrong with a file of orders, SKUs, places or badges: everything at once, each with its cure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from wire.commands import NewBadge, NewLocation, NewOrder, NewSku, Trouble

ORDER_NO_MAX: Final = 40  # leaves room for zone, line and attempt in tote and pick ids of 64 characters
ZONE_MAX: Final = 20
PIECES_MAX: Final = 99_999  # of one SKU in one order; what a bench can count
TROUBLES_MAX: Final = 1_000  # listed; more are only counted
COMMAND_PREFIX: Final = "PL:"  # command barcodes of a bench


class Row(Protocol):
    """Anything that stood on a line of a file."""

    @property
    def line(self) -> int:
        """Line of the file; 0: none."""


R = TypeVar("R", bound=Row)
Fault = tuple[str, str]  # (what is wrong, the cure)


@dataclass(frozen=True)
class Checked(Generic[R]):
    """The rows that may go in, and the troubles of the others."""

    good: tuple[R, ...]
    troubles: tuple[Trouble, ...]


def check_orders(
    rows: Sequence[NewOrder], known_orders: Collection[str], labels: Mapping[str, str], skus: Collection[str]
) -> Checked[NewOrder]:
    """`labels`: label → order that has it already."""
    seen: set[str] = set()
    taken = dict(labels)

    def faults(new: NewOrder) -> list[Fault]:
        found = _order_faults(new, seen, known_orders, taken, skus)
        seen.add(new.order_no)
        taken.setdefault(new.label, new.order_no)
        return found

    return _check(rows, faults)


def check_catalogue(rows: Sequence[NewSku], owners: Mapping[str, str], scannable: Collection[str]) -> Checked[NewSku]:
    """`owners`: barcode → SKU that has it; `scannable`: SKUs that have a barcode already."""
    seen: set[str] = set()
    taken = dict(owners)

    def faults(new: NewSku) -> list[Fault]:
        found = _sku_faults(new, seen, taken, scannable)
        seen.add(new.sku)
        for barcode, _ in new.barcodes:
            taken.setdefault(barcode, new.sku)
        return found

    return _check(rows, faults)


def check_locations(
    rows: Sequence[NewLocation], skus: Collection[str], zones: Collection[str], holding: Mapping[str, tuple[str, int]]
) -> Checked[NewLocation]:
    """`zones`: those a node serves; `holding`: place → (SKU, pieces in it)."""
    seen: set[str] = set()

    def faults(new: NewLocation) -> list[Fault]:
        found = _location_faults(new, seen, skus, zones, holding)
        seen.add(new.location_id)
        return found

    return _check(rows, faults)


def check_badges(rows: Sequence[NewBadge]) -> Checked[NewBadge]:
    """One line a badge."""
    seen: set[str] = set()

    def faults(new: NewBadge) -> list[Fault]:
        found = [(f"badge {new.badge} is there twice", "keep one of the lines")] if new.badge in seen else []
        seen.add(new.badge)
        return found

    return _check(rows, faults)


def shown(troubles: Sequence[Trouble]) -> tuple[Trouble, ...]:
    """At most TROUBLES_MAX of them and a line that counts the rest."""
    if len(troubles) <= TROUBLES_MAX:
        return tuple(troubles)
    rest = Trouble(
        line=0, what=f"{len(troubles) - TROUBLES_MAX} more troubles", cure="cure these first, then try again"
    )
    return (*troubles[:TROUBLES_MAX], rest)


def _check(rows: Sequence[R], faults: Callable[[R], list[Fault]]) -> Checked[R]:
    good: list[R] = []
    troubles: list[Trouble] = []
    for row in rows:
        found = faults(row)
        troubles += [Trouble(line=row.line, what=what, cure=cure) for what, cure in found]
        if not found:
            good.append(row)
    return Checked(tuple(good), tuple(troubles))


def _order_faults(
    new: NewOrder,
    seen: Collection[str],
    known: Collection[str],
    labels: Mapping[str, str],
    skus: Collection[str],
) -> list[Fault]:
    found: list[Fault] = []
    if new.order_no in seen:
        found.append((f"order {new.order_no} is there twice", "keep one, or join their lines"))
    if new.order_no in known:
        found.append((f"order {new.order_no} is known already", "leave it out; cancel the old one to send it anew"))
    if len(new.order_no) > ORDER_NO_MAX or not new.order_no.isprintable():
        found.append((f"order number {new.order_no[:50]!r}", f"use at most {ORDER_NO_MAX} printable characters"))
    if labels.get(new.label, new.order_no) != new.order_no or (new.label in labels and new.order_no in known):
        found.append((f"label {new.label} belongs to order {labels[new.label]}", "give each order its own label"))
    if not _scannable(new.label):
        found.append((f"label {new.label!r} cannot be scanned", f"use printable text without {COMMAND_PREFIX}"))
    unknown = dict.fromkeys(line.sku for line in new.lines if line.sku not in skus)
    found += [(f"order {new.order_no}: SKU {sku} is unknown", "import the catalogue first") for sku in unknown]
    pieces: dict[str, int] = {}
    for line in new.lines:
        pieces[line.sku] = pieces.get(line.sku, 0) + line.pieces
    found += [
        (f"order {new.order_no}: {count} pieces of {sku}", f"split it; a parcel holds at most {PIECES_MAX} of a SKU")
        for sku, count in pieces.items()
        if count > PIECES_MAX
    ]
    return found


def _sku_faults(
    new: NewSku, seen: Collection[str], owners: Mapping[str, str], scannable: Collection[str]
) -> list[Fault]:
    found: list[Fault] = []
    if new.sku in seen:
        found.append((f"SKU {new.sku} is there twice", "keep one, with all its barcodes"))
    if not new.barcodes and new.sku not in scannable:
        found.append((f"SKU {new.sku} has no barcode", "give at least one; a bench could not check it"))
    for barcode, _ in new.barcodes:
        owner = owners.get(barcode, new.sku)
        if owner != new.sku:
            found.append((f"barcode {barcode} of {new.sku} belongs to {owner}", "one barcode means one SKU"))
        if not _scannable(barcode):
            found.append((f"barcode {barcode!r} cannot be scanned", f"use printable text without {COMMAND_PREFIX}"))
    return found


def _location_faults(
    new: NewLocation,
    seen: Collection[str],
    skus: Collection[str],
    zones: Collection[str],
    holding: Mapping[str, tuple[str, int]],
) -> list[Fault]:
    found: list[Fault] = []
    if new.location_id in seen:
        found.append((f"location {new.location_id} is there twice", "keep one; a location holds one SKU"))
    if new.sku not in skus:
        found.append((f"location {new.location_id}: SKU {new.sku} is unknown", "import the catalogue first"))
    if new.zone not in zones or len(new.zone) > ZONE_MAX:
        served = ", ".join(sorted(zones)) or "none"
        found.append((f"location {new.location_id}: no node serves zone {new.zone}", f"zones served: {served}"))
    sku, pieces = holding.get(new.location_id, (new.sku, 0))
    if pieces and sku != new.sku:
        found.append((f"location {new.location_id} still holds {pieces} of {sku}", "empty it first"))
    return found


def _scannable(text: str) -> bool:
    return text.isprintable() and text == text.strip() and not text.startswith(COMMAND_PREFIX)
