"""The bench's screen fits into one message, however large the order."""

from __future__ import annotations

import pytest

from edge.packstation.picture import Surroundings, fitting, picture
from edge.packstation.rules import State, Station
from wire.codec import NODE_PAYLOAD_MAX, encode
from wire.uplink import ItemCount, Live


def order_of(lines: int, packed: int = 0, title: str = "White hanging heart T-light holder") -> tuple[ItemCount, ...]:
    return tuple(
        ItemCount(sku=f"SKU-{number:05d}", title=title, asked_pieces=2, packed_pieces=2 if number < packed else 0)
        for number in range(lines)
    )


def test_an_order_of_the_usual_size_is_shown_as_it_is() -> None:
    assert fitting(order_of(100)) == order_of(100)


def test_a_large_order_keeps_every_line_and_loses_its_titles() -> None:
    shown = fitting(order_of(600, title="x" * 100))

    assert [item.sku for item in shown] == [item.sku for item in order_of(600)]
    assert {item.title for item in shown} == {""}


def test_an_even_larger_one_shows_first_what_is_still_to_be_packed() -> None:
    shown = fitting(order_of(2_000, packed=1_500))

    assert [item.sku for item in shown[:500]] == [f"SKU-{number:05d}" for number in range(1_500, 2_000)]


@pytest.mark.parametrize("lines", [1, 100, 674, 2_000])
def test_the_picture_is_always_small_enough_to_be_sent(lines: int) -> None:
    station = Station("bench-1", State.PACKING, "scan_items", "blue", items=order_of(lines, title="箱" * 200))

    live = Live(node="n", number=1, outbox_rows=0, outbox_fill_percent=0, station=picture(station, Surroundings()))

    assert len(encode(live)) < NODE_PAYLOAD_MAX
