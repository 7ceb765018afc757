"""The generated floor: deterministic, valid barcodes, few scans per line, enough stock, and refusals that help."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import biip
import pytest

from sim.goods import check_digit, ean13, goods_of, take
from sim.invent import DATA, invent, read_products, write_orders
from sim.layout import MODULES_MAX, lay_out, zones_for
from sim.orders import COLUMNS, OrdersUnreadable, book_of, label_of, read_book
from sim.site import catalogue_csv, demo_site, locations_csv, orders_csv, retail_site

SHIPPED = DATA / "orders.csv"


def row(order_no: str = "1", sku: str = "A", quantity: str = "2") -> dict[str, str]:
    return dict(zip(COLUMNS, (order_no, sku, f"title of {sku}", quantity, "1.00", "France"), strict=True))


def test_check_digit_is_that_of_the_standards_example() -> None:
    assert check_digit("400638133393") == "1"


def test_every_barcode_is_a_valid_ean13_with_one_owner() -> None:
    goods = demo_site().goods
    barcodes = [unit.barcode for one in goods for unit in one.units]

    assert len(set(barcodes)) == len(barcodes)
    assert all(biip.parse(barcode).gtin is not None for barcode in barcodes)


@pytest.mark.parametrize("pieces", [1, 2, 7, 12, 144, 200, 2_880])
def test_a_line_of_any_size_needs_at_most_eight_scans(pieces: int) -> None:
    (goods,) = goods_of({"A": "a"}, {"A": pieces})
    units = take(goods, pieces)

    assert sum(unit.pieces for unit in units) == pieces
    assert len(units) <= 8


def test_a_line_of_144_is_one_pack() -> None:
    (goods,) = goods_of({"A": "a"}, {"A": 144})
    assert [unit.pieces for unit in take(goods, 144)] == [144]


def test_repeated_skus_of_an_order_are_merged() -> None:
    book = book_of([row(quantity="2"), row(sku="B"), row(quantity="3")])
    assert book.orders[0].lines == (("A", 5), ("B", 2))


def test_labels_are_14_digits_and_never_repeat() -> None:
    labels = {label_of(number) for number in range(5_000)}
    assert len(labels) == 5_000
    assert {len(label) for label in labels} == {16}


@pytest.mark.parametrize("quantity", ["0", "-3", "1.5", "many"])
def test_a_bad_quantity_names_its_line(quantity: str) -> None:
    with pytest.raises(OrdersUnreadable, match=r"line 3: quantity .*Give whole pieces"):
        book_of([row(), row(quantity=quantity)])


def test_the_layout_that_picklight_imports_is_taken_too(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order_no,label,sku,pieces,cut_off_utc\nO1,LP77,A,2,\nO1,LP77,B,1,\nO2,LP78,A,1,\n")
    book = read_book(file)

    assert [(one.order_no, one.label, one.lines) for one in book.orders] == [
        ("O1", "LP77", (("A", 2), ("B", 1))),
        ("O2", "LP78", (("A", 1),)),
    ]
    assert book.titles == {"A": "A", "B": "B"}
    assert len(retail_site(book, zones_wished=1).places) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("order,what\nO1,A\n", r"line 1: the columns are order, what\. Give order_no,sku,.* or order_no,label,"),
        ("order_no,label,sku,pieces\nO1,LP1,A,x\n", "line 2: pieces 'x'"),
        ("order_no,label,sku,pieces\nO1,LP1,A,1\nO1,LP2,B,1\n", "line 3: order O1 has two labels"),
        ("order_no,label,sku,pieces\nO1,LP1,A,1\nO2,LP1,B,1\n", "label LP1 is on two orders"),
        ("", "line 1: the columns are missing"),
    ],
)
def test_a_file_of_no_layout_or_with_crossed_labels_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(text)
    with pytest.raises(OrdersUnreadable, match=said):
        read_book(file)


def test_a_missing_file_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(OrdersUnreadable, match=r"Give a \.csv or \.csv\.gz of orders"):
        read_book(tmp_path / "none.csv.gz")


def test_only_as_many_orders_as_asked() -> None:
    assert len(read_book(SHIPPED, orders_max=7).orders) == 7


def test_the_shipped_orders_are_those_the_generator_makes(tmp_path: Path) -> None:
    write_orders(tmp_path / "again.csv", count=60, seed=1)
    assert (tmp_path / "again.csv").read_bytes() == SHIPPED.read_bytes()


def test_the_same_seed_invents_the_same_orders() -> None:
    first, second = (invent(read_products(), 5) for _ in range(2))
    assert [next(first) for _ in range(20)] == [next(second) for _ in range(20)]


def test_the_same_book_makes_the_same_site() -> None:
    book = read_book(SHIPPED)
    assert retail_site(book, zones_wished=3) == retail_site(book, zones_wished=3)


def test_every_order_can_be_filled_from_the_shelves() -> None:
    site = retail_site(read_book(SHIPPED), zones_wished=2)
    stock = {place.sku: place.pieces for place in site.places}
    wanted = dict.fromkeys(stock, 0)
    for order in site.orders:
        for sku, pieces in order.lines:
            wanted[sku] += pieces

    assert all(stock[sku] >= pieces for sku, pieces in wanted.items())


def test_many_skus_get_more_zones_than_wished() -> None:
    assert len(zones_for(2 * MODULES_MAX + 1, 1)) == 3
    with pytest.raises(ValueError, match="Use fewer SKUs"):
        zones_for(100_000, 1)


def test_places_have_one_module_each() -> None:
    places = lay_out([f"S{number}" for number in range(50)], ["A", "B"], {f"S{n}": 1 for n in range(50)}, levels=4)
    assert len({place.location_id for place in places}) == 50
    assert {place.zone for place in places} == {"A", "B"}


def test_files_have_the_columns_picklight_imports() -> None:
    site = retail_site(read_book(SHIPPED, orders_max=2), zones_wished=2)

    heads = [
        next(csv.reader(io.StringIO(made.decode())))
        for made in (catalogue_csv(site.goods), locations_csv(site.places), orders_csv(site.orders))
    ]

    assert heads == [
        ["sku", "title", "barcode", "pieces"],
        ["location_id", "zone", "bay", "level", "sku", "on_hand_pieces"],
        ["order_no", "label", "sku", "pieces", "country"],
    ]


def test_ean13_is_thirteen_digits() -> None:
    assert len(ean13(123)) == 13
