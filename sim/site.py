"""A whole simulated site as values: goods, places, orders and people, and the files picklight imports them from."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.goods import Goods, goods_of, largest_lines
from sim.invent import PIECES, read_products
from sim.layout import Place, lay_out, zones_for
from sim.orders import ShopBook, ShopOrder

SPARE_PIECES = 50  # per SKU beyond what is ordered: slips of the hand take from it
ENDLESS_PIECES = 50_000  # per SKU where orders never end: weeks of them
DEMO_LEVELS, RETAIL_LEVELS = 4, 8


@dataclass(frozen=True)
class Person:
    """Somebody with a badge."""

    badge: str
    name: str
    role: str


@dataclass(frozen=True)
class SitePlan:
    """What picklight is told, and what truly stands on the floor."""

    goods: tuple[Goods, ...]
    places: tuple[Place, ...]
    zones: tuple[str, ...]
    orders: tuple[ShopOrder, ...]
    people: tuple[Person, ...]


def retail_site(book: ShopBook, *, zones_wished: int) -> SitePlan:
    """A floor for every order of `book`, with stock for all of them."""
    wanted: Counter[str] = Counter()
    for order in book.orders:
        wanted.update(dict(order.lines))
    goods = goods_of(book.titles, largest_lines(order.lines for order in book.orders))
    zones = zones_for(len(goods), zones_wished)
    stock = {sku: pieces + SPARE_PIECES for sku, pieces in wanted.items()}
    places = lay_out([one.sku for one in goods], zones, stock, levels=RETAIL_LEVELS)
    return SitePlan(goods, places, zones, book.orders, people_of(len(zones)))


def demo_site() -> SitePlan:
    """The small floor of `make run`: two zones, our own products, no orders yet."""
    products = read_products()
    titles = {product.sku: product.title for product in products}
    goods = goods_of(titles, dict.fromkeys(titles, max(PIECES)))
    zones = zones_for(len(goods), 2)
    places = lay_out([one.sku for one in goods], zones, dict.fromkeys(titles, ENDLESS_PIECES), levels=DEMO_LEVELS)
    return SitePlan(goods, places, zones, (), people_of(2))


def people_of(benches: int) -> tuple[Person, ...]:
    """A packer for each bench, and a supervisor."""
    packers = tuple(Person(f"PACK{number:03d}", f"Packer {number}", "packer") for number in range(1, benches + 1))
    return (*packers, Person("SUPER001", "Kim Supervisor", "supervisor"))


def catalogue_csv(goods: Iterable[Goods]) -> bytes:
    """One row a barcode."""
    rows = ((one.sku, one.title, unit.barcode, unit.pieces) for one in goods for unit in one.units)
    return _csv(("sku", "title", "barcode", "pieces"), rows)


def locations_csv(places: Iterable[Place]) -> bytes:
    """One row a location."""
    rows = ((place.location_id, place.zone, place.bay, place.level, place.sku, place.pieces) for place in places)
    return _csv(("location_id", "zone", "bay", "level", "sku", "on_hand_pieces"), rows)


def orders_csv(orders: Iterable[ShopOrder]) -> bytes:
    """One row a line."""
    rows = (
        (order.order_no, order.label, sku, pieces, order.country) for order in orders for sku, pieces in order.lines
    )
    return _csv(("order_no", "label", "sku", "pieces", "country"), rows)


def badges_csv(people: Iterable[Person]) -> bytes:
    """One row a person."""
    return _csv(("badge", "person", "role"), ((one.badge, one.name, one.role) for one in people))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
