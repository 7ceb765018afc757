"""Invents orders from a list of products: a seeded, endless stream in the shape of a shop's export."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sim.orders import COLUMNS, ShopOrder, label_of

DATA = Path(__file__).parent / "data"
COUNTRIES = ("United Kingdom", "Germany", "France", "Poland", "Japan", "Canada")
LINES = (1, 1, 1, 2, 2, 3, 4)  # most small parcels hold one to three different things
PIECES = (1, 1, 1, 1, 2, 2, 3, 4, 6, 12)


@dataclass(frozen=True)
class Product:
    """A row of products.csv."""

    sku: str
    title: str
    price: str


def read_products(path: Path = DATA / "products.csv") -> tuple[Product, ...]:
    """The products we ship for those without a file of their own."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Product(row["sku"], row["title"], row["unit_price_gbp"]) for row in csv.DictReader(file))


def invent(products: tuple[Product, ...], seed: int, *, first_number: int = 0) -> Iterator[ShopOrder]:
    """Orders without end; the same seed invents the same ones."""
    dice = random.Random(seed)
    number = first_number
    while True:
        chosen = dice.sample(products, dice.choice(LINES))
        lines = tuple((product.sku, dice.choice(PIECES)) for product in chosen)
        yield ShopOrder(f"P{number + 1001}", label_of(number), dice.choice(COUNTRIES), lines)
        number += 1


def write_orders(path: Path, *, count: int, seed: int) -> None:
    """Write `count` invented orders to `path`, one row a line."""
    products = read_products()
    known = {product.sku: product for product in products}
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for order in islice(invent(products, seed), count):
            for sku, pieces in order.lines:
                rows.writerow([order.order_no, sku, known[sku].title, pieces, known[sku].price, order.country])


if __name__ == "__main__":
    write_orders(DATA / "orders.csv", count=60, seed=1)
