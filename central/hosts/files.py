"""Files that hosts and people bring: orders, locations and badges, as CSV or JSON. The catalogue: catalogue.py.

Every reader returns what is good and every trouble found; nothing is raised, whatever the bytes. The caller sends
the good part only if there is no trouble, or if somebody asked to skip what is bad.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from central.hosts.fields import LEVEL_MAX, PIECES_MAX, Checked
from central.hosts.rows import Columns, Kind, Row, read_rows, shown
from wire.commands import MORE_LABELS_MAX, NewBadge, NewLocation, NewOrder, OrderLine, Trouble
from wire.ids import TEXT_MAX

Role = Literal["picker", "packer", "supervisor", "technician", "administrator"]
Troubles = tuple[Trouble, ...]

TROUBLES_MAX: Final = 1_000  # listed; the last one says how many more there are
ORDER_LINES_MAX: Final = 2_000

ORDERS: Final = Columns(
    ("order_no", "label", "sku", "pieces"),
    ("cut_off_utc", "country", "labels"),
    nested="lines",
    inner=("sku", "pieces"),
)
LOCATIONS: Final = Columns(("location_id", "zone", "bay", "level", "sku", "on_hand_pieces"))
BADGES: Final = Columns(("badge", "person", "role"))


def read_orders(data: bytes, kind: Kind) -> tuple[tuple[NewOrder, ...], Troubles]:
    """One row a line of an order; an order's rows stand together. An order with any bad row is left out whole."""
    rows, troubles = read_rows(data, kind, ORDERS)
    drafts: list[_Draft] = []
    seen: dict[str, _Draft] = {}
    labels: dict[str, _Draft] = {}
    for row in rows:
        checked = Checked(row, troubles)
        order_no = checked.text("order_no")
        draft = drafts[-1] if drafts else None
        if draft is None or not order_no or (draft.order_no, draft.record) != (order_no, row.record):
            draft = _Draft(order_no, checked.text("label"), row.line, row.record)
            drafts.append(draft)
            if not _claim(checked, "order_no", order_no, seen, draft):
                _claim(checked, "label", draft.label, labels, draft)
        _order_row(checked, draft)
        draft.bad |= checked.bad
    good = tuple(draft.order() for draft in drafts if not draft.bad)
    return good, listed(troubles)


def read_locations(data: bytes, kind: Kind) -> tuple[tuple[NewLocation, ...], Troubles]:
    """One row a location."""
    rows, troubles = read_rows(data, kind, LOCATIONS)
    seen: dict[str, int] = {}
    good: list[NewLocation] = []
    for row in rows:
        checked = Checked(row, troubles)
        location = NewLocation(
            location_id=checked.text("location_id"),
            zone=checked.text("zone"),
            bay=checked.text("bay"),
            level=checked.number("level", 0, LEVEL_MAX),
            sku=checked.text("sku"),
            on_hand_pieces=checked.number("on_hand_pieces", 0, PIECES_MAX),
            line=row.line,
        )
        _once(checked, "location_id", location.location_id, seen)
        if not checked.bad:
            good.append(location)
    return tuple(good), listed(troubles)


def read_badges(data: bytes, kind: Kind) -> tuple[tuple[NewBadge, ...], Troubles]:
    """One row a person's badge."""
    rows, troubles = read_rows(data, kind, BADGES)
    seen: dict[str, int] = {}
    good: list[NewBadge] = []
    for row in rows:
        checked = Checked(row, troubles)
        badge, person, role = checked.text("badge"), checked.text("person"), checked.choice("role", get_args(Role))
        _once(checked, "badge", badge, seen)
        known: dict[str, Role] = {name: name for name in get_args(Role)}
        if not checked.bad:
            good.append(NewBadge(badge=badge, person=person, role=known[role], line=row.line))
    return tuple(good), listed(troubles)


@dataclass
class _Draft:
    """An order while its rows are read."""

    order_no: str
    label: str
    line: int
    record: int
    cut_off_utc_s: int = 0
    country: str = ""
    labels: tuple[str, ...] = ()
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)  # SKU → pieces, line of the file
    bad: bool = False

    def order(self) -> NewOrder:
        """As it will be imported."""
        return NewOrder(
            order_no=self.order_no,
            label=self.label,
            lines=tuple(OrderLine(sku=sku, pieces=pieces) for sku, (pieces, _) in self.lines.items()),
            cut_off_utc_s=self.cut_off_utc_s,
            country=self.country,
            line=self.line,
            labels=self.labels,
        )


def _order_row(checked: Checked, draft: _Draft) -> None:
    row: Row = checked.row
    if "sku" not in row.values and row.record:
        checked.trouble(f"order {shown(draft.order_no)} has no lines", 'Write "lines": [{"sku": …, "pieces": …}]')
        return
    sku, pieces = checked.text("sku"), checked.number("pieces", 1, PIECES_MAX)
    cut_off_utc_s, country = checked.utc_s("cut_off_utc"), checked.text("country", needed=False)
    labels = _more_labels(checked)
    if not draft.lines:
        draft.cut_off_utc_s, draft.country, draft.labels = cut_off_utc_s, country, labels
    elif (cut_off_utc_s, country, labels) != (draft.cut_off_utc_s, draft.country, draft.labels):
        cure = "Make all its rows agree"
        checked.trouble(f"cut-off, country or labels of {shown(draft.order_no)} differs from line {draft.line}", cure)
    label = row.values.get("label", "")
    if row.line != draft.line and str(label).strip() != draft.label:
        checked.trouble(f"label {shown(label)} differs from line {draft.line}", "One order has one label")
    if sku in draft.lines:
        checked.trouble(f"SKU {shown(sku)} is already on line {draft.lines[sku][1]}", "Add the pieces up in one row")
    elif len(draft.lines) >= ORDER_LINES_MAX:
        checked.trouble(f"order {shown(draft.order_no)} has more than {ORDER_LINES_MAX} lines", "Split the order")
    else:
        draft.lines[sku] = (pieces, row.line)


def _more_labels(checked: Checked) -> tuple[str, ...]:
    """Labels for further parcels: a list, or a text with spaces between them."""
    value = checked.row.values.get("labels", "")
    names = value.split() if isinstance(value, str) else value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) and 0 < len(name) <= TEXT_MAX for name in names):
        checked.trouble(f"labels {shown(value)}", f"Write them with spaces between, each at most {TEXT_MAX} characters")
        return ()
    if len(names) > MORE_LABELS_MAX:
        checked.trouble(f"{len(names)} more labels", f"At most {MORE_LABELS_MAX}")
        return ()
    return tuple(names)


def _claim(checked: Checked, column: str, value: str, taken: dict[str, _Draft], draft: _Draft) -> bool:
    """True if another has it already, which is a trouble."""
    first = taken.setdefault(value, draft)
    is_taken = bool(value) and first is not draft
    if is_taken:
        cure = "Keep one of the two" if column == "label" else "Put its rows together, or remove the repeat"
        checked.trouble(f"{column} {shown(value)} is already on line {first.line}", cure)
    return is_taken


def _once(checked: Checked, column: str, value: str, seen: dict[str, int]) -> None:
    line = seen.setdefault(value, checked.row.line)
    if value and line != checked.row.line:
        checked.trouble(f"{column} {shown(value)} is already on line {line}", "Keep one of the two")


def listed(troubles: list[Trouble]) -> Troubles:
    """In line order; the last one says how many more there are than are listed."""
    troubles.sort(key=lambda trouble: trouble.line)
    if len(troubles) <= TROUBLES_MAX:
        return tuple(troubles)
    rest = len(troubles) - TROUBLES_MAX
    return (*troubles[:TROUBLES_MAX], Trouble(line=0, what=f"and {rest} more", cure="Correct these first"))
