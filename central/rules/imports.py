"""What is wrong with a file of orders, SKUs, places or badges: everything at once, each with its cure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from central.rules.gtins import one_form
from wire.commands import NewBadge, NewLocation, NewLot, NewOrder, NewSku, Trouble

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
    """The rows that may go in, the troubles of the others, and how many are there already as they stand here."""

    good: tuple[R, ...]
    troubles: tuple[Trouble, ...]
    already: int = 0


def check_orders(
    rows: Sequence[NewOrder], known: Mapping[str, NewOrder], labels: Mapping[str, str], skus: Collection[str]
) -> Checked[NewOrder]:
    """`known`: orders of the record by number; `labels`: label → order that has it already.

    An order that is known and the same in everything is no trouble: the file was sent again.
    """
    seen: set[str] = set()
    taken = dict(labels)
    fresh = [new for new in rows if new.order_no not in known or not _same_order(new, known[new.order_no])]

    def faults(new: NewOrder) -> list[Fault]:
        found = _order_faults(new, seen, known, taken, skus)
        seen.add(new.order_no)
        for label in (new.label, *new.labels):
            taken.setdefault(label, new.order_no)
        return found

    checked = check_rows(fresh, faults)
    return Checked(checked.good, checked.troubles, len(rows) - len(fresh))


def check_catalogue(rows: Sequence[NewSku], owners: Mapping[str, str], scannable: Collection[str]) -> Checked[NewSku]:
    """`owners`: barcode, in its one form → active SKU that has it; `scannable`: SKUs that have a barcode already.

    The same GTIN with fewer or more leading zeros is the same barcode.
    """
    seen: set[str] = set()
    taken = dict(owners)

    def faults(new: NewSku) -> list[Fault]:
        found = _sku_faults(new, seen, taken, scannable)
        seen.add(new.sku)
        for barcode, _ in new.barcodes:
            taken.setdefault(one_form(barcode), new.sku)
        return found

    return check_rows(rows, faults)


def check_locations(
    rows: Sequence[NewLocation], skus: Collection[str], zones: Collection[str], holding: Mapping[str, tuple[str, int]]
) -> Checked[NewLocation]:
    """`zones`: those a node serves; `holding`: place → (SKU, pieces in it)."""
    seen: set[str] = set()

    def faults(new: NewLocation) -> list[Fault]:
        found = _location_faults(new, seen, skus, zones, holding)
        seen.add(new.location_id)
        return found

    return check_rows(rows, faults)


def check_lots(rows: Sequence[NewLot], tracked: Collection[str], skus: Collection[str]) -> Checked[NewLot]:
    """`tracked`: the SKUs of which a bench captures lots."""

    def faults(new: NewLot) -> list[Fault]:
        if new.sku not in skus:
            return [(f"lot {new.lot}: SKU {new.sku} is unknown", "Import the catalogue first")]
        cure = "Write tracking lot or lot_expiry in the catalogue, or leave the lot out"
        return [] if new.sku in tracked else [(f"lot {new.lot}: no bench captures lots of {new.sku}", cure)]

    return check_rows(rows, faults)


def check_badges(rows: Sequence[NewBadge]) -> Checked[NewBadge]:
    """One line a badge."""
    seen: set[str] = set()

    def faults(new: NewBadge) -> list[Fault]:
        found = [(f"badge {new.badge} is there twice", "Keep one of the lines")] if new.badge in seen else []
        seen.add(new.badge)
        return found

    return check_rows(rows, faults)


def shown(troubles: Sequence[Trouble]) -> tuple[Trouble, ...]:
    """At most TROUBLES_MAX of them and a line that counts the rest."""
    if len(troubles) <= TROUBLES_MAX:
        return tuple(troubles)
    rest = Trouble(
        line=0, what=f"{len(troubles) - TROUBLES_MAX} more troubles", cure="Cure these first, then try again"
    )
    return (*troubles[:TROUBLES_MAX], rest)


def check_rows(rows: Sequence[R], faults: Callable[[R], list[Fault]]) -> Checked[R]:
    """Each row against `faults`, in the order of the file."""
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
    if new.order_no in known:
        cure = "Leave it out. If it must change, cancel the known one and send this under a new number and label"
        return [(f"order {new.order_no} is known already, with another content", cure)]
    found: list[Fault] = []
    if new.order_no in seen:
        found.append((f"order {new.order_no} is there twice", "Keep one, or join their lines"))
    if len(new.order_no) > ORDER_NO_MAX or not new.order_no.isprintable():
        found.append((f"order number {new.order_no[:50]!r}", f"Use at most {ORDER_NO_MAX} printable characters"))
    found += _label_faults(new, labels)
    unknown = dict.fromkeys(line.sku for line in new.lines if line.sku not in skus)
    found += [(f"order {new.order_no}: SKU {sku} is unknown", "Import the catalogue first") for sku in unknown]
    pieces: dict[str, int] = {}
    for line in new.lines:
        pieces[line.sku] = pieces.get(line.sku, 0) + line.pieces
    found += [
        (f"order {new.order_no}: {count} pieces of {sku}", f"Split it; a parcel holds at most {PIECES_MAX} of a SKU")
        for sku, count in pieces.items()
        if count > PIECES_MAX
    ]
    return found


def _label_faults(new: NewOrder, labels: Mapping[str, str]) -> list[Fault]:
    found: list[Fault] = []
    if len({new.label, *new.labels}) != 1 + len(new.labels):
        found.append((f"order {new.order_no} has a label twice", "Give each of its parcels its own label"))
    for label in (new.label, *new.labels):
        if labels.get(label, new.order_no) != new.order_no:
            found.append((f"label {label} belongs to order {labels[label]}", "Give each order its own label"))
        if not is_scannable(label):
            found.append((f"label {label!r} cannot be scanned", f"Use printable text without {COMMAND_PREFIX}"))
    return found


def _same_order(new: NewOrder, known: NewOrder) -> bool:
    def content(order: NewOrder) -> tuple[object, ...]:
        lines = sorted((line.sku, line.pieces) for line in order.lines)
        return (order.label, order.cut_off_utc_s, order.country, lines)

    return content(new) == content(known) and set(new.labels) <= set(known.labels)


def _sku_faults(
    new: NewSku, seen: Collection[str], owners: Mapping[str, str], scannable: Collection[str]
) -> list[Fault]:
    found: list[Fault] = []
    if new.sku in seen:
        found.append((f"SKU {new.sku} is there twice", "Keep one, with all its barcodes"))
    if not new.barcodes and new.sku not in scannable:
        found.append((f"SKU {new.sku} has no barcode", "Give at least one; a bench could not check it"))
    for barcode, _ in new.barcodes:
        owner = owners.get(one_form(barcode), new.sku)
        if owner != new.sku:
            found.append((f"barcode {barcode} of {new.sku} belongs to {owner}", "One barcode means one SKU"))
        if not is_scannable(barcode):
            found.append((f"barcode {barcode!r} cannot be scanned", f"Use printable text without {COMMAND_PREFIX}"))
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
        found.append((f"location {new.location_id} is there twice", "Keep one; a location holds one SKU"))
    if new.sku not in skus:
        found.append((f"location {new.location_id}: SKU {new.sku} is unknown", "Import the catalogue first"))
    if new.zone not in zones or len(new.zone) > ZONE_MAX:
        served = ", ".join(sorted(zones)) or "none"
        found.append((f"location {new.location_id}: no node serves zone {new.zone}", f"Zones served: {served}"))
    sku, pieces = holding.get(new.location_id, (new.sku, 0))
    if pieces and sku != new.sku:
        cure = f"Empty it and count it first: picklight locations count {new.location_id} 0"
        found.append((f"location {new.location_id} still holds {pieces} of {sku}", cure))
    return found


def is_scannable(text: str) -> bool:
    """True for what a bench may scan as a label or an item."""
    return text.isprintable() and text == text.strip() and not text.startswith(COMMAND_PREFIX)
