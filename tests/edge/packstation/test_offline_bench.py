"""A real bench whose network is cut in the middle of a parcel, and a real guard that lets a manifest out once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from edge.clock import ManualClock
from tests.edge.packstation.bench_rig import bench
from tests.edge.packstation.guard_process import Client, running
from tests.edge.packstation.manifests import ITEM, LABEL, manifest
from wire.deeds import ItemScanned, ParcelReleased
from wire.grant import Grant, SignedGrant
from wire.manifest import SignedManifest
from wire.offline_deeds import OfflineParcel

pytestmark = pytest.mark.floor


def shown(signed: SignedManifest, challenge: str, **changed: Any) -> dict[str, object]:
    head = signed.manifest
    fields = {
        "grant_id": head.manifest_id,
        "station": head.station,
        "order_no": head.order_no,
        "label": head.label,
        "challenge": challenge,
        **changed,
    }
    grant = SignedGrant(grant=Grant(**fields), signature="")
    parts = {"grant": grant, "manifest": head, "signature": signed.signature}
    return {name: msgspec.to_builtins(part) for name, part in parts.items()}


def test_the_guard_lets_a_manifest_out_once_even_after_a_restart() -> None:
    with running(changed={"offline_max": 5}) as guard:
        client = Client(guard.socket)
        signed = manifest(guard.central)
        assert client.ask("release", **shown(signed, client.begin()))["ok"]
        client.until_gate("holding")
        assert client.ask("release", **shown(signed, client.begin()))["why"] == "used"
        client.close()
        guard.kill()
        guard.start()
        again = Client(guard.socket)
        if again.ask("status")["gate"] != "holding":
            again.until_gate("holding")

        assert again.ask("release", **shown(signed, again.begin()))["why"] == "used"
        again.close()


def test_the_guard_lets_no_manifest_out_by_default() -> None:
    with running() as guard:
        client = Client(guard.socket)

        assert client.ask("release", **shown(manifest(guard.central), client.begin()))["why"] == "offline_off"
        client.close()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"station": "bench-2"}, "other_station"),
        ({"expires_utc_s": int(time.time()) - 1}, "expired"),
        ({"issued_utc_s": int(time.time()) + 3600}, "expired"),
    ],
)
def test_the_guard_refuses_a_manifest_that_does_not_hold(changed: dict[str, object], why: str) -> None:
    with running(changed={"offline_max": 5}) as guard:
        client = Client(guard.socket)

        said = client.ask("release", **shown(manifest(guard.central, **changed), client.begin(), station="bench-1"))
        assert said["why"] == why
        client.close()


def test_the_guard_refuses_a_manifest_that_central_never_signed_so_and_one_for_another_parcel() -> None:
    with running(changed={"offline_max": 5}) as guard:
        client = Client(guard.socket)
        signed = manifest(guard.central)
        forged = replace(signed, manifest=replace(signed.manifest, label="LP00000000000002"))
        assert client.ask("release", **shown(forged, client.begin()))["why"] == "not_genuine"
        assert client.ask("release", **shown(signed, client.begin(), label="LP00000000000002"))["why"] == "other_parcel"
        assert client.ask("release", **shown(signed, "no challenge of yours"))["ok"] is False
        client.close()


def test_only_so_many_leave_between_two_grants() -> None:
    with running(changed={"offline_max": 1}) as guard:
        client = Client(guard.socket)
        one, two = manifest(guard.central), manifest(guard.central, manifest_id="M2", order_no="O-2", label="LP2")
        assert client.ask("release", **shown(one, client.begin()))["ok"]
        client.until_gate("holding")
        assert client.ask("release", **shown(two, client.begin()))["why"] == "too_many_offline"
        granted = guard.grant(client.begin())
        assert client.ask("release", grant=granted)["ok"]
        client.until_gate("holding")

        assert client.ask("release", **shown(two, client.begin()))["ok"]
        client.close()


def now_clock() -> ManualClock:
    return ManualClock(utc_ns=time.time_ns(), mono_ns=time.clock_gettime_ns(time.CLOCK_BOOTTIME))


async def test_a_network_cut_in_the_middle_of_a_parcel_holds_it_and_then_packs_it_by_its_manifest(
    tmp_path: Path,
) -> None:
    with running(changed={"offline_max": 5}) as guard:
        async with bench(tmp_path, guard, answer_wait_ms=300, clock=now_clock()) as one:
            one.station.contact(True)
            one.station.manifests((manifest(guard.central),))
            await one.load()
            one.central.silent = True
            await one.scanner.scan(ITEM)
            await one.says("no_answer")

            await one.scanner.scan(LABEL)
            await one.shows_in_turn("no_answer", "scan_items")
            await one.pack()
            await one.shows_in_turn("send_it", "scan_label")
            left = await one.until(lambda: one.deeds(ParcelReleased))

    assert [deed.grant_id for deed in left if isinstance(deed, ParcelReleased)] == ["M1"]
    (offline,) = one.deeds(OfflineParcel)
    assert isinstance(offline, OfflineParcel)
    assert (offline.outcome, len(offline.scans)) == ("complete", 3)
    kinds = [type(line.deed) for line in one.lines]
    assert kinds.index(OfflineParcel) < kinds.index(ParcelReleased)
    assert len(one.deeds(ItemScanned)) == 1


async def test_without_a_manifest_a_bench_without_central_holds(tmp_path: Path) -> None:
    with running(changed={"offline_max": 5}) as guard:
        async with bench(tmp_path, guard, answer_wait_ms=300, clock=now_clock()) as one:
            one.central.silent = True
            await one.says("scan_label")
            for _ in range(2):
                await one.scanner.scan(LABEL)
                await one.says("checking_label")
                await one.says("no_answer")

    assert one.deeds(ParcelReleased, OfflineParcel) == []


async def test_a_manifest_that_the_guard_will_not_have_releases_nothing(tmp_path: Path) -> None:
    with running() as guard:
        async with bench(tmp_path, guard, answer_wait_ms=300, clock=now_clock()) as one:
            one.station.manifests((manifest(guard.central),))
            await one.load()
            await one.pack()
            await one.says("gate_refused")

    assert one.deeds(ParcelReleased) == []


def test_a_line_that_was_torn_by_a_power_cut_spends_no_other_manifest_and_frees_none() -> None:
    with running(changed={"offline_max": 2}) as guard:
        guard.kill()
        (guard.folder / "guard.sock.used").write_text("M1\nM2\n-\nM3\nM")
        guard.start()
        client = Client(guard.socket)
        three, four = manifest(guard.central, manifest_id="M3"), manifest(guard.central, manifest_id="M4")
        assert client.ask("release", **shown(three, client.begin()))["why"] == "used"
        assert client.ask("release", **shown(four, client.begin()))["why"] == "too_many_offline"
        assert client.ask("release", grant=guard.grant(client.begin()))["ok"]
        client.until_gate("holding")
        assert client.ask("release", **shown(four, client.begin()))["ok"]
        client.close()
        guard.kill()
        guard.start()
        again = Client(guard.socket)
        if again.ask("status")["gate"] != "holding":
            again.until_gate("holding")
        assert again.ask("release", **shown(four, again.begin()))["why"] == "used"
        again.close()
