"""Orders as a shop exports them: one row a line. Reads the file, merges repeated SKUs, names the labels."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("order_no", "sku", "title", "quantity", "unit_price_gbp", "country")
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


def label_of(number: int) -> str:
    """Licence plate number `number` (0, 1, 2 ...): LP and 14 digits, no two alike below 10^14."""
    return f"LP{(LABEL_START + number * LABEL_STEP) % 10**14:014d}"


def read_book(path: Path, *, orders_max: int = 0) -> ShopBook:
    """The first `orders_max` orders (0: all) of the .csv or .csv.gz at `path`. Raises OrdersUnreadable."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise OrdersUnreadable(f"{path}: {error}. Give a .csv or .csv.gz of orders") from error
    return book_of(csv.DictReader(io.StringIO(text)), name=path.name, orders_max=orders_max)


def book_of(rows: Iterable[dict[str, str]], *, name: str = "orders", orders_max: int = 0) -> ShopBook:
    """The book of these rows, in the order of their first appearance. Raises OrdersUnreadable."""
    wanted: dict[str, Counter[str]] = {}
    countries: dict[str, str] = {}
    titles: dict[str, Counter[str]] = {}
    for number, row in enumerate(rows, start=2):
        order_no, sku, pieces = _line(row, f"{name} line {number}")
        if order_no not in wanted and orders_max and len(wanted) >= orders_max:
            continue
        wanted.setdefault(order_no, Counter())[sku] += pieces
        countries.setdefault(order_no, row["country"])
        titles.setdefault(sku, Counter())[row["title"].strip()] += 1
    if not wanted:
        raise OrdersUnreadable(f"{name}: no orders in it. The columns are {', '.join(COLUMNS)}")
    orders = tuple(
        ShopOrder(order_no, label_of(number), countries[order_no], tuple(lines.items()))
        for number, (order_no, lines) in enumerate(wanted.items())
    )
    return ShopBook(orders, {sku: seen.most_common(1)[0][0] for sku, seen in titles.items()})


def _line(row: dict[str, str], where: str) -> tuple[str, str, int]:
    missing = [column for column in COLUMNS if not row.get(column)]
    if missing:
        raise OrdersUnreadable(f"{where}: no {', '.join(missing)}. The columns are {', '.join(COLUMNS)}")
    if not row["quantity"].isdecimal() or int(row["quantity"]) < 1:
        raise OrdersUnreadable(f"{where}: quantity {row['quantity']!r}. Give whole pieces, at least 1")
    return row["order_no"], row["sku"], int(row["quantity"])
