"""Parcels dealt to benches for the time central is away, and everything checked again when it hears of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.central.paper_floor import KEY, SETTINGS, PaperFloor
from wire.answers import Verified
from wire.commands import CancelOrder, HoldOrder
from wire.deeds import ParcelReleased
from wire.grants import is_genuine_manifest
from wire.manifest import SignedManifest, contents_digest
from wire.offline_deeds import OfflineParcel, OfflineScan

SECOND = 1_000_000_000
NOON = 1_700_000_000 * SECOND


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[PaperFloor]:
    made = PaperFloor(tmp_path, replace(SETTINGS, offline_manifests=2, offline_s=3600))
    made.stock(("A-01-1", "mug", 50), barcodes=[("BOX", "mug", 2)])
    for number in range(1, 6):
        made.order(str(number), cut_off_utc_s=9_000 - number, mug=2)
    made.wave()
    made.pick_everything()
    made.tick(NOON)
    yield made
    made.close()


def dealt(floor: PaperFloor, node: str) -> tuple[SignedManifest, ...]:
    document = floor.desired.get(node)
    return document.manifests if document is not None else ()


def everywhere(floor: PaperFloor) -> dict[str, str]:
    """Order → bench."""
    nodes = floor.settings.node_of_station.values()
    return {one.manifest.order_no: one.manifest.station for node in nodes for one in dealt(floor, node)}


def packed(floor: PaperFloor, order_no: str, *scans: str, leaves: bool = True, reason: str = "") -> None:
    """The order's bench packed it offline: `scans` accepted; then it left through the gate."""
    station = everywhere(floor)[order_no]
    node = floor.settings.node_of_station[station]
    head = next(one.manifest for one in dealt(floor, node) if one.manifest.order_no == order_no)
    scan = floor.scan_id()
    deed = OfflineParcel(
        station=station,
        scan_id=scan,
        manifest_id=head.manifest_id,
        order_no=order_no,
        label=head.label,
        outcome="complete" if leaves else "aside",
        reason=reason,
        scans=(
            OfflineScan(text=head.label, verdict="loaded"),
            *(OfflineScan(text=s, verdict="accepted") for s in scans),
        ),
    )
    assert floor.deed(station, deed, f"scan:{scan}") is None
    if leaves:
        left = ParcelReleased(station=station, order_no=order_no, label=head.label, grant_id=head.manifest_id)
        floor.deed(station, left, f"release:{head.manifest_id}")


def test_the_most_urgent_orders_are_dealt_to_one_bench_each_and_signed(floor: PaperFloor) -> None:
    assert everywhere(floor) == {"5": "bench-1", "4": "bench-2", "3": "bench-1", "2": "bench-2"}
    for one in (*dealt(floor, "pack-1"), *dealt(floor, "pack-2")):
        assert is_genuine_manifest(one.manifest, one.signature, KEY.public_key())
        assert one.manifest.contents == contents_digest(one.items)
        assert one.manifest.expires_utc_s - one.manifest.issued_utc_s == 3600
        assert [(item.sku, item.pieces) for item in one.items] == [("mug", 2)]
        assert ("BOX", 2) in one.items[0].barcodes


def test_an_order_never_changes_its_bench_and_others_move_up(floor: PaperFloor) -> None:
    before = everywhere(floor)
    floor.command(HoldOrder, order_no="5", hold="frozen", reason="platform")
    floor.tick(NOON + SECOND)
    assert everywhere(floor) == {"1": "bench-1", **{no: at for no, at in before.items() if no != "5"}}
    floor.command(HoldOrder, order_no="5", hold="", reason="platform")
    floor.tick(NOON + 2 * SECOND)

    assert everywhere(floor)["5"] == before["5"]


def test_a_cancelled_order_is_taken_back_from_its_bench(floor: PaperFloor) -> None:
    floor.command(CancelOrder, order_no="4", reason="buyer")
    floor.tick(NOON + SECOND)

    assert "4" not in everywhere(floor)


def test_a_manifest_is_renewed_under_its_own_name(floor: PaperFloor) -> None:
    names = {one.manifest.manifest_id for one in dealt(floor, "pack-1")}
    floor.tick(NOON + 2_800 * SECOND)
    renewed = [one.manifest for one in dealt(floor, "pack-1")]

    assert {one.manifest_id for one in renewed} == names
    assert {one.issued_utc_s for one in renewed} == {NOON // SECOND + 2_800}


def test_a_right_parcel_that_left_without_central_is_released_and_no_ticket(floor: PaperFloor) -> None:
    packed(floor, "5", "=mug", "=mug")

    assert floor.status("5") == "released"
    assert floor.tickets() == []
    assert floor.rows("SELECT state FROM verification") == [("offline",)]
    assert '"=mug","accepted"' in floor.rows("SELECT evidence FROM verification")[0][0]


@pytest.mark.parametrize(
    ("what", "kind"), [("cancel", "order_cancelled"), ("hold", "order_frozen"), ("left", "already_shipped")]
)
def test_what_should_not_have_left_is_a_ticket_at_once(floor: PaperFloor, what: str, kind: str) -> None:
    if what == "cancel":
        floor.command(CancelOrder, order_no="5", reason="buyer")
    elif what == "hold":
        floor.command(HoldOrder, order_no="5", hold="frozen", reason="platform")
    else:
        verification, _ = floor.label("L5")
        verified = floor.item(verification, "BOX")
        assert isinstance(verified, Verified)
        floor.gate(verified.grant)
    packed(floor, "5", "BOX")

    assert [(ticket[0], ticket[2]) for ticket in floor.tickets()] == [(kind, "open")]


@pytest.mark.parametrize("scans", [("=mug",), ("=mug", "=mug", "=mug"), ("=pen", "=mug"), ()])
def test_contents_that_do_not_agree_with_the_record_are_a_ticket(floor: PaperFloor, scans: tuple[str, ...]) -> None:
    packed(floor, "5", *scans)

    assert [ticket[0] for ticket in floor.tickets()] == ["wrong_item"]


def test_a_parcel_set_aside_without_central_waits_in_exception_with_its_reason(floor: PaperFloor) -> None:
    packed(floor, "5", "=mug", leaves=False, reason="damaged_item")

    assert floor.status("5") == "exception"
    assert [ticket[0] for ticket in floor.tickets()] == ["damaged_item"]


def test_a_release_on_a_manifest_nobody_was_dealt_is_buried_and_named(floor: PaperFloor) -> None:
    left = ParcelReleased(station="bench-1", order_no="1", label="L1", grant_id="M-forged")
    floor.deed("bench-1", left, "release:M-forged")

    assert floor.status("1") == "picked"
    assert floor.rows("SELECT count(*) FROM dead_letter") == [(1,)]


def test_by_default_no_bench_is_dealt_anything(tmp_path: Path) -> None:
    made = PaperFloor(tmp_path)
    made.stock(("A-01-1", "mug", 50))
    made.order("1", mug=2)
    made.wave()
    made.pick_everything()
    made.tick(NOON)
    made.close()

    assert everywhere(made) == {}
