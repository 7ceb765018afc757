"""A second person lets packing go on without a refused item: by the site's rules, counted, with a photo."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from central.rules.tickets import OverrideRules
from tests.central.paper_floor import SETTINGS, PaperFloor
from wire.answers import Overridden, Refused
from wire.deeds import OverrideAsked
from wire.phrases import Refusal

JPEG = b"\xff\xd8\xff\xe0 a parcel \xff\xd9"
PHOTO = base64.b64encode(JPEG).decode()


def floor_with(folder: Path, rules: OverrideRules) -> PaperFloor:
    floor = PaperFloor(folder, replace(SETTINGS, packing=rules))
    floor.stock(("A-01-1", "lamp", 9), ("A-02-1", "pen", 5))
    floor.order("2", lamp=1)
    floor.wave()
    floor.pick_everything()
    floor.badge("S1", "sue", "supervisor")
    return floor


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[PaperFloor]:
    """A site that wants a photo, and has one reason of its own."""
    made = floor_with(tmp_path, OverrideRules(override_reasons=("recounted",), photo_required=True))
    yield made
    made.close()


def asked(floor: PaperFloor, **parts: Any) -> Any:
    verification, _ = floor.label("L2")
    floor.item(verification, "=pen")
    return floor.bench(OverrideAsked, verification, **{"badge": "S1", "reason": "checked", **parts})


def test_the_photo_stands_with_its_ticket_and_the_override_counts_as_a_mispick(strict: PaperFloor) -> None:
    assert isinstance(asked(strict, reason="recounted", photo=PHOTO), Overridden)

    assert strict.rows("SELECT jpeg FROM ticket_photo") == [(JPEG,)]
    counted = strict.rows("SELECT order_no, sku, station, decided_by, reason FROM mispick")
    assert counted == [("2", "pen", "bench-1", "sue", "recounted")]


def test_a_reason_that_is_not_in_the_site_s_list_is_none(strict: PaperFloor) -> None:
    assert asked(strict, photo=PHOTO).reason == Refusal.BAD_REASON


def test_a_camera_that_fails_stops_the_override_only_where_the_photo_is_required(
    strict: PaperFloor, tmp_path: Path
) -> None:
    refused = asked(strict, reason="recounted", no_photo="no picture within 3 s")
    assert isinstance(refused, Refused)
    assert refused.reason == Refusal.NO_PHOTO
    assert strict.rows("SELECT * FROM mispick") == []

    (tmp_path / "lenient").mkdir()
    lenient = floor_with(tmp_path / "lenient", OverrideRules())
    assert isinstance(asked(lenient, no_photo="no picture within 3 s"), Overridden)
    assert "no picture within 3 s" in lenient.rows("SELECT evidence FROM ticket")[0][0]
    lenient.close()


def test_a_bench_without_a_camera_needs_no_photo(strict: PaperFloor) -> None:
    assert isinstance(asked(strict, reason="recounted"), Overridden)


def test_a_photo_that_is_none_is_said_like_a_failed_one(strict: PaperFloor) -> None:
    assert asked(strict, reason="recounted", photo="abcde").reason == Refusal.NO_PHOTO


def test_a_site_may_switch_overrides_off(tmp_path: Path) -> None:
    floor = floor_with(tmp_path, OverrideRules(overrides=False))
    assert asked(floor).reason == Refusal.OVERRIDES_OFF
    assert floor.tickets() == [("wrong_item", "picking", "open")]
    floor.close()
