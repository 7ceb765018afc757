"""Orders from a file, one row a line: as a shop exports them, or as picklight imports them.

Reads the file and merges repeated SKUs. A shop's export names no labels, so they are made up; an import names no
titles, so a thing is called by its SKU.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("order_no", "sku", "title", "quantity", "unit_price_gbp", "country")
IMPORT_COLUMNS = ("order_no", "label", "sku", "pieces")
LABEL_STEP = 48_271  # shares no factor with 10: every order number gets its own 14 digits
LABEL_START = 10_000_000_000_019


class OrdersUnreadable(Exception):
    """The orders file cannot be used; `str()` says which line, what and the cure."""


@dataclass(frozen=True)
class ShopOrder:
    """What a customer wants: pieces of each SKU, each SKU once, and the label that will go on the parcel."""

    order_no: str
    label: str
    country: str
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ShopBook:
    """All orders of a file, and the title each SKU is mostly sold under."""

    orders: tuple[ShopOrder, ...]
    titles: dict[str, str]


@dataclass(frozen=True)
class Layout:
    """Columns every row must fill, and which of them holds the pieces."""

    columns: tuple[str, ...]
    pieces: str


RETAIL = Layout(COLUMNS, "quantity")
IMPORT = Layout(IMPORT_COLUMNS, "pieces")
BOTH = f"{','.join(COLUMNS)} (a shop's export) or {','.join(IMPORT_COLUMNS)} (picklight's own)"


def label_of(number: int) -> str:
    """Licence plate number `number` (0, 1, 2 ...): LP and 14 digits, no two alike below 10^14."""
    return f"LP{(LABEL_START + number * LABEL_STEP) % 10**14:014d}"


def read_book(path: Path, *, orders_max: int = 0) -> ShopBook:
    """The first `orders_max` orders (0: all) of the .csv or .csv.gz at `path`. Raises OrdersUnreadable."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise OrdersUnreadable(f"{path}: {why}. Give a .csv or .csv.gz of orders") from error
    rows = csv.DictReader(io.StringIO(text))
    layout = layout_of(rows.fieldnames or (), path.name)
    return book_of(rows, name=path.name, orders_max=orders_max, layout=layout)


def layout_of(columns: Collection[str], name: str) -> Layout:
    """By the header; more columns than needed do no harm. Raises OrdersUnreadable."""
    for layout in (RETAIL, IMPORT):
        if set(layout.columns) <= set(columns):
            return layout
    raise OrdersUnreadable(f"{name} line 1: the columns are {', '.join(columns) or 'missing'}. Give {BOTH}")


def book_of(
    rows: Iterable[dict[str, str]], *, name: str = "orders", orders_max: int = 0, layout: Layout = RETAIL
) -> ShopBook:
    """The book of these rows, in the order of their first appearance. Raises OrdersUnreadable."""
    labels: dict[str, str] = {}
    wanted: dict[str, Counter[str]] = {}
    countries: dict[str, str] = {}
    titles: dict[str, Counter[str]] = {}
    for number, row in enumerate(rows, start=2):
        order_no, sku, pieces = _line(row, layout, f"{name} line {number}")
        if order_no not in wanted and orders_max and len(wanted) >= orders_max:
            continue
        wanted.setdefault(order_no, Counter())[sku] += pieces
        countries.setdefault(order_no, row.get("country") or "")
        titles.setdefault(sku, Counter())[(row.get("title") or sku).strip()] += 1
        label = row["label"] if layout is IMPORT else label_of(len(wanted) - 1)
        if labels.setdefault(order_no, label) != label and layout is IMPORT:
            raise OrdersUnreadable(f"{name} line {number}: order {order_no} has two labels. Give it one")
    if not wanted:
        raise OrdersUnreadable(f"{name}: no orders in it. Give {BOTH}")
    if len(set(labels.values())) < len(labels):
        twice = Counter(labels.values()).most_common(1)[0][0]
        raise OrdersUnreadable(f"{name}: label {twice} is on two orders. Give each its own")
    orders = tuple(
        ShopOrder(order_no, labels[order_no], countries[order_no], tuple(lines.items()))
        for order_no, lines in wanted.items()
    )
    return ShopBook(orders, {sku: seen.most_common(1)[0][0] for sku, seen in titles.items()})


def _line(row: dict[str, str], layout: Layout, where: str) -> tuple[str, str, int]:
    missing = [column for column in layout.columns if not row.get(column)]
    if missing:
        raise OrdersUnreadable(f"{where}: no {', '.join(missing)}. Every row needs {', '.join(layout.columns)}")
    pieces = row[layout.pieces]
    if not pieces.isdecimal() or int(pieces) < 1:
        raise OrdersUnreadable(f"{where}: {layout.pieces} {pieces!r}. Give whole pieces, at least 1")
    return row["order_no"], row["sku"], int(pieces)
