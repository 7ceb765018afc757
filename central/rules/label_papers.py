"""What is wrong with a file of label documents, and with a wish for a new number. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from central.rules.imports import Checked, Fault, check_rows, is_scannable
from wire.commands import MORE_LABELS_MAX, NewLabel
from wire.labels import looks_like

GONE = ("released", "handed_over", "cancelled")


@dataclass(frozen=True)
class LabelNow:
    """A label of the record: whose, whether it is void, whether it was printed, and whether these bytes are stored."""

    order_no: str
    void: bool = False
    printed: bool = False
    same: bool = False


def check_labels(
    rows: Sequence[NewLabel], known: Mapping[str, LabelNow], orders: Mapping[str, tuple[str, int]]
) -> Checked[NewLabel]:
    """`known`: labels of the record; `orders`: (status, labels besides the first) by order number.

    A document that is stored already as it is counts as nothing: the file was sent again.
    """
    fresh = [new for new in rows if not (new.label in known and known[new.label].same)]
    seen: set[str] = set()

    def faults(new: NewLabel) -> list[Fault]:
        found = _faults(new, seen, known.get(new.label), orders)
        seen.add(new.label)
        return found

    checked = check_rows(fresh, faults)
    return Checked(checked.good, checked.troubles, len(rows) - len(fresh))


def _faults(
    new: NewLabel, seen: Collection[str], known: LabelNow | None, orders: Mapping[str, tuple[str, int]]
) -> list[Fault]:
    found: list[Fault] = []
    if new.label in seen:
        found.append((f"label {new.label} is there twice", "Keep one of the two"))
    if not looks_like(new.body, new.document):
        cure = "Send it as the carrier made it: ZPL from ^XA to ^XZ, or a PDF"
        found.append((f"label {new.label}: these bytes are no {new.document.upper()}", cure))
    if known is None:
        return found + _new_faults(new, orders)
    if new.order_no and new.order_no != known.order_no:
        found.append((f"label {new.label} belongs to order {known.order_no}", "Give each order its own labels"))
    if known.void:
        found.append((f"label {new.label} is void", "Send the document of the label that stands in its place"))
    elif known.printed:
        cure = f"Void it, then send the new one: picklight labels void {new.label} --new NUMBER"
        found.append((f"label {new.label} was printed already", cure))
    return found


def _new_faults(new: NewLabel, orders: Mapping[str, tuple[str, int]]) -> list[Fault]:
    if not new.order_no:
        return [(f"no order has label {new.label}", "Import the order first, or say whose it is (order_no)")]
    if new.order_no not in orders:
        return [(f"label {new.label}: no order {new.order_no}", "Import the order first")]
    status, labels = orders[new.order_no]
    found: list[Fault] = []
    if status in GONE:
        found.append((f"label {new.label}: order {new.order_no} is {status.replace('_', ' ')}", "Leave it out"))
    if labels >= MORE_LABELS_MAX:
        cure = f"An order has at most {MORE_LABELS_MAX} labels besides its first"
        found.append((f"label {new.label}: order {new.order_no} has {labels} more labels", cure))
    if not is_scannable(new.label):
        found.append((f"label {new.label!r} cannot be scanned", "Use printable text without PL:"))
    return found
