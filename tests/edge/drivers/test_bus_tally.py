"""What is counted for each unit of a light bus."""

from __future__ import annotations

from edge.drivers.bus_tally import WORST_MAX, BusTally


def test_each_kind_of_error_is_counted_for_its_unit() -> None:
    tally = BusTally([1, 2])
    for kind in ("silent", "garbled", "damaged", "refused", "refused"):
        tally.failed(2, kind)

    two = tally.units[2]
    assert (two.silent, two.garbled, two.refused, two.errors) == (1, 2, 2, 5)
    assert tally.units[1].errors == 0


def test_the_latency_follows_the_replies_and_an_outlier_moves_it_by_an_eighth() -> None:
    tally = BusTally([1, 2])
    tally.answered(1, 4_000_000)
    assert tally.latency_us() == 4000

    tally.answered(1, 12_000_000)
    assert tally.units[1].latency_us == 5000


def test_the_worst_come_first_and_the_faultless_are_left_out() -> None:
    tally = BusTally(range(1, 20))
    for unit in (3, 5, 5, 7, 7, 7, 9, 11):
        tally.failed(unit, "silent")

    worst = tally.worst()
    assert [one.unit for one in worst[:2]] == [7, 5]
    assert len(worst) == WORST_MAX
