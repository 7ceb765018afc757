"""An override at a bench with a camera, with its processes: guard, scanner on a pty, and the camera's own program."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.profile_bench import BenchProfile, CameraProfile
from tests.edge.packstation.bench_rig import Bench, bench
from tests.edge.packstation.guard_process import GuardProcess, running
from wire.answers import AnyAnswer, Blocked, Overridden, Refused
from wire.codec import NODE_PAYLOAD_MAX, encode
from wire.deeds import AnyDeed, ItemScanned, OverrideAsked
from wire.ids import PHOTO_BYTES_MAX
from wire.phrases import Refusal
from wire.uplink import Record

pytestmark = pytest.mark.floor
LARGEST = b"\xff\xd8\xff" + bytes(PHOTO_BYTES_MAX - 3)


@pytest.fixture(scope="module")
def guard() -> Iterator[GuardProcess]:
    with running(mock={"move_ms": 5, "pass_after_ms": 60}) as process:
        yield process


def judging(deed: AnyDeed) -> AnyAnswer | None:
    """A central that blocks every item, and wants a photo."""
    match deed:
        case ItemScanned():
            return Blocked(scan_id=deed.scan_id, reason=Refusal.WRONG_ITEM, ticket="T-7")
        case OverrideAsked() if deed.no_photo:
            return Refused(scan_id=deed.scan_id, reason=Refusal.NO_PHOTO)
        case OverrideAsked():
            return Overridden(scan_id=deed.scan_id, order_no="O-1", items=())
    return None


def with_camera(*command: str) -> BenchProfile:
    return BenchProfile(camera=CameraProfile(command=command))


async def overridden(one: Bench) -> OverrideAsked:
    await one.load()
    one.central.answer = judging  # type: ignore[method-assign]
    await one.scanner.scan("4006381333931")
    await one.says("wrong_item")
    await one.scanner.scan("PL:BADGE:S1")
    await one.says("scan_reason")
    await one.scanner.scan("PL:REASON:checked")
    (deed,) = await one.until(lambda: one.deeds(OverrideAsked))
    assert isinstance(deed, OverrideAsked)
    return deed


async def test_the_largest_photo_is_journalled_with_the_override_and_fits_the_wire(
    tmp_path: Path, guard: GuardProcess
) -> None:
    seen = tmp_path / "seen.jpg"
    seen.write_bytes(LARGEST)
    async with bench(tmp_path, guard, devices=with_camera("cat", str(seen))) as one:
        deed = await overridden(one)
        await one.says("override_done")

    assert base64.b64decode(deed.photo) == LARGEST
    line = Record(intent="i" * 64, at_utc_ns=2**62, mono_ns=2**62, boot_id="b" * 36, clock="synced", deed=deed)
    assert len(encode(line)) + 1_000 < NODE_PAYLOAD_MAX


async def test_a_camera_that_fails_is_said_at_the_bench_and_to_central(tmp_path: Path, guard: GuardProcess) -> None:
    async with bench(tmp_path, guard, devices=with_camera("sh", "-c", "exit 3")) as one:
        deed = await overridden(one)
        screen = await one.says("no_photo")

    assert (deed.photo, deed.no_photo) == ("", "sh failed, exit code 3")
    assert [(device.name, device.state, device.why) for device in screen.devices] == [
        ("camera", "refused", "sh failed, exit code 3")
    ]
