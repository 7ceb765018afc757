"""Files with mistakes are answered with every mistake and its cure; waves take the most urgent orders."""

from __future__ import annotations

import re

from central.rules.imports import TROUBLES_MAX, check_badges, check_catalogue, check_locations, check_orders, shown
from central.rules.waves import Waiting, WavePlan, plan_wave
from wire.commands import NewBadge, NewLocation, NewOrder, NewSku, OrderLine, Trouble


def order(order_no: str, label: str, line: int, **pieces: int) -> NewOrder:
    lines = tuple(OrderLine(sku=sku, pieces=count) for sku, count in pieces.items())
    return NewOrder(order_no=order_no, label=label, lines=lines, line=line)


def told(troubles: tuple[Trouble, ...]) -> list[tuple[int, str]]:
    assert all(trouble.cure[0].isupper() for trouble in troubles)
    return [(trouble.line, trouble.what) for trouble in troubles]


def test_every_trouble_of_an_order_file_is_listed_with_its_line() -> None:
    rows = [
        order("1", "L1", 2, mug=1),
        order("1", "L1b", 3, mug=1),
        order("2", "L1", 4, mug=1),
        order("3", "L3", 5, ghost=1, mug=1),
        order("old", "Lold", 6, mug=1),
        order("4", "PL:ASIDE", 7, mug=1),
        order("x" * 41, "L5", 8, mug=1),
        order("6", "L6", 9, mug=99_999, lamp=1),
        order("same", "Lsame", 10, lamp=2, mug=1),
    ]
    known = {"old": order("old", "Lold", 0, mug=2), "same": order("same", "Lsame", 0, mug=1, lamp=2)}
    checked = check_orders(rows, known, {"Lold": "old", "Lsame": "same"}, {"mug", "lamp"})

    assert [row.order_no for row in checked.good] == ["1", "6"]
    assert checked.already == 1
    assert told(checked.troubles) == [
        (3, "order 1 is there twice"),
        (4, "label L1 belongs to order 1"),
        (5, "order 3: SKU ghost is unknown"),
        (6, "order old is known already, with another content"),
        (7, "label 'PL:ASIDE' cannot be scanned"),
        (8, f"order number {'x' * 41!r}"),
    ]


def test_lines_of_one_sku_are_counted_together() -> None:
    line = OrderLine(sku="mug", pieces=60_000)
    rows = [NewOrder(order_no="1", label="L1", lines=(line, line), line=2)]

    assert told(check_orders(rows, {}, {}, {"mug"}).troubles) == [(2, "order 1: 120000 pieces of mug")]


def test_a_barcode_means_one_sku() -> None:
    rows = [
        NewSku(sku="mug", title="", barcodes=(("1", 1),), line=2),
        NewSku(sku="lamp", title="", barcodes=(("1", 1),), line=3),
        NewSku(sku="pen", title="", barcodes=(("old", 1),), line=4),
        NewSku(sku="bare", title="", barcodes=(), line=5),
        NewSku(sku="known", title="", barcodes=(), line=6),
        NewSku(sku="mug", title="", barcodes=(("2", 1),), line=7),
    ]
    checked = check_catalogue(rows, {"old": "book"}, {"known"})

    assert told(checked.troubles) == [
        (3, "barcode 1 of lamp belongs to mug"),
        (4, "barcode old of pen belongs to book"),
        (5, "SKU bare has no barcode"),
        (7, "SKU mug is there twice"),
    ]


def place(name: str, zone: str, sku: str, line: int) -> NewLocation:
    return NewLocation(location_id=name, zone=zone, bay="1", level=1, sku=sku, on_hand_pieces=5, line=line)


def test_places_need_a_served_zone_a_known_sku_and_to_be_empty_for_another_one() -> None:
    rows = [
        place("A-1", "A", "mug", 2),
        place("A-1", "A", "mug", 3),
        place("C-1", "C", "mug", 4),
        place("A-2", "A", "ghost", 5),
        place("A-3", "A", "mug", 6),
        place("A-4", "A", "mug", 7),
    ]
    checked = check_locations(rows, {"mug"}, {"A", "B"}, {"A-3": ("lamp", 4), "A-4": ("lamp", 0)})

    assert told(checked.troubles) == [
        (3, "location A-1 is there twice"),
        (4, "location C-1: no node serves zone C"),
        (5, "location A-2: SKU ghost is unknown"),
        (6, "location A-3 still holds 4 of lamp"),
    ]


def test_a_badge_stands_once_in_a_file() -> None:
    rows = [NewBadge(badge="S1", person=name, role="packer", line=line) for line, name in enumerate(("a", "b"), 2)]

    assert told(check_badges(rows).troubles) == [(3, "badge S1 is there twice")]


def test_a_hopeless_file_is_not_answered_with_a_hopeless_list() -> None:
    many = [Trouble(line=line, what="x", cure="y") for line in range(TROUBLES_MAX + 5)]

    assert len(shown(many)) == TROUBLES_MAX + 1
    assert re.match("5 more", shown(many)[-1].what)


def test_a_wave_takes_the_earliest_cut_offs_and_those_without_one_last() -> None:
    waiting = [Waiting("c", 0), Waiting("b", 300), Waiting("a", 300), Waiting("d", 100)]

    assert plan_wave(waiting, 3) == WavePlan(("d", "a", "b"), 100)
    assert plan_wave(waiting, 9, cut_off_before_utc_s=300) == WavePlan(("d",), 100)
    assert plan_wave(waiting[:1], 9) == WavePlan(("c",), 0)
