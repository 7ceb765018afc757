"""A bench's camera is any program: a JPEG of bounded size in bounded time, or it is said why there is none."""

from __future__ import annotations

import os
import shlex
import time
from pathlib import Path

import pytest

from edge.drivers.bench_ports import DeviceState, NoPhoto, Photo
from edge.drivers.camera import CameraSettings, CommandCamera
from wire.ids import PHOTO_BYTES_MAX

JPEG = b"\xff\xd8\xff\xe0" + b"parcel" * 100


async def taken(*command: str, photo_s: float = 5.0) -> tuple[Photo | NoPhoto, list[DeviceState]]:
    states: list[DeviceState] = []
    camera = CommandCamera(CameraSettings(command, photo_s), states.append)
    camera.start()
    found = await camera.photo()
    await camera.aclose()
    return found, states


def shell(script: str) -> tuple[str, ...]:
    return ("sh", "-c", script)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "seen.jpg"
    file.write_bytes(JPEG)
    return file


async def test_a_program_that_writes_to_its_output(picture: Path) -> None:
    found, states = await taken("cat", str(picture))
    assert found == Photo(JPEG)
    assert states == [DeviceState("present")]


async def test_a_program_that_writes_to_the_file_it_is_told(picture: Path) -> None:
    found, _ = await taken("cp", str(picture), "{file}")
    assert found == Photo(JPEG)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 3", "sh failed, exit code 3"),
        ("echo hello", "what it gave is no JPEG"),
        ("true", "what it gave is no JPEG"),
        (f"head -c {PHOTO_BYTES_MAX + 1} /dev/zero", "picture above 48 kB: make the command scale it down"),
        ("cat /dev/zero", "picture above 48 kB: make the command scale it down"),
        ("true # {file}", "No such file or directory"),
    ],
)
async def test_a_photo_that_is_none_has_its_reason_on_the_bench_too(script: str, why: str) -> None:
    found, states = await taken(*shell(script))
    assert found == NoPhoto(why)
    assert states == [DeviceState("present"), DeviceState("refused", why)]


async def test_a_camera_that_hangs_is_ended_with_its_program(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    begun = time.monotonic()
    found, _ = await taken(*shell(f"echo $$ > {shlex.quote(str(mark))}; exec sleep 60"), photo_s=0.5)

    assert found == NoPhoto("no picture within 0.5 s")
    assert time.monotonic() - begun < 5
    with pytest.raises(ProcessLookupError, match="No such process"):
        os.kill(int(mark.read_text()), 0)


async def test_a_camera_that_is_not_installed_is_said_at_the_start() -> None:
    found, states = await taken("no-such-camera-program")
    assert isinstance(found, NoPhoto)
    assert states[0] == DeviceState("refused", "no-such-camera-program is not installed")


async def test_a_camera_that_works_again_is_there_again(picture: Path, tmp_path: Path) -> None:
    states: list[DeviceState] = []
    lens = tmp_path / "lens.jpg"
    camera = CommandCamera(CameraSettings(("cat", str(lens)), 5.0), states.append)
    camera.start()
    assert isinstance(await camera.photo(), NoPhoto)
    lens.symlink_to(picture)
    assert await camera.photo() == Photo(JPEG)
    assert [state.state for state in states] == ["present", "refused", "present"]
