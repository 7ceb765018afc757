"""The account of a run of parcels is good only if every promise was kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.floor.parcel_report import KindReport, ParcelReport, in_words

CAUGHT = KindReport(injected=2, caught=2, how={"wrong_item": 2}, tickets=2)
GOOD = ParcelReport(
    parcels=100,
    released=98,
    wrong_released=0,
    right_blocked={},
    kinds={"wrong_item": CAUGHT},
    came_back=0,
    scans=300,
    seconds=10.0,
    dead_letters=0,
)


@pytest.mark.parametrize(
    "changes",
    [
        {"wrong_released": 1},
        {"dead_letters": 1},
        {"right_blocked": {"": 1}},
        {"right_blocked": {"set_aside_done": 1}},
        {"kinds": {"wrong_item": replace(CAUGHT, caught=1)}},
        {"faults": ("the chain is broken",)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_one_broken_promise_is_told(changes: dict[str, object]) -> None:
    broken = replace(GOOD, **changes)  # type: ignore[arg-type]

    assert not broken.good
    assert in_words(broken).endswith("NOT every promise was kept.")


def test_a_right_parcel_may_stay_for_a_reason_of_the_list() -> None:
    assert GOOD.good
    assert replace(GOOD, right_blocked={"release_unknown": 1}).good
